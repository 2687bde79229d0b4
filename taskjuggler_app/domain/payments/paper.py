"""A receipt on paper: who paid whom for what, when, what came back. Payments, earnings, plans and bookings."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from html import escape
from zoneinfo import ZoneInfo

from taskjuggler_app.core import money

_STYLE = """:root{color-scheme:light dark;--ink:light-dark(#1d1b18,#f2efe8);--soft:light-dark(#544f47,#beb8ac);
--line:light-dark(#e7e3d9,#3a3733);--canvas:light-dark(#fff,#171614)}
*{box-sizing:border-box}body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--canvas);margin:0}
main{max-width:44rem;margin:0 auto;padding:3rem 1.25rem}
h1{font-size:1.75rem;margin:0 0 .25rem}p{margin:.25rem 0}.soft{color:var(--soft)}
.sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(14rem,1fr));gap:1.5rem;margin:2rem 0}
.sides h2{font-size:.85rem;font-weight:600;color:var(--soft);margin:0 0 .25rem}
table{border-collapse:collapse;width:100%;margin:1rem 0 2rem}
th,td{text-align:left;padding:.6rem .25rem;border-bottom:1px solid var(--line);vertical-align:top;font-weight:400}
th:last-child,td:last-child{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
thead th{font-size:.85rem;color:var(--soft)}tfoot th,tfoot td{font-weight:700;border-bottom:0}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1.5rem;margin:0}dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
@media print{:root{color-scheme:light}body{font-size:11pt}main{padding:0}.screen{display:none}}"""


@dataclass(frozen=True)
class Paper:
    """A receipt. `sides` are (heading, lines); `lines` (what, amount) add up to the total; `facts` (name, text)."""

    title: str
    number: str
    at: datetime
    zone: str
    currency: str
    sides: list[tuple[str, list[str]]]
    lines: list[tuple[str, Decimal]]
    total: str
    facts: list[tuple[str, str]] = field(default_factory=list)

    @property
    def sum(self) -> Decimal:
        """What the lines add up to."""
        return sum((amount for _, amount in self.lines), Decimal(0))


def number_of(identity: str) -> str:
    """A receipt's number: the first twelve hex digits of what it is about, in fours."""
    digits = identity.replace("-", "").upper()[:12]
    return "-".join(digits[start : start + 4] for start in range(0, 12, 4))


def day(moment: datetime, zone: str) -> str:
    """28 November 2026, in a zone."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%B %Y}"


def as_html(paper: Paper) -> str:
    """The whole document, to read or to print; every text is escaped."""

    def shown(amount: Decimal) -> str:
        return escape(money.shown(amount, paper.currency))

    sides = "".join(
        f"<section><h2>{escape(name)}</h2>{''.join(f'<p>{escape(line)}</p>' for line in lines if line)}</section>"
        for name, lines in paper.sides
    )
    rows = "".join(f"<tr><td>{escape(what)}<td>{shown(amount)}" for what, amount in paper.lines)
    facts = "".join(f"<dt>{escape(name)}<dd>{escape(text)}" for name, text in paper.facts if text)
    return (
        "<!doctype html><html lang=en><head><meta charset=utf-8><meta name=robots content=noindex>"
        "<meta name=viewport content='width=device-width,initial-scale=1'>"
        f"<title>{escape(paper.title)} {paper.number}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{escape(paper.title)}</h1><p class=soft>Number {paper.number} · {day(paper.at, paper.zone)}</p>"
        f"<div class=sides>{sides}</div>"
        f"<table><thead><tr><th>What<th>Amount</thead><tbody>{rows}</tbody>"
        f"<tfoot><tr><th>{escape(paper.total)}<td>{shown(paper.sum)}</tfoot></table><dl>{facts}</dl>"
        "<p class='soft screen'>Print this page with your browser, or save it as a PDF there.</p></main></body></html>"
    )
