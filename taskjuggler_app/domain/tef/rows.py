"""Rows of the network pages."""

from dataclasses import dataclass, field


@dataclass
class ActorRow:
    """An actor and what it is to us; trust is 0 to 100, empty without a relationship; `unread` messages of it.

    `picture` is the address of a colleague's picture, empty for everybody else.
    """

    id: str = ""
    name: str = ""
    kind: str = ""
    status: str = ""
    relation: str = ""
    relationship_id: str = ""
    trust: str = ""
    tasks: int = 0
    capabilities: str = ""
    seen_at: str = ""
    silent: bool = False
    ours: bool = False
    unread: int = 0
    picture: str = ""


@dataclass
class Tie:
    """What actor `one` is to actor `other`; trust is 0 to 100, -1 where there is none to have (a device's gateway)."""

    one: str
    other: str
    kind: str
    trust: int = -1
    over: bool = False


@dataclass
class PointRow:
    """One line of the trust ledger."""

    outcome: str = ""
    at: str = ""
    weight: str = ""
    decay: str = ""
    counts: str = ""


@dataclass
class ChangeRow:
    """One change of the relationship."""

    what: str = ""
    at: str = ""
    detail: str = ""


@dataclass
class HandedRow:
    """A task between us and the actor."""

    id: str = ""
    task_id: str = ""
    title: str = ""
    state: str = ""
    ours: bool = False
    progress: int = 0
    open: bool = False


@dataclass
class KeyRow:
    """A live key without its secret."""

    id: str = ""
    kind: str = ""
    prefix: str = ""
    made_at: str = ""
    ends_at: str = ""


@dataclass
class ActorDetail:
    """One actor whole."""

    row: ActorRow = field(default_factory=ActorRow)
    contact: str = ""
    live_keys: list[KeyRow] = field(default_factory=list)
    points: list[PointRow] = field(default_factory=list)
    raises: list[str] = field(default_factory=list)
    changes: list[ChangeRow] = field(default_factory=list)
    handed: list[HandedRow] = field(default_factory=list)
    may: list[str] = field(default_factory=list)
    may_change: bool = False


@dataclass
class EnvelopeRow:
    """A line of the delivery log."""

    id: str = ""
    kind: str = ""
    source: str = ""
    target: str = ""
    outgoing: bool = False
    state: str = ""
    reason: str = ""
    attempts: int = 0
    at: str = ""
    title: str = ""


@dataclass
class RuleRow:
    """A delegation rule as a sentence."""

    id: str = ""
    sentence: str = ""
    doer: str = ""
    scopes: str = ""
    active: bool = True


@dataclass
class TalkRow:
    """A conversation: with whom, what was said last (`mine` by us), how many messages are new."""

    id: str = ""
    actor_id: str = ""
    name: str = ""
    kind: str = ""
    status: str = ""
    last: str = ""
    at: str = ""
    mine: bool = False
    unread: int = 0
