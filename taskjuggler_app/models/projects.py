"""Tables: projects, project_members, process_templates, saved_filters, task_words."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DDL, Index, PrimaryKeyConstraint, UniqueConstraint, event
from sqlmodel import Field

from taskjuggler_app.models.base import Base, Created, Record, Timestamps
from taskjuggler_app.models.columns import jsonb_column, text_column, utc_column, varchar_column


class Project(Record, Timestamps, table=True):
    """Tasks that belong together; tasks point here with `project_id`. `colour` is a name that the page knows."""

    __tablename__ = "projects"
    __table_args__ = (Index("idx_projects_team", "team_id"),)

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    name: str = Field(max_length=120)
    colour: str = varchar_column(20, default="accent")
    description: str | None = text_column()
    created_by: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
    archived_at: datetime | None = utc_column()


class ProjectMember(Record, Created, table=True):
    """Somebody who works on a project."""

    __tablename__ = "project_members"
    __table_args__ = (UniqueConstraint("project_id", "user_id"), Index("idx_project_members_user", "user_id"))

    project_id: UUID = Field(foreign_key="projects.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")


class ProcessTemplate(Record, Timestamps, table=True):
    """Ordered steps that become tasks one after the other: [{id, title, days, team_member_id}].

    tasks.process_id points here, process_step_id at the step; `days` is when a step is due after it begins.
    """

    __tablename__ = "process_templates"
    __table_args__ = (Index("idx_process_templates_team", "team_id"),)

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    name: str = Field(max_length=120)
    steps: list[Any] = jsonb_column(default=[])
    created_by: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")


class SavedFilter(Record, Created, table=True):
    """A list's filters that somebody keeps under a name; `query` is the address's own query string."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("team_id", "user_id", "name"),)

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    name: str = Field(max_length=80)
    query: str = Field(max_length=500)


class TaskWord(Base, table=True):
    """A word that a workspace's tasks or comments use: where a misspelled search finds the right one."""

    __tablename__ = "task_words"
    __table_args__ = (
        PrimaryKeyConstraint("team_id", "word"),
        Index("idx_task_words_trigrams", "word", postgresql_using="gin", postgresql_ops={"word": "gin_trgm_ops"}),
    )

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    word: str = Field(max_length=40)


_trigrams = DDL("CREATE EXTENSION IF NOT EXISTS pg_trgm")  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it
event.listen(Base.metadata.tables["task_words"], "before_create", _trigrams)
