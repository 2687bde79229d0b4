"""Names and kinds of files, attaching and forgetting."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import Invalid, NotFound
from taskjuggler_app.domain.files import service
from taskjuggler_app.domain.files.naming import LONGEST_NAME, safe_name, sniffed_type
from taskjuggler_app.domain.files.service import Received
from taskjuggler_app.models import FileSubject, StoredFile
from tests.factories import make_colleague, make_owner


def a_file(name: str = "a.txt") -> Received:
    """Five bytes."""
    return Received(name, b"hello", 5, "0" * 64, service.new_key())


@given(st.text(max_size=400))
def test_any_name_becomes_one_that_a_header_and_a_folder_can_carry(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe) <= LONGEST_NAME
    assert not set(safe) & set('/\\<>:"|?*\r\n\0')
    assert safe == safe_name(safe)
    assert safe not in (".", "..")


def test_a_name_that_reads_backwards_is_straightened() -> None:
    assert safe_name("invoice\u202etxt.exe") == "invoicetxt.exe"
    assert safe_name("../../etc/passwd") == "passwd"
    assert safe_name("C:\\temp\\a.pdf") == "a.pdf"


@given(st.binary(max_size=300), st.text(max_size=20))
def test_nothing_is_ever_html_or_svg(head: bytes, name: str) -> None:
    assert sniffed_type(head, name) not in ("text/html", "image/svg+xml", "text/javascript", "application/xhtml+xml")


def test_a_file_is_attached_once_and_only_by_its_uploader(session: Session) -> None:
    alice = make_owner(session)
    bob = make_colleague(session, alice)
    kept = service.keep(session, alice, a_file())
    with pytest.raises(NotFound):
        service.attach(session, bob, [kept.id], FileSubject.TASK, uuid4())
    service.attach(session, alice, [kept.id], FileSubject.TASK, uuid4())
    with pytest.raises(NotFound):
        service.attach(session, alice, [kept.id], FileSubject.TASK, uuid4())


def test_one_message_carries_ten_files_at_most(session: Session) -> None:
    alice = make_owner(session)
    ids = [service.keep(session, alice, a_file()).id for _ in range(service.MOST_AT_ONCE + 1)]
    with pytest.raises(Invalid):
        service.attach(session, alice, ids, FileSubject.TASK, uuid4())


def test_what_nobody_attached_is_swept_after_a_day(session: Session) -> None:
    alice = make_owner(session)
    left, used = (service.keep(session, alice, a_file()).id for _ in range(2))
    service.attach(session, alice, [used], FileSubject.TASK, uuid4())
    assert service.sweep(session, clock.utcnow()) == 0
    assert service.sweep(session, clock.utcnow() + timedelta(days=2)) == 1
    session.expire_all()
    assert session.get(StoredFile, left) is None
    assert session.get(StoredFile, used) is not None
