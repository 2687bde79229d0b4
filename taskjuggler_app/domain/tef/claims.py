"""Claim codes: TJ- and six unambiguous characters, good once and for an hour, that make an agent a person's own."""

import re
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import Conflict, Invalid, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tef import actors, policy, relationships
from taskjuggler_app.models.tef import Actor, ActorStatus, ClaimCode, EstablishedVia, RelationshipType

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0 O, 1 I L and U, which are read as another or spell words."""
LENGTH = 6
LASTS = timedelta(hours=1)
_CODE = re.compile(rf"TJ-[{ALPHABET}]{{{LENGTH}}}")
_WRONG = "That code is wrong, used or too old. Ask for a new one."


def new_code(session: Session, principal: Principal, actor_id: UUID) -> ClaimCode:
    """A code for an actor that waits to be claimed; older ones of it end. Raises NotFound, Forbidden, Conflict."""
    actor = actors.for_update(session, principal, actor_id)
    if actor.status is not ActorStatus.PENDING_CLAIM:
        raise Conflict("That actor is claimed already.")
    now = clock.utcnow()
    session.execute(
        update(ClaimCode)
        .where(col(ClaimCode.actor_id) == actor.id, col(ClaimCode.is_used).is_(False))
        .values(expires_at=now)
    )
    made = ClaimCode(actor_id=actor.id, code=_fresh(session), expires_at=now + LASTS, created_at=now)
    session.add(made)
    session.flush()
    actors.record(session, principal, actor, "code_made", {})
    return made


def read(raw: str) -> str:
    """The code as it is kept, from what a person typed. Raises Invalid."""
    plain = re.sub(r"[\s-]", "", raw.upper())
    code = f"TJ-{plain.removeprefix('TJ')}"
    if not _CODE.fullmatch(code):
        raise Invalid("A claim code looks like TJ-7K2M9P.", "code")
    return code


def claim(session: Session, principal: Principal, raw: str) -> Actor:
    """Make the actor active and the person's own: they become its OWNER, in their workspace.

    Guesses are counted by the caller's door (limits.CLAIM) before it asks. Raises Invalid for a code that is none.
    """
    require(policy.can_claim(principal), "Sign in to claim.")
    code = read(raw)
    found = session.exec(select(ClaimCode).where(ClaimCode.code == code).with_for_update()).first()
    now = clock.utcnow()
    if found is None or found.is_used or found.expires_at is None or found.expires_at <= now:
        raise Invalid(_WRONG, "code")
    found.is_used, found.claimed_by_user_id = True, principal.user_id
    session.add(found)
    actor = session.exec(select(Actor).where(Actor.id == found.actor_id).with_for_update()).one()
    actor.team_id, actor.user_id = principal.team_id, principal.user_id
    actors.move(session, principal, actor, ActorStatus.ACTIVE)
    owner = actors.own(session, principal)
    relationships.establish(session, principal, owner.id, actor.id, RelationshipType.OWNER, EstablishedVia.CLAIM_CODE)
    return actor


def sweep(session: Session) -> int:
    """Forget codes that ended a day ago and were never used; says how many."""
    over = clock.utcnow() - timedelta(days=1)
    gone = delete(ClaimCode).where(col(ClaimCode.is_used).is_(False), col(ClaimCode.expires_at) < over)
    return len(session.execute(gone.returning(col(ClaimCode.id))).all())


def _fresh(session: Session) -> str:
    while True:
        code = "TJ-" + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if session.exec(select(ClaimCode.id).where(ClaimCode.code == code)).first() is None:
            return code
