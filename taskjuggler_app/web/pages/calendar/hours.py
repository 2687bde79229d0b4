"""A person's own hours: when they can be booked."""

from typing import Any

import reflex as rx

from taskjuggler_app.domain.access.profile import timezones
from taskjuggler_app.web.components import (
    badge,
    button,
    card,
    copy_button,
    field,
    form_error,
    link,
    pick,
    skeleton_list,
    text_input,
    time_ago,
)
from taskjuggler_app.web.pages.calendar.hours_state import HoursState
from taskjuggler_app.web.pages.calendar.views import calendar_page

H: Any = HoursState  # on the class, a State's attributes are vars and its methods are handlers
_DAYS = (("mon", "Monday"), ("tue", "Tuesday"), ("wed", "Wednesday"), ("thu", "Thursday"), ("fri", "Friday"),
         ("sat", "Saturday"), ("sun", "Sunday"))  # fmt: skip


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
            class_name="marks cal-below",
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
                field("Day", text_input("day", kind="date", required=True)),
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
