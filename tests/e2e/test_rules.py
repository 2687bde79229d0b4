"""The rules in a browser: groups as sentences, the preview while typing, refusals in their place, order and undo."""

import re
from uuid import uuid4

from playwright.sync_api import Page

from tests.e2e.conftest import Installation, eventually

SOON = 4_000


def order(page: Page) -> list[str]:
    """The rules in the order shown."""
    return page.locator(".rule-name").all_inner_texts()


def test_a_rule_with_groups_is_changed_in_sentences(installation: Installation, maya: Page) -> None:
    name = f"Roofs {uuid4().hex[:6]}"
    maya.goto("/rules/new")
    maya.wait_for_selector(".when-line")
    maya.fill("#name", name)
    maya.select_option("#field-1", "urgency")
    maya.select_option("#operator-1", "greater_than")
    maya.select_option("#value-1", "normal")
    maya.locator(".when-add button", has_text="Group").click()
    maya.wait_for_selector(".when-line.is-group")
    maya.select_option("#field-3", "body")
    maya.select_option("#operator-3", "contains_any")
    maya.fill("textarea#value-3", "roof\ngutter, left")
    maya.wait_for_selector(".preview-number")
    maya.locator(".is-group button", has_text="Condition").click()
    maya.wait_for_selector("#field-4")
    maya.select_option("#field-4", "received")
    maya.select_option("#operator-4", "day_in")
    maya.get_by_role("button", name="Sat").click()
    maya.get_by_role("button", name="Sun").click()
    maya.wait_for_selector(".tick[aria-pressed=true]:has-text('Sun')")
    maya.click("button:has-text('Save rule')")
    rule = maya.locator(".rule", has_text=name)
    rule.wait_for()
    said = "When urgency is more than high and (text contains one of “roof” or “gutter, left” or arrival is on Saturday"
    assert said.replace("high", "normal") in rule.inner_text()
    rule.locator(".rule-name").click()
    maya.wait_for_selector("#value-3")
    assert maya.input_value("#value-3") == "roof\ngutter, left"
    maya.fill("#value-3", "roof")
    maya.locator("#value-3").blur()
    maya.click("button:has-text('Save rule')")
    maya.wait_for_selector(f".rule:has-text('{name}')")
    stored = installation.rows(
        "SELECT conditions->'rules'->1->'rules'->0->'value' FROM routing_rules WHERE name = %s", name
    )
    assert stored == [(["roof"],)]


def test_a_refusal_stands_at_its_condition_and_the_preview_counts(maya: Page) -> None:
    maya.goto("/rules/new")
    maya.wait_for_selector(".when-line")
    maya.select_option("#value-1", "maintenance")
    maya.wait_for_selector(".preview-number:not(:text-is('0'))", timeout=SOON)
    maya.select_option("#field-1", "body")
    maya.select_option("#operator-1", "matches")
    maya.fill("input#value-1", "leak(")
    maya.wait_for_selector(".when-line.is-wrong .when-error:has-text('no regular expression')", timeout=SOON)
    maya.fill("input#value-1", "leak(ing|s)?")
    maya.wait_for_selector(".when-line.is-wrong", state="detached", timeout=SOON)
    maya.fill("#name", "")
    maya.click("button:has-text('Save rule')")
    maya.wait_for_selector("[role=alert]:has-text('needs a name')", timeout=SOON)


def test_sentences_and_json_say_the_same(maya: Page) -> None:
    maya.goto("/rules/new")
    maya.wait_for_selector(".when-line")
    maya.get_by_text("JSON", exact=True).click()
    maya.wait_for_selector("#json")
    maya.fill(
        "#json",
        '{"conditions": [{"not": {"field": "category", "operator": "equals", "value": "legal"}}], "actions": 7}',
    )
    maya.wait_for_selector("[role=alert]:has-text('Actions are an object')", timeout=SOON)
    maya.fill("#json", '{"conditions": [{"not": {"field": "category", "operator": "equals", "value": "legal"}}]}')
    maya.wait_for_selector("[role=alert]:has-text('Actions')", state="detached", timeout=SOON)
    maya.get_by_text("Sentences", exact=True).click()
    maya.wait_for_selector(".when-line.is-group", timeout=SOON)
    assert maya.input_value("#match_type-1") == "not"
    assert maya.input_value("#value-2") == "legal"


def test_rules_are_dragged_and_everything_can_be_undone(maya: Page) -> None:
    maya.goto("/rules")
    maya.wait_for_selector(".rule")
    before = order(maya)
    maya.locator(".rule").nth(3).locator(".rule-handle").drag_to(maya.locator(".rule").nth(1))
    assert eventually(lambda: order(maya)[1] == before[3])
    maya.get_by_role("button", name="Undo").click()
    assert eventually(lambda: order(maya) == before)
    maya.locator(".rule").nth(2).get_by_role("button", name="Delete").click()
    assert eventually(lambda: len(order(maya)) == len(before) - 1)
    maya.get_by_role("button", name="Undo").click()
    assert eventually(lambda: order(maya) == before)
    assert re.search("messages, last", maya.locator(".rule").nth(2).inner_text())


def test_a_draft_is_tried_on_the_past_put_to_work_and_taken_back(installation: Installation, maya: Page) -> None:
    before = installation.rows("SELECT count(*), max(updated_at) FROM tasks")
    stored = "SELECT actions FROM routing_rules WHERE name = 'Repairs to Luis'"
    as_it_was = installation.rows(stored)
    maya.goto("/rules")
    maya.click(".rule-name:has-text('Repairs to Luis')")
    maya.wait_for_selector("#target")
    maya.select_option("#target", label="Tom Becker")
    maya.get_by_role("button", name="Try on the past").click()
    maya.wait_for_url(re.compile("time-machine/"))
    maya.wait_for_selector("p:has-text('Done:')", timeout=20_000)
    maya.wait_for_selector(".change-pair:has-text('Luis Ferreira'):has-text('Tom Becker')")
    assert installation.rows("SELECT count(*), max(updated_at) FROM tasks") == before
    maya.get_by_role("button", name="Use these rules").click()
    assert eventually(lambda: installation.rows(stored) != as_it_was)
    maya.get_by_role("button", name="Undo").click()
    assert eventually(lambda: installation.rows(stored) == as_it_was)
    maya.goto("/rules")
    maya.wait_for_selector(".rule:has-text('Repairs to Luis'):has-text('Luis Ferreira')")


def test_the_check_up_shows_a_message_and_mends_with_one_click(installation: Installation, maya: Page) -> None:
    name = f"Loud repairs {uuid4().hex[:6]}"
    maya.goto("/rules/new")
    maya.wait_for_selector(".when-line")
    maya.fill("#name", name)
    maya.select_option("#value-1", "maintenance")
    maya.locator(".when-add button", has_text="Condition").click()
    maya.wait_for_selector("#field-2")
    maya.select_option("#field-2", "body")
    maya.select_option("#operator-2", "contains")
    maya.fill("input#value-2", "loud")
    maya.click("button:has-text('Save rule')")
    maya.wait_for_selector(f".rule:has-text('{name}')")
    maya.goto("/rules/doctor")
    finding = maya.locator(".findings > li", has_text=name)
    finding.wait_for()
    assert "whatever fits it goes by “Repairs to Luis” before" in finding.inner_text()
    finding.get_by_role("button", name="Try it before the other").click()
    finding.wait_for(state="detached")
    maya.wait_for_selector("text=is tried before the other rule now")
    maya.get_by_role("button", name="Undo").click()
    finding.wait_for()
    installation.rows("DELETE FROM routing_rules WHERE name = %s", name)


def test_why_and_why_not_for_every_rule(maya: Page) -> None:
    maya.goto("/inbox")
    maya.click(".inbox-row .row-link >> nth=0")
    rule = maya.locator(".why-rule").first
    rule.wait_for()
    assert maya.locator(".why-rule").count() >= 7
    rule.locator("summary").click()
    maya.wait_for_selector(".why-rule[open] .why-line, .why-rule details[open] .why-line")
