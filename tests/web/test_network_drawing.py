"""The network as a picture: the same actors in the same places, nothing over something else, readable with many."""

import random
from itertools import combinations

import pytest

from taskjuggler_app.domain.tef.rows import ActorRow, Tie
from taskjuggler_app.web.pages.network.drawing import MOST, READABLE, Picture, narrow, wide

US = ActorRow(id="us", name="Harbour Property", kind="TEAM", status="ACTIVE", ours=True)


def agents(count: int, kind: str = "AI_AGENT") -> list[ActorRow]:
    return [
        ActorRow(id=f"{kind}{n}", name=f"Agent number {n:03}", kind=kind, status="ACTIVE", relation="owner")
        for n in range(count)
    ]


def ties(rows: list[ActorRow]) -> list[Tie]:
    return [Tie("us", row.id, "owner", 50) for row in rows]


def overlaps(picture: Picture) -> list[tuple[str, str]]:
    return [
        (a.name, b.name)
        for a, b in combinations(picture.boxes, 2)
        if a.x < b.x + b.width and b.x < a.x + a.width and abs(a.y - b.y) < 34
    ]


@pytest.mark.parametrize("draw", [wide, narrow])
@pytest.mark.parametrize("count", [0, 1, 2, 7, 60, 300])
def test_boxes_do_not_overlap_and_stay_inside(draw: type, count: int) -> None:
    rows = agents(count)
    made: Picture = draw([US, *rows], ties(rows))
    assert overlaps(made) == []
    assert all(made.left <= box.x and box.x + box.width <= made.left + made.width for box in made.boxes)
    assert all(box.y >= 0 and box.y + 34 <= made.height for box in made.boxes)


@pytest.mark.parametrize("draw", [wide, narrow])
def test_the_order_in_which_actors_come_changes_nothing(draw: type) -> None:
    rows = [*agents(9), *agents(5, "HUMAN"), *agents(3, "IOT_DEVICE")]
    mixed = random.Random(3).sample(rows, len(rows))
    assert draw([US, *rows], ties(rows)).boxes == draw([*mixed, US], ties(rows)).boxes


def test_a_device_hangs_on_its_gateway_and_who_knows_only_a_person_on_the_person() -> None:
    gateway, device, person, friend = (
        agents(1, "IOT_GATEWAY")[0],
        agents(1, "IOT_DEVICE")[0],
        agents(1, "HUMAN")[0],
        ActorRow(id="friend", name="Friend", kind="AI_AGENT", status="ACTIVE"),
    )
    known = [
        *ties([gateway, person, device]),
        Tie(gateway.id, device.id, "gateway"),
        Tie(person.id, "friend", "peer", 80),
    ]
    made = wide([US, gateway, device, person, friend], known)
    at = {box.key: box.x for box in made.boxes}
    assert abs(at[device.id] - at["us"]) > abs(at[gateway.id] - at["us"])
    assert abs(at["friend"] - at["us"]) > abs(at[person.id] - at["us"])
    assert {line.trust for line in made.lines} == {"fair", "high", ""}
    assert "trust 80 of 100" in next(line.title for line in made.lines if line.kind == "peer")


def test_what_a_person_of_ours_knows_stands_behind_the_person() -> None:
    maya = ActorRow(id="maya", name="Maya", kind="HUMAN", status="ACTIVE", ours=True)
    scribe, gateway, device = agents(1)[0], agents(1, "IOT_GATEWAY")[0], agents(1, "IOT_DEVICE")[0]
    waits = ActorRow(id="waits", name="Waits", kind="AI_AGENT", status="PENDING_CLAIM", ours=True)
    known = [Tie("maya", row.id, "owner", 50) for row in (scribe, gateway, device)]
    known.append(Tie(gateway.id, device.id, "gateway"))
    made = wide([US, maya, scribe, gateway, device, waits], known)
    at = {box.key: box.x for box in made.boxes}
    assert at[scribe.id] == at[gateway.id] == at[device.id]
    assert abs(at[scribe.id] - at["us"]) > abs(at["maya"] - at["us"])
    within = {line.title for line in made.lines if line.kind == "within"}
    assert within == {f"Harbour Property and {name}: part of the workspace" for name in ("Maya", "Waits")}
    assert overlaps(made) == []


def test_many_actors_of_many_kinds_become_one_box_a_kind() -> None:
    rows = [*agents(80), *agents(20, "HUMAN"), *agents(4, "IOT_DEVICE")]
    made = wide([US, *rows], ties(rows))
    assert len(made.boxes) <= READABLE + 1
    group = next(box for box in made.boxes if box.key == "AI_AGENT")
    assert (group.note, group.href) == ("80", "/network?kind=AI_AGENT")
    assert sum(box.kind == "HUMAN" for box in made.boxes) == 20
    assert made.hidden == 0


def test_too_many_of_one_kind_are_counted_and_left_to_the_list() -> None:
    rows = agents(300)
    made = wide([US, *rows], ties(rows))
    assert (len(made.boxes), made.hidden) == (MOST, 301 - MOST)


def test_long_names_are_cut_and_said_whole() -> None:
    row = ActorRow(id="long", name="The International Association of Plumbers", kind="TEAM", status="SUSPENDED")
    box = next(box for box in wide([US, row], []).boxes if box.key == "long")
    assert box.name.endswith("…")
    assert box.title == "The International Association of Plumbers, suspended"


def test_a_tie_that_is_over_or_low_says_so() -> None:
    rows = agents(1)
    line = wide([US, *rows], [Tie("us", rows[0].id, "vendor", 12, over=True)]).lines[0]
    assert (line.trust, line.over) == ("low", True)
    assert line.title.endswith("vendor, trust 12 of 100, ended")


def test_without_a_workspace_nothing_is_drawn() -> None:
    assert wide([], []) == narrow([], []) == Picture()
