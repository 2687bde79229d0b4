"""Appointment types, and a person's own hours."""

from typing import Any

import reflex as rx

from taskjuggler_app.domain.access.profile import timezones
from taskjuggler_app.web.components import (
    Choice,
    badge,
    button,
    card,
    checkbox,
    copy_button,
    dialog,
    empty_state,
    field,
    form_error,
    link,
    pick,
    select,
    skeleton_list,
    some,
    text_input,
    textarea,
    time_ago,
)
from taskjuggler_app.web.components.base import classes, when
from taskjuggler_app.web.pages.calendar.setup_state import HoursState, TypesState
from taskjuggler_app.web.pages.calendar.views import calendar_page

T: Any = TypesState  # on the class, a State's attributes are vars and its methods are handlers
H: Any = HoursState
_DAYS = (("mon", "Monday"), ("tue", "Tuesday"), ("wed", "Wednesday"), ("thu", "Thursday"), ("fri", "Friday"),
         ("sat", "Saturday"), ("sun", "Sunday"))  # fmt: skip
_PLACES = (Choice("place", "At a place"), Choice("phone", "By phone"), Choice("video", "By video"))


def types() -> rx.Component:
    """What can be booked, with its links."""
    nothing = empty_state(
        "calendar-clock",
        "Nothing can be booked yet",
        "Make an appointment type: a visit, a call. It gets a page of its own that you can share.",
        action=_add("secondary"),
    )
    listed = card(rx.el.ul(rx.foreach(T.rows, _type), class_name="rules", aria_label="Types"), flush=True)
    shown = rx.cond(some(T.rows), listed, nothing)
    return calendar_page(
        "types",
        "Appointment types",
        rx.cond(T.loaded, shown, skeleton_list()),
        _form(),
        _qr(),
        actions=(_add("primary"),),
    )


def _add(kind: Any) -> rx.Component:
    return button("New type", kind=kind, icon_name="plus", on_click=T.open_form(""))


def _type(row: Any) -> rx.Component:
    address = T.home + "/book/" + row.slug
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.span(class_name="cal-dot", custom_attrs={"style": rx.Var.create({"--type": row.color})}),
                rx.el.strong(row.name),
                rx.cond(row.is_active, rx.fragment(), badge("Paused", tone="neutral")),
                rx.cond(row.is_public, rx.fragment(), badge("By link only", tone="info")),
                class_name="marks",
            ),
            rx.el.p(
                row.minutes.to(str),
                " minutes · ",
                row.hosts,
                " · ",
                row.coming.to(str),
                " coming ",
                row.price,
                class_name="muted",
            ),
            rx.el.p(
                link(address, href="/book/" + row.slug), copy_button(address, label="Copy link"), class_name="marks"
            ),
            class_name="rule-text",
        ),
        rx.el.div(
            button("QR code", kind="ghost", small=True, on_click=T.show_qr(row.slug)),
            button("Edit", small=True, on_click=T.open_form(row.id)),
            button(
                pick(row.is_active, "Pause", "Resume"),
                kind="ghost",
                small=True,
                on_click=T.set_active(row.id, ~row.is_active),
            ),
            class_name="rule-controls",
        ),
        key=row.id,
        class_name=classes("rule", when(row.is_active, "", "is-off")),
    )


def _text(name: str, label: str, hint: str = "", **props: Any) -> rx.Component:
    value = T.draft[name].to(str)
    return field(label, text_input(name, default_value=value, key=name + T.form_id, **props), hint=hint)


def _number(name: str, label: str) -> rx.Component:
    return _text(name, label, input_mode="numeric", required=True, max_length=6)


def _form() -> rx.Component:
    place = select("location_kind", _PLACES, default_value=T.draft["location_kind"].to(str), key="kind" + T.form_id)
    description = textarea(
        "description", rows=3, default_value=T.draft["description"].to(str), key="description" + T.form_id
    )
    questions = textarea("questions", rows=3, default_value=T.draft["questions"].to(str), key="asked" + T.form_id)
    return dialog(
        "type-form",
        pick(T.form_id == "", "New appointment type", "Change the type"),
        rx.el.form(
            form_error(T.error),
            _text("name", "Name", required=True, max_length=255),
            field("Description", description, optional=True),
            rx.el.div(
                _number("duration_minutes", "Minutes"),
                _number("step_minutes", "Starts every … minutes"),
                _number("buffer_before_minutes", "Minutes free before"),
                _number("buffer_after_minutes", "Minutes free after"),
                _number("notice_minutes", "Notice in minutes"),
                _number("advance_booking_days", "Days ahead"),
                _number("cancellation_hours", "Changes until … hours before"),
                _text("daily_cap", "Most a day", "Empty for no limit."),
                class_name="cal-numbers",
            ),
            rx.el.div(
                field("Where", place),
                _text("location", "Place, number or link"),
                _text("price", "Price", "Empty for none."),
                _text("currency", "Currency", max_length=3),
                class_name="cal-numbers",
            ),
            field("Questions for the visitor", questions, hint="One a line; * at the end: has to be answered."),
            rx.el.fieldset(rx.el.legend("Hosts"), rx.foreach(T.hosts, _host), class_name="cal-hosts"),
            _text("booking_slug", "Address", "Small letters, digits, hyphens; empty makes one up.", max_length=100),
            _text("color", "Colour", kind="color"),
            checkbox("is_public", "Show it on the hosts' public pages", default_checked=T.public, key="p" + T.form_id),
            rx.el.div(
                button("Cancel", kind="ghost", data_closes=""),
                button("Save", kind="primary", submit=True),
                class_name="form-actions",
            ),
            on_submit=T.save,
            class_name="form",
        ),
        open_=T.form_open,
        on_close=T.close_form,
        class_name="dialog-wide",
    )


def _host(one: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", name="host:" + one.id, default_checked=one.chosen), " ", one.name, key=one.id
    )


def _qr() -> rx.Component:
    return dialog(
        "type-qr",
        "Scan to book",
        rx.el.div(
            rx.el.img(src=T.qr, alt="QR code of the booking page", class_name="cal-qr"),
            rx.el.p(T.qr_link, copy_button(T.qr_link), class_name="marks"),
        ),
        open_=T.qr_open,
        on_close=T.close_qr,
    )


def hours() -> rx.Component:
    """When a person can be booked."""
    inside = rx.fragment(_week(), _single_days(), _others(), _feed())
    return calendar_page("hours", "My hours", rx.cond(H.loaded, inside, skeleton_list()))


def _week() -> rx.Component:
    names = [rx.el.option(value=name) for name in sorted(timezones())]
    days = [
        field(
            label,
            text_input(day, default_value=H.week[day].to(str), key=day + H.week[day].to(str), placeholder="Closed"),
        )
        for day, label in _DAYS
    ]
    zone = text_input("timezone", default_value=H.timezone, key="z" + H.timezone, list="hours-zones", required=True)
    return card(
        rx.el.form(
            form_error(H.error),
            field("Time zone", zone, hint="The hours below are local to it, through summer and winter."),
            rx.el.datalist(*names, id="hours-zones"),
            rx.el.div(*days, class_name="cal-numbers"),
            rx.el.div(button("Save", kind="primary", submit=True), class_name="form-actions"),
            on_submit=H.save,
            class_name="form",
        ),
        rx.el.p(
            "Your public page: ",
            link(H.public_link, href=H.public_link),
            copy_button(H.public_link),
            class_name="marks",
        ),
        title="Every week",
        note="Write spans such as 09:00-12:00, 13:00-17:30. Leave a day empty to close it.",
    )


def _single_days() -> rx.Component:
    return card(
        rx.el.ul(rx.foreach(H.days, _day), class_name="rules", aria_label="Single days"),
        rx.el.form(
            form_error(H.day_error),
            rx.el.div(
                field("Day", text_input("day", kind="text", placeholder="2026-12-24", required=True)),
                field("Hours", text_input("windows", placeholder="Day off")),
                class_name="cal-numbers",
            ),
            rx.el.div(button("Add the day", submit=True), class_name="form-actions"),
            on_submit=H.add_day,
            reset_on_submit=True,
            class_name="form",
        ),
        title="Days that differ",
        note="A holiday, a long Saturday. No hours make a day off.",
    )


def _day(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(rx.el.p(rx.el.strong(line.day), " ", line.text), class_name="rule-text"),
        button("Remove", kind="ghost", small=True, on_click=H.drop_day(line.day)),
        key=line.day,
        class_name="rule",
    )


def _others() -> rx.Component:
    return card(
        rx.el.ul(rx.foreach(H.calendars, _other), class_name="rules", aria_label="Other calendars"),
        rx.el.form(
            rx.el.div(
                field("Name", text_input("name", required=True, max_length=100)),
                field("iCal address", text_input("url", required=True, placeholder="https://…/calendar.ics")),
                class_name="cal-numbers",
            ),
            rx.el.div(button("Subscribe", submit=True), class_name="form-actions"),
            on_submit=H.subscribe,
            reset_on_submit=True,
            class_name="form",
        ),
        title="Other calendars",
        note="What is busy there cannot be booked here. Read every 20 minutes.",
    )


def _other(one: Any) -> rx.Component:
    state = rx.cond(
        one.error != "",
        rx.el.p(badge("Cannot be read", tone="warning"), one.error, class_name="marks"),
        rx.cond(
            one.fetched != "",
            rx.el.p("Read ", time_ago(one.fetched, one.fetched), class_name="muted"),
            rx.el.p("Being read…", class_name="muted"),
        ),
    )
    return rx.el.li(
        rx.el.div(rx.el.p(rx.el.strong(one.name)), state, class_name="rule-text"),
        button("Remove", kind="ghost", small=True, on_click=H.unsubscribe(one.id)),
        key=one.id,
        class_name="rule",
    )


def _feed() -> rx.Component:
    shown = rx.el.p(rx.el.code(H.feed), copy_button(H.feed), class_name="copy-line")
    return card(
        rx.cond(H.feed != "", shown),
        rx.el.div(
            button(pick(H.has_feed, "Make a new address", "Make an address"), on_click=H.new_feed),
            rx.cond(H.has_feed, button("Close it", kind="danger", on_click=H.close_feed)),
            class_name="form-actions",
        ),
        title="Your appointments in another calendar",
        note="A secret address to subscribe to. It is shown once; a new one closes the old one.",
    )
