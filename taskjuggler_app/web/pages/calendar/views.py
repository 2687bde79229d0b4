"""The calendar, and the list of what is coming."""

from typing import Any

import reflex as rx

from taskjuggler_app.domain.access.profile import timezones
from taskjuggler_app.web.components import (
    Choice,
    badge,
    button,
    card,
    dialog,
    empty_state,
    facts,
    field,
    icon_button,
    link,
    link_button,
    page_header,
    pick,
    segmented,
    skeleton_card,
    skeleton_list,
    some,
    tab_links,
    text_input,
)
from taskjuggler_app.web.components.base import Child, classes, when, word
from taskjuggler_app.web.pages.calendar import grid
from taskjuggler_app.web.pages.calendar.state import CalendarState, UpcomingState
from taskjuggler_app.web.pages.frame.view import framed

S: Any = CalendarState  # on the class, a State's attributes are vars and its methods are handlers
U: Any = UpcomingState
TABS = (
    Choice("calendar", "Calendar", href="/calendar"),
    Choice("upcoming", "Upcoming", href="/calendar/upcoming"),
    Choice("types", "Appointment types", href="/calendar/types"),
    Choice("hours", "My hours", href="/calendar/hours"),
)
_VIEWS = (Choice("day", "Day"), Choice("week", "Week"), Choice("month", "Month"))
_WHOSE = (Choice("all", "Everybody's"), Choice("mine", "Mine"))

_WENT = {
    "completed": "Took place",
    "no_show": "Did not come",
    "cancelled": "Cancelled",
    "held": "Kept for the guest for a while",
}
_TONES = {"completed": "success", "no_show": "warning"}


def calendar_page(active: str, title: str, *content: Child, actions: tuple[rx.Component, ...] = ()) -> rx.Component:
    """A page of the calendar; `active` is the tab."""
    return framed(
        "calendar",
        page_header(title, actions=actions),
        tab_links(TABS, active, label="Calendar"),
        rx.el.div(*content, class_name="stack panel"),
    )


def calendar() -> rx.Component:
    """Days with what happens on them."""
    hidden = rx.el.input(
        class_name="sr-only", tab_index=-1, aria_hidden="true", data_dropped="", on_change=S.dropped, default_value=""
    )
    return calendar_page("calendar", "Calendar", rx.cond(S.loaded, _calendar(), skeleton_card()), hidden, _details())


def _calendar() -> rx.Component:
    zone = text_input(
        "zone", default_value=S.zone, key="zone-" + S.zone, list="calendar-zones", on_change=S.set_zone.debounce(300)
    )
    names = [rx.el.option(value=name) for name in sorted(timezones())]
    return rx.fragment(
        rx.el.div(
            rx.el.div(
                icon_button("chevron-left", "Earlier", on_click=S.step(-1)),
                button("Today", small=True, on_click=S.step(0)),
                icon_button("chevron-right", "Later", on_click=S.step(1)),
                rx.el.h2(S.title, aria_live="polite"),
                class_name="cal-steps",
            ),
            segmented("view", _VIEWS, S.view, on_select=S.show, label="View"),
            segmented("whose", _WHOSE, pick(S.mine, "mine", "all"), on_select=S.whose, label="Whose"),
            class_name="toolbar cal-bar",
        ),
        rx.cond(S.view == "month", _month(), _week()),
        rx.el.div(field("Time zone", zone), rx.el.datalist(*names, id="calendar-zones"), class_name="cal-zone"),
    )


def _week() -> rx.Component:
    hours = [rx.el.span(f"{hour}:00", class_name="cal-hour") for hour in range(grid.OPENS, grid.CLOSES)]
    return rx.el.div(
        rx.el.div(*hours, class_name="cal-hours", aria_hidden="true"),
        rx.foreach(S.days, _column),
        class_name=classes("cal-week", when(S.view == "day", "is-day", "")),
        data_shows=".is-today",
    )


def _column(day: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h3(day.label, aria_label=day.spoken),
        rx.el.div(
            rx.foreach(day.halves, _half),
            rx.foreach(day.blocks, lambda block: _block(block, placed=True)),
            class_name="cal-column",
        ),
        class_name=classes("cal-day", when(day.today, "is-today", "")),
        key=day.date,
    )


def _half(half: Any) -> rx.Component:
    return rx.el.div(class_name="cal-half", data_drop_at=half.at, custom_attrs={"style": _rows(half)}, key=half.at)


def _month() -> rx.Component:
    names = [rx.el.span(name, class_name="cal-name") for name in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")]
    return rx.el.div(
        rx.el.div(*names, class_name="cal-names", aria_hidden="true"),
        rx.el.div(rx.foreach(S.days, _cell), class_name="cal-month"),
    )


def _cell(day: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h3(day.label, aria_label=day.spoken),
        rx.foreach(day.blocks, lambda block: _block(block, placed=False)),
        data_drop_at=day.date,
        key=day.date,
        class_name=classes("cal-cell", when(day.today, "is-today", ""), when(day.outside, "is-outside", "")),
    )


def _rows(row: Any) -> Any:
    return rx.Var.create({"gridRow": row.rows})


def _block(block: Any, *, placed: bool) -> rx.Component:
    style: Any = {"--type": pick(block.color != "", block.color, "var(--accent)")}
    if placed:
        style |= {"gridRow": block.rows, "--lane": block.lane.to(str), "--lanes": block.lanes.to(str)}
    short = when(block.short, "is-short", "")
    inside = (rx.el.span(block.time, class_name="cal-time"), rx.el.span(block.title, class_name="cal-title"))
    look: dict[str, Any] = {"custom_attrs": {"style": rx.Var.create(style)}}
    appointment = rx.el.button(
        *inside,
        type="button",
        draggable=block.movable,
        data_drag_id=block.id,
        on_click=S.pick(block.id),
        class_name=classes("cal-block is-appointment", short),
        **look,
    )
    task = link(*inside, href=block.href, class_name=classes("cal-block is-task", short), **look)
    busy = rx.el.div(*inside, class_name=classes("cal-block is-busy", short), **look)
    return rx.cond(block.kind == "appointment", appointment, rx.cond(block.kind == "task", task, busy))


def _details() -> rx.Component:
    row = S.row
    change = rx.fragment(
        rx.el.form(
            field("Move it to", text_input("at", kind="datetime-local", default_value=S.row_local, key=S.row_local)),
            rx.el.div(button("Move", kind="primary", submit=True), class_name="form-actions"),
            on_submit=S.move,
            class_name="form",
        ),
        rx.el.form(
            field("Reason for the guest", text_input("reason", max_length=500), optional=True),
            rx.el.div(button("Cancel the appointment", kind="danger", submit=True), class_name="form-actions"),
            on_submit=S.cancel,
            class_name="form",
        ),
    )
    went = rx.el.section(
        rx.el.h3("How did it go?"),
        rx.el.div(
            button("Took place", kind="primary", on_click=S.mark("completed")),
            button("Did not come", on_click=S.mark("no_show")),
            class_name="cal-went",
        ),
    )
    return dialog(
        "appointment",
        row.type_name,
        rx.cond(
            row.status != "scheduled", badge(word(row.status, _WENT, ""), tone=word(row.status, _TONES, "neutral"))
        ),
        _facts(row, S.row_when),
        rx.cond(row.may_change & (row.status == "scheduled"), rx.fragment(rx.cond(S.row_begun, went), change)),
        open_=S.open,
        on_close=S.close,
    )


def _facts(row: Any, moment: Any) -> rx.Component:
    return facts(
        ("When", moment),
        ("Guest", row.guest_name),
        ("Email", rx.el.a(row.guest_email, href="mailto:" + row.guest_email.to(str))),
        ("Phone", row.guest_phone),
        ("Host", row.host),
        ("Notes", pick(row.notes != "", row.notes, "—")),
        (
            "Answers",
            pick(row.answers.to(dict[str, str]).length() > 0, row.answers.to(dict[str, str]).values().join(", "), "—"),
        ),
    )


def upcoming() -> rx.Component:
    """What is coming, in order of time."""
    nothing = empty_state(
        "calendar",
        "Nothing booked yet",
        "Share the link of an appointment type, and bookings show up here.",
        action=link_button("See the links", href="/calendar/types"),
    )
    past = card(
        rx.el.ul(rx.foreach(U.past, _over), class_name="rules", aria_label="How did it go?"),
        title="How did it go?",
        flush=True,
    )
    coming = card(rx.el.ul(rx.foreach(U.coming, _coming), class_name="rules", aria_label="Upcoming"), flush=True)
    zone = rx.el.p("Times in ", U.zone, class_name="muted")
    shown = rx.fragment(zone, rx.cond(some(U.past), past), rx.cond(some(U.coming), coming, nothing))
    return calendar_page("upcoming", "Upcoming", rx.cond(U.loaded, shown, skeleton_list()))


def _coming(row: Any, *actions: Child) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(rx.el.strong(row.guest_name), badge(row.type_name, tone="neutral"), class_name="marks"),
            rx.el.p(U.labels[row.id], class_name="rule-when"),
            rx.el.p(
                row.guest_email,
                rx.cond(row.guest_phone != "", rx.fragment(" · ", row.guest_phone)),
                " · with ",
                row.host,
                class_name="muted",
            ),
            class_name="rule-text",
        ),
        rx.el.div(
            *actions,
            link_button("Open", href="/calendar?open=" + row.id, kind="ghost", small=True, aria_label=_opens(row)),
            class_name="rule-controls",
        ),
        key=row.id,
        class_name="rule",
    )


def _opens(row: Any) -> Any:
    return "Open the appointment of " + row.guest_name.to(str)


def _over(row: Any) -> rx.Component:
    marks = rx.fragment(
        button("Took place", small=True, on_click=U.mark(row.id, "completed")),
        button("Did not come", kind="ghost", small=True, on_click=U.mark(row.id, "no_show")),
    )
    return _coming(row, rx.cond(row.may_change, marks))
