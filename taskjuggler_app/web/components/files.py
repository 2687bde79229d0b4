"""Attachments: a place to drop, paste or choose files (assets/js/uploads.js), and the list of those that are there."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components.base import Handler, Text, hidden_text, link
from taskjuggler_app.web.components.buttons import icon_button
from taskjuggler_app.web.components.icons import icon


def upload_zone(name: str = "files", *, label: str = "Add files", on_files: Handler = None) -> rx.Component:
    """A place for files. Inside a form, the field `name` carries their ids, comma-separated, and a reset empties it.

    With `on_files` (which gets those ids) each file is handed over as soon as it has arrived, and leaves the list.
    """
    ids: dict[str, Any] = {} if on_files is None else {"on_change": on_files}
    return rx.el.div(
        rx.el.ul(class_name="upload-list", data_upload_list=""),
        rx.el.button(
            icon("paperclip", size=16), rx.el.span(label), type="button", data_upload_open="", class_name="upload-open"
        ),
        rx.el.span("or drop or paste them here, up to 25 MB each", class_name="upload-hint"),
        rx.el.input(
            type="file", multiple=True, hidden=True, aria_label=label, data_upload_choose="", class_name="sr-only"
        ),
        rx.el.input(
            type="text",
            name=name,
            default_value="",
            hidden=True,
            aria_label="Uploaded files",
            data_upload_ids="",
            class_name="sr-only",
            **ids,
        ),
        data_uploads="form" if on_files is None else "instant",
        class_name="uploads",
    )


def picture_zone(label: str, *, on_picture: Handler) -> rx.Component:
    """A button that takes one picture, which the browser crops to a square; `on_picture` gets the id of its upload."""
    return rx.el.div(
        rx.el.ul(class_name="upload-list", data_upload_list=""),
        rx.el.button(
            icon("upload", size=16), rx.el.span(label), type="button", data_upload_open="", class_name="upload-open"
        ),
        rx.el.input(
            type="file",
            accept="image/*",
            hidden=True,
            aria_label=label,
            data_upload_choose="",
            class_name="sr-only",
        ),
        rx.el.input(
            type="text",
            default_value="",
            hidden=True,
            aria_label="Uploaded picture",
            data_upload_ids="",
            class_name="sr-only",
            on_change=on_picture,
        ),
        data_uploads="instant",
        data_upload_square="512",
        class_name="uploads",
    )


def file_list(files: Any, *, on_remove: Handler = None, label: Text = "Attachments") -> rx.Component:
    """Files as rows of `domain.files.queries.FileRow`: pictures small, sounds playable, the rest by name."""

    def draw(file: Any) -> rx.Component:
        picture = rx.el.img(src=file.href, alt="", loading="lazy", class_name="file-picture")
        sound = rx.el.audio(src=file.href, controls=True, preload="none", aria_label=file.name)
        remove: rx.Component = rx.fragment()
        if on_remove is not None:
            remove = icon_button("x", "Remove " + file.name, on_click=on_remove(file.id))
        return rx.el.li(
            rx.cond(file.is_image, picture, icon("file-text", size=18)),
            rx.el.span(
                link(
                    file.name,
                    hidden_text(" (new tab)"),
                    href=file.href,
                    class_name="file-name",
                    target="_blank",
                    rel="noopener",
                ),
                rx.el.span(file.size, class_name="file-size"),
                class_name="file-words",
            ),
            rx.cond(file.is_audio, sound),
            remove,
            class_name="file",
        )

    return rx.el.ul(rx.foreach(files, draw), class_name="files", aria_label=label)
