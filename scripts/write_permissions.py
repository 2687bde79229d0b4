"""Writes docs/permissions.md from the policies (taskjuggler_app/domain/*/policy.py); --check says if it is in step.

A policy is a pure predicate, so the table is not described but asked: each is called for every kind of person.
"""

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from taskjuggler_app import domain  # noqa: E402  # after the path, so that it also runs from elsewhere
from taskjuggler_app.core.principal import Door, Principal, Role  # noqa: E402  # after the path

HERE, ELSEWHERE = UUID(int=1), UUID(int=2)
OWNER, ADMIN, MEMBER, DOER, REQUESTOR, STRANGER, OTHER = (UUID(int=number) for number in range(10, 17))
PEOPLE = {
    "Owner": Principal(OWNER, HERE, Role.ADMIN, Door.WEB),
    "Admin": Principal(ADMIN, HERE, Role.ADMIN, Door.WEB),
    "Member": Principal(MEMBER, HERE, Role.MEMBER, Door.WEB),
    "Doer": Principal(DOER, HERE, Role.MEMBER, Door.WEB),
    "Requestor": Principal(REQUESTOR, HERE, Role.MEMBER, Door.WEB),
    "Stranger": Principal(STRANGER, ELSEWHERE, Role.MEMBER, Door.WEB),
}
PAGE = """# Who may do what

Every permission is a pure function in `taskjuggler_app/domain/<domain>/policy.py`; pages, the API and jobs ask the same
one. This page is written from those functions by `scripts/write_permissions.py`, which calls each for every kind of
person below, on things that are somebody else's unless the column says otherwise.

- **Owner**: made the workspace, or had it handed over. **Admin**, **Member**: of the workspace.
- **Doer**, **Requestor**: members who do a task, or asked for it. **Stranger**: signed in, in another workspace.
- **yes**, **no**: asked. **n/a**: never comes to ask, since it does not exist for them. **it depends**: on more
  than who somebody is; the sentence says on what.

{tables}
What a person may not see does not exist for them: its address answers *not found*, whoever asks.
"""


def policies() -> Iterator[tuple[str, list[Callable[..., bool]]]]:
    """Each domain that has policies, and its predicates in the order of the file."""
    for module in sorted(pkgutil.iter_modules(domain.__path__), key=lambda found: found.name):
        try:
            policy = importlib.import_module(f"{domain.__name__}.{module.name}.policy")
        except ModuleNotFoundError:
            continue
        own = [
            fn
            for name, fn in inspect.getmembers(policy, inspect.isfunction)
            if name.startswith("can_") and fn.__module__ == policy.__name__
        ]
        yield module.name, sorted(own, key=lambda fn: fn.__code__.co_firstlineno)


def answer(predicate: Callable[..., bool], who: Principal) -> str:
    """What the predicate says for a person, if it asks only for things that this script knows."""
    known: dict[str, Any] = {
        "principal": who,
        "task": SimpleNamespace(team_id=HERE, requestor_id=REQUESTOR, owner_id=DOER, team_member_id=None),
        "doer_id": DOER,
        "owner_id": OWNER,
        "person_id": OTHER,
        "responsible_id": OTHER,
        "sender_id": OTHER,
        "recipient_id": OTHER,
        "shares_team": who.team_id == HERE,
        "shares_task": False,
    }
    wanted = inspect.signature(predicate).parameters
    if not set(wanted) <= set(known):
        return "it depends"
    if who.team_id != HERE and not {"task", "shares_team", "sender_id"} & set(wanted):
        return "n/a"
    try:
        return "yes" if predicate(**{name: known[name] for name in wanted}) else "no"
    except AttributeError:
        return "it depends"


def page() -> str:
    """The whole page."""
    tables = []
    for name, found in policies():
        lines = [
            f"## {name.capitalize()}\n",
            f"| | {' | '.join(PEOPLE)} | The rule |",
            f"|---{'|---' * len(PEOPLE)}|---|",
        ]
        for predicate in found:
            said = " ".join((inspect.getdoc(predicate) or "").split("\n\n")[0].split())
            cells = " | ".join(answer(predicate, who) for who in PEOPLE.values())
            lines.append(f"| {predicate.__name__.removeprefix('can_').replace('_', ' ')} | {cells} | {said} |")
        tables.append("\n".join(lines) + "\n")
    return PAGE.format(tables="\n".join(tables))


def main() -> None:
    """Write the page, or with --check exit 1 when it is out of step."""
    target = ROOT / "docs" / "permissions.md"
    if "--check" in sys.argv:
        if not target.exists() or target.read_text() != page():
            sys.exit("docs/permissions.md is out of step: run scripts/write_permissions.py")
        return
    target.write_text(page())


if __name__ == "__main__":
    main()
