"""The cards of the profile page on what others see: my picture and words, the business's own."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    Choice,
    avatar,
    button,
    card,
    field,
    form_error,
    pick,
    picture_zone,
    select,
    skeleton_card,
    text_input,
    textarea,
)
from taskjuggler_app.web.components.base import Text
from taskjuggler_app.web.pages.settings.presenting_state import PresentingState

S: Any = PresentingState  # on the class, a State's attributes are vars and its methods are handlers
_KINDS = (Choice("company", "A company"), Choice("organization", "An organization"))


def presenting() -> rx.Component:
    """What colleagues see of me, and what the workspace says about itself."""
    return rx.cond(S.ready, rx.fragment(_mine(), rx.cond(S.may_write, _ours())), skeleton_card())


def _error(which: str, name: str) -> Text:
    return pick((S.error_of == which) & (S.error_field == name), S.error)


def _mine() -> rx.Component:
    remove = button("Remove", kind="ghost", small=True, on_click=S.remove_picture)
    bio = textarea("bio", id_="my-bio", rows=3, max_length=2000, default_value=S.mine.bio, key="bio-" + S.mine.bio)
    site = text_input("website", id_="my-website", default_value=S.mine.website, key="site-" + S.mine.website)
    return card(
        rx.el.div(
            avatar(S.name, size="l", picture=S.mine.picture),
            picture_zone("Choose a picture", on_picture=S.take_picture),
            rx.cond(S.mine.picture != "", remove),
            class_name="portrait",
        ),
        rx.el.form(
            form_error(_error("mine", "")),
            field(
                "About you", bio, hint="What you do, when you are there.", error=_error("mine", "bio"), optional=True
            ),
            field("Web site", site, error=_error("mine", "website"), optional=True),
            rx.el.div(button("Save", kind="primary", submit=True), class_name="form-actions"),
            on_submit=S.save_mine,
            class_name="form",
        ),
        title="What colleagues see",
        note="Your picture is cut to a square here in the browser; its place and camera data stay behind.",
    )


def _ours() -> rx.Component:
    kind = select("kind", _KINDS, id_="our-kind", default_value=S.ours.kind, key="kind-" + S.ours.kind)
    name = text_input("name", id_="our-name", default_value=S.ours.name, key="our-" + S.ours.name, required=True)
    bio = textarea("bio", id_="our-bio", rows=3, max_length=2000, default_value=S.ours.bio, key="ob-" + S.ours.bio)
    site = text_input("website", id_="our-website", default_value=S.ours.website, key="os-" + S.ours.website)
    return card(
        rx.el.form(
            form_error(_error("ours", "")),
            field("It is", kind, error=_error("ours", "kind")),
            field("Name", name, error=_error("ours", "name")),
            field("What you do", bio, error=_error("ours", "bio"), optional=True),
            field("Web site", site, error=_error("ours", "website"), optional=True),
            rx.el.div(button("Save", kind="primary", submit=True), class_name="form-actions"),
            on_submit=S.save_ours,
            class_name="form",
        ),
        title="Your business",
        note="How the workspace presents itself; your actor in the network stands for it.",
    )
