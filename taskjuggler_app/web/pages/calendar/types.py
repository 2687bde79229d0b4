"""Appointment types: what can be booked, its links and codes."""

from typing import Any

import reflex as rx

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
)
from taskjuggler_app.web.components.base import classes, when
from taskjuggler_app.web.pages.calendar.own_hours import own_hours
from taskjuggler_app.web.pages.calendar.own_hours_state import OwnHoursState
from taskjuggler_app.web.pages.calendar.types_state import TypesState
from taskjuggler_app.web.pages.calendar.views import calendar_page

OH: Any = OwnHoursState
T: Any = TypesState  # on the class, a State's attributes are vars and its methods are handlers
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
        own_hours(),
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
                " coming",
                rx.cond(row.price != "", rx.fragment(" · ", row.price)),
                class_name="muted",
            ),
            rx.el.p(
                link(address, href="/book/" + row.slug), copy_button(address, label="Copy link"), class_name="marks"
            ),
            class_name="rule-text",
        ),
        rx.el.div(
            button("QR code", kind="ghost", small=True, on_click=T.show_qr(row.slug)),
            button("Own hours", kind="ghost", small=True, on_click=OH.begin(row.id, row.name)),
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
    reminders = textarea("reminders", rows=2, default_value=T.draft["reminders"].to(str), key="reminders" + T.form_id)
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
            field("Reminders", reminders, hint="One a line, such as “24 hours by mail” or “1 hour by text”."),
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
