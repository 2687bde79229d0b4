"""What a task list shows, as the page's address says it: `scope=mine&status=open&sort=due&tag=billing`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from urllib.parse import urlencode

from taskjuggler_app.models.tasks import Priority, TaskStatus

LONGEST_TEXT = 100
SCOPES = ("all", "mine", "asked", "unassigned")
STATUSES = ("open", "any", *(status.value for status in TaskStatus))
SORTS = ("newest", "due")
DUE = ("", "overdue", "today", "week", "none")
GROUPS = ("", "status", "priority", "doer", "due")
_CHOICES = {
    "scope": SCOPES,
    "status": STATUSES,
    "sort": SORTS,
    "due": DUE,
    "group": GROUPS,
    "priority": ("", *(priority.value for priority in Priority)),
}


@dataclass(frozen=True)
class TaskFilter:
    """scope: all, mine (I do it), asked (I asked for it), unassigned; status: open, any or one of them.

    `doer` is a membership's id, `project` a project's; `group` only changes how a page of rows is laid out. An empty
    status reads as any.
    """

    scope: str = "all"
    status: str = "open"
    text: str = ""
    sort: str = "newest"
    priority: str = ""
    tag: str = ""
    due: str = ""
    doer: str = ""
    project: str = ""
    group: str = ""

    @classmethod
    def parse(cls, query: Mapping[str, str]) -> "TaskFilter":
        """The filter that an address asks for; what it cannot mean is left at its usual value."""
        usual, given = cls(), {}
        for one in fields(cls):
            value = str(query.get(one.name, "")).strip()[:LONGEST_TEXT]
            choices = _CHOICES.get(one.name)
            if value and (choices is None or value in choices):
                given[one.name] = value
        return cls(**{**asdict(usual), **given})

    def dump(self) -> str:
        """The query string that `parse` reads; only what differs from the usual."""
        usual = asdict(TaskFilter())
        return urlencode({name: value for name, value in asdict(self).items() if value != usual[name]})

    def worded(self) -> str:
        """The filters in words, for the head of an export."""
        chosen = [f"{name}: {value}" for name, value in asdict(self).items() if value and name != "group"]
        return "; ".join(chosen)
