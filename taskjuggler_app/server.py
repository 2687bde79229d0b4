"""The web process: one ASGI app on one port, made of the Reflex app, our own routes and the webhooks."""

import gc
import os
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from taskjuggler_app.api import (
    analytics,
    ask,
    audit,
    auth,
    booking,
    booking_pages,
    contacts,
    crawlers,
    deliveries,
    files,
    mail_bodies,
    mcp,
    metrics,
    payments,
    receipts,
    security,
    sites,
    tasks,
    tef,
    tools,
    vendor_pages,
    webhooks,
)
from taskjuggler_app.api.caching import AsWritten, CacheControl
from taskjuggler_app.api.shell import Fill, Shell
from taskjuggler_app.api.v1 import app as api
from taskjuggler_app.core import db
from taskjuggler_app.core.config import settings
from taskjuggler_app.web import build

FILLED: dict[str, Fill] = {**booking_pages.FILLED, **ask.FILLED, **vendor_pages.FILLED}
"""What the server says in the shells of dynamic pages: path -> function."""

OWN = (
    *crawlers.PATHS,
    "/auth/",
    "/booking/",
    "/data/audit.",
    "/data/contacts/",
    "/data/dashboards/",
    "/data/inbox/",
    "/data/sites/",
    "/data/monday.",
    "/data/tasks.",
    "/feeds/",
    "/files",
    "/forms/",
    "/healthz",
    metrics.PATH,
    "/pay/",
    "/receipts/",
    "/reports/",
)
"""Where our own routes for browsers begin; the rest is pages."""


def create() -> ASGIApp:
    """The ASGI factory: serves the built frontend, pages, routes and webhooks. Needs a build on disk."""
    os.environ["__REFLEX_SKIP_COMPILE"] = "true"
    os.environ["__REFLEX_MOUNT_FRONTEND_COMPILED_APP"] = "true"
    os.environ["REFLEX_ENV_MODE"] = "prod"
    os.chdir(build.ROOT)
    if settings().database_url:
        db.configure(settings().database_url or "")
    from taskjuggler_app.taskjuggler_app import app

    pages = AsWritten(CacheControl(app(), build.scripts_version()), build.pages())
    filled = Shell(pages, FILLED, built=build.shell, public_url=settings().public_url)
    routes = (
        *ask.routes,
        *audit.routes,
        *auth.routes,
        *booking.routes,
        *contacts.routes,
        *crawlers.routes,
        *files.routes,
        *mail_bodies.routes,
        *metrics.routes,
        *payments.routes,
        *receipts.routes,
        *sites.routes,
        *analytics.routes,
        *tasks.routes,
    )
    server = mcp.create()
    assistants = mcp.app(server)
    own = Router([Route("/healthz", healthz), *routes])
    for_browsers = security.guarded(
        Prefixes({**dict.fromkeys(OWN, own), "/api/v1/": api.create(), mcp.PATH: assistants}, otherwise=filled),
        csp=security.csp(build.script_hashes()),
        public_url=settings().public_url,
        host=settings().host,
        limits={"/files": files.MOST_BODY, ask.PATH: ask.MOST_BODY},
    )
    reports = {deliveries.TWILIO_PATH: deliveries.app, deliveries.SENDGRID_PATH: deliveries.app}
    reports |= {payments.STRIPE_PATH: payments.app, tools.PREFIX: tools.app}
    programs: dict[str, ASGIApp] = {"/webhooks/": webhooks.app, tef.PREFIX: tef.app}
    gc.collect()
    gc.freeze()  # what is there now stays as long as the process: collections need not look at it again
    return Prefixes({**reports, **programs}, otherwise=Lifespans(for_browsers, server.session_manager.run))


class Prefixes:
    """Sends a request to the app whose path prefix it has; the lifespan and the rest go to `otherwise`.

    Webhooks stand in front of Reflex's stack and the browsers' guards: they prove themselves by a signature, and the
    hottest path does not pay for the others.
    """

    def __init__(self, apps: dict[str, ASGIApp], otherwise: ASGIApp) -> None:
        self._apps = tuple(apps.items())
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = scope["path"]
            for prefix, app in self._apps:
                if path.startswith(prefix):
                    await app(scope, receive, send)
                    return
        await self._otherwise(scope, receive, send)


class Lifespans:
    """Runs the assistants' sessions as long as the app it stands in front of runs."""

    def __init__(self, app: ASGIApp, beside: Callable[[], AbstractAsyncContextManager[None]]) -> None:
        self._app = app
        self._beside = beside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        async with self._beside():
            await self._app(scope, receive, send)


async def healthz(_request: Request) -> JSONResponse | PlainTextResponse:
    """200 when this process can reach the database, 503 otherwise."""
    try:
        await db.run_in_db(db.ping)
    except Exception:  # whatever is wrong, the answer is the same
        return PlainTextResponse("the database cannot be reached", status_code=503)
    return JSONResponse({"status": "ok"})
