"""Profiles: what a person and a business say about themselves, and pictures that only colleagues see."""

import struct
import zlib
from uuid import UUID

import pytest
from sqlmodel import Session, select

from taskjuggler_app.core.errors import Forbidden, Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.files import pictures
from taskjuggler_app.domain.files import queries as files
from taskjuggler_app.domain.files import service as storing
from taskjuggler_app.domain.files.service import Received
from taskjuggler_app.domain.messaging import queries as messages
from taskjuggler_app.domain.teams import profiles, queries
from taskjuggler_app.domain.tef import actors
from taskjuggler_app.models import Actor, FileSubject, Profile, StoredFile
from tests import factories as make


def png(width: int, height: int) -> bytes:
    """A white picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = zlib.compress(b"".join(b"\0" + b"\xff" * width for _ in range(height)))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


def jpeg(width: int, height: int) -> bytes:
    """The beginning of a JPEG: comment, quantisation table, frame."""
    frame = struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\1\x11\0"
    return b"\xff\xd8\xff\xfe\0\4hi\xff\xdb\0\3\0\xff\xc0" + frame


def upload(session: Session, who: Principal, content: bytes) -> UUID:
    """Keep it as the person's own file that belongs to nothing yet."""
    received = Received("me.png", content[:8192], len(content), "0" * 64, storing.new_key())
    return storing.keep(session, who, received).id


def kept_pictures(session: Session) -> list[StoredFile]:
    return list(session.exec(select(StoredFile).where(StoredFile.subject_kind == FileSubject.PROFILE)))


def test_words_about_me_are_kept_and_an_address_is_completed(session: Session) -> None:
    me = make.make_owner(session)
    profiles.save_personal(session, me, bio=" Plumber.\r\nMondays off.\0 ", website="example.com/me")
    row = profiles.personal(session, me)
    assert (row.kind, row.bio, row.website) == ("personal", "Plumber.\nMondays off.", "https://example.com/me")
    profiles.save_personal(session, me, bio="", website="")
    assert profiles.personal(session, me).website == ""
    assert len(session.exec(select(Profile).where(Profile.user_id == me.user_id)).all()) == 1


@pytest.mark.parametrize(
    "address", ["javascript://x.y/%0aalert(1)", "ftp://example.com", "nonsense", "https://a b.com"]
)
def test_an_address_that_no_link_may_carry_is_refused(session: Session, address: str) -> None:
    with pytest.raises(Invalid) as refusal:
        profiles.save_personal(session, make.make_owner(session), bio="", website=address)
    assert refusal.value.field == "website"


def test_the_business_has_one_profile_which_its_actor_stands_for(session: Session) -> None:
    owner = make.make_owner(session)
    actor = actors.of_team(session, owner.team_id)
    assert profiles.of_workspace(session, owner).kind == "company"
    profiles.save_workspace(session, owner, "company", name="Juggle & Sons", bio="We mend.", website="")
    profiles.save_workspace(session, owner, "organization", name="Juggle eV", bio="We mend.", website="juggle.org")
    row = profiles.of_workspace(session, owner)
    assert (row.kind, row.name, row.website) == ("organization", "Juggle eV", "https://juggle.org")
    session.refresh(actor)
    assert actor.organization_id is not None
    assert session.get_one(Profile, actor.organization_id).display_name == "Juggle eV"
    colleague = make.make_colleague(session, owner)
    assert profiles.of_workspace(session, colleague).name == "Juggle eV"
    with pytest.raises(Forbidden):
        profiles.save_workspace(session, colleague, "company", name="Mine", bio="", website="")
    with pytest.raises(Invalid):
        profiles.save_workspace(session, owner, "personal", name="Me", bio="", website="")
    assert profiles.of_workspace(session, make.make_owner(session)).name != "Juggle eV"
    assert session.exec(select(Actor).where(Actor.organization_id == actor.organization_id)).all() == [actor]


def test_a_picture_is_shown_to_colleagues_and_to_nobody_else(session: Session) -> None:
    me = make.make_owner(session)
    colleague, stranger = make.make_colleague(session, me), make.make_owner(session)
    first = upload(session, me, png(512, 512))
    profiles.show_picture(session, me, first, png(512, 512))
    faces = {row.user_id: row.picture for row in queries.members(session, colleague)}
    assert faces == {str(me.user_id): f"/files/{first}", str(colleague.user_id): ""}
    assert [row.picture for row in messages.people(session, colleague)] == [f"/files/{first}"]
    assert messages.person(session, colleague, UUID(str(me.user_id))).picture == f"/files/{first}"
    assert files.readable(session, colleague, first).id == first
    with pytest.raises(NotFound):
        files.readable(session, stranger, first)


def test_another_picture_takes_the_place_of_the_one_before(session: Session) -> None:
    me = make.make_owner(session)
    for side in (64, 128):
        profiles.show_picture(session, me, upload(session, me, png(side, side)), png(side, side))
    assert len(kept_pictures(session)) == 1
    profiles.remove_picture(session, me)
    profiles.remove_picture(session, me)  # pressed twice
    assert kept_pictures(session) == []
    assert profiles.personal(session, me).picture == ""


def test_somebody_elses_upload_does_not_become_my_picture(session: Session) -> None:
    me, other = make.make_owner(session), make.make_owner(session)
    with pytest.raises(NotFound):
        profiles.show_picture(session, me, upload(session, other, png(9, 9)), png(9, 9))


def test_sizes_are_read_from_the_header() -> None:
    assert pictures.check(png(40, 30)) == (40, 30)
    assert pictures.check(jpeg(640, 480)) == (640, 480)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a\1\0\1\0",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xdb\0\0",
        png(1, 1)[:20],
    ],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        pictures.check(content)


def test_a_picture_that_would_fill_a_memory_is_refused() -> None:
    huge = png(1, 1)[:16] + struct.pack(">II", 60_000, 60_000) + b"\0" * 20
    with pytest.raises(Invalid, match="1024 pixels"):
        pictures.check(huge)
    with pytest.raises(Invalid, match="1 MB"):
        pictures.check(jpeg(10, 10) + b"\0" * pictures.MOST_BYTES)
