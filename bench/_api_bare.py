"""The peer of the API's benchmark: FastAPI and psycopg and nothing else. No keys, no limits, no history, no log.

`python -m bench._api_bare PORT TEAM USER` serves the newest 50 open tasks of a workspace, and makes one.
"""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from fastapi import FastAPI
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool
from pydantic import AwareDatetime, BaseModel, Field

_COLUMNS = """
tasks.id::text, title, tasks.status, priority, coalesce(tasks.metadata->>'category', '') AS category,
tags, due_date AS due_at, tasks.created_at, source_type AS source, coalesce(source_channel, '') AS channel,
project_id::text, jsonb_array_length(checklist) AS steps, version, coalesce(users.name, '') AS doer
"""
_LIST = f"""
SELECT {_COLUMNS} FROM tasks LEFT JOIN team_members ON team_members.id = team_member_id
  LEFT JOIN users ON users.id = coalesce(team_members.user_id, owner_id)
 WHERE tasks.team_id = %s AND tasks.deleted_at IS NULL AND tasks.status IN ('pending', 'in_progress')
 ORDER BY tasks.created_at DESC, tasks.id DESC LIMIT 51
"""  # its parts are ours
_CREATE = f"""
WITH tasks AS (
  INSERT INTO tasks (team_id, requestor_id, title, description, priority, due_date, tags, source_type)
  VALUES (%s, %s, %s, %s, %s, %s, %s, 'api') RETURNING *)
SELECT {_COLUMNS} FROM tasks LEFT JOIN users ON users.id = owner_id
"""  # its parts are ours


class Task(BaseModel):
    """A task in a list."""

    id: str
    title: str
    status: str
    priority: str
    category: str
    doer: str
    tags: list[str]
    due_at: datetime | None
    created_at: datetime
    source: str | None
    channel: str
    project_id: str | None
    steps: int
    version: int


class Listed(BaseModel):
    """A page."""

    items: list[Task]
    next: str


class NewTask(BaseModel):
    """A task to be made."""

    title: str = Field(min_length=1, max_length=500)
    description: str = ""
    priority: str = "normal"
    due_at: AwareDatetime | None = None
    tags: list[str] = []


def create(team: str, user: str) -> FastAPI:
    """The app; its pool is as large as ours."""
    pool = AsyncConnectionPool(os.environ["DATABASE_URL"], min_size=8, max_size=8, open=False)

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        async with pool:
            yield

    app = FastAPI(lifespan=running)

    @app.get("/tasks", response_model=Listed)
    async def list_tasks() -> dict[str, Any]:
        async with pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            rows = await (await cursor.execute(_LIST, [team])).fetchall()
        return {"items": rows[:50], "next": rows[49]["id"] if len(rows) > 50 else ""}

    @app.post("/tasks", status_code=201, response_model=Task)
    async def create_task(new: NewTask) -> Any:
        values = [team, user, new.title, new.description, new.priority, new.due_at, Jsonb(new.tags)]
        async with pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            return await (await cursor.execute(_CREATE, values)).fetchone()

    return app


def serve() -> FastAPI:
    """What the server's worker calls."""
    return create(os.environ["BARE_TEAM"], os.environ["BARE_USER"])


def main() -> None:
    """Serve as our own web process does: one worker of the same server on the same loop."""
    from granian.constants import Interfaces, Loops
    from granian.log import LogLevels
    from granian.server import Server

    os.environ.update(BARE_TEAM=sys.argv[2], BARE_USER=sys.argv[3])
    Server(
        "bench._api_bare:serve",
        factory=True,
        port=int(sys.argv[1]),
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        workers=1,
        log_access=False,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    main()
