"""The peer's page: the same fifty rows, filters and search in NiceGUI. Run by the peer's own Python."""

import sys

from nicegui import ui  # type: ignore[import-not-found,unused-ignore]  # only the peer's environment has it

STATUSES = ["Open", "Waiting", "In progress", "Done", "Cancelled"]


@ui.page("/tasks")  # type: ignore[untyped-decorator,unused-ignore]  # the peer is typed nowhere
def tasks() -> None:
    """A task list."""
    ui.label("Tasks").classes("text-h4")
    with ui.row():
        ui.toggle(["Everybody's", "Mine", "I asked for", "Nobody's yet"], value="Everybody's")
        ui.input("Search")
        ui.select(["Newest first", "Soonest due first"], value="Newest first")
    with ui.tabs():
        for status in STATUSES:
            ui.tab(status)
    rows = [
        {"id": n, "title": f"Fix the faucet in the kitchen of {n:06d}", "status": "To do", "doer": f"Person {n % 40}"}
        for n in range(50)
    ]
    columns = [{"name": name, "label": name.title(), "field": name} for name in ("title", "status", "doer")]
    ui.table(columns=columns, rows=rows, row_key="id")


ui.run(port=int(sys.argv[1]), show=False, reload=False)
