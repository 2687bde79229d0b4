"""`taskjuggler`: the commands of an installation."""

import typer

from taskjuggler_app.commands import backup, doctor, lines, mails, processes, scan, up
from taskjuggler_app.commands.analytics import analytics
from taskjuggler_app.commands.simulate import simulate

app = typer.Typer(
    help="Every request that reaches your business becomes a task with one accountable doer.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
app.command(rich_help_panel="Run")(up.up)
for command in (processes.web, processes.worker, processes.scheduler):
    app.command(rich_help_panel="Run")(command)
for command in (doctor.doctor, processes.build, processes.migrate, processes.demo, processes.verify):
    app.command(rich_help_panel="Look after it")(command)
app.command(rich_help_panel="Look after it")(backup.backup)
app.command(rich_help_panel="Look after it")(backup.restore)
app.add_typer(analytics, name="analytics", rich_help_panel="Look after it")
app.add_typer(simulate, name="simulate", rich_help_panel="Try it")
app.command(rich_help_panel="Try it")(lines.extract)
app.command(rich_help_panel="Try it")(mails.parse_email)
app.command(rich_help_panel="Try it")(lines.route)
app.command(rich_help_panel="Try it")(lines.slots)
app.command(rich_help_panel="Try it")(scan.scan)


def main() -> None:
    """Entry point of the console script."""
    app()
