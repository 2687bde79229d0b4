"""The commands that need no server: JSON lines in, JSON lines out."""

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from taskjuggler_app.commands.setup import stop


def extract(
    zone: Annotated[str, typer.Option(help="Time zone of the messages (IANA name)")] = "UTC",
    region: Annotated[str, typer.Option(help="Country of local phone numbers (two letters)")] = "US",
    at: Annotated[str, typer.Option(help="When the messages came in (ISO 8601); now when empty")] = "",
) -> None:
    """Read JSON lines {id, text, at?} and print what is found in each."""
    from taskjuggler_app.core import clock
    from taskjuggler_app.core.errors import Invalid
    from taskjuggler_app.domain.receptionist.extraction import extract_lines

    try:
        moment = datetime.fromisoformat(at) if at else clock.utcnow()
        answers = extract_lines(_lines(), zone=zone, region=region, at=moment)
    except (ValueError, Invalid) as error:
        stop(str(error), code=2)
    _print(answers)


def route(
    rules: Annotated[Path, typer.Argument(help="A JSON file with a list of rules", exists=True, dir_okay=False)],
) -> None:
    """Read flat messages as JSON lines and print which rule each matches, and why."""
    from taskjuggler_app.core.errors import Invalid
    from taskjuggler_app.domain.routing.lines import route_lines

    try:
        answers = route_lines(rules.read_text(encoding="utf-8"), _lines())
    except Invalid as error:
        stop(error.message, code=2)
    except UnicodeDecodeError:
        stop(f"{rules} is not UTF-8", code=2)
    _print(answers)


def slots(
    spec: Annotated[Path, typer.Argument(help="A JSON file: hours, rules, bookings", exists=True, dir_okay=False)],
    why: Annotated[str, typer.Option(metavar="TIME", help="Say why this start (ISO 8601) is not offered")] = "",
) -> None:
    """Print the free starts in UTC for opening hours, an appointment's rules and what is booked."""
    from taskjuggler_app.core import clock
    from taskjuggler_app.core.errors import Invalid
    from taskjuggler_app.domain.appointments import spec as specs

    try:
        asked = specs.read(spec.read_text(encoding="utf-8"), clock.utcnow())
        answer = specs.why(asked, why) if why else specs.starts(asked)
    except Invalid as error:
        stop(error.message, code=2)
    except UnicodeDecodeError:
        stop(f"{spec} is not UTF-8", code=2)
    sys.stdout.write(json.dumps(answer) + "\n")


def _lines() -> Iterator[str]:
    """Standard input as UTF-8 whatever the locale; a byte that is none becomes U+FFFD and costs no other line."""
    return (line.decode("utf-8", errors="replace") for line in sys.stdin.buffer)


def _print(answers: Iterable[dict[str, Any]]) -> None:
    for answer in answers:
        sys.stdout.write(json.dumps(answer) + "\n")
