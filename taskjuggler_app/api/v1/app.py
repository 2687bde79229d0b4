"""The API's ASGI app, mounted at /api/v1. Its description is served at /api/v1/openapi.json."""

from fastapi import FastAPI

from taskjuggler_app.api.v1 import inbox, problems

PREFIX = "/api/v1"


def create() -> FastAPI:
    """The app. Bearer keys are its only proof: it reads no cookie."""
    app = FastAPI(
        title="TaskJuggler",
        version="1",
        description="Authenticate with a key from Settings, API keys: `Authorization: Bearer tj_…`.",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    problems.install(app)
    app.include_router(inbox.router, prefix=PREFIX)
    return app
