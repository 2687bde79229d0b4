"""The numbers of Manager's Monday and of the dashboards."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from taskjuggler_app.api.v1.call import Call, Listed, Text
from taskjuggler_app.api.v1.keys import reads
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.analytics import exporting

router = APIRouter(prefix="/analytics", tags=["analytics"])
Reads = Annotated[Call, Depends(reads("analytics"))]
First = Annotated[date | None, Query(alias="from", description="The first day; seven days without")]
Last = Annotated[date | None, Query(alias="to", description="The last day; yesterday without")]
Channel = Annotated[str, Text, Query(max_length=20, description="Only what came this way")]
Person = Annotated[UUID | None, Query(description="Only what this person or vendor does")]


class Line(BaseModel):
    """A name and its number; `value` is null where there is nothing to measure, and text where it is money."""

    label: str
    value: float | str | None
    text: str
    previous: float | None
    before: str
    unit: str


class Tile(BaseModel):
    """One question, how it is reckoned, and its answer."""

    key: str
    title: str
    formula: str
    period: str
    lines: list[Line]


class Report(BaseModel):
    """A period of the workspace."""

    model_config = ConfigDict(populate_by_name=True)
    first: str = Field(alias="from")
    last: str = Field(alias="to")
    zone: str
    channel: str | None
    person: str | None
    tiles: list[Tile]


class Number(Line):
    """A number of the report with its question."""

    tile: str


@router.get("/monday", response_model=Report)
async def get_report(
    call: Reads, first: First = None, last: Last = None, channel: Channel = "", person: Person = None
) -> Response:
    """Twelve questions about a period, each beside the period before."""
    return await call.one(Report, _report, _asked(first, last, channel, person))


@router.get("/monday/numbers", response_model=Listed[Number])
async def list_numbers(
    call: Reads, first: First = None, last: Last = None, channel: Channel = "", person: Person = None
) -> Response:
    """The same numbers, one a line."""
    return await call.listed(Number, _numbers, _asked(first, last, channel, person))


def _asked(first: date | None, last: date | None, channel: str, person: UUID | None) -> dict[str, str]:
    return {"from": str(first or ""), "to": str(last or ""), "channel": channel, "person": str(person or "")}


def _report(session: Session, principal: Principal, wanted: dict[str, str]) -> Report:
    found = exporting.as_data(session, principal, wanted)
    tiles = [Tile(**{**tile, "lines": [_line(one) for one in tile["lines"]]}) for tile in found["tiles"]]
    return Report(**{**found, "first": found["from"], "last": found["to"], "tiles": tiles})


def _numbers(session: Session, principal: Principal, wanted: dict[str, str]) -> list[Number]:
    return [
        Number(**line.model_dump(), tile=tile.key)
        for tile in _report(session, principal, wanted).tiles
        for line in tile.lines
    ]


def _line(one: dict[str, Any]) -> Line:
    money = one["unit"] not in ("count", "seconds", "percent")
    return Line(**{**one, "value": str(one["value"]) if money and one["value"] is not None else one["value"]})
