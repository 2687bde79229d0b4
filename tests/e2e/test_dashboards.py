"""The dashboards in a browser: a filter that stays in the address, a number that leads to its rows, its sheet."""

import csv
import io

from playwright.sync_api import Page, expect


def test_a_filter_a_number_and_its_sheet_say_the_same(maya: Page) -> None:
    maya.goto("/dashboards/tasks")
    tile = maya.locator("[data-tile=work_in]")
    everything = int(tile.locator("tbody tr", has_text="All").locator("td").first.inner_text().split(",")[0])
    texts = tile.locator("tbody tr", has_text="Texts").locator("td").first.inner_text().split(",")[0]
    maya.select_option("select[name=channel]", "sms")
    maya.wait_for_url("**channel=sms**")
    total = tile.locator("tbody tr", has_text="All").locator("td").first
    expect(total).to_contain_text(texts)
    assert 0 < int(texts) < everything
    maya.reload()
    expect(total).to_contain_text(texts)
    with maya.expect_download() as download:
        tile.locator(".monday-sheet").click()
    content = download.value.path().read_text(encoding="utf-8-sig")
    rows = {row["Name"]: row["Value"] for row in csv.DictReader(io.StringIO(content))}
    assert rows["All"] == texts
    total.locator("a").click()
    maya.wait_for_url("**/dashboards/rows**channel=sms**")
    expect(maya.get_by_role("heading", name=f"{texts} in all")).to_be_visible()
    while maya.locator(".more button").count():
        maya.locator(".more button").click()
        maya.wait_for_timeout(300)
    expect(maya.locator(".counted-rows > li")).to_have_count(int(texts))


def test_every_picture_has_a_table_whose_numbers_are_links(maya: Page) -> None:
    maya.goto("/dashboards/inbox")
    chart = maya.locator("[data-chart=messages_by_day]")
    chart.locator("summary", has_text="As a table").click()
    expect(chart.locator("tbody tr")).to_have_count(7)
    chart.locator("tbody a").first.click()
    maya.wait_for_url("**/dashboards/rows**of=messages**")
    expect(maya.locator(".counted-rows > li").first).to_be_visible()
