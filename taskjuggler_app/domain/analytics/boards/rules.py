"""Rules that nobody would miss, and what they decided when they still did."""

from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, func, select

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.analytics.frame import Frame
from taskjuggler_app.domain.analytics.tiles import Tile, TileLine, period, rows_href, shown
from taskjuggler_app.models.receptionist import RoutingRule
from taskjuggler_app.models.routing import RoutingDecision


def decided_conditions(frame: Frame, rule_id: object) -> list[ColumnElement[bool]]:
    """Which decisions a rule took part in, in the frame."""
    begins, ends = frame.moments()
    return [
        col(RoutingDecision.team_id) == frame.team_id,
        col(RoutingDecision.decided_at) >= begins,
        col(RoutingDecision.decided_at) < ends,
        col(RoutingDecision.outcome).contains({"rules": [{"id": str(rule_id)}]}),
    ]


def name_of(session: Session, frame: Frame, rule_id: str) -> str:
    """The rule's name; empty for none of the workspace's."""
    rules = select(RoutingRule.id, RoutingRule.name).where(RoutingRule.team_id == frame.team_id)
    return next((name for one, name in session.exec(rules) if str(one) == rule_id), "")


def idle_rules(session: Session, _: Principal, frame: Frame) -> Tile:
    """Rules that have been idle since the period began, in their order."""
    begins, _ends = frame.moments()
    rules = session.exec(
        select(RoutingRule)
        .where(
            RoutingRule.team_id == frame.team_id,
            col(RoutingRule.is_active).is_(True),
            or_(col(RoutingRule.last_matched_at).is_(None), col(RoutingRule.last_matched_at) < begins),
        )
        .order_by(col(RoutingRule.priority), col(RoutingRule.id))
    ).all()
    before = {rule.id: _decided(session, frame.previous, rule.id) for rule in rules if rule.times_matched}
    lines = [_line(frame, rule, before.get(rule.id, 0)) for rule in rules]
    formula = (
        "Active rules that decided no message since the period began; the number is how often they ever did. Before: "
        "the messages that they decided in the period before."
    )
    return Tile("idle_rules", "Rules that never fire", formula, period(frame), lines, "Every rule was needed.")


def _decided(session: Session, frame: Frame, rule_id: Any) -> int:
    messages = sa_select(func.count(func.distinct(col(RoutingDecision.inbox_item_id))))
    return int(session.execute(messages.where(*decided_conditions(frame, rule_id))).scalar_one())


def _line(frame: Frame, rule: RoutingRule, before: int) -> TileLine:
    ever = f"{rule.times_matched:,} ever" if rule.times_matched else "never"
    made = TileLine(rule.name, rule.times_matched, ever, before, shown(before, "count"), f"/rules/{rule.id}")
    made.before_href = rows_href(frame.previous, "decided", rule=rule.id) if before else ""
    return made
