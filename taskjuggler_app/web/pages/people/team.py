"""The team page: who is here, how much each has to do, who is invited."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    avatar,
    badge,
    button,
    card,
    checkbox,
    dialog,
    field,
    form_error,
    limit_notice,
    link,
    menu,
    menu_item,
    pick,
    skeleton_list,
    some,
    text_input,
    textarea,
    time_ago,
)
from taskjuggler_app.web.components.icons import icon
from taskjuggler_app.web.pages.people.leaving_state import LeavingState
from taskjuggler_app.web.pages.people.tabs import people_page

S: Any = LeavingState  # on the class, a State's attributes are vars and its methods are handlers


def team() -> rx.Component:
    """The people of the workspace."""
    return people_page(
        "team",
        rx.cond(S.loaded, _content(), skeleton_list()),
        _leaving(),
        note="Who works here, and how much each has on their plate.",
    )


def _content() -> rx.Component:
    free = rx.el.p(
        icon("user-plus", size=16),
        rx.el.span(
            pick(S.unclaimed == 1, "1 open task has", S.unclaimed.to(str) + " open tasks have"), " nobody yet. "
        ),
        link("See them", href="/tasks"),
        class_name="load-free",
    )
    people = card(
        rx.el.ul(rx.foreach(S.people, _person), class_name="rules", aria_label="People"),
        rx.cond(S.unclaimed > 0, free),
        title="Team",
        note="The bars compare open tasks.",
        actions=[_legend()],
        flush=True,
    )
    return rx.el.div(
        rx.el.div(
            rx.cond(S.is_admin, limit_notice(S.limit)), people, rx.cond(some(S.waiting), _waiting()), class_name="stack"
        ),
        rx.el.div(rx.cond(S.is_admin, _invite()), _workspaces(), rx.cond(S.is_admin, _about()), class_name="stack"),
        class_name="columns",
    )


def _legend() -> rx.Component:
    parts = (("overdue", "Overdue"), ("soon", "This week"), ("rest", "Later"))
    return rx.el.span(
        *[rx.el.span(rx.el.i(class_name=f"load-dot load-{key}"), text) for key, text in parts], class_name="load-legend"
    )


def _person(row: Any) -> rx.Component:
    role = rx.cond(row.is_owner, badge("Owner", tone="accent"), rx.cond(row.is_admin, badge("Admin")))
    bar = rx.el.svg(
        rx.el.svg.rect(x="0", y="0", width="100", height="6", class_name="bar-back"),
        rx.el.svg.rect(x="0", y="0", width=row.w_overdue, height="6", class_name="load-overdue"),
        rx.el.svg.rect(x=row.x_soon, y="0", width=row.w_soon, height="6", class_name="load-soon"),
        rx.el.svg.rect(x=row.x_rest, y="0", width=row.w_rest, height="6", class_name="load-rest"),
        view_box="0 0 100 6",
        preserve_aspect_ratio="none",
        aria_hidden="true",
        class_name="load-bar",
    )
    return rx.el.li(
        rx.el.div(
            avatar(row.name, size="m", picture=row.picture),
            rx.el.div(
                rx.el.p(rx.el.strong(row.name), rx.cond(row.is_me, badge("You")), role, class_name="marks"),
                rx.el.p(row.email, class_name="muted"),
            ),
            class_name="load-who",
        ),
        rx.el.div(
            rx.el.p(row.said, rx.el.span(" · " + row.done.to(str) + " done in 30 days", class_name="muted")),
            bar,
            class_name="load",
        ),
        rx.el.div(_actions(row), class_name="load-menu"),
        key=row.id,
        class_name="rule load-row",
    )


def _actions(row: Any) -> rx.Component:
    write = menu_item("Write a message", icon_name="message-circle", href="/messages/" + row.user_id)
    role = rx.cond(
        row.is_admin,
        menu_item("Make a member", icon_name="user", on_click=S.set_admin(row.id, False)),
        menu_item("Make an admin", icon_name="shield", on_click=S.set_admin(row.id, True)),
    )
    hand = menu_item(
        "Hand the workspace over",
        icon_name="key",
        on_click=S.transfer(row.id),
        data_confirm="Hand the workspace over? Only the new owner can hand it back.",
    )
    gone = menu_item(
        pick(row.is_me, "Leave the workspace…", "Remove from the team…"),
        icon_name="log-out",
        danger=True,
        on_click=S.ask_removal(row.id),
    )
    items = (
        rx.cond(row.is_me, rx.fragment(), write),
        rx.cond(row.can_change, role),
        rx.cond(S.is_owner & ~row.is_me, hand),
        rx.cond(row.can_remove, gone),
    )
    trigger = icon("ellipsis")
    nothing = row.is_me & ~row.can_change & ~row.can_remove
    return rx.cond(
        nothing,
        rx.fragment(),
        menu(trigger, *items, label="Actions for " + row.name, class_name="btn btn-icon btn-ghost"),
    )


def _waiting() -> rx.Component:
    return card(
        rx.el.ul(rx.foreach(S.waiting, _invitation), class_name="rules", aria_label="Invitations"),
        title="Invited",
        note="They have a link. It works once.",
        flush=True,
    )


def _invitation(row: Any) -> rx.Component:
    controls = rx.el.div(
        button("Send again", small=True, on_click=S.resend(row.id)),
        button("Revoke", kind="ghost", small=True, on_click=S.revoke(row.id)),
        class_name="rule-controls",
    )
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.strong(row.address),
                rx.cond(row.is_admin, badge("As admin")),
                rx.cond(row.expired, badge("Expired", tone="warning")),
                class_name="marks",
            ),
            rx.el.p("Invited by ", row.inviter, ", sent ", time_ago(row.sent_at, row.sent_at), class_name="muted"),
            class_name="rule-text",
        ),
        rx.cond(S.is_admin, controls),
        key=row.id,
        class_name="rule",
    )


def _invite() -> rx.Component:
    address = text_input("address", required=True, max_length=255, placeholder="ada@example.com or +1 207 555 0100")
    return card(
        rx.el.form(
            form_error(S.error),
            field("Email or phone number", address, hint="They get a link that works once, for seven days."),
            checkbox("as_admin", "As an admin", hint="May change rules, channels and the team."),
            button("Send the invitation", kind="primary", icon_name="send", submit=True),
            on_submit=S.invite,
            reset_on_submit=True,
            class_name="form",
        ),
        title="Invite somebody",
    )


def _workspaces() -> rx.Component:
    def draw(row: Any) -> rx.Component:
        go = button("Switch", small=True, on_click=S.switch(row.id))
        return rx.el.li(
            rx.el.span(row.name, class_name="rule-name"),
            rx.cond(row.current, badge("You are here", tone="accent"), go),
            key=row.id,
            class_name="workspace-line",
        )

    name = text_input("name", id_="new-workspace", required=True, max_length=255)
    return card(
        rx.el.ul(rx.foreach(S.workspaces, draw), class_name="workspace-lines", aria_label="Your workspaces"),
        rx.el.div(button("New workspace", icon_name="plus", small=True, data_opens="#workspace-form")),
        dialog(
            "workspace-form",
            "New workspace",
            rx.el.form(
                field("Name", name, hint="A second business, a family, a club. Nothing is shared between workspaces."),
                rx.el.div(
                    button("Cancel", kind="ghost", data_closes=""),
                    button("Make it and go there", kind="primary", submit=True),
                    class_name="form-actions",
                ),
                on_submit=S.make_workspace,
                class_name="form",
            ),
        ),
        title="Your workspaces",
        class_name="workspaces",
    )


def _about() -> rx.Component:
    name = text_input("name", id_="team-name", required=True, max_length=255, default_value=S.name, key="n-" + S.name)
    what = textarea(
        "description", id_="team-what", rows=2, max_length=500, default_value=S.description, key="d-" + S.name
    )
    return card(
        rx.el.form(
            field("Name", name),
            field("What it is", what, optional=True),
            button("Save", submit=True),
            on_submit=S.rename,
            class_name="form",
        ),
        title="This workspace",
    )


def _leaving() -> rx.Component:
    """Asks what happens to the tasks of somebody who goes."""
    tasks = rx.el.p(
        rx.el.strong(pick(S.leaver_open == 1, "1 open task", S.leaver_open.to(str) + " open tasks")),
        " would be left without a doer. Finished work stays under their name.",
    )
    nobody = rx.el.option("Nobody: anyone may claim them", value="")
    control = rx.el.div(
        rx.el.label("Their open tasks go to", html_for="heir", class_name="field-label"),
        rx.el.select(
            nobody,
            rx.foreach(S.heirs, lambda one: rx.el.option(one.label, value=one.value)),
            id="heir",
            name="heir",
            class_name="input select",
            key="heir-" + S.leaver,
        ),
        class_name="field",
    )
    return dialog(
        "leaving",
        "Remove " + S.leaver_name + "?",
        rx.el.form(
            rx.cond(S.leaver_open > 0, rx.fragment(tasks, control), rx.el.p("They have no open tasks.")),
            rx.el.div(
                button("Go back", kind="ghost", data_closes=""),
                button("Remove", kind="danger", submit=True),
                class_name="form-actions",
            ),
            on_submit=S.remove,
            class_name="form",
        ),
        open_=S.leaver != "",
        on_close=S.keep,
        class_name="dialog-small",
    )
