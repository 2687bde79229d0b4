"""The API's ASGI app, mounted at /api/v1. Its description is at /api/v1/openapi.json, to read at /api/v1/docs."""

from fastapi import FastAPI
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from taskjuggler_app.api.v1 import (
    analytics,
    appointment_types,
    appointments,
    audit,
    channels,
    contacts,
    described,
    inbox,
    market,
    page,
    paying,
    people,
    problems,
    rules,
    sites,
    talk,
    tasks,
    tef,
    tef_relationships,
    tef_talk,
    webhooks,
)

PREFIX = "/api/v1"
DOCS = f"{PREFIX}/docs"
ROUTERS = (
    tasks.router,
    inbox.router,
    rules.router,
    channels.router,
    people.router,
    contacts.router,
    talk.messages,
    talk.notifications,
    appointment_types.router,
    appointment_types.hours,
    appointments.appointments,
    sites.router,
    sites.issues,
    market.listings,
    paying.router,
    market.vendors,
    analytics.router,
    tef.router,
    tef_relationships.router,
    tef_talk.router,
    audit.router,
    webhooks.router,
)
_ABOUT = """Everything the pages do, for programs. Make a key in *Settings, API keys* and send it as
`Authorization: Bearer tj_…`; a key is for some domains, to read or to write, in one workspace.

Lists come in pages: pass `next` as `cursor`. `fields=id,title` leaves out the rest. Any list is CSV with
`Accept: text/csv` or with `.csv` at the end of its path. A POST with an `Idempotency-Key` happens once. Refusals are
problem details (RFC 9457)."""


def create() -> FastAPI:
    """The app. Keys are its proof, and sessions for our own pages only."""
    app = FastAPI(
        title="TaskJuggler",
        version="1",
        description=_ABOUT,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX)
    app.openapi = described.description(app)  # type: ignore[method-assign]  # FastAPI's documented way to extend it

    @app.get(DOCS, include_in_schema=False)
    async def docs() -> HTMLResponse:
        """The description, to read."""
        return HTMLResponse(page.shown(app.openapi()))

    app.add_middleware(AsCsv)
    return app


class AsCsv:
    """`….csv` is the list without it, as text/csv."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].endswith(".csv"):
            others = [(name, value) for name, value in scope["headers"] if name != b"accept"]
            path = scope["path"].removesuffix(".csv")
            scope = {**scope, "path": path, "raw_path": path.encode(), "headers": [*others, (b"accept", b"text/csv")]}
        await self._app(scope, receive, send)
