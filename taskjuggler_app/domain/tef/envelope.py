"""The envelope of the task exchange, `application/vnd.taskjuggler.tef+json` 2.0.0: reading, writing, schemas, signing.

A signature is over `created` + newline + the exact bytes of the body, in the header
`TEF-Signature: keyid="…", created=UNIX, signature="BASE64"`; it is good for five minutes either way.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID, uuid4

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator

from taskjuggler_app.core.errors import Forbidden, Invalid
from taskjuggler_app.domain.tef.payloads import PAYLOADS, Payload
from taskjuggler_app.models.exchange import Kind

MEDIA_TYPE = "application/vnd.taskjuggler.tef+json"
VERSION = "2.0.0"
LONGEST = 256_000
"""Bytes of an envelope."""
SKEW = timedelta(minutes=5)
_SIGNED = re.compile(r'keyid="([\w-]{1,64})",\s*created=(\d{1,12}),\s*signature="([A-Za-z0-9+/=]{1,200})"')


class Envelope(BaseModel):
    """One message. `payload` is the plain object; `said` reads it as its kind's model."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    tef_version: Literal["2.0.0"] = "2.0.0"
    message_id: UUID = Field(default_factory=uuid4, description="Idempotency key: the same one twice is one message.")
    message_type: Kind
    timestamp: AwareDatetime
    correlation_id: UUID | None = Field(default=None, description="The message that this one answers.")
    task_id: UUID | None = Field(
        default=None, description="The task in the sender's TASK_CREATE; None only in a MESSAGE."
    )
    source_actor: UUID
    target_actor: UUID
    payload: dict[str, Any] = Field(default_factory=dict)

    @field_validator("message_type", mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        """TASK_ACCEPT and the like are read as ACCEPT."""
        if isinstance(value, str) and value != Kind.TASK_CREATE and value.startswith("TASK_"):
            return value.removeprefix("TASK_")
        return value

    @property
    def said(self) -> Payload:
        """The payload as its kind's model."""
        return PAYLOADS[self.message_type].model_validate(self.payload)


def read(body: bytes) -> Envelope:
    """The envelope in `body`, its payload checked. Raises Invalid naming the member that is wrong."""
    if len(body) > LONGEST:
        raise Invalid(f"An envelope has at most {LONGEST:,} bytes.")
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        raise Invalid("The envelope is not JSON.") from None
    if not isinstance(raw, dict):
        raise Invalid("An envelope is a JSON object.")
    return parse(raw)


def parse(raw: Mapping[str, Any]) -> Envelope:
    """The envelope in `raw`. Raises Invalid naming the member that is wrong."""
    if raw.get("tef_version") != VERSION:
        raise Invalid(f"tef_version must be {VERSION}.", "tef_version")
    try:
        found = Envelope.model_validate(dict(raw))
    except ValidationError as error:
        raise _invalid(error, ()) from None
    if found.task_id is None and found.message_type is not Kind.MESSAGE:
        raise Invalid("task_id must name the task.", "task_id")
    try:
        _ = found.said
    except ValidationError as error:
        raise _invalid(error, ("payload",)) from None
    return found


def write(envelope: Envelope) -> bytes:
    """The envelope as it is sent and signed: JSON with sorted members, without needless space."""
    plain = envelope.model_dump(mode="json")
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def signed_bytes(created: int, body: bytes) -> bytes:
    """What a signature covers."""
    return f"{created}\n".encode() + body


def read_signature(header: str, now: datetime) -> tuple[str, int, str]:
    """Key id, creation and signature of a header. Raises Forbidden for one that is none, or too old or new."""
    found = _SIGNED.fullmatch(header.strip())
    if found is None:
        raise Forbidden("The TEF-Signature header cannot be read.")
    created = int(found[2])
    if abs(now.timestamp() - created) > SKEW.total_seconds():
        raise Forbidden("The signature is too old, or its clock is wrong.")
    return found[1], created, found[3]


def schema(kind: Kind | None = None) -> dict[str, Any]:
    """The JSON Schema (2020-12) of the envelope, or of one kind's payload."""
    model: type[BaseModel] = Envelope if kind is None else PAYLOADS[kind]
    name = "envelope" if kind is None else kind.value
    made = model.model_json_schema(mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"/tef/schemas/{name}",
        **made,
        "title": f"TEF {VERSION} {name}",
    }


def _invalid(error: ValidationError, within: tuple[str, ...]) -> Invalid:
    first = error.errors()[0]
    place = ".".join(str(part) for part in (*within, *first["loc"]))
    return Invalid(f"{place or 'envelope'}: {first['msg']}.", place)
