"""What the pages about people share."""

from collections.abc import Sequence

import reflex as rx

from taskjuggler_app.web.components import Choice, page_header, tab_links
from taskjuggler_app.web.components.base import Child
from taskjuggler_app.web.pages.frame.view import framed

_TABS = (
    Choice("team", "Team", icon="users", href="/people"),
    Choice("contacts", "Contacts", icon="contact", href="/contacts"),
)


def people_page(active: str, *content: Child, note: Child, actions: Sequence[rx.Component] = ()) -> rx.Component:
    """A page of the place People; `active` is the tab."""
    return framed(
        "people",
        page_header("People", note=note, actions=actions),
        tab_links(_TABS, active, label="People"),
        rx.el.div(*content, class_name="panel"),
    )
