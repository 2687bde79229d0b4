"""Use cases for those who are nobody here: the pages of booking and of web forms."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from sqlmodel import Session

from taskjuggler_app.core.db import run_in_db, transaction

P = ParamSpec("P")
R = TypeVar("R")


async def ask(use_case: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a use case for a visitor, in a transaction of its own."""

    def run() -> R:
        with transaction() as session:
            return use_case(session, *args, **kwargs)

    return await run_in_db(run)
