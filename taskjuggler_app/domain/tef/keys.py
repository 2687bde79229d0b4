"""The keys by which an actor proves itself: bearer secrets (kept as SHA-256) and signing keys (Ed25519, HMAC).

They live in `actors.authentication` as {"keys": [{id, kind, prefix, hash | public | sealed, created_at, expires_at,
revoked_at, last_used_at}]}. A secret is shown once; its token names the actor, so looking it up needs no search.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlmodel import Session

from taskjuggler_app.core import clock, crypto
from taskjuggler_app.core.errors import Conflict, Forbidden, Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tef import actors
from taskjuggler_app.models.tef import Actor, ActorStatus

MOST = 10
OVERLAP = timedelta(hours=24)
"""How long the old key still works after a rotation."""
_TOKEN = re.compile(r"tja_([0-9a-f]{32})_([A-Za-z0-9_-]{43})")
_SEAL = "actor signing key"
_REFUSED = "That key is not valid. It may be revoked, expired or mistyped."


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was made; `token` is the secret, shown this once."""

    id: str
    token: str


def issue(session: Session, principal: Principal, actor_id: UUID, expires_at: datetime | None = None) -> NewKey:
    """A new bearer key. Raises NotFound, Forbidden, Conflict for too many."""
    actor = actors.for_update(session, principal, actor_id)
    secret = crypto.token()
    token = f"tja_{actor.id.hex}_{secret}"
    key = _key("bearer", expires_at, prefix=token[:12], hash=crypto.digest(token))
    _keep(session, actor, [*_live(actor), key])
    actors.record(session, principal, actor, "key_issued", {"key": key["id"]})
    return NewKey(key["id"], token)


def add_public(session: Session, principal: Principal, actor_id: UUID, public: str) -> str:
    """An Ed25519 public key (32 bytes, base64) whose signatures are the actor's; returns its id. Raises Invalid."""
    actor = actors.for_update(session, principal, actor_id)
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(public, validate=True))
    except ValueError:
        raise Invalid("An Ed25519 public key is 32 bytes in base64.", "public_key") from None
    key = _key("ed25519", None, prefix=public[:8], public=public)
    _keep(session, actor, [*_live(actor), key])
    actors.record(session, principal, actor, "key_issued", {"key": key["id"]})
    return str(key["id"])


def add_shared(session: Session, principal: Principal, actor_id: UUID) -> NewKey:
    """A shared secret for HMAC-SHA-256 signatures in both directions; shown once, kept sealed."""
    actor = actors.for_update(session, principal, actor_id)
    secret = crypto.token()
    key = _key("hmac", None, prefix=secret[:4], sealed=crypto.seal(_SEAL, secret))
    _keep(session, actor, [*_live(actor), key])
    actors.record(session, principal, actor, "key_issued", {"key": key["id"]})
    return NewKey(key["id"], secret)


def rotate(session: Session, principal: Principal, actor_id: UUID, key_id: str) -> NewKey:
    """A new bearer key; the old one works for another day. Raises NotFound for a key that is none."""
    actor = actors.for_update(session, principal, actor_id)
    old = _one(actor, key_id)
    end = clock.utcnow() + OVERLAP
    _keep(session, actor, [{**key, "expires_at": end.isoformat()} if key is old else key for key in _live(actor)])
    return issue(session, principal, actor_id)


def revoke(session: Session, principal: Principal, actor_id: UUID, key_id: str) -> None:
    """The key is worthless from now on."""
    actor = actors.for_update(session, principal, actor_id)
    gone = _one(actor, key_id)
    _keep(session, actor, [key for key in _live(actor) if key is not gone])
    actors.record(session, principal, actor, "key_revoked", {"key": key_id})


def authenticate(session: Session, token: str) -> Actor:
    """Whose bearer key this is. Raises Forbidden, the same for every reason, and for an actor that is not active."""
    found = _TOKEN.fullmatch(token)
    actor = session.get(Actor, UUID(hex=found[1])) if found else None
    if actor is None or actor.status is not ActorStatus.ACTIVE:
        raise Forbidden(_REFUSED)
    hashed = crypto.digest(token)
    if not any(crypto.same(str(key["hash"]), hashed) for key in _live(actor) if key["kind"] == "bearer"):
        raise Forbidden(_REFUSED)
    return actor


def verify(actor: Actor, key_id: str, signed: bytes, signature: str) -> bool:
    """Whether `signature` (base64) is the actor's over `signed`, by that key of it."""
    key = next((one for one in _live(actor) if one["id"] == key_id), None)
    try:
        given = base64.b64decode(signature, validate=True)
    except ValueError:
        return False
    if key is None:
        return False
    if key["kind"] == "ed25519":
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(str(key["public"])))
        try:
            public.verify(given, signed)
        except InvalidSignature:
            return False
        return True
    return key["kind"] == "hmac" and hmac.compare_digest(mac(_secret(key), signed), given)


def mac(secret: str, signed: bytes) -> bytes:
    """HMAC-SHA-256 of `signed`, 32 bytes."""
    return hmac.new(secret.encode(), signed, hashlib.sha256).digest()


def shared_secret(actor: Actor) -> tuple[str, str] | None:
    """The id and the secret of the newest shared key, with which envelopes to the actor are signed."""
    found = [key for key in _live(actor) if key["kind"] == "hmac"]
    return (str(found[-1]["id"]), _secret(found[-1])) if found else None


def listed(actor: Actor) -> list[dict[str, Any]]:
    """The live keys without anything secret, for people."""
    shown = ("id", "kind", "prefix", "created_at", "expires_at")
    return [{name: key.get(name) for name in shown} for key in _live(actor)]


def _secret(key: dict[str, Any]) -> str:
    return crypto.unseal(_SEAL, str(key["sealed"]))


def _key(kind: str, expires_at: datetime | None, **values: str) -> dict[str, Any]:
    end = expires_at.isoformat() if expires_at else None
    return {"id": uuid4().hex[:12], "kind": kind, "created_at": clock.utcnow().isoformat(), "expires_at": end, **values}


def _live(actor: Actor) -> list[dict[str, Any]]:
    now = clock.utcnow()
    keys: list[dict[str, Any]] = actor.authentication.get("keys", [])
    return [key for key in keys if not key["expires_at"] or datetime.fromisoformat(key["expires_at"]) > now]


def _one(actor: Actor, key_id: str) -> dict[str, Any]:
    found = next((key for key in _live(actor) if key["id"] == key_id), None)
    if found is None:
        raise NotFound("That key does not exist any more.")
    return found


def _keep(session: Session, actor: Actor, keys: list[dict[str, Any]]) -> None:
    if len(keys) > MOST:
        raise Conflict(f"An actor has at most {MOST} keys. Revoke one first.")
    actor.authentication = {**actor.authentication, "keys": keys}
    session.add(actor)
    session.flush()
