"""Full-text search over titles, descriptions and comments that forgives a misspelled word.

Every word must occur, as the beginning of one there; a number as a whole. A word that occurs nowhere in the workspace
is replaced by the ones most like it (trigrams, pg_trgm) out of its vocabulary, which is far smaller than its texts.
"""

import re
from typing import Any
from uuid import UUID

from rapidfuzz.distance import DamerauLevenshtein
from sqlalchemy import Select, literal_column, text, tuple_
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, func

from taskjuggler_app.core.paging import Cursor, Page
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tasks.filters import TaskFilter
from taskjuggler_app.domain.tasks.listing import PAGE_SIZE, arms_of, conditions_of, rows_of
from taskjuggler_app.domain.tasks.rows import TaskRow
from taskjuggler_app.models.tasks import MESSAGE_SEARCH, TASK_SEARCH, Task, TaskMessage

MOST_WORDS = 8
MOST_TASKS_BY_COMMENT = 500
_WORD = re.compile(r"[^\W_]+")
_KEPT_WORD = re.compile(r"[^\W\d_]\w{2,39}")
_REMEMBER = text(
    "INSERT INTO task_words (team_id, word) SELECT :team, unnest(CAST(:words AS text[])) ON CONFLICT DO NOTHING"
)
_KNOWN = text("SELECT EXISTS (SELECT 1 FROM task_words WHERE team_id = :team AND word >= :word AND word < :after)")
_LIKE = text(
    "SELECT word FROM task_words WHERE team_id = :team AND word % :word "
    "ORDER BY similarity(word, :word) DESC, word LIMIT 30"
)


def remember_words(session: Session, team_id: UUID, *texts: str | None) -> None:
    """Keep the words of new texts in the workspace's vocabulary; sorted, so that two writers cannot deadlock."""
    found = {match.group().lower() for one in texts for match in _KEPT_WORD.finditer(one or "")}
    if found:
        session.execute(_REMEMBER, {"team": team_id, "words": sorted(found)})


def page(
    session: Session, principal: Principal, wanted: TaskFilter, cursor: str = "", size: int = PAGE_SIZE
) -> Page[TaskRow]:
    """One page of the tasks that have every word, newest first."""
    asked = tsquery(session, principal.team_id, wanted.text)
    if not asked:
        return Page()
    session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))  # how common the words are decides the plan
    after = Cursor.parse(cursor) if cursor else None
    found: dict[UUID, Task] = {}
    for query in _queries(session, principal, wanted, asked):
        if after is not None:
            query = query.where(tuple_(col(Task.created_at), col(Task.id)) < (after.at, after.id))
        ordered = query.order_by(col(Task.created_at).desc(), col(Task.id).desc()).limit(size + 1)
        found.update({task.id: task for task in session.scalars(ordered)})
    newest = sorted(found.values(), key=lambda task: (task.created_at, task.id), reverse=True)
    last = newest[size - 1] if len(newest) > size else None
    return Page(rows_of(session, newest[:size]), Cursor(last.created_at, last.id).dump() if last else "")


def tsquery(session: Session, team_id: UUID, words: str) -> str:
    """The words as PostgreSQL's own query, misspelled ones replaced; "" when there are none."""
    parts = []
    for word in _WORD.findall(words.lower())[:MOST_WORDS]:
        if word.isdigit():
            parts.append(f"'{word}'")  # 100 is not the beginning of 1000
            continue
        if len(word) < 4 or any(letter.isdigit() for letter in word) or _is_known(session, team_id, word):
            parts.append(f"'{word}':*")
            continue
        choices = [word, *_like(session, team_id, word[:40])]
        parts.append("(" + " | ".join(f"'{one}':*" for one in choices) + ")")
    return " & ".join(parts)


def _like(session: Session, team_id: UUID, word: str) -> list[str]:
    """The known words that are one or two slips away (a letter wrong, missing, too many, or two swapped)."""
    session.execute(text("SET LOCAL pg_trgm.similarity_threshold = 0.2"))
    near = session.execute(_LIKE, {"team": team_id, "word": word}).scalars().all()
    slips = 1 if len(word) < 5 else 2
    found = [(DamerauLevenshtein.distance(word, one), one) for one in near if _WORD.fullmatch(one)]
    return [one for distance, one in sorted(found) if distance <= slips][:3]


def _is_known(session: Session, team_id: UUID, word: str) -> bool:
    values = {"team": team_id, "word": word[:40], "after": word[:40] + "\U0010ffff"}
    return bool(session.execute(_KNOWN, values).scalar())


def _queries(session: Session, principal: Principal, wanted: TaskFilter, asked: str) -> list[Select[Any]]:
    """Tasks whose own words match, and tasks with a comment that does, for each arm of the scope."""
    query = func.to_tsquery(literal_column("'simple'"), asked)
    commented = (
        sa_select(col(TaskMessage.task_id))
        .where(MESSAGE_SEARCH.op("@@")(query))
        .order_by(col(TaskMessage.created_at).desc())
        .limit(MOST_TASKS_BY_COMMENT)
    )
    conditions = conditions_of(principal, wanted)
    arms = arms_of(session, principal, wanted)
    by_text = [sa_select(Task).where(*arm, *conditions, TASK_SEARCH.op("@@")(query)) for arm in arms]
    by_comment = [sa_select(Task).where(*arm, *conditions, col(Task.id).in_(commented)) for arm in arms]
    return [*by_text, *by_comment]
