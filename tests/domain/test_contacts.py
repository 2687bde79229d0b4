"""Contacts: nobody twice on a list, imports that survive a kill, opt-outs that hold."""

import csv
import io
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session, select

from jobs.worker import drain_now
from taskjuggler_app.core import batches
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Conflict, Forbidden, Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.contacts import bulk, imports, optouts, queries, reading, service
from taskjuggler_app.models import ContactChannel, ContactImport, ContactListMember, OutboxMessage
from tests import factories as make

MAPPING = {"Name": "name", "Mail": "email", "Phone": "phone", "Flat": "keep"}


def upload(session: Session, owner: Principal, content: str, name: str = "Tenants") -> ContactImport:
    """A list with a file beside it."""
    made = service.create_list(session, owner, name)
    return imports.upload(session, owner, made.id, "tenants.csv", content.encode())


def put_in(session: Session, owner: Principal, found: ContactImport, mapping: dict[str, str]) -> None:
    """Start the import and run its parts here."""
    imports.start(session, owner, found.id, mapping, "US")
    for part in range(-(-found.total_rows // imports.ROWS_A_PART)):
        imports.run_part(session, found.id, part)


def people(session: Session, list_id: UUID) -> list[ContactListMember]:
    """Who is on the list, by name."""
    return sorted(
        session.exec(select(ContactListMember).where(ContactListMember.contact_list_id == list_id)),
        key=lambda member: member.name,
    )


def test_the_preview_counts_what_is_good_wrong_and_repeated_and_changes_nothing(session: Session) -> None:
    owner = make.make_owner(session)
    found = upload(
        session,
        owner,
        "Name;Mail;Phone;Flat\nRosa;ROSA@example.com;(207) 555-0110;4B\nRosa D.;rosa@example.com;;\n"
        "Nobody;;;9\nHenry;henry@;;1\n",
    )
    seen = imports.preview(session, owner, found.id, MAPPING)
    assert (seen.total, seen.good, seen.bad, seen.repeated) == (4, 2, 2, 1)
    assert [(e.line, e.reason[:20]) for e in seen.errors] == [(4, "There is neither an "), (5, "That is not an email")]
    assert people(session, found.contact_list_id) == []


def test_columns_are_guessed_from_their_headings() -> None:
    guessed = reading.guess(["First Name", "Surname", "E-mail", "Mobile", "Unit", "Email"])
    assert list(guessed.values()) == ["first_name", "last_name", "email", "phone", "keep", "keep"]


@pytest.mark.parametrize(
    ("mapping", "problem"),
    [({"Name": "name"}, "email or the phone"), ({"Name": "email", "Mail": "email"}, "Two columns")],
)
def test_a_mapping_that_cannot_work_is_refused(session: Session, mapping: dict[str, str], problem: str) -> None:
    owner = make.make_owner(session)
    found = upload(session, owner, "Name,Mail\na,a@example.com\n")
    assert problem in imports.preview(session, owner, found.id, mapping).problem
    with pytest.raises(Invalid, match=problem):
        imports.start(session, owner, found.id, mapping, "US")


def test_rows_of_the_same_person_become_one_entry_and_lose_nothing(session: Session) -> None:
    owner = make.make_owner(session)
    found = upload(
        session,
        owner,
        "Name,Mail,Phone,Flat\nRosa,rosa@example.com,,4B\nHenry,,207 555 0111,\n"
        "Rosa Delgado,ROSA@example.com,(207) 555-0110,\nBoth,rosa@example.com,+12075550111,7\n",
    )
    put_in(session, owner, found, MAPPING)
    (rosa,) = people(session, found.contact_list_id)
    assert (rosa.name, rosa.email, rosa.phone) == ("Rosa", "rosa@example.com", "+12075550110")
    assert rosa.meta == {"Flat": "4B", "other phones": ["+12075550111"]}
    assert (found.added, found.merged) == (2, 2)


def test_a_part_that_runs_again_changes_nothing(session: Session) -> None:
    owner = make.make_owner(session)
    found = upload(session, owner, "Name,Mail\nRosa,rosa@example.com\nx,\n")
    put_in(session, owner, found, {"Name": "name", "Mail": "email"})
    imports.run_part(session, found.id, 0)
    assert (found.added, found.merged, found.refused) == (1, 0, 1)
    progress = batches.progress(session, found.batch_id or "")
    assert (progress.total, progress.pending) == (1, 0)
    assert imports.start(session, owner, found.id, {}, "US") == found.batch_id


def test_ten_thousand_rows_go_in_by_parts_also_after_a_kill_between_them(database_url: str) -> None:
    lines = "\n".join(f"Person {n},p{n}@example.com,+1207555{n:04d}" for n in range(10_000))
    with transaction() as session:
        owner = make.make_owner(session)
        found = upload(session, owner, f"Name,Mail,Phone\n{lines}\n")
        batch = imports.start(session, owner, found.id, MAPPING, "US")
    with pytest.raises(ZeroDivisionError), transaction() as session:  # killed before the commit of its third part
        imports.run_part(session, found.id, 2)
        raise ZeroDivisionError
    with transaction() as session:
        imports.run_part(session, found.id, 0)
    drain_now()
    with transaction() as session:
        row = imports.status(session, owner, found.id)
        assert (row.finished, row.percent, row.added, row.merged, row.refused) == (True, 100, 10_000, 0, 0)
        assert batches.progress(session, batch).total == 20
        assert session.execute(text("SELECT count(*) FROM contact_list_members")).scalar() == 10_000


def test_an_export_reads_back_as_it_was_and_runs_no_formula(session: Session) -> None:
    owner = make.make_owner(session)
    found = upload(session, owner, 'Name,Mail,Flat\n"=HYPERLINK(""x"")",a@example.com,4B\n"Ann, B",b@example.com,\n')
    put_in(session, owner, found, {"Name": "name", "Mail": "email", "Flat": "keep"})
    name, content = queries.export_csv(session, owner, found.contact_list_id)
    rows = list(csv.DictReader(io.StringIO(content)))
    assert name == "Tenants"
    assert [(r["Name"], r["Email"], r["Flat"]) for r in rows] == [
        ('\'=HYPERLINK("x")', "a@example.com", "4B"),
        ("Ann, B", "b@example.com", ""),
    ]
    again = upload(session, owner, content, "Again")
    put_in(session, owner, again, again.mapping)
    assert [m.email for m in people(session, again.contact_list_id)] == ["a@example.com", "b@example.com"]


@given(st.binary(max_size=300))
def test_any_file_is_a_table_or_refused_in_words(raw: bytes) -> None:
    try:
        headings, lines = reading.table(reading.decode(raw))
    except Invalid:
        return
    assert len(set(headings)) == len(headings)
    mapping = {heading: "email" if place == 0 else "keep" for place, heading in enumerate(headings)}
    for row in reading.rows(headings, lines, mapping, "US"):
        assert isinstance(row, reading.RowError) or row.email


def test_the_lists_that_somebody_is_on_are_found_by_any_spelling(session: Session) -> None:
    owner, stranger = make.make_owner(session), make.make_owner(session)
    vip = service.create_list(session, owner, "VIP")
    service.add_member(session, owner, vip.id, {"name": "Rosa", "phone": "(207) 555-0110", "email": "r@example.com"})
    other = service.create_list(session, stranger, "Theirs")
    service.add_member(session, stranger, other.id, {"phone": "+12075550110"})
    for identifier in ("+12075550110", "207-555-0110", "R@Example.com"):
        assert queries.lists_of(session, owner.team_id, [identifier]) == [queries.ListName(vip.id, "VIP")]
    assert queries.lists_of(session, owner.team_id, ["nobody", "+12075550199"]) == []


def test_members_see_lists_and_do_not_change_those_of_others(session: Session) -> None:
    owner, stranger = make.make_owner(session), make.make_owner(session)
    colleague = make.make_colleague(session, owner)
    made = service.create_list(session, owner, "Tenants")
    assert [row.name for row in queries.lists(session, colleague)] == ["Tenants"]
    with pytest.raises(Forbidden):
        service.add_member(session, colleague, made.id, {"email": "a@example.com"})
    with pytest.raises(NotFound):
        queries.members(session, stranger, made.id)
    with pytest.raises(Conflict):
        service.create_list(session, colleague, "Tenants")


def test_two_entries_of_a_list_cannot_have_the_same_address(session: Session) -> None:
    owner = make.make_owner(session)
    made = service.create_list(session, owner, "Tenants")
    for name in ("a", "b"):
        service.add_member(session, owner, made.id, {"name": name, "email": f"{name}@example.com"})
    first, _ = people(session, made.id)
    with pytest.raises(Conflict, match="Somebody else"):
        service.change_member(session, owner, first.id, {"name": "a", "email": "B@example.com"})


def test_pages_of_a_list_follow_each_other_without_gap_or_repeat(session: Session) -> None:
    owner = make.make_owner(session)
    found = upload(session, owner, "Name,Mail\n" + "".join(f"P{n % 7},p{n}@example.com\n" for n in range(120)))
    put_in(session, owner, found, {"Name": "name", "Mail": "email"})
    seen: list[str] = []
    cursor = ""
    while True:
        page = queries.members(session, owner, found.contact_list_id, cursor=cursor)
        seen += [row.email for row in page.rows]
        if not page.next_cursor:
            break
        cursor = page.next_cursor
    assert sorted(seen) == sorted(f"p{n}@example.com" for n in range(120))


def test_a_bulk_text_reaches_everybody_once_but_those_who_opted_out(database_url: str) -> None:
    with transaction() as session:
        owner = make.make_owner(session)
        made = service.create_list(session, owner, "Tenants")
        for number in range(4):
            service.add_member(session, owner, made.id, {"name": str(number), "phone": f"+1207555011{number}"})
        optouts.opt_out(session, owner, ContactChannel.SMS, "207-555-0110", "stop")
        assert bulk.reach(session, owner, made.id) == {"sms": 3, "email": 0}
        message = bulk.send(session, owner, made.id, ContactChannel.SMS, "Water is off on Friday.")
    with transaction() as session:
        optouts.opt_out(session, owner, ContactChannel.SMS, "+12075550111", "stop")  # after it was queued
        session.execute(
            text(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, args) SELECT queue_name,"
                " task_name, args FROM procrastinate_jobs"
            )
        )  # each job twice
    drain_now()
    with transaction() as session:
        (row,) = bulk.recent(session, owner)
        assert (row.sent, row.opted_out, row.failed, row.waiting) == (2, 1, 0, 0)
        sent = session.exec(select(OutboxMessage)).all()
        assert sorted(one.to_address for one in sent) == ["+12075550112", "+12075550113"]
        assert all(bulk.STOP_LINE in one.body for one in sent)
        assert batches.progress(session, message.batch_id).pending == 0


def test_a_bulk_mail_carries_a_link_that_only_we_could_have_made(session: Session) -> None:
    owner = make.make_owner(session)
    made = service.create_list(session, owner, "Tenants")
    service.add_member(session, owner, made.id, {"email": "rosa@example.com"})
    message = bulk.send(session, owner, made.id, ContactChannel.EMAIL, "Hello", "News")
    recipient = session.execute(
        text("SELECT id FROM bulk_recipients WHERE bulk_message_id = :id"), {"id": message.id}
    ).scalar_one()
    outgoing = bulk.next_for(session, recipient)
    assert outgoing is not None
    token = outgoing.body.rsplit("/", 1)[1]
    assert bulk.read_stop_link(token) == (owner.team_id, "rosa@example.com")
    assert bulk.read_stop_link(token[:-1] + ("0" if token[-1] != "0" else "1")) is None


def test_only_admins_write_to_a_list(session: Session) -> None:
    owner = make.make_owner(session)
    colleague = make.make_colleague(session, owner)
    made = service.create_list(session, owner, "Tenants")
    with pytest.raises(Forbidden):
        bulk.send(session, colleague, made.id, ContactChannel.SMS, "Hello")


def test_an_opt_out_counts_in_its_workspace_and_channel_until_it_is_taken_back(session: Session) -> None:
    owner, other = make.make_owner(session), make.make_owner(session)
    assert optouts.opt_out(session, owner, ContactChannel.SMS, "(207) 555-0110", "stop")
    assert not optouts.opt_out(session, owner, ContactChannel.SMS, "+12075550110", "stop")
    assert optouts.is_opted_out(session, owner.team_id, ContactChannel.SMS, "207 555 0110")
    assert not optouts.is_opted_out(session, other.team_id, ContactChannel.SMS, "+12075550110")
    assert not optouts.is_opted_out(session, owner.team_id, ContactChannel.EMAIL, "+12075550110")
    assert optouts.opt_in(session, owner, ContactChannel.SMS, "+12075550110", "start")
    assert not optouts.is_opted_out(session, owner.team_id, ContactChannel.SMS, "+12075550110")
