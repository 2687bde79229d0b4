"""The calendar: meetings, who did not come, when and with whom."""

from sqlmodel import Session

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.analytics import charts, reading
from taskjuggler_app.domain.analytics.frame import Frame
from taskjuggler_app.domain.analytics.people import names_of
from taskjuggler_app.domain.analytics.tiles import Chart, Tile, counted, percent, period

NAMES = {"booked": "Booked", "no_show": "Did not come", "cancelled": "Cancelled"}


def bookings(session: Session, _: Principal, frame: Frame) -> Tile:
    """What became of the bookings."""
    now, before = reading.totals(session, frame, *NAMES), reading.totals(session, frame.previous, *NAMES)
    lines = [counted(frame, key, label, now[key], before[key]) for key, label in NAMES.items()]
    is_empty = not now.total() and not before.total()
    formula = "Appointments that begin in the period, by what became of them."
    return Tile("bookings", "Bookings and no-shows", formula, period(frame), [] if is_empty else lines, "No bookings.")


def kept(session: Session, _: Principal, frame: Frame) -> Tile:
    """How often guests do not come, or call it off."""
    now, before = (reading.totals(session, one, *NAMES, "meetings") for one in (frame, frame.previous))
    all_now, all_before = (found["meetings"] + found["cancelled"] for found in (now, before))
    absent = [percent(found["no_show"], found["meetings"]) for found in (now, before)]
    ended = [percent(found["cancelled"], whole) for found, whole in ((now, all_now), (before, all_before))]
    lines = [
        counted(frame, "no_show", "Did not come", absent[0], absent[1], "percent"),
        counted(frame, "cancelled", "Cancelled", ended[0], ended[1], "percent"),
    ]
    formula = (
        "Of the appointments that begin in the period and were not cancelled, those whose guest did not come; of all "
        "that begin in it, those that were cancelled."
    )
    lines = lines if all_now or all_before else []
    return Tile("kept", "No-shows and cancellations", formula, period(frame), lines, "No bookings.")


def hosts(session: Session, _: Principal, frame: Frame) -> Tile:
    """Who meets guests."""
    now = reading.sums(session, frame, ["meetings"], ["doer"])
    before = reading.sums(session, frame.previous, ["meetings"], ["doer"])
    names = names_of(session, [host for (host,) in now.keys() | before.keys()])
    lines = [
        counted(frame, "meetings", names.get(key[0], "Somebody who left"), now[key], before[key], person=key[0])
        for key in sorted(now.keys() | before.keys(), key=lambda key: (-now[key], str(key)))
    ]
    formula = "Appointments that begin in the period and were not cancelled, by host."
    return Tile("hosts", "Meetings by host", formula, period(frame), lines, "No meetings.")


TILES = (bookings, kept, hosts)


def pictures(session: Session, _: Principal, frame: Frame) -> list[Chart]:
    """Meetings day by day, and when."""
    words = "Appointments that begin on the day and were not cancelled; below it the period before."
    hours = "Appointments of the period that were not cancelled, by the weekday and hour they begin."
    return [
        charts.compared(session, frame, "meetings", "Meetings", words),
        charts.by_hour(session, frame, "meetings", "When people meet", hours),
    ]
