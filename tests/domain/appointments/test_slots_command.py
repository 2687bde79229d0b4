"""`taskjuggler slots`: the contract of the command, without a process."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from taskjuggler_app.cli import app

SPEC: dict[str, Any] = {
    "zone": "America/New_York",
    "weekly": {"sun": [["01:00", "02:00"], ["02:00", "04:00"]]},
    "overrides": {},
    "duration_minutes": 60,
    "step_minutes": 30,
    "buffer_before_minutes": 0,
    "buffer_after_minutes": 0,
    "notice_minutes": 0,
    "now": "2026-03-01T00:00:00Z",
    "from": "2026-03-08",
    "until": "2026-03-08",
    "bookings": [["2026-03-08T07:30:00Z", "2026-03-08T08:00:00+00:00"]],
}


def _run(tmp_path: Path, spec: object, *more: str) -> tuple[int, str, str]:
    path = tmp_path / "spec.json"
    path.write_text(spec if isinstance(spec, str) else json.dumps(spec))
    done = CliRunner().invoke(app, ["slots", str(path), *more])
    return done.exit_code, done.stdout, done.stderr


def test_it_prints_utc_starts(tmp_path: Path) -> None:
    code, out, _ = _run(tmp_path, SPEC)
    assert (code, json.loads(out)) == (0, ["2026-03-08T06:00:00Z", "2026-03-08T06:30:00Z"])


def test_an_override_replaces_its_day_and_an_empty_one_closes_it(tmp_path: Path) -> None:
    code, out, _ = _run(tmp_path, {**SPEC, "overrides": {"2026-03-08": []}})
    assert (code, json.loads(out)) == (0, [])
    _, out, _ = _run(tmp_path, {**SPEC, "overrides": {"2026-03-08": [["12:00", "13:00"]]}})
    assert json.loads(out) == ["2026-03-08T16:00:00Z"]


@pytest.mark.parametrize(
    ("time", "reason"),
    [("2026-03-08T07:00:00Z", "booked"), ("2026-03-08T05:00:00Z", "closed"), ("2026-03-08T06:00:00Z", None)],
)
def test_why_names_the_reason(tmp_path: Path, time: str, reason: str | None) -> None:
    code, out, _ = _run(tmp_path, SPEC, "--why", time)
    said = json.loads(out)
    assert (code, said["reason"], said["offered"]) == (0, reason, reason is None)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("{", "not JSON"),
        ([], "one JSON object"),
        ({**SPEC, "zone": "Mars/Base"}, "no time zone"),
        ({**SPEC, "zone": "../x"}, "no time zone"),
        ({**SPEC, "weekly": {"someday": []}}, "no weekday"),
        ({**SPEC, "weekly": {"mon": [["9 am", "12:00"]]}}, "no time of day"),
        ({**SPEC, "weekly": {"mon": [["12:00", "09:00"]]}}, "ends before it starts"),
        ({**SPEC, "weekly": {"mon": ["09:00"]}}, "pair of times"),
        ({**SPEC, "overrides": {"soon": []}}, "no date"),
        ({**SPEC, "duration_minutes": 0}, "duration_minutes"),
        ({**SPEC, "duration_minutes": "30"}, "duration_minutes"),
        ({**SPEC, "step_minutes": 1.5}, "step_minutes"),
        ({**SPEC, "from": None}, "from"),
        ({**SPEC, "until": "2026-03-01"}, "until"),
        ({**SPEC, "bookings": [["2026-03-08T09:00:00Z", "2026-03-08T08:00:00Z"]]}, "ends before it starts"),
        ({**SPEC, "bookings": [[1, 2]]}, "no time"),
        ({**SPEC, "now": "yesterday"}, "no time"),
    ],
)
def test_a_spec_that_cannot_be_used_says_why(tmp_path: Path, spec: object, said: str) -> None:
    code, out, err = _run(tmp_path, spec)
    assert (code, out) == (2, "")
    assert said in err.replace("\n", " ")
