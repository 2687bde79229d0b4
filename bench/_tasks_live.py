"""A hundred open sockets on one workspace, twenty changes a second: from commit to each socket.

Runs as a process of its own (`python -m bench._tasks_live`): reading the pushes must not slow the one that measures.
"""

import asyncio
import json
import re
import sys
import time
from uuid import UUID, uuid4

import socketio

from bench import rig
from taskjuggler_app.api.security import EVENT_PATH
from taskjuggler_app.core import clock, db
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.domain.access import cookies, sessions
from taskjuggler_app.domain.tasks import service
from taskjuggler_app.domain.tasks.drafts import TaskDraft

SOCKETS, A_SECOND, SECONDS = 100, 20, 15
_ROOT = "reflex___state____state"
_EVENTS = (
    f"{_ROOT}.hydrate",
    f"{_ROOT}.taskjuggler_app___web___pages___tasks___state____tasks_state.load",
)
_TITLE = re.compile(r"Change (\d+) of")


class Listener:
    """One open list page: which change it has seen, and when."""

    def __init__(self) -> None:
        self.seen: dict[int, float] = {}
        self.client = socketio.AsyncClient(reconnection=False)
        self.client.on("event", self._hear, namespace=EVENT_PATH)

    async def open(self, cookie: str) -> None:
        """Connect as the browser does, and load the page."""
        await self.client.connect(
            f"{rig.base_url()}?token={uuid4().hex}",
            headers={"Origin": rig.base_url(), "Cookie": cookie},
            transports=["websocket"],
            namespaces=[EVENT_PATH],
            socketio_path=EVENT_PATH,
        )
        for name in _EVENTS:
            data = {"name": name, "payload": {}, "router_data": {"pathname": "/tasks", "query": {}, "asPath": "/tasks"}}
            await self.client.emit("event", data, namespace=EVENT_PATH)

    async def _hear(self, data: object) -> None:
        now = time.time()
        for number in _TITLE.findall(str(data)):
            self.seen.setdefault(int(number), now)


async def run(user_id: UUID, team_id: UUID) -> list[float]:
    """Milliseconds from each commit to each socket; a change that never came counts as a minute."""
    who = Principal(user_id, team_id, Role.ADMIN, Door.WEB, name="Bench")
    cookie = await run_in_db(_cookie, user_id)
    listeners = [Listener() for _ in range(SOCKETS)]
    for listener in listeners:
        await listener.open(cookie)
    await asyncio.sleep(4)
    made: dict[int, float] = {}
    started = time.time()
    for number in range(A_SECOND * SECONDS):
        await asyncio.sleep(max(0.0, started + number / A_SECOND - time.time()))
        await run_in_db(_change, who, number)
        made[number] = time.time()
    await asyncio.sleep(3)
    for listener in listeners:
        await listener.client.disconnect()
    return [(listener.seen.get(n, at + 60) - at) * 1e3 for n, at in made.items() for listener in listeners]


def _cookie(user_id: UUID) -> str:
    with transaction() as session:
        new = sessions.create(session, user_id, ip="127.0.0.1", user_agent="bench", now=clock.utcnow())
    return f"{cookies.session_cookie_name(cookies.secure())}={new.token}"


def _change(who: Principal, number: int) -> None:
    with transaction() as session:
        service.create(session, who, TaskDraft(f"Change {number} of many", who.user_id or UUID(int=0)))


def main() -> None:
    """Prints the milliseconds as JSON."""
    latencies = asyncio.run(run(UUID(sys.argv[1]), UUID(sys.argv[2])))
    db.dispose()
    print(json.dumps(latencies))


if __name__ == "__main__":
    main()
