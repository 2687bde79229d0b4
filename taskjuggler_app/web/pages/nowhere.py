"""The page at addresses that are none."""

import reflex as rx

from taskjuggler_app.web.components import empty_state, link_button


def nowhere() -> rx.Component:
    """What is not there, in plain words, and the way back."""
    said = empty_state(
        "search",
        "There is nothing at this address",
        "It may be mistyped, or what was here is gone.",
        action=link_button("Go to the start", href="/", kind="primary"),
    )
    return rx.el.main(said, id="main", class_name="nowhere")
