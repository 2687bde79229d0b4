"""What an operator does for a person who cannot help themselves."""

from typing import Annotated

import typer

from taskjuggler_app.commands.setup import open_database, out, stop


def second_step_off(email: Annotated[str, typer.Argument(help="Whose", metavar="EMAIL")]) -> None:
    """Turn two-factor sign-in off for somebody who lost phone and recovery codes; they are told by mail."""
    open_database()
    from taskjuggler_app.core.db import transaction
    from taskjuggler_app.core.errors import DomainError
    from taskjuggler_app.domain.access import addresses, two_factor

    try:
        with transaction() as session:
            two_factor.turn_off_for(session, addresses.normalise_email(email))
    except DomainError:
        stop(f"{email} has no two-factor sign-in.")
    out.print(f"Two-factor sign-in is off for {email}.", markup=False)
