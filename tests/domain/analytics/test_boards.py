"""Every dashboard: screen, sheet and data say the same, and every number leads to rows that add up to it."""

import csv
import io
import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlmodel import Session, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import DomainError, Forbidden, Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.analytics import drilling, exporting, mailing
from taskjuggler_app.domain.analytics.board import PLANS, board
from taskjuggler_app.domain.analytics.boards import sites
from taskjuggler_app.domain.analytics.tiles import Board
from taskjuggler_app.domain.payments import ledger
from taskjuggler_app.models import Task, TaskStatus, Team, User
from taskjuggler_app.models.receptionist import InboxItem, RoutingRule
from taskjuggler_app.models.routing import RoutingDecision, RoutingVersion
from tests import factories as make
from tests.domain.analytics.world import MONDAY, WEEK, world
from tests.factories import money

KEYS = ["monday", "inbox", "tasks", "marketplace", "sites", "calendar"]
DURATIONS = ("response", "cycle", "award")


def plain(value: Any) -> str:
    return "" if value is None else f"{value:.10g}"


def numbers(found: Board) -> list[tuple[str, str, str, str]]:
    """(question, name, value, before) of everything on the screen."""
    said = [
        (tile.title, line.label, plain(line.value), plain(line.previous)) for tile in found.tiles for line in tile.lines
    ]
    for chart in found.charts:
        for point in chart.points:
            for name, number in zip(chart.series, point.numbers, strict=True):
                label = f"{point.label} · {name}" if len(chart.series) > 1 else point.label
                said.append((chart.title, label, plain(number), ""))
    return said


def in_data(data: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    said = [
        (t["title"], row["label"], plain(row["value"]), plain(row["previous"]))
        for t in data["tiles"]
        for row in t["lines"]
    ]
    for chart in data["charts"]:
        for point in chart["points"]:
            for name, number in zip(chart["series"], point["numbers"], strict=True):
                label = f"{point['label']} · {name}" if len(chart["series"]) > 1 else point["label"]
                said.append((chart["title"], label, plain(number), ""))
    return said


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("key", KEYS)
def test_screen_sheet_and_data_are_the_same_numbers(session: Session, key: str, seed: int) -> None:
    owner = world(session, seed)
    wanted = {**WEEK, "channel": random.Random(seed).choice(["", "sms"])}
    with clock.at(MONDAY):
        screen = board(session, owner, key, wanted)
        data = exporting.as_data(session, owner, key, wanted)
        sheet = list(csv.DictReader(io.StringIO(exporting.as_csv(session, owner, key, wanted))))
    assert numbers(screen)
    assert in_data(data) == numbers(screen)
    assert [(row["Question"], row["Name"], row["Value"], row["Before"]) for row in sheet] == numbers(screen)
    assert all(row["Period"] and row["How it is reckoned"] for row in sheet)
    assert all("America/New_York" in row["Period"] or row["Period"] == "now" for row in sheet)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("key", KEYS)
def test_every_number_leads_to_rows_that_add_up_to_it(session: Session, key: str, seed: int) -> None:
    owner = world(session, seed)
    checked = 0
    with clock.at(MONDAY):
        found = board(session, owner, key, WEEK)
        shown = [
            (line.label, number, href, line.unit)
            for tile in found.tiles
            for line in tile.lines
            for number, href in ((line.value, line.href), (line.previous, line.before_href))
        ]
        shown += [
            (point.label, number, href, chart.unit)
            for chart in found.charts
            for point in chart.points
            for number, href in zip(point.numbers, point.hrefs, strict=True)
        ]
        for label, number, href, unit in shown:
            if not href.startswith("/dashboards/rows?"):
                assert not number or href.startswith("/rules/"), f"{label} leads nowhere"
                continue
            asked = dict(parse_qsl(urlsplit(href).query))
            rows = drilling.rows(session, owner, asked, 10_000)
            assert len(rows.rows) == rows.count > 0
            assert not any(row.title == "Something that is gone" for row in rows.rows)
            if unit == "count":
                assert rows.total == f"{number:,.0f}", f"{label}: {href}"
                checked += 1
    assert checked > 10


def test_rows_are_the_very_tasks_that_were_counted(session: Session) -> None:
    owner = world(session, 3)
    with clock.at(MONDAY):
        rows = drilling.rows(session, owner, {**WEEK, "of": "done"}, 1_000)
    begins, ends = "2026-03-02T05:00", "2026-03-09T04:00"  # New York's midnights, an hour apart from each other in UTC
    done = {
        f"/tasks/{task.id}"
        for task in session.exec(select(Task).where(Task.team_id == owner.team_id))
        if task.status is TaskStatus.COMPLETED and task.completed_at and begins <= task.completed_at.isoformat() < ends
    }
    assert {row.href for row in rows.rows} == done
    assert rows.total == str(len(done))


def test_pages_of_rows_have_each_row_once(session: Session) -> None:
    owner = world(session, 4)
    asked = {"from": "2026-02-01", "to": "2026-03-09", "of": "messages"}
    with clock.at(MONDAY):
        pages = [drilling.rows(session, owner, {**asked, "page": str(page)}, 8) for page in range(5)]
        sheet = drilling.as_csv(session, owner, asked)
    hrefs = [row.href for page in pages for row in page.rows]
    items = session.exec(select(InboxItem.id).where(InboxItem.team_id == owner.team_id)).all()
    assert sorted(hrefs) == sorted(f"/inbox/{item_id}" for item_id in items)
    assert [page.has_more for page in pages] == [True, True, True, False, False]
    assert len(sheet.splitlines()) == len(items) + 2


def test_a_colleague_elsewhere_sees_nothing(session: Session) -> None:
    owner, stranger = world(session, 5), make.make_owner(session)
    with clock.at(MONDAY):
        for key in KEYS:
            with pytest.raises(NotFound):
                board(session, stranger, key, {"team": str(owner.team_id)})
        with pytest.raises(NotFound):
            drilling.rows(session, stranger, {**WEEK, "of": "done", "team": str(owner.team_id)})
        for of in ("done", "messages", "open_issues", "held", "late"):
            assert drilling.rows(session, stranger, {**WEEK, "of": of}).count == 0
        assert drilling.rows(session, stranger, {**WEEK, "of": "score", "site": "1"}).count == 0


def test_another_workspace_of_mine_can_be_looked_at_from_here(session: Session) -> None:
    one = world(session, 6)
    session.expire_all()
    other = make.make_team(session)
    user = session.get_one(User, one.user_id)
    make.make_member(session, other, user)
    there = Principal(one.user_id, other.id, one.role, one.door)
    with clock.at(MONDAY):
        here = board(session, one, "tasks", WEEK)
        seen = board(session, there, "tasks", {**WEEK, "team": str(one.team_id)})
        rows = drilling.rows(session, there, {**WEEK, "of": "done", "team": str(one.team_id)})
    assert numbers(seen) == numbers(here)
    assert rows.count
    assert not any(row.href for row in rows.rows)


@pytest.mark.parametrize(
    "asked",
    [
        {"of": "nothing"},
        {"of": "done", "bucket": "x"},
        {"of": "done", "bucket": "1-2-3"},
        {"of": "done", "weekday": "8"},
        {"of": "done", "team": "x"},
        {"of": "done", "person": "x"},
        {"of": "score", "site": "one"},
        {"of": "done", "from": "soon"},
    ],
)
def test_what_is_no_number_is_refused(session: Session, asked: dict[str, str]) -> None:
    owner = make.make_owner(session)
    with pytest.raises(DomainError):
        drilling.rows(session, owner, asked)


def test_every_dashboard_has_a_name_and_no_other_exists(session: Session) -> None:
    assert list(PLANS) == KEYS
    with pytest.raises(NotFound):
        board(session, make.make_owner(session), "weather", {})


def _with_money(session: Session) -> Principal:
    """The owner of a workspace that has money held and earned some in the week."""
    owner = world(session, 1)
    payment = money.make_payment(session, owner, money.make_vendor(session, owner))
    payment.held_at = MONDAY - timedelta(days=3)
    session.add(payment)
    held, vendor = ledger.held_account(payment.id), f"vendor:{payment.vendor_id}"
    with clock.at(MONDAY - timedelta(days=3)):
        ledger.post(session, "in", "payment", "USD", {ledger.PROVIDER: Decimal(90), held: Decimal(-90)}, of=payment)
        ledger.post(session, "out", "release", "USD", {held: Decimal(40), vendor: Decimal(-40)}, of=payment)
    return owner


@pytest.mark.parametrize("key", ["monday", "marketplace"])
def test_members_see_no_money_on_the_page_in_the_sheet_or_in_the_data(session: Session, key: str) -> None:
    owner = _with_money(session)
    with clock.at(MONDAY):
        theirs = board(session, owner, key, WEEK)
        member = make.make_colleague(session, owner)
        ours = board(session, member, key, WEEK)
        assert "money" in {tile.key for tile in theirs.tiles}
        assert any(line.unit == "USD" for tile in theirs.tiles for line in tile.lines), "a world without money"
        assert [tile.key for tile in ours.tiles] == [tile.key for tile in theirs.tiles if tile.key != "money"]
        for said in (
            exporting.as_csv(session, member, key, WEEK),
            exporting.as_csv(session, member, key, {**WEEK, "only": "money"}),
            str(exporting.as_data(session, member, key, WEEK)),
        ):
            assert "USD" not in said
            assert "Held" not in said


def test_nor_the_rows_behind_it_nor_in_another_workspace_where_one_is_a_member(session: Session) -> None:
    owner = _with_money(session)
    with clock.at(MONDAY):
        member = make.make_colleague(session, owner)
        at_home = make.make_owner(session)
        make.make_member(session, session.get_one(Team, owner.team_id), session.get_one(User, at_home.user_id))
        asked = {**WEEK, "currency": "USD"}
        for of in ("held", "earned"):
            assert drilling.rows(session, owner, {**asked, "of": of}).count == 1
            for who, team in ((member, ""), (at_home, str(owner.team_id))):
                with pytest.raises(Forbidden):
                    drilling.rows(session, who, {**asked, "of": of, "team": team})
                with pytest.raises(Forbidden):
                    drilling.as_csv(session, who, {**asked, "of": of, "team": team})
        seen = board(session, at_home, "monday", {**WEEK, "team": str(owner.team_id)})
        assert "money" not in {tile.key for tile in seen.tiles}


def test_the_mail_of_a_member_has_no_money(session: Session) -> None:
    owner = _with_money(session)
    member = make.make_colleague(session, owner)
    for who in (owner, member):
        assert who.user_id is not None
        with clock.at(MONDAY):
            assert mailing.send(session, who.user_id, owner.team_id, MONDAY.date())
    theirs, ours = make.jobs(session, "mail.send")[-2:]
    assert "Money held and earned" in theirs["text"]
    assert "Money held and earned" not in ours["text"] + ours["html"]


def test_the_sites_dashboard_is_narrowed_to_one_site_with_its_rows_and_sheet(session: Session) -> None:
    owner = world(session, 2)
    watched = sites.names(session, owner.team_id)
    assert [name for _, name in watched] == ["Blog", "Shop"]
    blog = str(watched[0][0])
    with clock.at(MONDAY):
        everything = board(session, owner, "sites", WEEK)
        one, other = (board(session, owner, "sites", {**WEEK, "site": str(number)}) for number, _ in watched)
        sheet = exporting.as_csv(session, owner, "sites", {**WEEK, "site": blog})
        data = exporting.as_data(session, owner, "sites", {**WEEK, "site": blog})
        for line in [line for tile in one.tiles for line in tile.lines if line.href]:
            asked = dict(parse_qsl(urlsplit(line.href).query))
            assert asked["site"] == blog
            rows = drilling.rows(session, owner, asked, 1_000)
            assert rows.about.startswith("Blog")
            assert all(f"/sites/{blog}/" in row.href for row in rows.rows)
    assert [line.label for line in one.tiles[0].lines] == ["Blog"]
    assert one.tiles != everything.tiles
    counts = [
        float(next(line.value or 0 for line in each.tiles[1].lines if line.label == "Found"))
        for each in (one, other, everything)
    ]
    assert counts[0] + counts[1] == counts[2] > 0
    assert in_data(data) == numbers(one)
    assert data["site"] == int(blog)
    assert next(csv.DictReader(io.StringIO(sheet)))["Name"] == "Blog"
    assert "Shop" not in sheet


def test_other_dashboards_do_not_heed_a_site_and_a_strangers_site_has_nothing(session: Session) -> None:
    owner, stranger = world(session, 2), make.make_owner(session)
    theirs = str(sites.names(session, owner.team_id)[0][0])
    with clock.at(MONDAY):
        narrowed = board(session, owner, "tasks", {**WEEK, "site": theirs})
        assert numbers(narrowed) == numbers(board(session, owner, "tasks", WEEK))
        assert board(session, stranger, "sites", {**WEEK, "site": theirs}).tiles[0].lines == []
        with pytest.raises(Invalid):
            board(session, owner, "sites", {**WEEK, "site": "blog"})


def test_a_rule_that_went_idle_says_what_it_decided_in_the_period_before(session: Session) -> None:
    owner = make.make_owner(session)
    rules = [make.make_rule(session, owner, name=name, actions={"create_task": False}) for name in ("Busy", "Idle")]
    version = RoutingVersion(team_id=owner.team_id, fingerprint="x")
    session.add(version)
    session.flush()
    channel = make.make_channel(session, owner)

    def decide(rule: RoutingRule, day: int, times: int = 1) -> None:
        """A message of a day of March, read so many times."""
        item = make.make_item(session, channel)
        at = datetime(2026, 3, day, 12, 0, tzinfo=UTC)
        for _ in range(times):
            outcome = {"rules": [{"id": str(rule.id), "name": rule.name}]}
            row = RoutingDecision(team_id=owner.team_id, inbox_item_id=item.id, version_id=version.id, outcome=outcome)
            row.decided_at = at
            session.add(row)
        rule.times_matched, rule.last_matched_at = rule.times_matched + times, at

    busy, idle = rules
    for day in (3, 5):
        decide(busy, day)
    decide(idle, 1)
    decide(idle, 9)
    decide(idle, 10, times=2)
    asked = {"from": "2026-03-16", "to": "2026-03-22"}
    with clock.at(datetime(2026, 3, 23, 8, 0, tzinfo=UTC)):
        found = next(tile for tile in board(session, owner, "monday", asked).tiles if tile.key == "idle_rules")
        said = {line.label: (line.text, line.before) for line in found.lines}
        assert said == {"Busy": ("2 ever", "0"), "Idle": ("4 ever", "2")}
        href = next(line.before_href for line in found.lines if line.label == "Idle")
        rows = drilling.rows(session, owner, dict(parse_qsl(urlsplit(href).query)))
    assert (rows.total, rows.about, len(rows.rows)) == ("2", "Idle", 2)
