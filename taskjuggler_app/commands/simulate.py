"""`taskjuggler simulate`: what a vendor would send, correctly signed, to the running app."""

import secrets
from typing import Annotated

import typer
from rich.markup import escape

from taskjuggler_app.commands.setup import out, read_settings, stop
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
    chosen = read_settings()
    import httpx
    from twilio.request_validator import RequestValidator

    from taskjuggler_app.adapters.twilio_signature import auth_token

    path = "/webhooks/twilio/sms"
    form = {
        "MessageSid": sid or f"SM{secrets.token_hex(16)}",
        "AccountSid": chosen.twilio_account_sid or f"AC{'0' * 32}",
        "From": sender,
        "To": to,
        "Body": text,
        "NumMedia": "0",
    }
    # Twilio signs the address that it was given. An app without PUBLIC_URL takes the one that it listens on for it.
    where = (url or chosen.local_url).rstrip("/")
    given = where if chosen.public_url == chosen.local_url else chosen.public_url
    signature = RequestValidator(auth_token()).compute_signature(given + path, form)
    try:
        answer = httpx.post(
            where + path,
            data=form,
            headers={"X-Twilio-Signature": signature},
            timeout=10,
            trust_env=False,
        )
    except httpx.HTTPError:
        stop(f"nothing answers at {where}: start it with `make run`, or say where it runs with --url or PORT=…")
    said = _SAID.get(answer.status_code, f"The app answered {answer.status_code}: {answer.text[:200]}").format(to=to)
    if answer.status_code != httpx.codes.OK:
        stop(said)
    out.print(escape(said))
