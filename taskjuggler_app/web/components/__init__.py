"""The components pages are built from: plain HTML elements with our classes (assets/css), no State imports.

Text, Flag and Number take a value known at build time or a state's var; Handler takes an event handler. A function
that draws one row is given to `rx.foreach` or to `row_list`. Rows are the dataclasses of shapes.py.

Frames      shell(*content, nav, active, user_name, user_email, workspace, counts, bell, actions, overlays,
                  sign_out_to, sign_out_fields) · auth_layout(*form, title, note, foot)
            page_header(title, note, actions, crumbs) · notifications_menu(*lines, unread) · notice_row(line)
            CSS: stack, columns (main and 20 rem aside), tiles, toolbar, form, form-row, message
Press       button(label, kind, icon_name, on_click, loading, disabled, submit, small, wide)
            link_button(label, href, …) · icon_button(name, label, on_click) · copy_button(text, label)
            download_button(label, href)
            kinds: primary, secondary, ghost, danger
Forms       field(label, control, hint, error, optional) around text_input(name, kind, autocomplete),
            password_input(name, new), textarea(name, rows), select(name, choices); other attributes go through
            checkbox(name, label, hint) · switch(name, label, hint) · search_input(name, label, on_change)
            timezone_input(name) · form_error(text) · form_actions(*buttons) · native_form(*children, action)
Marks       badge(label, tone, icon_name) · status_chip · status_icon · priority_chip · priority_mark ·
            category_chip · channel_icon(channel) · avatar(name, size) · person(name, note) ·
            chips(*marks) · time_ago(at, wording) · kbd(*keys) · count(number, spoken) ·
            icon(name, size, label) · mark(size)
            tones: neutral, accent, success, warning, danger, info
Surfaces    card(*children, title, note, actions, flush) · stat_tile(label, value, note, icon_name, href)
            facts(*pairs) · notice(text, tone, icon_name, action) · limit_notice(text)
            empty_state(icon_name, title, text, action) · skeleton_text(lines) · skeleton_list(rows) · skeleton_card()
Lists       row_list(rows, draw, label) with task_row(task), inbox_row(item) · load_more(on_click)
            data_table(headings, rows, cells, caption): cards on a phone
Files       upload_zone(name, label, on_files) · file_list(files, on_remove)
Choices     tabs(choices, active, on_select, panel_id, label) with tab_panel · tab_links(choices, active, label)
            segmented(name, choices, active, on_select, label) · theme_control()
Overlays    dialog(id_, title, *children, actions, open_, on_close) · confirm(id_, title, text, label, on_confirm)
            menu(trigger, *items, label) with menu_item(label, icon_name, href, on_click) and menu_divider()
            toast_stack(toasts, on_dismiss, on_undo) · offline_notice()
            command_palette(results, on_query, commands) · go_commands(nav) · keys_sheet(nav)
Stories     timeline(events)
Charts      bar_chart(bars, title, height) · bar_list(bars, title) · sparkline(values, title) · plot(one)

Data attributes that assets/js understands on anything: data_opens="#id", data_closes, data_copy, data_confirm
(on a form or a button), data_search, data_nav_list and data_nav_item, data_go (the letter after g).
"""

from taskjuggler_app.web.components.base import (
    Child,
    Flag,
    Handler,
    Number,
    Text,
    hidden_text,
    link,
    native_form,
    native_link,
    pick,
    same,
    some,
    when,
)
from taskjuggler_app.web.components.buttons import button, copy_button, download_button, icon_button, link_button
from taskjuggler_app.web.components.charts import bar_chart, bar_list, sparkline
from taskjuggler_app.web.components.chips import (
    avatar,
    badge,
    category_chip,
    chips,
    count,
    kbd,
    person,
    priority_chip,
    priority_mark,
    status_chip,
    status_icon,
    time_ago,
)
from taskjuggler_app.web.components.choices import segmented, tab_links, tab_panel, tabs, theme_control
from taskjuggler_app.web.components.files import file_list, picture_zone, upload_zone
from taskjuggler_app.web.components.forms import (
    checkbox,
    field,
    form_actions,
    form_error,
    password_input,
    search_input,
    select,
    switch,
    text_input,
    textarea,
    timezone_input,
)
from taskjuggler_app.web.components.icons import channel_icon, icon, mark
from taskjuggler_app.web.components.layout import auth_layout, notifications_menu, shell
from taskjuggler_app.web.components.lists import (
    data_table,
    inbox_row,
    inbox_row_with,
    load_more,
    notice_row,
    row_list,
    task_row,
)
from taskjuggler_app.web.components.overlays import (
    confirm,
    dialog,
    menu,
    menu_divider,
    menu_item,
    offline_notice,
    toast_stack,
)
from taskjuggler_app.web.components.palette import command_palette, go_commands, keys_sheet
from taskjuggler_app.web.components.plots import plot
from taskjuggler_app.web.components.shapes import (
    Bar,
    BoardColumn,
    Choice,
    Crumb,
    EventLine,
    InboxLine,
    NavItem,
    NoticeLine,
    PaletteLine,
    Plot,
    TaskLine,
    ToastLine,
)
from taskjuggler_app.web.components.surfaces import (
    breadcrumbs,
    card,
    empty_state,
    facts,
    limit_notice,
    notice,
    page_header,
    preformatted,
    skeleton_card,
    skeleton_list,
    skeleton_text,
    stat_tile,
)
from taskjuggler_app.web.components.timeline import timeline

__all__ = [
    "Bar",
    "BoardColumn",
    "Child",
    "Choice",
    "Crumb",
    "EventLine",
    "Flag",
    "Handler",
    "InboxLine",
    "NavItem",
    "NoticeLine",
    "Number",
    "PaletteLine",
    "Plot",
    "TaskLine",
    "Text",
    "ToastLine",
    "auth_layout",
    "avatar",
    "badge",
    "bar_chart",
    "bar_list",
    "breadcrumbs",
    "button",
    "card",
    "category_chip",
    "channel_icon",
    "checkbox",
    "chips",
    "command_palette",
    "confirm",
    "copy_button",
    "count",
    "data_table",
    "dialog",
    "download_button",
    "empty_state",
    "facts",
    "field",
    "file_list",
    "form_actions",
    "form_error",
    "go_commands",
    "hidden_text",
    "icon",
    "icon_button",
    "inbox_row",
    "inbox_row_with",
    "kbd",
    "keys_sheet",
    "limit_notice",
    "link",
    "link_button",
    "load_more",
    "mark",
    "menu",
    "menu_divider",
    "menu_item",
    "native_form",
    "native_link",
    "notice",
    "notice_row",
    "notifications_menu",
    "offline_notice",
    "page_header",
    "password_input",
    "person",
    "pick",
    "picture_zone",
    "plot",
    "preformatted",
    "priority_chip",
    "priority_mark",
    "row_list",
    "same",
    "search_input",
    "segmented",
    "select",
    "shell",
    "skeleton_card",
    "skeleton_list",
    "skeleton_text",
    "some",
    "sparkline",
    "stat_tile",
    "status_chip",
    "status_icon",
    "switch",
    "tab_links",
    "tab_panel",
    "tabs",
    "task_row",
    "text_input",
    "textarea",
    "theme_control",
    "time_ago",
    "timeline",
    "timezone_input",
    "toast_stack",
    "upload_zone",
    "when",
]
