"""The numbers of the dashboards, Manager's Monday among them."""

from datetime import date
from typing import Annotated, Any, Literal
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
Name = Literal["monday", "inbox", "tasks", "marketplace", "sites", "calendar"]
First = Annotated[date | None, Query(alias="from", description="The first day; seven days without")]
Last = Annotated[date | None, Query(alias="to", description="The last day; yesterday without")]
Channel = Annotated[str, Text, Query(max_length=20, description="Only what came this way")]
Person = Annotated[UUID | None, Query(description="Only what this person or vendor does")]
Site = Annotated[int | None, Query(ge=1, le=2**53, description="Only this web site: of the dashboard of sites")]


def _asked(
    first: First = None, last: Last = None, channel: Channel = "", person: Person = None, site: Site = None
) -> dict[str, str]:
    days = {"from": str(first or ""), "to": str(last or "")}
    return {**days, "channel": channel, "person": str(person or ""), "site": str(site or "")}


Asked = Annotated[dict[str, str], Depends(_asked)]


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


class Point(BaseModel):
    """A place on a chart with its number in each series."""

    label: str
    numbers: list[float | None]


class Chart(BaseModel):
    """A picture as numbers."""

    key: str
    title: str
    formula: str
    period: str
    kind: str
    series: list[str]
    points: list[Point]
    unit: str


class Report(BaseModel):
    """A dashboard's answers about a period of the workspace."""

    model_config = ConfigDict(populate_by_name=True)
    board: str
    first: str = Field(alias="from")
    last: str = Field(alias="to")
    zone: str
    channel: str | None
    person: str | None
    site: int | None
    tiles: list[Tile]
    charts: list[Chart]


class Number(Line):
    """A number of the report with its question."""

    tile: str


@router.get("/{board}", response_model=Report)
async def get_report(call: Reads, board: Name, asked: Asked) -> Response:
    """A dashboard: its questions about a period, each beside the period before, and its charts."""
    return await call.one(Report, _report, board, asked)


@router.get("/{board}/numbers", response_model=Listed[Number])
async def list_numbers(call: Reads, board: Name, asked: Asked) -> Response:
    """The same numbers, one a line."""
    return await call.listed(Number, _numbers, board, asked)


def _report(session: Session, principal: Principal, board: str, wanted: dict[str, str]) -> Report:
    found = exporting.as_data(session, principal, board, wanted)
    tiles = [Tile(**{**tile, "lines": [_line(one) for one in tile["lines"]]}) for tile in found["tiles"]]
    return Report(**{**found, "first": found["from"], "last": found["to"], "tiles": tiles})


def _numbers(session: Session, principal: Principal, board: str, wanted: dict[str, str]) -> list[Number]:
    return [
        Number(**line.model_dump(), tile=tile.key)
        for tile in _report(session, principal, board, wanted).tiles
        for line in tile.lines
    ]


def _line(one: dict[str, Any]) -> Line:
    money = one["unit"] not in ("count", "seconds", "percent")
    return Line(**{**one, "value": str(one["value"]) if money and one["value"] is not None else one["value"]})
