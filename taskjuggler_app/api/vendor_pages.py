"""What the server says in the shell of a vendor's page: search engines, previews, people without scripts."""

from typing import Any

from starlette.requests import Request

from taskjuggler_app.api.shell import EMPTY, Fill, Filled, Html, element, joined
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.marketplace import queries
from taskjuggler_app.domain.marketplace.rows import RatingRow, VendorDetail, VendorRow

_SENTENCE = 160


async def page(request: Request) -> Filled | None:
    """/vendors/{vendor_id}."""
    try:
        found = await run_in_db(_vendor, request.path_params["vendor_id"])
    except DomainError:
        return None
    row = found.row
    return Filled(
        title=" · ".join(dict.fromkeys(one for one in (row.name, row.business) if one)),
        description=(row.description or f"{row.name} offers {', '.join(row.services or row.categories)}.")[:_SENTENCE],
        path=f"/vendors/{row.id}",
        noscript=_plain(found),
        data=_said(row),
        kind="profile",
    )


FILLED: dict[str, Fill] = {"/vendors/{vendor_id}": page}


def _vendor(vendor_id: str) -> VendorDetail:
    with transaction() as session:
        return queries.public_vendor(session, parse_uuid(vendor_id))


def _plain(found: VendorDetail) -> Html:
    row = found.row
    facts = [
        "Verified" if row.verified else "",
        f"{row.stars} stars from {row.ratings}" if row.ratings else "No ratings yet",
        row.completion,
        f"Charges: {row.rate}",
        f"Based in {row.place}" if row.place else "Works from anywhere",
        f"Travels {row.radius} miles" if row.radius else "",
    ]
    return joined(
        element("h1", row.name),
        element("p", row.business) if row.business else EMPTY,
        element("p", row.description) if row.description else EMPTY,
        element("ul", *[element("li", one) for one in facts if one]),
        joined(element("h2", "Services"), element("ul", *[element("li", one) for one in row.services]))
        if row.services
        else EMPTY,
        joined(element("h2", "Ratings"), *[_rating(one) for one in found.ratings]) if found.ratings else EMPTY,
        element("p", element("a", "Ask for work", href="/marketplace/new")),
    )


def _rating(row: RatingRow) -> Html:
    return element(
        "section",
        element("p", f"{row.stars} of 5 stars, {row.who}"),
        element("p", row.words) if row.words else EMPTY,
        element("p", f"Reply: {row.reply}") if row.reply else EMPTY,
    )


def _said(row: VendorRow) -> dict[str, Any]:
    """schema.org's words for it."""
    said: dict[str, Any] = {
        "@type": "Organization" if row.business else "Person" if row.kind == "human" else "Service",
        "name": row.business or row.name,
        "description": row.description,
    }
    if row.place:
        said["address"] = row.place
    if row.ratings:
        said["aggregateRating"] = {"@type": "AggregateRating", "ratingValue": row.stars, "reviewCount": row.ratings}
    return said
