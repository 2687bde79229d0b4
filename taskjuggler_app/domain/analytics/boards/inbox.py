"""The inbox: what came, what became of it, how soon somebody answered, how well it was read."""

from sqlmodel import Session

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.analytics import charts, reading
from taskjuggler_app.domain.analytics.boards import rules
from taskjuggler_app.domain.analytics.facts import CATEGORIES, OUTCOMES, STAGES
from taskjuggler_app.domain.analytics.frame import CHANNEL_NAMES, Frame
from taskjuggler_app.domain.analytics.tiles import Chart, Tile, counted, percent, period


def messages(session: Session, _: Principal, frame: Frame) -> Tile:
    """Messages by channel."""
    now = reading.sums(session, frame, ["messages"], ["channel"])
    before = reading.sums(session, frame.previous, ["messages"], ["channel"])
    names = sorted(now.keys() | before.keys(), key=lambda key: (-now[key], key))
    lines = [
        counted(frame, "messages", CHANNEL_NAMES.get(key[0], key[0]), now[key], before[key], channel=key[0])
        for key in names
    ]
    everything = counted(frame, "messages", "All", now.total(), before.total())
    formula = "Messages received in the period, by channel; spam is counted too."
    return Tile("messages", "Messages", formula, period(frame), [everything, *lines] if lines else [], "No messages.")


def categories(session: Session, _: Principal, frame: Frame) -> Tile:
    """Messages by what they ask for."""
    now = reading.sums(session, frame, ["category"], ["bucket"])
    before = reading.sums(session, frame.previous, ["category"], ["bucket"])
    places = sorted(
        (place for place in range(len(CATEGORIES)) if now[(place,)] or before[(place,)]),
        key=lambda place: (-now[(place,)], place),
    )
    lines = [
        counted(frame, "category", CATEGORIES[place].capitalize(), now[(place,)], before[(place,)], bucket=place)
        for place in places
    ]
    formula = "Messages received in the period, by the category that was read out of them or that a person set."
    return Tile("categories", "What they ask for", formula, period(frame), lines, "Nothing was read.")


def routed(session: Session, _: Principal, frame: Frame) -> Tile:
    """What became of the messages."""
    now = reading.sums(session, frame, ["routed"], ["bucket"])
    before = reading.sums(session, frame.previous, ["routed"], ["bucket"])
    lines = [
        counted(frame, "routed", OUTCOMES[bucket].capitalize(), now[(bucket,)], before[(bucket,)], bucket=bucket)
        for bucket in range(len(OUTCOMES))
        if now[(bucket,)] or before[(bucket,)]
    ]
    by_rule = (percent(now[(1,)], now.total()), percent(before[(1,)], before.total()))
    share = counted(frame, "routed", "Routed by a rule", *by_rule, "percent", bucket=1)
    return Tile(
        "routed",
        "Routed by itself, and why not",
        "Messages received in the period by what became of them; the share is those that a rule decided.",
        period(frame),
        [share, *lines] if lines else [],
        "No message came in.",
    )


def response(session: Session, _: Principal, frame: Frame) -> Tile:
    """How soon somebody answered."""
    return durations(
        session,
        frame,
        "response",
        "First response",
        "From a message's receipt to a person's first reply or the start of its task, whichever is first; by the "
        "day of receipt. Half of them took at most the first number, nine of ten at most the second, within 5 %.",
        "Nothing was answered.",
    )


def durations(session: Session, frame: Frame, metric: str, title: str, formula: str, empty: str) -> Tile:
    """What half, and what nine of ten, of a metric's durations stay within."""
    now = reading.percentiles(session, frame, metric)
    before = reading.percentiles(session, frame.previous, metric)
    names = ("Half within", "Nine of ten within")
    lines = [counted(frame, metric, name, n, b, "seconds") for name, n, b in zip(names, now, before, strict=True)]
    is_empty = now[0] is None and before[0] is None
    return Tile(metric, title, formula, period(frame), [] if is_empty else lines, empty)


def corrected(session: Session, _: Principal, frame: Frame) -> Tile:
    """How often the reading was wrong."""
    now = reading.totals(session, frame, "read", "corrected")
    before = reading.totals(session, frame.previous, "read", "corrected")
    shares = (percent(now["corrected"], now["read"]), percent(before["corrected"], before["read"]))
    lines = [
        counted(frame, "corrected", "Corrected", *shares, "percent"),
        counted(frame, "read", "Messages read", now["read"], before["read"]),
        counted(frame, "corrected", "With a correction", now["corrected"], before["corrected"]),
    ]
    formula = "Messages of the period whose facts a person corrected, over those that were read."
    is_empty = not now["read"] and not before["read"]
    return Tile("corrected", "Facts corrected", formula, period(frame), [] if is_empty else lines, "Nothing was read.")


TILES = (messages, routed, response, categories, corrected, rules.idle_rules)


def pictures(session: Session, _: Principal, frame: Frame) -> list[Chart]:
    """What came day by day, when, and how far it got."""
    return [
        charts.compared(
            session, frame, "messages", "Messages", "Messages received, by day; below it the period before."
        ),
        charts.funnel(
            session,
            frame,
            "stage",
            "From message to answer",
            "Messages received in the period, by how far they came; each step after all before it. Answered: a person "
            "replied, or began or finished the task.",
            STAGES,
        ),
        charts.durations(
            session, frame, "response", "Time to first response", "Answered messages of the period by how long it took."
        ),
        charts.by_hour(session, frame, "message_hour", "When messages come", "Messages received, by weekday and hour."),
    ]
