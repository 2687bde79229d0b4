"""Whether a message may be answered automatically. Pure; the reason for silence is for people to read.

Sources: RFC 3834 (automatic responses: Auto-Submitted, null return path, lists), RFC 2076 (Precedence), RFC 2919
(List-Id), RFC 2369 (List-Unsubscribe), RFC 3464 (delivery reports), MS-OXCMAIL (X-Auto-Response-Suppress).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_A_THREAD = 3
SAME_TEXT = 3
_ROBOTS = re.compile(
    r"^(no[-_.]?reply|do[-_.]?not[-_.]?reply|donotreply|noreply.*|mailer[-_.]?daemon|postmaster|bounces?([+-_.].*)?|"
    r"notifications?|alerts?|auto[-_.]?(reply|responder|confirm)|robot|daemon|root|listserv|majordomo|owner-.*|.*-request)$"
)
_SAID = re.compile(
    r"\b(auto(matic|mated)?[- ]?(reply|response|responder|message)|this is an automated|out of (the )?office|"
    r"do not (reply|respond) to this|undeliverable|delivery (status notification|has failed)|"
    r"mail delivery (failed|subsystem)|away from my (desk|email|phone))\b",
    re.IGNORECASE,
)
_BULK = frozenset({"bulk", "list", "junk", "auto_reply"})


@dataclass(frozen=True)
class Incoming:
    """What came in. `headers` have lower-case names; a text message has none."""

    sender: str
    subject: str = ""
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Past:
    """What went before: automatic replies to this sender in the window and in a day, all of the workspace's today,
    how often the sender sent this very text in the last hour, and what was answered last."""

    in_window: int = 0
    in_day: int = 0
    today: int = 0
    same_text: int = 1
    last_reply: str = ""


@dataclass(frozen=True)
class Limits:
    """One reply a sender in `window_minutes`, `daily_cap` replies a day in all."""

    window_minutes: int = 60
    daily_cap: int = 200


def why_not(incoming: Incoming, past: Past, limits: Limits, *, is_own: bool = False) -> str:
    """Why no automatic reply goes out; empty when one may. `is_own`: the sender is an address of this installation."""
    if is_own:
        return "It came from one of our own addresses."
    return _by_headers(incoming.headers) or _by_sender(incoming) or _by_past(incoming, past, limits)


def _by_headers(headers: Mapping[str, str]) -> str:
    if headers.get("auto-submitted", "no").split(";")[0].strip().lower() not in ("", "no"):
        return "It was sent by a program (Auto-Submitted)."
    if headers.get("precedence", "").strip().lower() in _BULK:
        return "It is bulk mail (Precedence)."
    if "list-id" in headers or "list-unsubscribe" in headers or "list-post" in headers:
        return "It came through a mailing list."
    if headers.get("return-path", "x").strip() in ("<>", ""):
        return "It is a bounce: it has no return path."
    if headers.get("content-type", "").lower().startswith("multipart/report"):
        return "It is a delivery report."
    suppressed = headers.get("x-auto-response-suppress", "").lower()
    if any(word in suppressed for word in ("all", "autoreply", "oof")):
        return "Its sender asks for no automatic replies."
    if any(name in headers for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-loop")):
        return "It is an automatic reply itself."
    return ""


def _by_sender(incoming: Incoming) -> str:
    sender = incoming.sender.strip().lower()
    if not sender:
        return "It has no sender."
    if "@" in sender:
        if _ROBOTS.match(sender.rpartition("@")[0]):
            return "Its sender is a program that reads no replies."
    elif not re.fullmatch(r"\+[1-9]\d{7,14}", sender):
        return "Its sender is no number that can be answered."
    if _SAID.search(incoming.subject) or _SAID.search(incoming.body[:2000]):
        return "It reads like an automatic message."
    return ""


def _by_past(incoming: Incoming, past: Past, limits: Limits) -> str:
    if past.last_reply and past.last_reply.strip() in incoming.body:
        return "It repeats our own reply."
    if past.same_text >= SAME_TEXT:
        return "The same text came several times: a program seems to send it."
    if past.in_window:
        return f"This sender was answered in the last {limits.window_minutes} minutes."
    if past.in_day >= MOST_A_THREAD:
        return f"This conversation had {MOST_A_THREAD} automatic replies in a day already."
    if past.today >= limits.daily_cap:
        return f"The limit of {limits.daily_cap} automatic replies a day is reached."
    return ""
