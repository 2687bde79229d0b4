"""What is mine, in a browser: everything as a ZIP, my picture cut and shown, Monday's numbers by mail at once."""

import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, expect

from taskjuggler_app.demo import story
from tests.e2e.conftest import Installation, eventually

MAYA, _, ADA, TOM = (person.email for person in story.PEOPLE)
SLOW = 20_000
RED, GREEN, BLUE = (200, 30, 30), (30, 160, 30), (30, 30, 200)
PIXELS = """async image => {
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    const paper = canvas.getContext('2d');
    paper.drawImage(image, 0, 0);
    const at = share => [...paper.getImageData(share * canvas.width, canvas.height / 2, 1, 1).data].slice(0, 3);
    return {width: canvas.width, height: canvas.height, colours: [at(0.1), at(0.5), at(0.9)]};
}"""


def test_everything_of_mine_is_packed_and_opens(open_browser: Callable[..., BrowserContext]) -> None:
    page = open_browser(ADA).pages[0]
    title = f"Water the ferns {uuid4().hex[:6]}"
    page.goto("/tasks")
    page.wait_for_selector(".task-row")
    page.wait_for_load_state("networkidle")
    page.click("button:has-text('New task')")
    page.fill("#new-task-name", title)
    page.keyboard.press("Enter")
    page.wait_for_selector(f".task-row:has-text('{title}')", timeout=SLOW)
    page.goto("/settings/data")
    page.click("button:has-text('Pack my data')", timeout=SLOW)
    page.wait_for_selector("a:has-text('Download')", timeout=90_000)
    with page.expect_download() as download:
        page.locator("a:has-text('Download')").first.click()
    packed = zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert packed.testzip() is None
    parts = {Path(name).stem: json.loads(packed.read(name)) for name in packed.namelist() if name.endswith(".json")}
    assert title in {row["title"] for row in parts["tasks"]}
    assert [row["email"] for row in parts["account"]] == [ADA]
    assert not any("password" in column for column in parts["account"][0])
    assert any("README" in name for name in packed.namelist())


def test_a_picture_is_cut_to_its_middle_and_shown_to_a_colleague(open_browser: Callable[..., BrowserContext]) -> None:
    tom = open_browser(TOM).pages[0]
    tom.goto("/settings")
    tom.wait_for_selector(".portrait .avatar")
    tom.wait_for_load_state("networkidle")
    expect(tom.locator(".portrait .avatar-picture")).to_have_count(0)
    chosen = FilePayload(name="me.png", mimeType="image/png", buffer=striped(300, 200))
    tom.locator("[data-upload-square] [data-upload-choose]").set_input_files(chosen)
    shown = tom.locator(".portrait .avatar-picture")
    shown.wait_for(timeout=SLOW)
    cut = shown.evaluate(PIXELS)
    assert (cut["width"], cut["height"]) == (512, 512)
    for seen, drawn in zip(cut["colours"], (RED, GREEN, BLUE), strict=True):
        assert all(abs(one - other) < 25 for one, other in zip(seen, drawn, strict=True)), cut
    address = shown.get_attribute("src") or ""
    assert re.fullmatch(r"/files/[\w-]{36}", address)

    colleague = open_browser(MAYA).pages[0]
    face = face_of_tom(colleague)
    expect(face).to_have_attribute("src", address, timeout=SLOW)
    assert face.evaluate("async image => { await image.decode(); return image.naturalWidth; }") == 512
    tom.click(".portrait button:has-text('Remove')")
    expect(shown).to_have_count(0, timeout=SLOW)
    expect(face_of_tom(colleague)).to_have_count(0, timeout=SLOW)


def test_mondays_numbers_are_mailed_at_once(installation: Installation, maya: Page) -> None:
    maya.goto("/monday")
    maya.locator("[data-tile]").first.wait_for(timeout=SLOW)
    maya.click("button:has-text('Mail it to me now')")
    maya.wait_for_selector(".toast:has-text('on its way to')", timeout=SLOW)
    sent = "SELECT body FROM outbox_messages WHERE to_address = %s AND subject LIKE 'Manager''s Monday: %%'"
    assert eventually(lambda: installation.rows(sent, MAYA) != [], 30)
    assert "Work in" in str(installation.rows(sent, MAYA)[0][0])


def face_of_tom(page: Page) -> Locator:
    """His picture in the list of the team."""
    page.goto("/people")
    row = page.locator(".load-row", has_text=TOM)
    row.wait_for(timeout=SLOW)
    return row.locator(".avatar-picture")


def striped(width: int, height: int) -> bytes:
    """A PNG of three upright stripes: red, green, blue."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    line = b"\0" + b"".join(bytes((RED, GREEN, BLUE)[column * 3 // width]) for column in range(width))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(line * height)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body
