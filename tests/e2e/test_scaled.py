"""Spread out: whichever process dies, nothing is lost and nothing is done twice."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Installation, eventually
from tests.e2e.scaled import PAIRS
from tests.e2e.test_talk import user_id


def texts(number: int) -> list[str]:
    """Texts that no other test sends."""
    word = uuid4().hex[:8]
    return [f"The gate {word} {at} is stuck, please repair it" for at in range(number)]


@pytest.mark.parametrize("victim", PAIRS)
def test_any_one_may_be_killed_while_texts_come(installation: Installation, victim: str) -> None:
    sent = texts(20)
    for at, text in enumerate(sent):
        if at == 8:
            installation.kill(victim)
        assert eventually(lambda text=text: installation.send_sms(text, sid=f"SM{abs(hash(text)):032x}") == 200)  # type: ignore[misc]  # mypy cannot infer a lambda with a default
    installation.rows("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    installation.start(victim)
    items = (
        "SELECT count(*), count(DISTINCT body) FROM inbox_items "
        "WHERE body = ANY(%s) AND processing_status = 'completed'"
    )
    assert eventually(lambda: installation.rows(items, sent) == [(20, 20)], 60)
    tasks = "SELECT count(*), count(DISTINCT description) FROM tasks WHERE description = ANY(%s)"
    assert eventually(lambda: installation.rows(tasks, sent) == [(20, 20)])


def test_a_page_goes_on_when_its_web_process_is_killed(installation: Installation, maya: Page) -> None:
    maya.goto(f"/messages/{user_id(installation, 'tom')}")
    expect(maya.locator("textarea[name=message]")).to_be_visible()
    for victim in ("web", "second web"):
        installation.kill(victim)
        maya.wait_for_timeout(1_000)  # whichever of the two it was
        expect(maya.get_by_text("Connection lost")).to_be_hidden(timeout=30_000)
        words = f"Still here {uuid4().hex[:6]}"
        maya.fill("textarea[name=message]", words)
        maya.press("textarea[name=message]", "Enter")
        expect(maya.locator(".talk-message.is-mine", has_text=words)).to_be_visible(timeout=30_000)
        assert len(installation.rows("SELECT 1 FROM direct_messages WHERE message = %s", words)) == 1
        installation.start(victim)
