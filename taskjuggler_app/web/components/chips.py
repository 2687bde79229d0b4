"""Small marks: badges, chips for status, priority and category, avatars, times, keys."""

import reflex as rx
from reflex_base.vars.base import Var

from taskjuggler_app.web.components.base import Child, Flag, Number, Text, classes, hidden_text, joined, when, word
from taskjuggler_app.web.components.icons import icon

STATUSES = {
    "pending": "To do",
    "in_progress": "In progress",
    "completed": "Done",
    "cancelled": "Cancelled",
    "processing": "Processing",
    "failed": "Failed",
}
_STATUS_ICONS = {
    "pending": "circle-dashed",
    "in_progress": "circle-dot",
    "completed": "circle-check",
    "cancelled": "circle-x",
    "processing": "refresh-cw",
    "failed": "triangle-alert",
}
PRIORITIES = {"low": "Low", "normal": "Normal", "high": "High", "urgent": "Urgent"}
CATEGORIES = {
    "maintenance": "Maintenance",
    "scheduling": "Scheduling",
    "billing": "Billing",
    "sales": "Sales",
    "support": "Support",
    "legal": "Legal",
    "research": "Research",
    "general": "General",
}


def chips(*children: Child) -> rx.Component:
    """Several marks in a row."""
    return rx.el.span(*children, class_name="chips")


def badge(label: Child, *, tone: Text = "neutral", icon_name: str = "") -> rx.Component:
    """A short fact. tone: neutral, accent, success, warning, danger, info."""
    inside = [icon(icon_name, size=14)] if icon_name else []
    return rx.el.span(*inside, rx.el.span(label), class_name=classes("chip", joined("tone-", tone)))


def status_icon(status: Text, *, size: int = 18) -> rx.Component:
    """The sign of a status alone, named for readers."""
    return rx.el.span(
        icon(word(status, _STATUS_ICONS, "circle"), size=size, label=word(status, STATUSES, "Unknown")),
        class_name=classes("status-icon", joined("status-", status)),
        title=word(status, STATUSES, "Unknown"),
    )


def status_chip(status: Text) -> rx.Component:
    """A task's or a message's status: sign and word."""
    return rx.el.span(
        icon(word(status, _STATUS_ICONS, "circle"), size=14),
        rx.el.span(word(status, STATUSES, "Unknown")),
        class_name=classes("chip", joined("status-", status)),
    )


def priority_mark(priority: Text) -> rx.Component:
    """Three rising bars, filled by priority and coloured when high or urgent, named for readers."""
    return rx.el.span(
        rx.el.svg(
            rx.el.svg.rect(x="1", y="9", width="3.4", height="6", rx="1", class_name="bar-1"),
            rx.el.svg.rect(x="6.3", y="5.5", width="3.4", height="9.5", rx="1", class_name="bar-2"),
            rx.el.svg.rect(x="11.6", y="2", width="3.4", height="13", rx="1", class_name="bar-3"),
            width=16,
            height=16,
            view_box="0 0 16 16",
            aria_hidden="true",
        ),
        hidden_text(word(priority, PRIORITIES, "Normal"), " priority"),
        class_name=classes("priority", joined("priority-", priority)),
        title=word(priority, PRIORITIES, "Normal"),
    )


def priority_chip(priority: Text) -> rx.Component:
    """A task's priority: bars and word."""
    return rx.el.span(
        priority_mark(priority),
        rx.el.span(word(priority, PRIORITIES, "Normal"), aria_hidden="true"),
        class_name="chip chip-plain",
    )


def category_chip(category: Text) -> rx.Component:
    """What a request is about: a coloured dot and the word."""
    return rx.el.span(
        rx.el.span(class_name="dot", aria_hidden="true"),
        rx.el.span(word(category, CATEGORIES, "General")),
        class_name=classes("chip", "chip-plain", joined("category-", category)),
    )


def avatar(name: Text, *, size: str = "m", picture: Text = "", alone: bool = False) -> rx.Component:
    """A person's picture, or their initials on a hue that always comes out the same for the name.

    The initials stand behind the picture, for a picture that is still coming or is gone. It is decoration beside the
    name; where no name is beside it (`alone`), it says the name to readers and under the pointer. size: s, m, l.
    """
    face: Child = None
    if not isinstance(picture, str):
        drawn = rx.el.img(src=picture, alt="", loading="lazy", decoding="async", class_name="avatar-picture")
        face = rx.cond(picture != "", drawn)
    mark = rx.el.span(
        rx.el.span(_initials(name)),
        face,
        class_name=f"avatar avatar-{size}",
        custom_attrs={"data-hue": _hue(name)},
        aria_hidden="true",
    )
    return rx.el.span(mark, hidden_text(name), title=name, class_name="avatar-alone") if alone else mark


def person(name: Text, *, note: Text = "", picture: Text = "") -> rx.Component:
    """An avatar with the name beside it."""
    return rx.el.span(
        avatar(name, size="s", picture=picture),
        rx.el.span(rx.el.span(name, class_name="person-name"), rx.el.span(note, class_name="person-note")),
        class_name="person",
    )


def time_ago(at: Text, wording: Text) -> rx.Component:
    """A moment, kept fresh as "5 min ago" by the page. at: ISO 8601; wording: shown until then."""
    return rx.el.time(wording, date_time=at, data_relative="", class_name="time")


def kbd(*keys: str) -> rx.Component:
    """Keys to press together."""
    return rx.el.span(*[rx.el.kbd(key) for key in keys], class_name="keys")


def count(number: Number, *, spoken: str, urgent: Flag = False) -> rx.Component:
    """A number on a navigation item; nothing at zero. spoken: what is counted, for readers."""
    pill = rx.el.span(number, hidden_text(" " + spoken), class_name=classes("count", when(urgent, "is-urgent")))
    if isinstance(number, int):
        return pill if number > 0 else rx.fragment()
    return rx.cond(number.to(int) > 0, pill)


def _initials(name: Text) -> Text:
    if isinstance(name, str):
        return "".join(part[0] for part in name.split()[:2]).upper()
    return _in_browser(
        '((n) => n.trim().split(/\\s+/).slice(0, 2).map((w) => w[0] ?? "").join("").toUpperCase())', name
    )


def _hue(name: Text) -> Text:
    """0 to 6, from the name's UTF-16 code units."""
    if isinstance(name, str):
        total = 0
        for unit in memoryview(name.encode("utf-16-le")).cast("H"):
            total = (total * 31 + unit) % 65521
        return str(total % 7)
    return _in_browser(
        "((n) => { let t = 0; for (let i = 0; i < n.length; i++) t = (t * 31 + n.charCodeAt(i)) % 65521; "
        "return String(t % 7); })",
        name,
    )


def _in_browser(function: str, value: rx.Var[str]) -> rx.Var[str]:
    """Call a JavaScript function with a var; null and undefined count as the empty string."""
    return Var(_js_expr=f'{function}(({value!s}) ?? "")', _var_type=str, _var_data=value._get_all_var_data())
