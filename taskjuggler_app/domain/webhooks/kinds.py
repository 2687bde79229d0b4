"""Which events a subscription wants: exact kinds (`task.created`), all of something (`task.*`), all (`*`). Pure."""

import re
from collections.abc import Iterable

from taskjuggler_app.core.errors import Invalid

MOST = 50
ALL = "*"
TEST = "webhook.test"
GROUPS = {
    "task": "Tasks",
    "message": "Messages",
    "appointment": "Appointments",
    "approval": "Approvals",
    "contact": "Contacts",
    "contact_list": "Contact lists",
    "listing": "Marketplace listings",
    "bid": "Bids",
    "work": "Vendors' work",
    "payment": "Payments",
    "site": "Web sites",
    "issue": "Issues of web sites",
    "rule": "Rules",
    "channel": "Channels",
    "team": "The workspace's people",
    "actor": "The network's actors",
}
"""The first words of kinds that people choose from."""
_KIND = re.compile(r"\*|[a-z][a-z_]{0,30}\.(\*|[a-z][a-z_]{0,40})")


def checked(wanted: Iterable[str]) -> list[str]:
    """The kinds without repetition. Invalid for none, for too many, or for what is none."""
    found = list(dict.fromkeys(one.strip() for one in wanted))
    if not found:
        raise Invalid("Choose which events are sent.", "kinds")
    if len(found) > MOST:
        raise Invalid(f"At most {MOST} kinds of events.", "kinds")
    if wrong := next((one for one in found if not _KIND.fullmatch(one)), None):
        raise Invalid(f"{wrong[:60]!r} is no kind of event: task.created, task.* or *.", "kinds")
    return found


def wants(kinds: Iterable[str], kind: str) -> bool:
    """Whether an event of the kind is among them."""
    return any(one in (ALL, kind, f"{kind.partition('.')[0]}.*") for one in kinds)
