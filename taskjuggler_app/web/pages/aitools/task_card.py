"""The card on a task's page: have a tool work on it, watch it, say yes or no."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import button, card, checkbox, field, limit_notice, link_button, select, some
from taskjuggler_app.web.components.base import either
from taskjuggler_app.web.pages.aitools.parts import run_card
from taskjuggler_app.web.pages.aitools.task_state import TaskToolsState
from taskjuggler_app.web.pages.approvals.view import asked

S: Any = TaskToolsState  # on the class, a State's attributes are vars and its methods are handlers


def tools_card() -> rx.Component:
    """Nothing at all where there are no tools and no runs: then it is no part of the day."""
    form = rx.el.form(
        field("Tool", select("tool", S.tools, id_="task-tool")),
        checkbox("finishes", "Its result finishes the task", id_="task-tool-finishes"),
        button("Have it work on this", icon_name="bot", submit=True),
        on_submit=S.run,
        class_name="tool-ask",
    )
    runs = rx.el.ul(
        rx.foreach(
            S.runs, lambda row: run_card(row, S.approve(row.approval.id), S.refuse(row.approval.id), with_task=False)
        ),
        class_name="tool-runs",
    )
    others = rx.el.ul(
        rx.foreach(S.others, lambda row: asked(row, S.approve(row.id), S.refuse(row.id))), class_name="market-cards"
    )
    shown = card(
        limit_notice(S.limit),
        rx.cond(some(S.others), others),
        rx.cond(some(S.tools), form),
        rx.cond(some(S.runs), runs),
        title="AI tools",
        actions=[link_button("All tools", href="/marketplace/tools", kind="ghost", small=True)],
    )
    anything = either(some(S.tools), either(some(S.runs), some(S.others)))
    return rx.cond(S.shown & anything, shown)
