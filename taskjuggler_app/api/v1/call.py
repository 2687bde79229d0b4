"""One request: who calls and what they want in one transaction, and how the answer is put.

Lists are {items, next} or CSV, by Accept; `fields` leaves out the rest; an object has an ETag; a write with an
Idempotency-Key happens once, its answer kept in the same transaction.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache as kept
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Header, Query, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, TypeAdapter
from sqlmodel import Session
from starlette.responses import JSONResponse, Response

from taskjuggler_app.api.v1 import sheets, versions
from taskjuggler_app.api.v1.problems import Unproved
from taskjuggler_app.core import cache, clock, crypto
from taskjuggler_app.core.db import reading, run_in_db, transaction
from taskjuggler_app.core.errors import Conflict, DomainError, Invalid
from taskjuggler_app.core.paging import LONGEST_CURSOR
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import sessions
from taskjuggler_app.domain.teams import tokens

T = TypeVar("T")
Use = Callable[..., Any]
"""A function of the domain, or one that calls them: (session, principal, …) -> what the answer shows."""
KEPT_SECONDS = 24 * 3600
_SEALED = "api-answer"


def storable(said: str) -> str:
    """Text that a database can keep."""
    if "\0" in said or (not said.isascii() and any("\ud800" <= one <= "\udfff" for one in said)):
        raise ValueError("it has a character that cannot be kept")
    return said


Text = AfterValidator(storable)
Limit = Annotated[int, Query(ge=1, le=100, description="The most rows of a page")]
Cursor = Annotated[str, Text, Query(max_length=LONGEST_CURSOR, description="`next` of the page before")]
IfMatch = Annotated[str, Header(alias="If-Match", max_length=60, description="The ETag seen last; 412 if it changed")]


class Given(BaseModel):
    """What a caller sends: nothing besides the named fields."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, str_strip_whitespace=True)


class Listed(BaseModel, Generic[T]):
    """A page; `next` is the cursor of the following one, "" at the end."""

    items: list[T]
    next: str = ""


class Done(BaseModel):
    """How many things were changed."""

    changed: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What a caller shows as a proof: a key, or the id of a session."""

    secret: str
    session_id: str

    def principal(self, session: Session, ability: str) -> Principal:
        """Who it stands for. Unproved when it is not good, Forbidden when it is not for this."""
        now = clock.utcnow()
        if self.secret:
            found = tokens.resolve(session, self.secret, now)
        else:
            found = sessions.resolve(session, self.session_id, now)
        if found is None:
            raise Unproved("This key is unknown, revoked or expired.")
        tokens.require_ability(found, ability)
        return found


@dataclass(frozen=True)
class Call:
    """A request, and what it needs to be allowed to do."""

    request: Request
    proof: Shown
    ability: str
    fields: str = ""
    once: str = ""
    if_match: str = ""

    async def one(self, kind: Any, use: Use, *args: Any, **kwargs: Any) -> Response:
        """One object, with its ETag; 304 when the caller has it."""
        found = await run_in_db(self._run, use, *args, **kwargs)
        content = self._chosen(self._plain(kind, found))
        tag = versions.etag(found, content)
        headers = {**self._meter(), "ETag": tag}
        if tag in [one.strip() for one in self.request.headers.get("if-none-match", "").split(",")]:
            return Response(status_code=304, headers=headers)
        return JSONResponse(content, headers=headers)

    async def listed(self, kind: Any, use: Use, *args: Any, **kwargs: Any) -> Response:
        """A list, or a page (`rows`, `next_cursor`)."""
        found = await run_in_db(self._run, use, *args, **kwargs)
        rows, following = (found, "") if isinstance(found, list) else (found.rows, found.next_cursor)
        if sheets.is_wanted(self.request):
            return self._csv(self._names(kind), [self._chosen(self._plain(kind, row)) for row in rows], following)
        names = self._wanted()
        if not names:
            shown = _adapter(list[kind]).dump_json(rows, by_alias=True)
            body = b'{"items":' + shown + b',"next":' + json.dumps(following).encode()
            return Response(body + b"}", headers=self._meter(), media_type="application/json")
        items = [self._chosen(self._plain(kind, row)) for row in rows]
        return JSONResponse({"items": items, "next": following}, headers=self._meter())

    @property
    def is_plain(self) -> bool:
        """Whether the whole objects are wanted, as JSON."""
        return not self.fields and not sheets.is_wanted(self.request)

    async def ready(self, use: Use, *args: Any, **kwargs: Any) -> Response:
        """A page whose rows are JSON already."""
        found = await run_in_db(self._run, use, *args, **kwargs)
        body = f'{{"items":[{",".join(found.rows)}],"next":{json.dumps(found.next_cursor)}}}'
        return Response(body, headers=self._meter(), media_type="application/json")

    async def change(self, kind: Any, read: Use, use: Use, thing: Any, *args: Any) -> Response:
        """Change or delete one thing: 412 when it is not any more what If-Match says, which `read` shows.

        What is changed elsewhere as well (the pages do not ask for turns) `read` had better lock.
        """

        def checked(session: Session, principal: Principal) -> Any:
            if self.if_match:
                versions.unchanged(session, f"{read.__module__}.{read.__qualname__} {thing}")
                found = read(session, principal, thing)
                versions.require_tag(self.if_match, versions.etag(found, self._plain(type(found), found)))
            return use(session, principal, thing, *args)

        return await self.write(kind, checked)

    async def write(self, kind: Any, use: Use, *args: Any, status: int = 200, **kwargs: Any) -> Response:
        """Do it, once for each Idempotency-Key, and show what came of it; nothing (204) when `kind` is None."""
        print_ = hashlib.sha256(await self.request.body()).hexdigest()
        return self._said(*await run_in_db(self._once, print_, kind, status, use, *args, **kwargs))

    async def run(self, use: Use, *args: Any) -> Any:
        """Do it in a transaction of its own, before the answer is made: where somebody else is asked in between."""
        return await run_in_db(self._alone, use, *args)

    async def answered(self) -> Response | None:
        """The answer that this Idempotency-Key got before."""
        print_ = hashlib.sha256(await self.request.body()).hexdigest()
        before = await run_in_db(self._before, print_) if self.once else None
        return self._said(*before) if before else None

    def _said(self, code: int, content: Any, tag: str, again: bool) -> Response:
        headers = {
            **self._meter(),
            **({"ETag": tag} if tag else {}),
            **({"Idempotent-Replayed": "true"} if again else {}),
        }
        if code == 201 and isinstance(content, dict) and "id" in content:
            headers["Location"] = f"{self.request.url.path.rstrip('/')}/{content['id']}"
        if code == 204:
            return Response(status_code=204, headers=headers)
        return JSONResponse(content, code, headers=headers)

    async def caller(self) -> Principal:
        """Who calls, in a transaction of its own. Unproved, Forbidden."""
        return await run_in_db(self._caller)

    def _caller(self) -> Principal:
        with transaction() as session:
            return self.proof.principal(session, self.ability)

    @contextmanager
    def _opened(self) -> Iterator[tuple[Session, Principal]]:
        """The request's transaction, and who calls. That a key was used stays noted when what it wanted is refused."""
        principal = None
        try:
            with transaction() as session:
                principal = self.proof.principal(session, self.ability)
                yield session, principal
        except DomainError:
            if principal is not None:
                self._caller()
            raise

    def _run(self, use: Use, *args: Any, **kwargs: Any) -> Any:
        with reading() as session:
            return use(session, self.proof.principal(session, self.ability), *args, **kwargs)

    def _alone(self, use: Use, *args: Any) -> Any:
        with self._opened() as (session, principal):
            return use(session, principal, *args)

    def _before(self, print_: str) -> tuple[int, Any, str, bool] | None:
        with reading() as session:
            key = self._key(self.proof.principal(session, self.ability))
            return _again(_kept(cache.get(session, key)), print_)

    def _once(
        self, print_: str, kind: Any, status: int, use: Use, *args: Any, **kwargs: Any
    ) -> tuple[int, Any, str, bool]:
        with self._opened() as (session, principal):
            key = self._key(principal)
            if key and not cache.claim(session, key, KEPT_SECONDS):
                before = _again(_kept(cache.get(session, key)), print_)
                if before is None:
                    raise Conflict("This Idempotency-Key is in use just now. Send it again.")
                return before
            made = use(session, principal, *args, **kwargs)
            session.flush()
            content = None if kind is None else self._plain(kind, made)
            status = 204 if kind is None else status
            tag = versions.etag(made, content) if kind is not None else ""
            if key:
                kept_ = {"print": print_, "status": status, "content": content, "tag": tag}
                cache.put(session, key, crypto.seal(_SEALED, json.dumps(kept_)), KEPT_SECONDS)
            return status, content, tag, False

    def _key(self, principal: Principal) -> str:
        if not self.once:
            return ""
        who = f"{principal.team_id} {principal.user_id}"
        what = f"{self.request.method} {self.request.url.path} {self.request.url.query} {self.once}"
        return f"once:{crypto.digest(f'{who} {what}')}"

    def _meter(self) -> dict[str, str]:
        return dict(getattr(self.request.state, "meter", {}))

    @staticmethod
    def _plain(kind: Any, found: Any) -> Any:
        return _adapter(kind).dump_python(found, mode="json", by_alias=True)

    def _wanted(self) -> list[str]:
        return [one.strip() for one in self.fields.split(",") if one.strip()]

    def _chosen(self, content: Any) -> Any:
        names = self._wanted()
        if not names:
            return content
        if unknown := [one for one in names if one not in content]:
            raise Invalid(f"There is no field {unknown[0][:40]!r}.", "fields")
        return {name: content[name] for name in names}

    def _names(self, kind: Any) -> list[str]:
        known = list(_adapter(kind).json_schema(mode="serialization").get("properties", {}))
        return self._wanted() or known

    def _csv(self, names: Sequence[str], rows: Sequence[Mapping[str, Any]], following: str) -> Response:
        headers = {**self._meter(), **({"Next-Cursor": following} if following else {})}
        return Response(sheets.sheet(names, rows), headers=headers, media_type="text/csv; charset=utf-8")


def _kept(sealed: str | None) -> dict[str, Any]:
    """The answer that was given before. An answer may hold a secret that is shown once, so it is kept sealed."""
    found: dict[str, Any] = json.loads(crypto.unseal(_SEALED, sealed)) if sealed and sealed != cache.CLAIMED else {}
    return found


def _again(before: dict[str, Any], print_: str) -> tuple[int, Any, str, bool] | None:
    """The answer as it is given again, if there was one. Invalid when it was one to another request."""
    if not before:
        return None
    if before["print"] != print_:
        raise Invalid("This Idempotency-Key came with another request before.", "Idempotency-Key")
    return before["status"], before["content"], before["tag"], True


def ids(values: Sequence[UUID]) -> list[UUID]:
    """Ids without repetition, in order."""
    return list(dict.fromkeys(values))


@kept
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
