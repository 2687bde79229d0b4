"""Pictures of people beside their names in lists, read in the statement that reads the rows.

A picture's address is its file's, and another picture is another file, so browsers may keep it for good. The file's own
door asks who may fetch it (`files.queries.readable`): here only people are named who share the workspace.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, SQLColumnExpression
from sqlalchemy import select as sa_select
from sqlalchemy.orm import aliased
from sqlmodel import col

from taskjuggler_app.models.teams import TeamMember
from taskjuggler_app.models.users import Profile, ProfileType


@dataclass
class Face:
    """Somebody among others; `picture` is an address, empty for none."""

    name: str = ""
    picture: str = ""


def face_of(user_id: SQLColumnExpression[Any], team_id: SQLColumnExpression[Any]) -> ScalarSelect[str | None]:
    """The address of the person's picture as a column; null without one, and for who is not in the workspace.

    Looked up for each row that is shown, after its limit, along two unique indexes.
    """
    profile, member = aliased(Profile), aliased(TeamMember)
    return (
        sa_select(col(profile.avatar_url))
        .join(member, col(member.user_id) == col(profile.user_id))
        .where(
            col(profile.user_id) == user_id,
            col(profile.type) == ProfileType.PERSONAL,
            col(member.user_id) == user_id,
            col(member.team_id) == team_id,
        )
        .limit(1)
        .scalar_subquery()
    )
