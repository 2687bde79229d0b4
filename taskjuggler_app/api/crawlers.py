"""What programs read of the installation: robots.txt (RFC 9309), sitemap (sitemaps.org), security.txt (RFC 9116).

The sitemap lists what search engines may keep: the pages that anybody may open, and none that needs a secret link.
"""

from datetime import UTC, datetime, time, timedelta

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from taskjuggler_app.api.shell import Html, element, joined
from taskjuggler_app.core import clock
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.domain.appointments import public
from taskjuggler_app.domain.marketplace import queries as vendors
from taskjuggler_app.domain.receptionist import channels

ROBOTS, SITEMAP, SECURITY = "/robots.txt", "/sitemap.xml", "/.well-known/security.txt"
PATHS = (ROBOTS, SITEMAP, SECURITY)
MOST = 10_000
"""Addresses of a kind: a sitemap may have 50,000."""
GOOD_FOR = timedelta(days=180)
ENTRANCES = ("/sign-in", "/sign-up")
_PRIVATE = ("/api/", "/auth/", "/data/", "/files", "/feeds/", "/webhooks/", "/invited/", "/join/", "/appointment/")
_DAY = {"Cache-Control": "public, max-age=86400"}
_HOUR = {"Cache-Control": "public, max-age=3600"}


async def robots(_request: Request) -> Response:
    """Everybody may read what is public; what needs a person or a secret link is not worth the way."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _PRIVATE), "", f"Sitemap: {_address(SITEMAP)}", ""]
    return PlainTextResponse("\n".join(lines), headers=_DAY)


async def sitemap(_request: Request) -> Response:
    """The pages for everybody, by their full addresses."""
    paths = await run_in_db(_public)
    urls = joined(*[element("url", element("loc", _address(path))) for path in paths])
    whole = element("urlset", urls, xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    body = Html(f'<?xml version="1.0" encoding="UTF-8"?>\n{whole}\n')
    return Response(body, media_type="application/xml", headers=_HOUR)


async def security(_request: Request) -> Response:
    """Whom to tell about a hole; 404 while the operator named nobody."""
    contact = settings().security_contact
    if not contact:
        return PlainTextResponse("This installation names no contact.", status_code=404)
    midnight = datetime.combine(clock.utcnow().date(), time(), UTC)
    lines = [
        f"Contact: {contact if contact.startswith('https://') else f'mailto:{contact}'}",
        f"Expires: {(midnight + GOOD_FOR).isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: en",
        f"Canonical: {_address(SECURITY)}",
        "",
    ]
    return PlainTextResponse("\n".join(lines), headers=_DAY)


def _public() -> list[str]:
    with transaction() as session:
        return _paths(session)


def _paths(session: Session) -> list[str]:
    kinds, hosts = public.addresses(session, MOST)
    return [
        *ENTRANCES,
        *(f"/book/{slug}" for slug in kinds),
        *(f"/host/{slug}" for slug in hosts),
        *(f"/ask/{slug}" for slug in channels.public_slugs(session, MOST)),
        *(f"/vendors/{vendor_id}" for vendor_id in vendors.public_ids(session, MOST)),
    ]


def _address(path: str) -> str:
    return settings().public_url.rstrip("/") + path


routes: list[Route] = [Route(ROBOTS, robots), Route(SITEMAP, sitemap), Route(SECURITY, security)]
