"""How a person, and the business of a workspace, present themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select, update

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.errors import Invalid, NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access.profile import checked_name
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.files import pictures
from taskjuggler_app.domain.files import service as files
from taskjuggler_app.models.files import FileSubject, StoredFile
from taskjuggler_app.models.teams import Team
from taskjuggler_app.models.tef import Actor, ActorType
from taskjuggler_app.models.users import Profile, ProfileType, User

LONGEST_BIO = 2000
LONGEST_WEBSITE = 255
KINDS = (ProfileType.COMPANY, ProfileType.ORGANIZATION)
"""What a workspace may be."""


@dataclass
class ProfileRow:
    """A profile as pages show it; `picture` is an address or empty, `kind` is personal, organization or company."""

    kind: str = ProfileType.PERSONAL.value
    name: str = ""
    bio: str = ""
    website: str = ""
    picture: str = ""


def personal(session: Session, principal: Principal) -> ProfileRow:
    """The person's own profile; what sign-up wrote while they changed nothing."""
    return _row(_personal(session, _user_id(principal)))


def of_workspace(session: Session, principal: Principal) -> ProfileRow:
    """What the workspace's business says about itself; its plain name while nobody wrote more."""
    found = _of_team(session, principal.team_id)
    if found is not None:
        return _row(found)
    name = session.exec(select(Team.name).where(Team.id == principal.team_id)).one()
    return ProfileRow(ProfileType.COMPANY.value, name)


def pictures_of(session: Session, user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Addresses of the people's pictures, for those who have one. The file's own door asks who may see it."""
    query = select(Profile.user_id, Profile.avatar_url).where(
        Profile.type == ProfileType.PERSONAL, col(Profile.user_id).in_(list(user_ids)), col(Profile.avatar_url) != ""
    )
    return {user_id: address for user_id, address in session.exec(query) if user_id and address}


def save_personal(session: Session, principal: Principal, *, bio: str, website: str) -> None:
    """What colleagues read about the person. Raises Invalid."""
    profile = _ensured(session, _user_id(principal))
    profile.bio, profile.website = _checked_bio(bio), _checked_website(website)
    session.add(profile)
    session.flush()
    _tell(session, principal)


def save_workspace(session: Session, principal: Principal, kind: str, *, name: str, bio: str, website: str) -> None:
    """What the business says about itself, which its actor in the network stands for. Forbidden but for admins."""
    require(principal.is_admin, "Only an admin writes what the business says about itself.")
    if kind not in KINDS:
        raise Invalid("A workspace is a company or an organization.", "kind")
    found = _of_team(session, principal.team_id, lock=True)
    if found is None:
        owner_id = session.exec(select(Team.created_by).where(Team.id == principal.team_id)).one()
        found = Profile(user_id=owner_id, meta={"team_id": str(principal.team_id)})
    found.type, found.display_name = ProfileType(kind), checked_name(name)
    found.bio, found.website, found.updated_at = _checked_bio(bio), _checked_website(website), clock.utcnow()
    session.add(found)
    session.flush()
    stands_for = update(Actor).where(col(Actor.team_id) == principal.team_id, col(Actor.actor_type) == ActorType.TEAM)
    session.execute(stands_for.values(organization_id=found.id))
    record_event(
        session,
        principal,
        kind="team.profile_changed",
        subject_type="team",
        subject_id=principal.team_id,
        data={"kind": kind},
    )
    live.publish(session, topics.team(principal.team_id))


def show_picture(session: Session, principal: Principal, file_id: UUID, content: bytes) -> None:
    """Make an upload of the person's own their picture; the one before is forgotten. Raises Invalid, NotFound."""
    pictures.check(content)
    user_id = _user_id(principal)
    profile = _ensured(session, user_id)
    _forget_pictures(session, user_id)
    files.attach(session, principal, [file_id], FileSubject.PROFILE, user_id)
    profile.avatar_url = f"/files/{file_id}"
    session.add(profile)
    session.flush()
    _tell(session, principal)


def remove_picture(session: Session, principal: Principal) -> None:
    """Back to initials."""
    user_id = _user_id(principal)
    profile = _ensured(session, user_id)
    _forget_pictures(session, user_id)
    profile.avatar_url = None
    session.add(profile)
    session.flush()
    _tell(session, principal)


def _forget_pictures(session: Session, user_id: UUID) -> None:
    kept = select(StoredFile).where(StoredFile.subject_kind == FileSubject.PROFILE, StoredFile.subject_id == user_id)
    for file in session.exec(kept).all():
        files.forget(session, file)


def _ensured(session: Session, user_id: UUID) -> Profile:
    """The person's row, locked; two at once make one."""
    name = session.exec(select(User.name).where(User.id == user_id)).one()
    made = insert(Profile).values(user_id=user_id, type=ProfileType.PERSONAL, display_name=name)
    session.execute(made.on_conflict_do_nothing())
    return _personal(session, user_id, lock=True)


def _personal(session: Session, user_id: UUID, *, lock: bool = False) -> Profile:
    query = select(Profile).where(Profile.user_id == user_id, Profile.type == ProfileType.PERSONAL)
    found = session.exec(query.with_for_update() if lock else query).first()
    return found or Profile(user_id=user_id)


def _of_team(session: Session, team_id: UUID, *, lock: bool = False) -> Profile | None:
    query = select(Profile).where(
        col(Profile.type).in_(KINDS), col(Profile.meta)["team_id"].as_string() == str(team_id)
    )
    return session.exec(query.with_for_update() if lock else query).first()


def _row(profile: Profile) -> ProfileRow:
    return ProfileRow(
        profile.type.value,
        profile.display_name or "",
        profile.bio or "",
        profile.website or "",
        profile.avatar_url or "",
    )


def _user_id(principal: Principal) -> UUID:
    if principal.user_id is None:
        raise NotFound
    return principal.user_id


def _tell(session: Session, principal: Principal) -> None:
    live.publish(session, topics.user(_user_id(principal)))
    live.publish(session, topics.team(principal.team_id))


def _checked_bio(text: str) -> str:
    bio = "".join(sign for sign in text.replace("\r\n", "\n") if sign.isprintable() or sign == "\n").strip()
    if len(bio) > LONGEST_BIO:
        raise Invalid(f"Use at most {LONGEST_BIO} characters.", "bio")
    return bio


def _checked_website(text: str) -> str:
    """An address that a link may carry; "example.com" becomes https://example.com. Raises Invalid."""
    address = text.strip()
    if not address:
        return ""
    if "://" not in address:
        address = f"https://{address}"
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or "." not in (parts.hostname or "") or not address.isprintable():
        raise Invalid("Write an address such as https://example.com.", "website")
    if " " in address or len(address) > LONGEST_WEBSITE:
        raise Invalid("Write an address such as https://example.com.", "website")
    return address
