"""What every table shares: names of constraints, ids, times."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import MetaData, text
from sqlmodel import Field, SQLModel

from taskjuggler_app.core.clock import utcnow
from taskjuggler_app.models.columns import now_column

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(SQLModel):
    """Root of all tables; its metadata names every constraint, so that migrations can speak of them."""

    metadata = MetaData(naming_convention=NAMES)


class View(SQLModel):
    """Root of what the database computes: outside our metadata, so that nothing makes a table of it."""

    metadata = MetaData()


class Record(Base):
    """A table whose rows have a UUID, made here or by the database."""

    id: UUID = Field(
        default_factory=uuid4, primary_key=True, sa_column_kwargs={"server_default": text("gen_random_uuid()")}
    )


class Created(Base):
    """A table that keeps when a row was made."""

    created_at: datetime = now_column()


class Timestamps(Created):
    """A table that also keeps when a row last changed."""

    updated_at: datetime = now_column(onupdate=utcnow)
