"""Dashboards in a browser: filters in the address, from a number to its rows, the same number in the sheet."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Installation, eventually


@pytest.fixture(scope="module", autouse=True)
def counting(installation: Installation) -> Iterator[None]:
    """The clock, which has what happened counted."""
    installation.start("third scheduler")
    counted = "SELECT 1 FROM analytics_rollups LIMIT 1"
    assert eventually(lambda: installation.rows(counted) != [], 60)
    yield
    installation.processes.pop("third scheduler").terminate()


def test_a_number_leads_to_exactly_its_rows_and_stands_in_the_sheet(installation: Installation, maya: Page) -> None:
    maya.goto("/dashboards/tasks")
    maya.locator("[data-tile]").first.wait_for()
    maya.click("label:has-text('A year')")
    maya.wait_for_url(re.compile("span=365|from="))
    tile = maya.locator("section", has=maya.locator("h2", has_text=re.compile("^Work in$"))).first
    number = tile.locator("tbody tr").first.locator("td a").first
    said = int(re.sub(r"\D", "", number.inner_text().partition(",")[0]))
    with maya.expect_download() as download:
        tile.locator("a.monday-sheet").click()
    lines = list(csv.reader(Path(download.value.path()).read_text("utf-8-sig").splitlines()))
    assert any(str(said) in line for line in lines)
    number.click()
    maya.wait_for_url(re.compile("/dashboards/rows"))
    expect(maya.locator(".counted-rows > li").first).to_be_visible()
    while maya.locator(".more button").count():
        before = maya.locator(".counted-rows > li").count()
        maya.locator(".more button").click()
        maya.wait_for_function(
            "(before) => document.querySelectorAll('.counted-rows > li').length > before", arg=before
        )
    assert maya.locator(".counted-rows > li").count() == said


def test_filters_stand_in_the_address_and_a_new_task_counts_at_once(installation: Installation, maya: Page) -> None:
    maya.goto("/dashboards/tasks")
    stand = maya.locator("[data-tile]", has_text="Where tasks stand").locator("tbody tr", has_text="Waiting")
    stand.wait_for()
    before = int(re.sub(r"\D", "", stand.locator("td").first.inner_text().partition(",")[0]))
    text = "The bell on the second floor is silent, please repair it"
    assert installation.send_sms(text, sender="+12075550177") == 200
    expect(stand.locator("td").first).to_have_text(re.compile(rf"^{before + 1}\b"), timeout=15_000)
    maya.select_option("select[name=person]", label="Luis Ferreira")
    maya.wait_for_url(re.compile("person="))
    maya.reload()
    stand.wait_for()
    assert maya.locator("select[name=person] option:checked").inner_text() == "Luis Ferreira"


def test_the_sheet_of_a_dashboard_is_kept_as_a_file(maya: Page) -> None:
    maya.goto("/dashboards/inbox")
    maya.locator("[data-tile]").first.wait_for()
    with maya.expect_download() as download:
        maya.locator(".page-actions a", has_text="CSV").click()
    assert "First response" in Path(download.value.path()).read_text("utf-8-sig")
