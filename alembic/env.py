"""Runs the migrations on one connection, one migrator at a time."""

from typing import Any

from sqlalchemy import Connection, NullPool, create_engine, text

from alembic import context
from taskjuggler_app.core import db
from taskjuggler_app.models import metadata

_LOCK = 7_242_026_001


def is_ours(thing: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:
    """What autogenerate looks at: not the queue's own tables."""
    table = name if kind == "table" else getattr(getattr(thing, "table", None), "name", None)
    return not (table or "").startswith("procrastinate_")


def run(connection: Connection) -> None:
    """Migrate under a lock, all steps in one transaction."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_object=is_ours,
        compare_type=True,
        transaction_per_migration=False,
    )
    context.run_migrations()


def url() -> str:
    """From the caller, `-x url=…`, or the settings."""
    given = context.config.attributes.get("url") or context.get_x_argument(as_dictionary=True).get("url")
    return db.driver_url(given or db.url())


shared = context.config.attributes.get("connection")
if shared is not None:
    run(shared)
else:
    with create_engine(url(), poolclass=NullPool).begin() as begun:
        run(begun)
