"""`taskjuggler simulate`: what a vendor would send, correctly signed, to the running app."""

import secrets
from typing import Annotated

import typer
from rich.markup import escape

from taskjuggler_app.commands.setup import open_database, out, read_settings, stop
from taskjuggler_app.demo import story

simulate = typer.Typer(help="Send the running app what a vendor would send.", no_args_is_help=True)
_SAID = {
    200: "Taken. It becomes a task as soon as the worker has read it.",
    403: "The app refused the signature: does it run with the same SECRET_KEY or TWILIO_AUTH_TOKEN?",
    404: "No active channel has the number {to}.",
    421: "The app does not answer to that host name.",
    503: "The app could not store it: its database does not answer.",
}


@simulate.command()
def sms(
    text: Annotated[str, typer.Argument(help="What the message says")],
    sender: Annotated[str, typer.Option("--from", help="The sender's number")] = story.CALLERS[0][0],
    to: Annotated[str, typer.Option(help="The channel's number")] = story.MAIN_LINE,
    url: Annotated[str, typer.Option(help="Where the app runs; this machine, at PORT, when empty")] = "",
    sid: Annotated[str, typer.Option(help="The message's id; give the same one twice for a redelivery")] = "",
) -> None:
    """Send a text message through the Twilio webhook."""
    from taskjuggler_app.domain.receptionist.samples import MARK

    where = (url or read_settings().local_url).rstrip("/")
    import httpx

    from taskjuggler_app.adapters.simulator import as_vendor

    request = as_vendor.text(sid or f"SM{MARK}{secrets.token_hex(12)}", sender, to, text)
    try:
        answer = httpx.post(
            where + request.path, content=request.body, headers=dict(request.headers), timeout=10, trust_env=False
        )
    except httpx.HTTPError:
        stop(f"nothing answers at {where}: start it with `make run`, or say where it runs with --url or PORT=…")
    said = _SAID.get(answer.status_code, f"The app answered {answer.status_code}: {answer.text[:200]}").format(to=to)
    if answer.status_code != httpx.codes.OK:
        stop(said)
    out.print(escape(said))


@simulate.command()
def storm(
    events: Annotated[int, typer.Option(min=1, max=100_000, help="Deliveries, repeated ones included")] = 1000,
    redelivered: Annotated[float, typer.Option(min=0, max=0.9, help="Share that is delivered again")] = 0.2,
    seed: Annotated[int, typer.Option(help="The same seed makes the same storm")] = secrets.randbelow(2**31),
    to: Annotated[str, typer.Option(help="The channel's number")] = story.MAIN_LINE,
    mailbox: Annotated[str, typer.Option(help="The channel's mail address; the demo's when empty, - for none")] = "",
    url: Annotated[str, typer.Option(help="Where the app runs; this machine, at PORT, when empty")] = "",
) -> None:
    """Send a storm of texts, calls and mails, and report what came of it. Exits 1 when anything was lost."""
    open_database()
    where = (url or read_settings().local_url).rstrip("/")
    mailbox = "" if mailbox == "-" else mailbox or f"{story.DESK}@{read_settings().mail_domain}"
    import asyncio

    import httpx

    from taskjuggler_app.adapters.simulator import storm as storms
    from taskjuggler_app.adapters.simulator.as_vendor import VendorRequest

    async def run() -> storms.Report:
        async with httpx.AsyncClient(base_url=where, timeout=30, trust_env=False) as client:

            async def post(request: VendorRequest) -> int:
                try:
                    sent = await client.post(request.path, content=request.body, headers=dict(request.headers))
                except httpx.TransportError:
                    return 0
                return sent.status_code

            if await post(VendorRequest("/healthz", b"", {})) == 0:
                stop(f"nothing answers at {where}: start it with `make run`, or say where it runs with --url or PORT=…")
            return await storms.fly(seed, events, to, mailbox, post, storms.until_settled, redelivered)

    try:
        report = asyncio.run(run())
    except TimeoutError as error:
        stop(f"{error}: does `taskjuggler worker` run?")
    lines = (
        ("Seed", f"{seed}"),
        ("Events sent", f"{report.events}, {report.events_per_s:.0f} a second"),
        ("  texts, calls, mails", f"{report.texts}, {report.calls}, {report.mails}"),
        ("Messages expected", f"{report.items_expected}"),
        ("Messages in the inbox", f"{report.items}"),
        ("Duplicates", f"{report.duplicates}"),
        ("Lost", f"{report.lost}"),
        ("Replies sent, withheld", f"{report.replies}, {report.withheld}"),
        ("Reply loops", f"{report.reply_loops}"),
    )
    for name, value in lines:
        out.print(f"{name:<24}{value}")
    if not report.is_clean:
        stop("the storm did not end in exactly one message each")
