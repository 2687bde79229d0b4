"""Carries out one attempt of a tool's run: elsewhere by HTTP, or a function of ours with the workspace's model.

Opens no transaction while somebody else is waited for.
"""

import asyncio

from taskjuggler_app.adapters import registry, tool_http
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.core.netaddr import Reach, check_url
from taskjuggler_app.core.ports import VendorError
from taskjuggler_app.domain.aitools import template
from taskjuggler_app.domain.aitools.calls import Call, Later, Output, Say
from taskjuggler_app.domain.aitools.functions import FUNCTIONS, SCAN_PAGE, Function
from taskjuggler_app.domain.understanding import calls
from taskjuggler_app.models.ai_tools import ToolType
from taskjuggler_app.models.understanding import CallState

MOST_ISSUES = 25


def perform(call: Call, say: Say) -> Output | Later:
    """What the tool brings. VendorError says whether another attempt can help."""
    if call.tool_type is ToolType.API:
        say(f"Asking {call.config['url']}.")
        return tool_http.call_api(call)
    if call.tool_type is ToolType.WEBHOOK:
        say(f"Calling {call.config['url']}.")
        return tool_http.call_webhook(call)
    function = FUNCTIONS.get(str(call.config.get("function")))
    if function is None:
        raise VendorError("This function does not exist here any more.", retryable=False)
    text = template.text_of(call.given)
    return scan_page(text, say) if function.name == SCAN_PAGE else _written(call, function, text, say)


def _written(call: Call, function: Function, text: str, say: Say) -> Output:
    """By the workspace's model when it is on; else, and when it fails, by our own rules."""
    with transaction() as session:
        planned = calls.plan(session, call.team_id)
    note = "Done by rules: no language model is set up." if planned is None else ""
    if isinstance(planned, tuple):
        call_id, access = planned
        say(f"Asking {access.model}.")
        try:
            written = registry.text_model().write(access, function.instructions, text)
        except VendorError as error:
            with transaction() as session:
                calls.end(session, call_id, CallState.FAILED, reason=str(error))
            note = f"Done by rules: {error}"
        else:
            tokens = written.input_tokens, written.output_tokens
            with transaction() as session:
                calls.end(session, call_id, CallState.USED, tokens=tokens)
            return Output(written.text, note=f"Written by {access.model}; read it before you use it.")
    elif planned is not None:
        note = f"Done by rules: {planned}"
    if function.offline is None:
        raise VendorError("This needs a language model: Settings → AI.", retryable=False)
    return Output(function.offline(text), note=note)


def scan_page(text: str, say: Say) -> Output:
    """The issues of the first page that the text names, worst first."""
    from taskjuggler_app.adapters.axe import AxeMissing
    from taskjuggler_app.adapters.chromium import BrowserMissing
    from taskjuggler_app.adapters.site_scan import Progress, SiteScan
    from taskjuggler_app.domain.sitehealth.crawl import Plan
    from taskjuggler_app.models.sitehealth import Severity

    found = next((word.strip("<>()[]{}\"'.,;") for word in text.split() if "://" in word), "")
    if not found.startswith(("http://", "https://")):
        raise VendorError("No address of a page is named.", retryable=False)
    reach = Reach(local=settings().allow_local_targets)

    async def told(_: Progress) -> bool:
        return True

    say(f"Looking at {found}.")
    try:
        check_url(found, reach)
        outcome = asyncio.run(SiteScan(Plan(found, 1, only=[found]), reach, told=told).run())
    except Invalid as refused:
        raise VendorError(refused.message, retryable=False) from None
    except (BrowserMissing, AxeMissing) as missing:
        raise VendorError(str(missing), retryable=False) from None
    if all(visit.error for visit in outcome.visits):
        raise VendorError(
            f"The page could not be read: {outcome.visits[0].error if outcome.visits else ''}", retryable=True
        )
    worst = list(Severity)
    issues = sorted(outcome.findings, key=lambda one: worst.index(one.severity))
    lines = [f"- {one.severity.value}: {one.check.title} ({one.place.selector or found})" for one in issues]
    more = [f"- and {len(lines) - MOST_ISSUES} more"] if len(lines) > MOST_ISSUES else []
    head = f"{len(lines)} issues on {found}" if lines else f"No issue was found on {found}."
    return Output("\n".join([head, *lines[:MOST_ISSUES], *more]))
