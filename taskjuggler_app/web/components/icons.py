"""Icons: one sprite of our own (assets/icons.svg, cut from Lucide), so that a name may be a var."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components.base import Number, Text, classes, joined, word

SPRITE = "/icons.svg"

ICONS = frozenset(
    [
        "activity",
        "archive",
        "arrow-down",
        "arrow-left",
        "arrow-right",
        "arrow-up",
        "arrow-up-right",
        "at-sign",
        "bell",
        "bot",
        "briefcase",
        "building-2",
        "calendar",
        "calendar-clock",
        "check",
        "check-check",
        "chevron-down",
        "chevron-left",
        "chevron-right",
        "chevrons-left",
        "chevrons-right",
        "circle",
        "circle-alert",
        "circle-check",
        "circle-dashed",
        "circle-dot",
        "circle-question-mark",
        "circle-x",
        "clock",
        "code",
        "contact",
        "copy",
        "credit-card",
        "ellipsis",
        "ellipsis-vertical",
        "external-link",
        "eye",
        "eye-off",
        "file-text",
        "flag",
        "funnel",
        "globe",
        "grip-vertical",
        "hand",
        "hash",
        "house",
        "inbox",
        "info",
        "key",
        "keyboard",
        "layers",
        "link",
        "list-checks",
        "lock",
        "log-out",
        "mail",
        "map-pin",
        "menu",
        "message-circle",
        "message-square",
        "monitor",
        "moon",
        "palette",
        "panel-left",
        "paperclip",
        "pencil",
        "phone",
        "phone-incoming",
        "play",
        "plus",
        "power",
        "refresh-cw",
        "rotate-ccw",
        "route",
        "search",
        "send",
        "settings",
        "shield",
        "shield-check",
        "sliders-horizontal",
        "smartphone",
        "sparkles",
        "split",
        "star",
        "sun",
        "tag",
        "trash-2",
        "triangle-alert",
        "undo-2",
        "upload",
        "user",
        "user-check",
        "user-plus",
        "users",
        "voicemail",
        "wifi-off",
        "wrench",
        "x",
        "zap",
    ]
)

CHANNELS = {"phone": "Phone", "sms": "Text message", "email": "Email", "web": "Web form", "api": "API"}
_CHANNEL_ICONS = {"phone": "phone", "sms": "message-square", "email": "mail", "web": "globe", "api": "code"}


def icon(name: Text, *, size: Number = 18, class_name: str = "", label: Text | None = None) -> rx.Component:
    """A line icon, `size` CSS pixels square. Without a label it is decoration and hidden from readers.

    Raises ValueError for a literal name that is not in the sprite.
    """
    if isinstance(name, str) and name not in ICONS:
        raise ValueError(f"no icon {name!r} in the sprite")
    spoken: dict[str, Any] = {"aria_hidden": "true"} if label is None else {"role": "img", "aria_label": label}
    return rx.el.svg(
        rx.el.svg.use(href=joined(SPRITE, "#", name)),
        width=size,
        height=size,
        view_box="0 0 24 24",
        class_name=classes("icon", class_name),
        **spoken,
    )


def channel_icon(channel: Text, *, size: Number = 16) -> rx.Component:
    """The icon of a channel type (phone, sms, email, web, api) in its tile, named for readers."""
    return rx.el.span(
        icon(word(channel, _CHANNEL_ICONS, "inbox"), size=size, label=word(channel, CHANNELS, "Message")),
        class_name=classes("channel", joined("channel-", channel)),
        title=word(channel, CHANNELS, "Message"),
    )


def mark(*, size: int = 28) -> rx.Component:
    """Our mark: three balls in the air."""
    return rx.el.svg(
        rx.el.svg.path(d="M7 22.5C7 11.5 11 6.6 16 6.6S25 11.5 25 22.5", class_name="mark-arc"),
        rx.el.svg.circle(cx="7", cy="22.5", r="4", class_name="mark-a"),
        rx.el.svg.circle(cx="16", cy="7.5", r="4", class_name="mark-b"),
        rx.el.svg.circle(cx="25", cy="22.5", r="4", class_name="mark-c"),
        width=size,
        height=size,
        view_box="0 0 32 32",
        class_name="mark",
        aria_hidden="true",
    )
