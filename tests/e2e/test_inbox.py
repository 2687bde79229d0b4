"""The inbox in a browser: panes, keys, several at once, a reply taken back, a mail as sent, a voice message."""

from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import BrowserContext, Page

from taskjuggler_app.demo import letters, story
from tests.e2e.axe import examine
from tests.e2e.conftest import Installation, eventually

SOON = 5_000
PANE = ".mailroom-item"


def texts(installation: Installation, number: int = 1) -> list[str]:
    """New texts that no rule knows, one below the other in the list; the newest last."""
    word = uuid4().hex[:6]
    made = [f"Hello {word} {at} from the pier" for at in range(number)]
    for one in made:
        assert installation.send_sms(one, sender=f"+1207555{uuid4().int % 9000 + 1000}") == 200
        assert eventually(lambda one=one: state(installation, one) == "completed")  # type: ignore[misc]  # mypy cannot infer a lambda with a default
    return made


def state(installation: Installation, body: str) -> object:
    """How far the worker is with a text."""
    found = installation.rows("SELECT processing_status FROM inbox_items WHERE body = %s", body)
    return found[0][0] if found else None


def kept(installation: Installation, bodies: list[str]) -> None:
    """As if a rule had kept them in the inbox without a task."""
    installation.rows(
        "UPDATE inbox_items SET status = 'processed', routed_to_task_id = NULL WHERE body = ANY(%s)", bodies
    )


def row(text: str) -> str:
    """The row of a message in the list."""
    return f".inbox-row:has-text('{text}')"


def the_mail(page: Page) -> str:
    """The address of the demo's mail with pictures and files, searched for in the list that is open."""
    page.fill("[data-search]", "annual inspection list")
    found = page.locator(row("inspection"))
    assert eventually(lambda: 0 < found.count() == page.locator(".inbox-row").count())
    return str(found.locator(".row-link").last.get_attribute("href"))


def test_a_message_opens_beside_the_list_and_e_dismisses_it_and_undo_brings_it_back(
    installation: Installation, maya: Page
) -> None:
    below, above = texts(installation, 2)
    kept(installation, [below, above])
    maya.goto("/inbox")
    maya.click(f"{row(above)} .row-link")
    maya.wait_for_selector(f"{PANE} .message:has-text('{above}')", timeout=SOON)
    maya.wait_for_selector(f"{row(above)}:not(.is-unread)", timeout=SOON)
    assert maya.locator(row(below)).count() == 1
    maya.keyboard.press("e")
    maya.wait_for_selector(f"{PANE} .message:has-text('{below}')", timeout=SOON)
    assert installation.rows("SELECT status FROM inbox_items WHERE body = %s", above) == [("dismissed",)]
    maya.click(".toast-undo")
    assert eventually(
        lambda: installation.rows("SELECT status FROM inbox_items WHERE body = %s", above) == [("processed",)]
    )


def test_j_and_k_open_the_next_and_the_one_before(installation: Installation, maya: Page) -> None:
    below, above = texts(installation, 2)
    maya.goto("/inbox")
    maya.click(f"{row(above)} .row-link")
    maya.wait_for_selector(f"{PANE} .message:has-text('{above}')", timeout=SOON)
    maya.keyboard.press("j")
    maya.wait_for_selector(f"{PANE} .message:has-text('{below}')", timeout=SOON)
    maya.keyboard.press("k")
    maya.wait_for_selector(f"{PANE} .message:has-text('{above}')", timeout=SOON)


def test_several_are_dismissed_at_once_and_those_with_a_task_stay(installation: Installation, maya: Page) -> None:
    made = texts(installation, 3)
    kept(installation, made[:2])
    maya.goto("/inbox")
    maya.wait_for_selector(".inbox-row")
    maya.fill("[data-search]", made[0].split()[1])
    assert eventually(lambda: maya.locator(".inbox-row").count() == 3)
    maya.click("[aria-label='Choose all shown']")
    maya.click(".mailroom-bulk button:has-text('Dismiss')")
    maya.wait_for_selector(".toast:has-text('2 messages dismissed')", timeout=SOON)
    dismissed = "SELECT count(*) FROM inbox_items WHERE status = 'dismissed' AND body = ANY(%s)"
    assert installation.rows(dismissed, made) == [(2,)]


def test_a_reply_can_be_taken_back_and_another_one_goes_out(installation: Installation, maya: Page) -> None:
    (text,) = texts(installation)
    maya.goto("/inbox")
    maya.click(f"{row(text)} .row-link")
    maya.wait_for_selector(f"{PANE} .message:has-text('{text}')", timeout=SOON)
    maya.fill("[name=reply]", "We come to the pier")
    maya.click(".reply button:has-text('Send')")
    maya.click(".letter.is-out button:has-text('Undo')")
    maya.wait_for_selector(".letter:has-text('to the pier') .letter-state.is-cancelled", timeout=SOON)
    maya.fill("[name=reply]", "We come to the pier now")
    maya.keyboard.press("Control+Enter")
    maya.wait_for_selector(".letter.is-out:has-text('pier now')", timeout=SOON)
    installation.rows("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE task_name = 'outgoing.send'")
    maya.wait_for_selector(".letter:has-text('pier now') .letter-state.is-sent", timeout=20_000)
    sent = installation.rows("SELECT body FROM outbox_messages WHERE body LIKE 'We come to the pier%%'")
    assert sent == [("We come to the pier now",)]


def test_a_mail_is_shown_as_it_was_sent_without_loading_anything_from_elsewhere(maya: Page) -> None:
    asked: list[str] = []
    maya.on("request", lambda request: asked.append(request.url))
    maya.goto("/inbox")
    maya.wait_for_selector(".inbox-row")
    maya.goto(the_mail(maya))
    maya.click("button:has-text('As sent')")
    frame = maya.frame_locator(".letter-frame")
    frame.locator("h2:has-text('Annual inspection')").wait_for(timeout=SOON)
    assert frame.locator("blockquote").count() == 1
    assert not [url for url in asked if "pictures.example.com" in url]
    with maya.expect_request("https://pictures.example.com/**"):
        maya.click("button:has-text('Load pictures')")
    assert maya.locator(".letter-file:has-text('inspection.csv')").count() == 1
    maya.click(".letter-views button:has-text('Text')")
    maya.wait_for_selector(".letter-quoted", timeout=SOON)
    maya.wait_for_selector(".letter.is-out:has-text('Luis comes on Thursday')")
    maya.wait_for_selector(f".letter.is-in:has-text('{letters.AGAIN.split(',')[0]}')")


def test_a_voice_message_is_played_from_any_second_and_only_by_its_workspace(
    maya: Page, open_browser: Callable[..., BrowserContext]
) -> None:
    maya.goto("/inbox")
    maya.wait_for_selector(".inbox-row")
    maya.fill("[data-search]", "Elena Petrova Cedar clogged")
    maya.click(".inbox-row:has-text('Elena Petrova'):has-text('clogged') .row-link >> nth=0")
    sound = maya.locator(f"{PANE} audio")
    sound.wait_for(timeout=SOON)
    address = str(sound.get_attribute("src"))
    part = maya.request.get(address, headers={"Range": "bytes=100-199"})
    assert (part.status, len(part.body())) == (206, 100)
    assert part.headers["content-type"].startswith("audio/")
    assert open_browser().request.get(address).status == 401


def test_a_suggested_case_is_joined_and_split_again_with_one_click_each(installation: Installation, maya: Page) -> None:
    first, second = texts(installation, 2)
    sender = f"+1207555{uuid4().int % 9000 + 1000}"
    installation.rows("UPDATE inbox_items SET from_identifier = %s WHERE body = ANY(%s)", sender, [first, second])
    installation.rows(
        "UPDATE inbox_items SET suggested_thread_id = (SELECT id FROM inbox_items WHERE body = %s) WHERE body = %s",
        first,
        second,
    )
    maya.goto("/inbox")
    maya.click(f"{row(second)} .row-link")
    maya.click("button:has-text('Join it')")
    maya.wait_for_selector(f".letter.is-in:has-text('{first}')", timeout=SOON)
    maya.click("button:has-text('Split again')")
    maya.wait_for_selector("button:has-text('Join it')", timeout=SOON)


def test_on_a_phone_one_pane_is_in_sight_at_a_time(
    installation: Installation, open_browser: Callable[..., BrowserContext]
) -> None:
    (text,) = texts(installation)
    phone = open_browser(story.PEOPLE[0].email, viewport={"width": 390, "height": 844}).pages[0]
    phone.goto("/inbox")
    phone.click(f"{row(text)} .row-link")
    phone.wait_for_selector(f"{PANE} .message:has-text('{text}')", timeout=SOON)
    assert not phone.is_visible(row(text))
    phone.click(".mailroom-back")
    phone.wait_for_selector(row(text), timeout=SOON)
    assert not phone.is_visible(PANE)


def test_the_panes_have_no_violation_with_a_mail_open(open_browser: Callable[..., BrowserContext]) -> None:
    page = open_browser(story.PEOPLE[0].email, bypass_csp=True).pages[0]
    page.goto("/inbox")
    assert examine(page, the_mail(page)) == []
