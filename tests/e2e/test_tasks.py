"""The tasks area in a browser: quick add, talk with a file, two editors, the board, the bin."""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import BrowserContext, Page, expect

from taskjuggler_app.demo import story
from tests.e2e.conftest import Installation, eventually
from tests.e2e.test_accounts import PASSWORD, mail_to

SOON = 3_000
_PASTE = """() => {
  const data = new DataTransfer();
  data.items.add(new File(["hello"], "pasted.txt", { type: "text/plain" }));
  const zone = document.querySelector("[data-uploads=instant]");
  zone.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def a_task(page: Page, more: str = "") -> str:
    """A task added on the list page by one line; its title."""
    title = f"Paint door {uuid4().hex[:6]}"
    page.goto("/tasks")
    page.wait_for_selector(".task-row")
    page.click("button:has-text('New task')")
    page.fill("#new-task-name", f"{title} {more}")
    page.press("#new-task-name", "Enter")
    page.wait_for_selector(f".task-row:has-text('{title}')")
    return title


def open_task(page: Page, title: str) -> None:
    """Go to the task's page."""
    page.goto("/tasks")
    page.click(f".task-row:has-text('{title}') .row-link")
    page.wait_for_selector(f"h1:has-text('{title}')")


def test_one_line_becomes_a_task_with_date_tag_priority_and_doer(installation: Installation, maya: Page) -> None:
    title = a_task(maya, "tomorrow 9am #billing !high @luis")
    found = installation.rows(
        "SELECT priority, tags->>0, due_date IS NOT NULL, team_member_id IS NOT NULL FROM tasks WHERE title = %s", title
    )
    assert found == [("high", "billing", True, True)]


def test_the_filters_are_in_the_address(maya: Page) -> None:
    maya.goto("/tasks")
    maya.wait_for_selector(".task-row")
    maya.select_option("select[name=sort]", "due")
    maya.wait_for_url(re.compile("sort=due"))
    maya.reload()
    maya.wait_for_selector(".task-row")
    assert maya.input_value("select[name=sort]") == "due"


def test_a_comment_with_a_file_and_who_read_it(
    installation: Installation, maya: Page, open_browser: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    title = a_task(maya)
    open_task(maya, title)
    (tmp_path / "plan.txt").write_text("north wall first")
    maya.locator("form [data-upload-choose]").set_input_files(str(tmp_path / "plan.txt"))
    maya.wait_for_selector(".upload-line[data-file-id]")
    maya.fill("textarea[name=text]", "Here is the plan, @luis")
    maya.click("button:has-text('Comment')")
    maya.wait_for_selector(".comments .file-name:has-text('plan.txt')")
    luis = open_browser(story.PEOPLE[1].email).pages[0]
    luis.goto(maya.url)
    luis.wait_for_selector(".comments .file-name:has-text('plan.txt')")
    maya.wait_for_selector(".comment-read:has-text('Luis Ferreira')", timeout=SOON)


def test_the_second_editor_chooses(
    installation: Installation, maya: Page, open_browser: Callable[..., BrowserContext]
) -> None:
    title = a_task(maya)
    open_task(maya, title)
    luis = open_browser(story.PEOPLE[2].email).pages[0]
    boss = open_browser(story.PEOPLE[0].email).pages[0]
    luis.close()
    boss.goto(maya.url)
    for page in (maya, boss):
        page.click(".menu-trigger[title=More]")
        page.click("button:has-text('Edit')")
        page.wait_for_selector("#edit-task[open] input[name=title]")
    maya.fill("#edit-title", f"{title} first")
    maya.click("#edit-task button:has-text('Save')")
    maya.wait_for_selector(f"h1:has-text('{title} first')")
    boss.fill("#edit-title", f"{title} second")
    boss.fill("#edit-tags", "both")
    boss.click("#edit-task button:has-text('Save')")
    boss.wait_for_selector(f"#edit-conflict[open] :text('{title} first')")
    boss.click("button:has-text('Use mine')")
    maya.wait_for_selector(f"h1:has-text('{title} second')", timeout=SOON)
    assert installation.rows("SELECT tags FROM tasks WHERE title = %s", f"{title} second") == [(["both"],)]


def test_a_card_is_dragged_and_stays(installation: Installation, maya: Page) -> None:
    title = a_task(maya)
    maya.goto("/tasks/board")
    card = maya.locator(f"[data-column=pending] .board-card:has-text('{title}')")
    card.wait_for()
    card.focus() if card.get_attribute("tabindex") else card.locator("a").focus()
    maya.keyboard.press("Alt+ArrowRight")
    maya.wait_for_selector(f"[data-column=in_progress] [data-card]:has-text('{title}')", timeout=SOON)
    maya.locator(f"[data-column=in_progress] [data-card]:has-text('{title}')").drag_to(
        maya.locator(
            "[data-column=completed] h2"
        )  # in sight: a page that scrolls between press and move drags another card
    )
    maya.wait_for_selector(f"[data-column=completed] [data-card]:has-text('{title}')", timeout=SOON)
    assert eventually(lambda: installation.rows("SELECT status FROM tasks WHERE title = %s", title) == [("completed",)])


def test_the_board_is_narrowed_and_its_address_says_how(maya: Page) -> None:
    title = a_task(maya)
    maya.goto("/tasks/board")
    card = maya.locator(f".board-card:has-text('{title}')")
    card.wait_for()
    maya.select_option("select[name=priority]", "urgent")
    expect(card).to_have_count(0)
    maya.wait_for_url(re.compile(r"/tasks/board\?priority=urgent$"))
    maya.reload()
    maya.wait_for_selector("select[name=priority].is-set")
    expect(card).to_have_count(0)
    maya.click("button:has-text('Clear')")
    expect(card).to_have_count(1)


def test_a_refused_card_goes_back_and_says_why(open_browser: Callable[..., BrowserContext], maya: Page) -> None:
    title = a_task(maya)
    tom = open_browser(story.PEOPLE[3].email).pages[0]
    tom.goto("/tasks/board")
    card = tom.locator(f"[data-column=pending] .board-card:has-text('{title}')")
    card.wait_for()
    card.drag_to(tom.locator("[data-column=completed] h2"))
    tom.wait_for_selector(".toast:has-text('Only its doer')", timeout=SOON)
    expect(tom.locator(f"[data-column=pending] .board-card:has-text('{title}')")).to_be_visible()
    expect(tom.locator("[data-board-copy]")).to_have_count(0)


def test_a_task_goes_to_another_day_by_mouse_and_by_keys(installation: Installation, maya: Page) -> None:
    title = a_task(maya, "tomorrow 9am")
    when = "SELECT to_char(due_date AT TIME ZONE %s, 'YYYY-MM-DD HH24:MI') FROM tasks WHERE title = %s"

    def due() -> str:
        return str(installation.rows(when, story.ZONE, title)[0][0])

    day = due()[:10]
    maya.goto(f"/tasks/calendar?view=week&day={day}")
    task = maya.locator(f"[data-drag-id]:has-text('{title}')")
    task.wait_for()
    days = [str(one.get_attribute("data-drop-at")) for one in maya.locator("[data-drop-at]").all()]
    other, key = (days[-1], "ArrowRight") if day != days[-1] else (days[0], "ArrowLeft")
    task.drag_to(maya.locator(f"[data-drop-at='{other}'] h3"))
    expect(maya.locator(f"[data-drop-at='{other}'] [data-drag-id]:has-text('{title}')")).to_be_visible()
    assert eventually(lambda: due() == f"{other} 09:00")
    maya.click(".toast-undo")
    expect(maya.locator(f"[data-drop-at='{day}'] [data-drag-id]:has-text('{title}')")).to_be_visible()
    task.locator("a").focus()
    maya.keyboard.press(f"Alt+{key}")
    beside = days[days.index(day) + (1 if key == "ArrowRight" else -1)]
    moved = maya.locator(f"[data-drop-at='{beside}'] [data-drag-id]:has-text('{title}')")
    expect(moved.locator("a")).to_be_focused()
    assert due() == f"{beside} 09:00"
    assert "view=week" in maya.url


def test_a_day_that_is_refused_gives_the_task_back(
    installation: Installation, open_browser: Callable[..., BrowserContext], maya: Page
) -> None:
    title = a_task(maya, "tomorrow 8am")
    tom = open_browser(story.PEOPLE[3].email).pages[0]
    day = installation.rows("SELECT due_date::date::text FROM tasks WHERE title = %s", title)[0][0]
    tom.goto(f"/tasks/calendar?view=week&day={day}")
    task = tom.locator(f"[data-drag-id]:has-text('{title}')")
    home = str(tom.locator("[data-drop-at]").filter(has=task).get_attribute("data-drop-at"))
    task.locator("a").focus()
    tom.keyboard.press("Alt+ArrowDown")
    tom.wait_for_selector(".toast:has-text('Only the one who does this task')", timeout=SOON)
    expect(tom.locator(f"[data-drop-at='{home}'] [data-drag-id]:has-text('{title}')")).to_be_visible()
    expect(tom.locator("[data-due-copy]")).to_have_count(0)


def test_the_order_of_cards_is_everybodys(open_browser: Callable[..., BrowserContext], maya: Page) -> None:
    lower, upper = a_task(maya), a_task(maya)
    luis = open_browser(story.PEOPLE[1].email).pages[0]
    cards = "[data-column=pending] .board-card"
    for page in (maya, luis):
        page.goto("/tasks/board")
        expect(page.locator(cards).first).to_contain_text(upper)
    maya.locator(f"{cards}:has-text('{lower}') a").focus()
    maya.keyboard.press("Alt+ArrowUp")
    expect(luis.locator(cards).first).to_contain_text(lower, timeout=SOON)
    expect(maya.locator(cards).first).to_contain_text(lower, timeout=SOON)
    expect(maya.locator(f"{cards}:has-text('{lower}') a")).to_be_focused()


def test_many_are_changed_by_keys_and_the_toast_takes_it_back(installation: Installation, maya: Page) -> None:
    title = a_task(maya)
    query = "SELECT status FROM tasks WHERE title = %s"
    maya.goto("/tasks")
    maya.locator(f".task-row:has-text('{title}') .row-link").focus()
    maya.keyboard.press("x")
    maya.wait_for_selector(".bulk-bar:has-text('1 chosen')")
    maya.keyboard.press("e")
    maya.wait_for_selector(f".task-row:has-text('{title}')", state="detached")
    assert installation.rows(query, title) == [("completed",)]
    maya.click(".toast-undo")
    maya.wait_for_selector(f".task-row:has-text('{title}')")
    assert installation.rows(query, title) == [("pending",)]


def test_kept_filters_groups_and_the_file_of_what_is_shown(maya: Page) -> None:
    title = a_task(maya, "tomorrow 5pm #rare")
    maya.goto("/tasks?tag=rare&group=due")
    maya.wait_for_selector(".row-group:has-text('In the next 7 days')")
    maya.click("main .toolbar .menu-trigger")
    maya.click("button:has-text('Keep these filters')")
    name = f"Rare {uuid4().hex[:4]}"
    maya.fill("#filter-name", name)
    maya.press("#filter-name", "Enter")
    maya.goto("/tasks")
    maya.click(f".saved-filters button:has-text('{name}')")
    maya.wait_for_url(re.compile("tag=rare"))
    text = maya.request.get(f"/data/tasks.csv?{maya.url.partition('?')[2]}").text()
    assert "tag: rare" in text.splitlines()[1]
    assert title in text


def test_an_outsider_accepts_signs_up_and_talks(
    installation: Installation, maya: Page, open_browser: Callable[..., BrowserContext]
) -> None:
    title, email = a_task(maya), f"helper{uuid4().hex[:6]}@example.com"
    open_task(maya, title)
    maya.fill("input[name=address]", email)
    maya.click("button:has-text('Invite')")
    maya.wait_for_selector(f".invited:has-text('{email}')")
    path = mail_to(installation, email, r"(/invited/\S+)")
    guest = open_browser().new_page()
    guest.goto(path)
    guest.click("button:has-text('Yes, I do it')")
    maya.wait_for_selector(".invited:has-text('Accepted')", timeout=SOON)
    guest.click("text=I am new here")
    guest.wait_for_url(re.compile("/sign-up"))
    for field, value in {"name": "Hal Helper", "business": "Hal alone", "email": email, "password": PASSWORD}.items():
        guest.fill(f"input[name={field}]", value)
    guest.click("button[type=submit]")
    guest.wait_for_selector("text=Enter the code from that mail")
    guest.fill("input[name=code]", mail_to(installation, email, r"\b(\d{6})\b"))
    guest.click("button:has-text('Confirm')")
    guest.click("button:has-text('Keep it in')")
    guest.fill("textarea[name=text]", "I bring a ladder")
    guest.click("button:has-text('Comment')")
    maya.wait_for_selector(".comments:has-text('I bring a ladder')", timeout=SOON)
    guest.click("a:has-text('Write to Maya')")
    guest.fill("textarea[name=message]", "Is there parking?")
    guest.press("textarea[name=message]", "Enter")
    expect(guest.locator(".talk-message.is-mine", has_text="Is there parking?")).to_be_visible()
    maya.goto("/messages")
    maya.wait_for_selector(".talk-person:has-text('Hal Helper'):has-text('Is there parking?')")


def test_a_pasted_picture_is_attached(maya: Page) -> None:
    title = a_task(maya)
    open_task(maya, title)
    maya.evaluate(_PASTE)
    maya.wait_for_selector(".file-name:has-text('pasted.txt')")


def test_the_bin_gives_back(maya: Page) -> None:
    title = a_task(maya)
    open_task(maya, title)
    maya.click(".menu-trigger[title=More]")
    maya.click("button:has-text('Put into the bin')")
    maya.wait_for_selector(".toast-undo")
    maya.goto("/tasks/bin")
    maya.locator(f".row:has-text('{title}') button").click()
    maya.wait_for_selector(f".row:has-text('{title}')", state="detached")
    maya.goto("/tasks")
    maya.wait_for_selector(f".task-row:has-text('{title}')")
