"""The processes that `up` runs, each also by itself: web, worker, scheduler; and their preparation."""

from taskjuggler_app.commands import ports
from taskjuggler_app.commands.setup import find_database, log_to_terminal, open_database, out, read_settings, stop


def web() -> None:
    """The web process: pages, sockets, webhooks."""
    chosen = read_settings()
    if found := ports.trouble(chosen.host, chosen.port):
        stop(found.said)
    find_database()
    from taskjuggler_app.web import build

    if not build.is_built():
        stop("the web app is not built, or its sources changed: run `taskjuggler build` first")
    from granian.constants import Interfaces, Loops
    from granian.log import LogLevels
    from granian.server import Server

    Server(
        "taskjuggler_app.server:create",
        factory=True,
        address=chosen.host,
        port=chosen.port,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        workers=1,
        websockets=True,
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=False,
    ).serve()


def build() -> None:
    """Build the web app if its sources changed."""
    read_settings()
    from taskjuggler_app.web import build as web_build

    try:
        built = web_build.ensure_built(out.print)
    except web_build.BuildFailed as error:
        stop(str(error))
    out.print("Built." if built else "Nothing changed since the last build.")


def worker() -> None:
    """A queue worker: reads and routes messages, sends mail and texts."""
    open_database()
    log_to_terminal()
    from jobs.worker import main

    main()


def scheduler() -> None:
    """The clock: rescues, sweeps, reminders. Any number may run; one is active."""
    open_database()
    log_to_terminal()
    from jobs.scheduler import main

    main()


def migrate(revision: str = "head") -> None:
    """Bring the database's schema to the newest revision (or to the one given)."""
    url = open_database()
    from alembic.util import CommandError

    from taskjuggler_app import migrations

    try:
        migrations.upgrade(url, revision)
    except CommandError as error:
        stop(f"{error}. The newest revision is {migrations.head()}.", code=2)
    out.print(f"The database is at revision {migrations.current(url)}.")


def demo() -> None:
    """Load the demo workspace into a database without accounts."""
    url = open_database()
    from taskjuggler_app import migrations
    from taskjuggler_app.core.errors import DomainError
    from taskjuggler_app.demo import story
    from taskjuggler_app.demo.load import load_if_empty

    migrations.upgrade(url)
    try:
        loaded = load_if_empty()
    except DomainError as error:
        stop(error.message)
    if not loaded:
        stop("there are accounts in this database already, so the demo was not loaded")
    out.print(f"Loaded. Sign in as {story.PEOPLE[0].email} with the password: {story.DEMO_PASSWORD}")


def verify() -> None:
    """Recompute the event log's hash chains and name the first altered row."""
    open_database()
    from taskjuggler_app.core.db import transaction
    from taskjuggler_app.domain.cases import queries

    with transaction() as session:
        altered = queries.verify(session)
    if altered is not None:
        stop(f"event {altered.event_id} of workspace {altered.team_id}: {altered.reason}")
    out.print("Every event is as it was recorded.")
