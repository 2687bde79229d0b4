"""Reading a message: every finder in turn, each on what the ones before it left unclaimed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from taskjuggler_app.domain.receptionist.extraction import addresses, spoken
from taskjuggler_app.domain.receptionist.extraction.calendar import Moment
from taskjuggler_app.domain.receptionist.extraction.category import category
from taskjuggler_app.domain.receptionist.extraction.dates import dates
from taskjuggler_app.domain.receptionist.extraction.document import FOUND_LIMIT, Document
from taskjuggler_app.domain.receptionist.extraction.figures import figures
from taskjuggler_app.domain.receptionist.extraction.keywords import keywords
from taskjuggler_app.domain.receptionist.extraction.language import language
from taskjuggler_app.domain.receptionist.extraction.locations import locations
from taskjuggler_app.domain.receptionist.extraction.names import sender_name
from taskjuggler_app.domain.receptionist.extraction.phones import phones
from taskjuggler_app.domain.receptionist.extraction.sentiment import sentiment
from taskjuggler_app.domain.receptionist.extraction.summary import summary
from taskjuggler_app.domain.receptionist.extraction.times import times
from taskjuggler_app.domain.receptionist.extraction.urgency import urgency
from taskjuggler_app.domain.receptionist.extraction.values import Contact, Extraction, Found, Part
from taskjuggler_app.domain.receptionist.extraction.zones import on_our_clock, zones

_KINDS = ("emails", "urls", "phones", "locations", "dates", "times")


def extract(text: str, *, received_at: datetime, zone: str, region: str, subject: str | None = None) -> Extraction:
    """Everything the message says, read as of `received_at` in the IANA `zone` and with the habits of `region`.

    Takes any text and never raises on it. A naive `received_at` is UTC; a zone nobody knows is UTC too. Values of
    the body come before those of the subject; spans name the part they point into.
    """
    region = region.strip().upper()
    moment = Moment.of(local_time(received_at, zone), region)
    written = [Document.read(text)]
    if subject:
        written.append(Document.read(subject, Part.SUBJECT))
    found: dict[str, list[Found]] = {kind: [] for kind in _KINDS}
    plain: list[Document] = []
    for doc in written:
        facts, rest = _read(doc, moment, region)
        plain.append(rest)
        for kind, values in facts.items():
            found[kind] += values
    kind_of_work = category(plain)
    tuples = {kind: tuple(values[:FOUND_LIMIT]) for kind, values in found.items()}
    contact = _contact(plain[0], tuples)
    name = contact.name.span if contact.name else None
    return Extraction(
        summary=summary(written, kind_of_work.evidence, name),
        category=kind_of_work,
        urgency=urgency(plain),
        sentiment=sentiment(plain),
        contact=contact,
        keywords=keywords([d.without([name] if name else []) for d in plain], kind_of_work.evidence),
        language=language(plain),
        **tuples,
    )


def local_time(moment: datetime, zone: str) -> datetime:
    """The moment on the clocks of the zone; UTC where either is not known."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError, OverflowError):
        return moment


def _read(doc: Document, moment: Moment, region: str) -> tuple[dict[str, list[Found]], Document]:
    """The findings of one part, and the part with addresses, links, numbers and places masked."""
    found: dict[str, list[Found]] = {}
    rest = doc
    found["emails"] = addresses.emails(rest)
    rest = rest.without(f.span for f in found["emails"])
    said = spoken.emails(rest)
    found["emails"] = _in_order(found["emails"] + said)
    rest = rest.without(f.span for f in said)
    found["urls"] = addresses.urls(rest)
    rest = rest.without(f.span for f in found["urls"])
    found["phones"] = phones(rest, region)
    rest = rest.without(f.span for f in found["phones"])
    said = spoken.phones(rest, region)
    found["phones"] = _in_order(found["phones"] + said)
    rest = rest.without(f.span for f in said)
    found["locations"] = locations(rest)
    rest = rest.without(f.span for f in found["locations"])
    numberless = rest.without(figures(rest))
    zoneless = numberless.without(zone.span for zone in zones(numberless, region))
    found["dates"] = dates(zoneless, moment)
    found["times"] = on_our_clock(numberless, moment, found["dates"], times(zoneless, moment, found["dates"]))
    return found, rest


def _in_order(found: list[Found]) -> list[Found]:
    """By place in the text."""
    return sorted(found, key=lambda one: one.span.start)


def _contact(plain: Document, found: dict[str, tuple[Found, ...]]) -> Contact:
    """How to reach the sender: the name given, and the number or address in the message.
    Of several, the first is the best guess, and so less sure."""
    return Contact(sender_name(plain), _own(found["phones"]), _own(found["emails"]))


def _own(values: tuple[Found, ...]) -> Found | None:
    if not values:
        return None
    first = values[0]
    return Found(first.value, first.span, round(first.confidence * (0.8 if len(values) == 1 else 0.6), 2))
