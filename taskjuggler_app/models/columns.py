"""Columns of the kinds that the schema repeats. Each returns a SQLModel field."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic_core import PydanticUndefined
from sqlalchemy import BigInteger, DateTime, Enum, ForeignKey, Numeric, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from taskjuggler_app.core.clock import utcnow


def enum_column(
    kind: type[StrEnum], *, length: int = 20, default: StrEnum | None = None, nullable: bool = False
) -> Any:
    """VARCHAR with a CHECK on the values of `kind`; required unless it has a default or may be null."""
    values = Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=length,
        values_callable=lambda enum: [member.value for member in enum],
        name=_snake(kind.__name__),
    )
    kwargs = {"server_default": default.value} if default is not None else None
    return _field(values, nullable, default, kwargs)


def utc_column(*, nullable: bool = True) -> Any:
    """TIMESTAMPTZ, None unless set; values are aware."""
    return _field(DateTime(timezone=True), nullable, None)


def now_column(onupdate: Callable[[], datetime] | None = None) -> Any:
    """TIMESTAMPTZ that is never null and starts as now."""
    kwargs: dict[str, Any] = {"server_default": text("now()")}
    if onupdate is not None:
        kwargs["onupdate"] = onupdate
    return Field(default_factory=utcnow, nullable=False, sa_type=DateTime(timezone=True), sa_column_kwargs=kwargs)


def jsonb_column(*, default: dict[str, Any] | list[Any] | None = None, nullable: bool = False) -> Any:
    """JSONB. In-place changes are not noticed: assign a new value."""
    if default is None:
        return _field(JSONB(none_as_null=True), nullable, None)
    kwargs = {"server_default": text(f"'{'[]' if isinstance(default, list) else '{}'}'::jsonb")}
    return Field(default_factory=default.copy, nullable=False, sa_type=JSONB, sa_column_kwargs=kwargs)


def metadata_column() -> Any:
    """JSONB column `metadata`; the attribute has another name because SQLAlchemy keeps that one for itself."""
    kwargs = {"name": "metadata", "server_default": text("'{}'::jsonb")}
    return Field(default_factory=dict, nullable=False, sa_type=JSONB, sa_column_kwargs=kwargs)


def varchar_column(length: int, *, default: str) -> Any:
    """VARCHAR that is never null and starts as `default`, also for rows made outside this program."""
    return Field(default=default, max_length=length, nullable=False, sa_column_kwargs={"server_default": default})


def text_column(*, nullable: bool = True) -> Any:
    """TEXT of any length."""
    return _field(Text(), nullable, None)


def bool_column(*, default: bool) -> Any:
    """BOOLEAN that is never null."""
    return Field(
        default=default, nullable=False, sa_column_kwargs={"server_default": text("true" if default else "false")}
    )


def int_column(*, default: int) -> Any:
    """INTEGER that is never null."""
    return Field(default=default, nullable=False, sa_column_kwargs={"server_default": text(str(default))})


def money_column(precision: int = 10, scale: int = 2, *, nullable: bool = True, default: Decimal | None = None) -> Any:
    """NUMERIC(precision, scale)."""
    kwargs = {"server_default": text(str(default))} if default is not None else {}
    return _field(Numeric(precision, scale), nullable, default, kwargs)


def late_reference(target: str, *, ondelete: str | None = None) -> Any:
    """A nullable foreign key that closes a circle of tables: made after all of them."""
    return Field(default=None, sa_column_args=[ForeignKey(target, ondelete=ondelete, use_alter=True)])


def serial_id() -> Any:
    """BIGSERIAL primary key: scanner and log tables."""
    return Field(default=None, primary_key=True, sa_type=BigInteger)


def _field(sa_type: Any, nullable: bool, default: Any, kwargs: dict[str, Any] | None = None) -> Any:
    """A field that is required unless it has a default or may be null."""
    initial = PydanticUndefined if default is None and not nullable else default
    return Field(default=initial, nullable=nullable, sa_type=sa_type, sa_column_kwargs=kwargs or {})


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
