"""What a visitor sees of the booking page before its scripts run: the month and the times, as the page then draws them.

Marked for assets/js/served.js: a day or a time that is pressed too early is pressed again when the page answers.
"""

from datetime import datetime

from taskjuggler_app.api.shell import EMPTY, Html, element
from taskjuggler_app.domain.appointments import picker
from taskjuggler_app.domain.appointments.picker import DayCell
from taskjuggler_app.domain.appointments.rows import PublicType

_WEEK = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_SPOKEN_PLACE = {"place": "", "phone": "By phone", "video": "By video"}


def booking(kind: PublicType, starts: list[int], now: datetime) -> Html:
    """The whole page in the zone of the host's hours; EMPTY when there is nothing to choose."""
    if not starts:
        return EMPTY
    first = picker.shown(starts, kind.zone, picker.first_month(starts, kind.zone, now), "", twelve=False)
    facts = [f"{kind.minutes} minutes", ", ".join(kind.hosts), kind.location or _SPOKEN_PLACE[kind.location_kind]]
    facts += [kind.price, kind.refund]
    about = element(
        "header",
        element("p", kind.business, class_="book-business"),
        element("p", kind.name, class_="book-name"),
        element("ul", *[element("li", fact) for fact in facts if fact], class_="book-facts"),
        element("p", kind.description, class_="book-text") if kind.description else EMPTY,
        class_="book-about",
    )
    days = element(
        "div",
        element("p", first.month_label, class_="book-month-name"),
        element("div", *[element("span", name) for name in _WEEK], class_="book-week", aria_hidden="true"),
        element("div", *[_day(cell) for cell in first.days], class_="book-days"),
        class_="book-month",
    )
    times = element(
        "div",
        element("p", first.day_label, class_="book-month-name"),
        element("div", *[_time(kind.slug, one.second, one.label) for one in first.times], class_="book-times"),
        element("p", f"Times in {kind.zone}", class_="muted"),
        class_="book-day",
    )
    choice = element("div", days, times, class_="book-choice")
    return element("div", element("div", about, choice, class_="book"), class_="book-page")


def _day(cell: DayCell) -> Html:
    if not cell.number:
        return element("span")
    if not cell.free:
        return element("span", cell.number, class_="book-cell is-full")
    look = "book-cell is-chosen" if cell.chosen else "book-cell"
    return element("button", cell.number, type="button", class_=look, data_served=f"[data-day='{cell.date}']")


def _time(slug: str, second: str, label: str) -> Html:
    return element(
        "a",
        label,
        href=f"/book/{slug}?at={second}",
        rel="nofollow",
        class_="btn btn-secondary",
        data_served=f"[data-time='{second}']",
        elementtiming="time",
    )
