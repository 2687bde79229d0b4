"""`taskjuggler analytics`: the counts of the dashboards."""

import typer

from taskjuggler_app.commands.setup import open_database, out

analytics = typer.Typer(help="The counts of the dashboards.", no_args_is_help=True)


@analytics.callback()
def _group() -> None:
    """A group, also while it has one command."""


@analytics.command()
def rebuild() -> None:
    """Make every workspace's counts anew from its tables. They are read as they were until each is done."""
    open_database()
    from sqlmodel import select

    from taskjuggler_app.core.db import transaction
    from taskjuggler_app.domain.analytics import folding
    from taskjuggler_app.models import Team

    with transaction() as session:
        teams = session.exec(select(Team.id, Team.name)).all()
    for team_id, name in teams:
        with transaction() as session:
            folding.rebuild(session, team_id)
        out.print(f"Counted: {name}", markup=False)
