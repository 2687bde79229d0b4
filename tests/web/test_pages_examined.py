"""The list of the pages that axe-core examines has every page of the app."""

from pathlib import Path

from taskjuggler_app.web.pages import routes
from taskjuggler_app.web.pages.described import DESCRIPTIONS
from tests.e2e import test_accessibility as examined

FOLDER = Path(examined.__file__).parent


def _static(addresses: set[str]) -> set[str]:
    return {address.partition("?")[0] for address in addresses}


def test_every_page_is_examined() -> None:
    pages = {path for area in examined.PAGES.values() for path in area}
    known = (
        _static(pages | set(examined.GUEST_PAGES)) | set(examined.ROWS) | set(examined.MADE) | set(examined.ELSEWHERE)
    )
    guests = {"/join/[code]", "/invited/[code]", "/appointment/[token]"}  # examined with a code or token of their own
    assert sorted(set(routes()) - known - guests) == []


def test_what_is_examined_elsewhere_is_examined_there() -> None:
    for name in set(examined.ELSEWHERE.values()):
        assert "examine(" in (FOLDER / f"test_{name}.py").read_text(encoding="utf-8"), name


def test_every_page_describes_itself_and_no_two_alike() -> None:
    filled_by_the_server = {
        "/ask/[slug]",
        "/vendors/[vendor_id]",
        "/book/[slug]",
        "/host/[slug]",
        "/appointment/[token]",
    }
    assert set(routes()) - set(DESCRIPTIONS) == filled_by_the_server
    assert len(set(DESCRIPTIONS.values())) == len(DESCRIPTIONS)
