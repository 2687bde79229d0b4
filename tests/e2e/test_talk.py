"""People, contacts and messages in a browser."""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import BrowserContext, Page, expect

from taskjuggler_app.demo import story
from tests.e2e.conftest import Installation
from tests.e2e.test_accounts import PASSWORD, mail_to

Open = Callable[..., BrowserContext]


def user_id(installation: Installation, key: str) -> str:
    """The id of somebody of the demo."""
    email = next(person.email for person in story.PEOPLE if person.key == key)
    return str(installation.rows("SELECT id FROM users WHERE email = %s", email)[0][0])


def test_a_message_shows_at_once_on_the_other_side_and_so_does_that_it_was_seen(
    installation: Installation, open_browser: Open, maya: Page
) -> None:
    tom = open_browser("tom@demo.example.com").pages[0]
    unread = "SELECT count(*) FROM direct_messages WHERE recipient_id = %s AND NOT is_read"
    ((before,),) = installation.rows(unread, user_id(installation, "tom"))
    maya.goto(f"/messages/{user_id(installation, 'tom')}")
    words = f"Keys are at the desk {uuid4().hex[:6]}"
    maya.fill("textarea[name=message]", words)
    maya.press("textarea[name=message]", "Enter")
    expect(maya.locator(".talk-message.is-mine", has_text=words)).to_be_visible()
    expect(tom.locator(".nav a[href='/messages'] .count")).to_have_text(re.compile(f"^{int(str(before)) + 1}\\b"))
    tom.goto(f"/messages/{user_id(installation, 'maya')}")
    expect(tom.locator(".talk-message", has_text=words)).to_be_visible()
    expect(maya.locator(".talk-message", has_text=words).locator(".talk-seen")).to_be_visible()
    tom.set_input_files("[data-upload-choose]", {"name": "desk.txt", "mimeType": "text/plain", "buffer": b"top drawer"})
    expect(tom.locator("[data-file-id]")).to_be_visible()
    tom.click("button:has-text('Send')")
    expect(maya.locator(".talk-message .file-name")).to_contain_text("desk.txt")
    expect(tom.locator("[data-file-id]")).to_have_count(0)


def test_an_invited_newcomer_signs_up_comes_back_and_is_in_the_team(
    installation: Installation, open_browser: Open, maya: Page
) -> None:
    email = f"new{uuid4().hex[:6]}@example.com"
    maya.goto("/people")
    maya.fill("input[name=address]", email)
    maya.click("button:has-text('Send the invitation')")
    expect(maya.locator(".rule", has_text=email)).to_be_visible()
    path = mail_to(installation, email, r"(/join/\S+)")
    page = open_browser().new_page()
    page.goto(path)
    page.click("text=I am new here")
    page.wait_for_url(re.compile("/sign-up"))
    page.fill("input[name=name]", "Nils Newcomer")
    page.fill("input[name=business]", "Nils alone")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("text=Enter the code from that mail")
    page.fill("input[name=code]", mail_to(installation, email, r"\b(\d{6})\b"))
    page.click("button:has-text('Confirm')")
    page.click("button:has-text('Join the team')")
    expect(page.locator(".load-row", has_text="Nils Newcomer")).to_be_visible()
    expect(maya.locator(".load-row", has_text="Nils Newcomer")).to_be_visible()  # live, on the inviter's page
    row = maya.locator(".load-row", has_text="Nils Newcomer")
    row.locator("summary").click()
    row.locator("text=Remove from the team").click()
    maya.click("#leaving button:has-text('Remove')")
    expect(row).to_have_count(0)
    expect(page.locator("h1")).to_contain_text("Today")  # whoever was removed is back in a workspace of their own
    expect(page.locator(".workspace")).to_contain_text("Nils alone")
    page.wait_for_load_state("networkidle")


def test_a_csv_file_is_looked_at_then_put_in_and_what_is_wrong_is_shown(maya: Page, tmp_path: Path) -> None:
    name = f"Suppliers {uuid4().hex[:6]}"
    file = tmp_path / "suppliers.csv"
    file.write_text(
        "Company,E-mail,Mobile\nPipes Ltd,pipes@example.com,207 555 0150\nNo way,,\nPipes,PIPES@example.com,\n"
    )
    maya.goto("/contacts")
    maya.click("button:has-text('New list') >> nth=0")
    maya.fill("#list-name", name)
    maya.click("dialog button:has-text('Make the list')")
    maya.wait_for_selector(f"h1:has-text('{name}')")
    maya.set_input_files("[data-upload-choose]", str(file))
    maya.wait_for_url(re.compile("/contacts/import/"))
    expect(maya.locator("td", has_text="There is neither an email nor a phone number.")).to_be_visible()
    maya.select_option("select[aria-label='What the column Company is']", "name")
    maya.click("button:has-text('Import')")
    expect(maya.locator("text=Everybody who could be read is on the list")).to_be_visible()
    maya.click("a:has-text('Open the list')")
    expect(maya.locator("tr", has_text="+12075550150")).to_contain_text("Pipes Ltd")
    with maya.expect_download() as download:
        maya.click("a:has-text('Export CSV')")
    assert "pipes@example.com" in Path(download.value.path()).read_text("utf-8-sig")
