"""What guests, strangers and thieves get: nothing."""

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest
import socketio
from playwright.sync_api import BrowserContext, Page

from taskjuggler_app.api.security import EVENT_PATH
from taskjuggler_app.demo import story
from tests.e2e.conftest import Installation, free_port, sign_in, wait_for

PROTECTED = ("/", "/inbox", "/tasks", "/rules", "/rules/new", "/channels", "/settings", "/settings/security")
HYDRATE = "reflex___state____state.hydrate"
TASKS = "reflex___state____state.taskjuggler_app___web___pages___tasks___state____tasks_state"


@pytest.mark.parametrize("path", PROTECTED)
def test_a_guest_is_sent_to_the_sign_in_form(open_browser: Callable[..., BrowserContext], path: str) -> None:
    page = open_browser().new_page()
    page.goto(path)
    page.wait_for_url(re.compile("/sign-in"))
    page.wait_for_selector("input[name=password]")


def test_after_signing_in_a_guest_is_where_they_wanted_to_be(open_browser: Callable[..., BrowserContext]) -> None:
    page = open_browser().new_page()
    page.goto("/rules")
    page.wait_for_selector("input[name=password]")
    page.fill("input[name=email]", story.PEOPLE[0].email)
    page.fill("input[name=password]", story.DEMO_PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("h1:has-text('Rules')")


def test_a_stolen_tab_token_is_worth_nothing_without_its_cookie(installation: Installation, maya: Page) -> None:
    maya.goto("/tasks")
    title = maya.locator(".task-row .row-link").first.inner_text()
    token = maya.evaluate("sessionStorage.getItem('token')")
    got = hears(installation, token, cookie="")
    assert "is_hydrated" in got
    assert title not in got
    assert "Maya" not in got


def test_a_stolen_tab_token_is_worth_nothing_with_another_persons_cookie(
    installation: Installation, maya: Page, open_browser: Callable[..., BrowserContext]
) -> None:
    maya.goto("/tasks")
    title = maya.locator(".task-row .row-link").first.inner_text()
    token = maya.evaluate("sessionStorage.getItem('token')")
    tom = open_browser(story.PEOPLE[3].email)
    cookie = "; ".join(f"{one['name']}={one['value']}" for one in tom.cookies())
    got = hears(installation, token, cookie=cookie)
    assert title not in got
    assert "Maya" not in got


def test_pushes_do_not_reach_a_guest_socket(installation: Installation, maya: Page) -> None:
    token = maya.evaluate("sessionStorage.getItem('token')")
    text = f"The gutter {uuid4().hex[:8]} is broken"

    got = hears(installation, token, cookie="", meanwhile=lambda: installation.send_sms(text), seconds=2)
    assert text not in got


def test_a_guests_event_gets_a_redirect_and_no_rows(installation: Installation) -> None:
    got = hears(installation, uuid4().hex, cookie="", events=[f"{TASKS}.load", f"{TASKS}.more"])
    assert "/sign-in" in got
    assert re.search("/tasks/[0-9a-f-]{36}", got) is None


def test_somebody_elses_task_does_not_exist(
    installation: Installation, open_browser: Callable[..., BrowserContext]
) -> None:
    stranger = f"stranger{uuid4().hex[:6]}@example.com"
    _make_account(installation, stranger)
    (task_id,) = installation.rows("SELECT id FROM tasks LIMIT 1")[0]
    (item_id,) = installation.rows("SELECT id FROM inbox_items LIMIT 1")[0]
    page = open_browser(stranger).pages[0]
    page.goto(f"/tasks/{task_id}")
    page.wait_for_selector("text=There is no such task")
    page.goto(f"/inbox/{item_id}")
    page.wait_for_selector("text=There is no such message")
    page.goto("/tasks")
    page.wait_for_selector("text=Nothing here")


def test_ending_a_session_empties_its_open_page(installation: Installation, maya: Page) -> None:
    maya.goto("/tasks")
    maya.wait_for_selector(".task-row")
    installation.rows(
        "WITH gone AS (DELETE FROM sessions WHERE user_id = (SELECT id FROM users WHERE email = %s) RETURNING id) "
        "SELECT pg_notify('live', 'session:' || id) FROM gone",
        story.PEOPLE[0].email,
    )
    maya.wait_for_url(re.compile("/sign-in"), timeout=3_000)
    assert maya.locator(".task-row").count() == 0


def test_what_an_ended_session_left_behind_is_not_shown_again(installation: Installation, maya: Page) -> None:
    maya.goto("/tasks")
    title = maya.locator(".task-row .row-link").first.inner_text()
    token = maya.evaluate("sessionStorage.getItem('token')")
    cookie = "; ".join(f"{one['name']}={one['value']}" for one in maya.context.cookies())
    maya.context.close()
    installation.rows(
        "DELETE FROM sessions WHERE user_id = (SELECT id FROM users WHERE email = %s)", story.PEOPLE[0].email
    )
    got = hears(installation, token, cookie=cookie)
    assert "is_hydrated" in got
    assert title not in got


def test_the_same_build_serves_on_another_port(
    installation: Installation, open_browser: Callable[..., BrowserContext]
) -> None:
    port, first = free_port(), installation.processes["web"]
    second = installation.start("web", PORT=str(port), PUBLIC_URL=f"http://127.0.0.1:{port}")
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        page = open_browser(base_url=f"http://127.0.0.1:{port}").new_page()
        sign_in(page, story.PEOPLE[0].email)
        page.goto("/tasks")
        page.wait_for_selector(".task-row")
    finally:
        second.terminate()
        second.wait(20)
        installation.processes["web"] = first


def test_reflexs_upload_route_is_closed(installation: Installation) -> None:
    answer = httpx.post(f"{installation.base_url}/_upload", files={"file": b"x"}, trust_env=False)
    assert answer.status_code == 404


def test_a_socket_from_another_site_is_refused(installation: Installation) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        hears(installation, uuid4().hex, cookie="", origin="https://evil.example")


def test_no_page_breaks_the_policy_and_the_policy_has_no_eval(maya: Page, installation: Installation) -> None:
    problems: list[str] = []
    maya.on("console", lambda message: problems.append(message.text) if message.type in ("error", "warning") else None)
    maya.on("pageerror", lambda error: problems.append(str(error)))
    for path in PROTECTED:
        maya.goto(path)
        maya.wait_for_selector("main h1")
        maya.wait_for_timeout(300)
    assert problems == []
    policy = httpx.get(f"{installation.base_url}/sign-in/", trust_env=False).headers["content-security-policy"]
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy


def _make_account(installation: Installation, email: str) -> None:
    """An account of its own workspace, with the demo's password."""
    installation.rows(
        """
        WITH made AS (
          INSERT INTO users (email, password, name, email_verified_at)
          SELECT %s, password, 'A Stranger', now() FROM users WHERE email = %s RETURNING id
        ), team AS (INSERT INTO teams (name, created_by) SELECT 'Elsewhere', id FROM made RETURNING id, created_by)
        INSERT INTO team_members (team_id, user_id, is_admin) SELECT id, created_by, true FROM team
        """,
        email,
        story.PEOPLE[0].email,
    )


def hears(installation: Installation, token: str, **options: Any) -> str:
    """As `_hears`; in a thread of its own, since Playwright keeps a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(_hears(installation, token, **options))).result()


async def _hears(
    installation: Installation,
    token: str,
    *,
    cookie: str,
    events: list[str] | None = None,
    meanwhile: Callable[[], Any] = lambda: None,
    origin: str = "",
    seconds: float = 1.0,
) -> str:
    """Everything that the server says to a socket that presents `token` and asks to be hydrated."""
    heard: list[str] = []
    client = socketio.AsyncClient(reconnection=False)
    client.on("event", lambda data: heard.append(str(data)), namespace=EVENT_PATH)
    headers = {"Origin": origin or installation.base_url, **({"Cookie": cookie} if cookie else {})}
    await client.connect(
        f"{installation.base_url}?token={token}",
        headers=headers,
        transports=["websocket"],
        namespaces=[EVENT_PATH],
        socketio_path=EVENT_PATH,
    )
    for name in [HYDRATE, *(events or [])]:
        event = {"name": name, "payload": {}, "router_data": {"pathname": "/tasks", "query": {}, "asPath": "/tasks"}}
        await client.emit("event", event, namespace=EVENT_PATH)
    await asyncio.to_thread(meanwhile)
    await asyncio.sleep(seconds)
    await client.disconnect()
    return "\n".join(heard)
