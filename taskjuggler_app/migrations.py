"""The database's schema, brought to a revision from code, whatever the working directory."""

from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from alembic import command
from taskjuggler_app.core import db

_SCRIPTS = Path(__file__).resolve().parents[1] / "alembic"


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate up to `revision`; two migrators at once do it one after the other."""
    command.upgrade(_config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Migrate down to `revision`; "base" removes every table."""
    command.downgrade(_config(url), revision)


def current(url: str) -> str | None:
    """The revision that the database is at; None before the first migration."""
    engine = create_engine(db.driver_url(url))
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def head() -> str | None:
    """The newest revision."""
    return ScriptDirectory(str(_SCRIPTS)).get_current_head()


def check(url: str) -> None:
    """Raise alembic.util.CommandError when the models say something that no migration does."""
    command.check(_config(url))


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["url"] = url
    return config
