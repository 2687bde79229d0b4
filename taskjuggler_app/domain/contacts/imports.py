"""A CSV file on its way into a list: looked at first, then put in by parts of 500 rows.

Every part is one job and one transaction under the list's lock, and notes that it is done: a part that runs again,
after a kill or a retry, changes nothing.
"""

from dataclasses import dataclass, field
from uuid import UUID

import phonenumbers
from sqlmodel import Session, select

from taskjuggler_app.core import batches, clock, live, queue, topics
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.contacts import merging, reading, service
from taskjuggler_app.domain.contacts.reading import Contact, RowError
from taskjuggler_app.models.contacts import ContactImport, ContactList

PART = "contacts.import_part"
ROWS_A_PART = 500
MOST_ERRORS = 200


@dataclass
class ErrorRow:
    """A row that cannot be taken."""

    line: int = 0
    text: str = ""
    reason: str = ""


@dataclass
class Preview:
    """What the file would become under a mapping."""

    headings: list[str] = field(default_factory=list)
    mapping: dict[str, str] = field(default_factory=dict)
    sample: list[list[str]] = field(default_factory=list)
    total: int = 0
    good: int = 0
    bad: int = 0
    repeated: int = 0
    errors: list[ErrorRow] = field(default_factory=list)
    problem: str = ""


@dataclass
class ImportRow:
    """How an import stands; `percent` of its parts are done."""

    id: str = ""
    list_id: str = ""
    list_name: str = ""
    file_name: str = ""
    region: str = "US"
    started: bool = False
    finished: bool = False
    percent: int = 0
    total: int = 0
    added: int = 0
    merged: int = 0
    refused: int = 0
    failed: int = 0
    errors: list[ErrorRow] = field(default_factory=list)


def upload(
    session: Session, principal: Principal, list_id: UUID, file_name: str, raw: bytes, region: str = "US"
) -> ContactImport:
    """Keep the file beside the list, with a guess at its columns. Raises Invalid for what is no CSV."""
    into = service.editable(session, principal, list_id)
    if principal.user_id is None:
        raise NotFound
    text = reading.decode(raw)
    headings, lines = reading.table(text)
    made = ContactImport(
        team_id=principal.team_id,
        contact_list_id=into.id,
        user_id=principal.user_id,
        file_name=(file_name or "contacts.csv")[:255],
        content=text,
        mapping=reading.guess(headings),
        region=_region(region),
        total_rows=len(lines),
        created_at=clock.utcnow(),
    )
    session.add(made)
    session.flush()
    return made


def preview(
    session: Session, principal: Principal, import_id: UUID, mapping: dict[str, str] | None = None, region: str = ""
) -> Preview:
    """What would happen, row by row, under the mapping given or guessed. Nothing is changed."""
    found = _visible(session, principal, import_id)
    headings, lines = reading.table(found.content)
    wanted = mapping or found.mapping
    seen = Preview(headings=headings, mapping={h: wanted.get(h, "skip") for h in headings}, total=len(lines))
    seen.sample = [[cell[:80] for cell in line[: len(headings)]] for line in lines[:3]]
    try:
        checked = reading.check_mapping(headings, wanted)
    except Invalid as error:
        seen.problem = error.message
        return seen
    addresses: set[str] = set()
    for row in reading.rows(headings, lines, checked, _region(region or found.region)):
        if isinstance(row, RowError):
            seen.bad += 1
            if len(seen.errors) < MOST_ERRORS:
                seen.errors.append(ErrorRow(row.line, row.text, row.reason))
            continue
        seen.good += 1
        own = {address for address in (row.email, row.phone) if address}
        seen.repeated += bool(own & addresses)
        addresses |= own
    return seen


def start(session: Session, principal: Principal, import_id: UUID, mapping: dict[str, str], region: str) -> str:
    """Queue the parts and return their batch's id; a second press finds the first one's. Raises Invalid."""
    found = session.exec(
        select(ContactImport)
        .where(ContactImport.id == import_id, ContactImport.team_id == principal.team_id)
        .with_for_update()
    ).first()
    if found is None:
        raise NotFound
    into = service.editable(session, principal, found.contact_list_id)
    if found.batch_id is not None:
        return found.batch_id
    headings, lines = reading.table(found.content)
    found.mapping, found.region = reading.check_mapping(headings, mapping), _region(region)
    parts = -(-len(lines) // ROWS_A_PART)
    found.batch_id = batches.start(session, "contacts.import", parts, {"import": str(found.id), "list": into.name})
    session.add(found)
    session.flush()
    queue.defer_many(session, PART, [{"import_id": str(found.id), "part": part} for part in range(parts)])
    record_event(
        session,
        principal,
        kind="contact_list.import_started",
        subject_type="contact_list",
        subject_id=into.id,
        data={"file": found.file_name, "rows": len(lines)},
    )
    return found.batch_id


def run_part(session: Session, import_id: UUID, part: int) -> None:
    """Put one part's rows into the list, once however often it runs. An import that is gone is nothing to do."""
    found = session.exec(select(ContactImport).where(ContactImport.id == import_id).with_for_update()).first()
    if found is None or found.batch_id is None or part in found.done_parts:
        return
    session.exec(select(ContactList.id).where(ContactList.id == found.contact_list_id).with_for_update()).one()
    headings, lines = reading.table(found.content)
    first = part * ROWS_A_PART
    wanted = lines[first : first + ROWS_A_PART]
    rows = list(reading.rows(headings, wanted, found.mapping, found.region, first))
    wrong = [row for row in rows if isinstance(row, RowError)]
    done = merging.put(session, found.contact_list_id, [row for row in rows if isinstance(row, Contact)])
    found.added += done.added
    found.merged += done.merged
    found.refused += len(wrong)
    kept = [{"line": e.line, "text": e.text, "reason": e.reason} for e in wrong]
    found.errors = sorted([*found.errors, *kept], key=lambda e: int(e["line"]))[:MOST_ERRORS]
    found.done_parts = [*found.done_parts, part]
    batches.part_done(session, found.batch_id, str(part))
    if len(found.done_parts) * ROWS_A_PART >= found.total_rows:
        _finish(session, found)
    session.add(found)
    session.flush()
    live.publish(session, topics.contacts(found.team_id))


def part_failed(session: Session, import_id: UUID, part: int) -> None:
    """Count a part whose last attempt failed."""
    found = session.get(ContactImport, import_id)
    if found is not None and found.batch_id is not None:
        batches.part_done(session, found.batch_id, str(part), failed=True)


def status(session: Session, principal: Principal, import_id: UUID) -> ImportRow:
    """How the import stands."""
    found = _visible(session, principal, import_id)
    into = session.get_one(ContactList, found.contact_list_id)
    going = batches.progress(session, found.batch_id) if found.batch_id else batches.Progress()
    done = going.total - going.pending
    return ImportRow(
        id=str(found.id),
        list_id=str(into.id),
        list_name=into.name,
        file_name=found.file_name,
        region=found.region,
        started=found.batch_id is not None,
        finished=found.batch_id is not None and going.pending == 0,
        percent=100 * done // going.total if going.total else 0,
        total=found.total_rows,
        added=found.added,
        merged=found.merged,
        refused=found.refused,
        failed=going.failed,
        errors=[ErrorRow(**error) for error in found.errors],
    )


def _finish(session: Session, found: ContactImport) -> None:
    found.finished_at = clock.utcnow()
    principal = Principal(found.user_id, found.team_id, Role.MEMBER, Door.JOB)
    data = {"file": found.file_name, "added": found.added, "merged": found.merged, "refused": found.refused}
    record_event(
        session,
        principal,
        kind="contact_list.imported",
        subject_type="contact_list",
        subject_id=found.contact_list_id,
        data=data,
    )


def _visible(session: Session, principal: Principal, import_id: UUID) -> ContactImport:
    found = session.exec(
        select(ContactImport).where(ContactImport.id == import_id, ContactImport.team_id == principal.team_id)
    ).first()
    if found is None:
        raise NotFound("That import does not exist, or it is not yours to see.")
    return found


def _region(text: str) -> str:
    region = text.strip().upper()
    if region not in phonenumbers.SUPPORTED_REGIONS:
        raise Conflict("Choose a country from the list.")
    return region
