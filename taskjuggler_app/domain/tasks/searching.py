"""Full-text search over titles, descriptions and comments that forgives a misspelled word.

Every word must occur, as the beginning of one there; a number as a whole. The workspace's vocabulary, which is far
smaller than its texts, says which words begin so: they are asked for by name, since PostgreSQL can skip through the
lists of whole words, but must read all of a beginning's. A word that nothing there begins with is replaced by the ones
most like it (trigrams, pg_trgm).
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rapidfuzz.distance import DamerauLevenshtein
from sqlalchemy import Select, Uuid, any_, cast, text, tuple_
from sqlalchemy import select as sa_select
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY
from sqlmodel import Session, col

from taskjuggler_app.core.paging import Cursor, Page
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tasks.filters import TaskFilter
from taskjuggler_app.domain.tasks.listing import PAGE_SIZE, arms_of, conditions_of, rows_of
from taskjuggler_app.domain.tasks.rows import TaskRow
from taskjuggler_app.models.tasks import MESSAGE_SEARCH, TASK_SEARCH, Task, TaskMessage

MOST_WORDS = 8
FEW_COMMENTS = 5000
RARE = 4000
"""Tasks: where sorting all that match takes as long as walking the newest until fifty match."""
INDEX, BITMAP = "indexscan", "bitmapscan"
"""Kinds of scan: along the order of the list, and by the index of words, which knows no order."""
MOST_NAMED = 12
"""A beginning that more words have is asked for as a beginning."""
_WORD = re.compile(r"[^\W_]+")
# Sorted, so that two writers cannot deadlock.
_REMEMBER = text(
    "INSERT INTO task_words (team_id, word) SELECT :team, lexeme FROM unnest(to_tsvector('simple', :said)) "
    "WHERE length(lexeme) BETWEEN 3 AND 40 AND lexeme !~ '^[0-9[:punct:]]+$' ORDER BY lexeme ON CONFLICT DO NOTHING"
)
_BEGINNING = text(
    "SELECT word FROM task_words WHERE team_id = :team AND word >= :word AND word < :after ORDER BY word LIMIT :most"
)
_ESTIMATE = text("EXPLAIN (FORMAT JSON) SELECT 1 FROM tasks WHERE search @@ CAST(:asked AS tsquery)")
_LIKE = text(
    "SELECT word FROM task_words WHERE team_id = :team AND word % :word "
    "ORDER BY similarity(word, :word) DESC, word LIMIT 30"
)


def remember_words(session: Session, team_id: UUID, *texts: str | None) -> None:
    """Keep the words of new texts in the workspace's vocabulary, as the index has them."""
    said = " ".join(text for text in texts if text)
    if said:
        session.execute(_REMEMBER, {"team": team_id, "said": said})


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
    for ask in _asks(session, principal, wanted, asked):
        query = ask.query.order_by(ask.at.desc(), ask.id.desc()).limit(size + 1)
        if after is not None:
            query = query.where(tuple_(ask.at, ask.id) < (after.at, after.id))
        with _without(session, ask.shuns):
            found.update({task.id: task for task in session.scalars(query)})
    newest = sorted(found.values(), key=lambda task: (task.created_at, task.id), reverse=True)
    last = newest[size - 1] if len(newest) > size else None
    return Page(rows_of(session, newest[:size]), Cursor(last.created_at, last.id).dump() if last else "")


def tsquery(session: Session, team_id: UUID, words: str) -> str:
    """The words as a value of PostgreSQL's type tsquery, misspelled ones replaced; "" when there are none."""
    parts = [_part(session, team_id, word) for word in _WORD.findall(words.lower())[:MOST_WORDS]]
    return " & ".join(part for part in parts if part)


def _part(session: Session, team_id: UUID, word: str) -> str:
    if word.isdigit():
        return f"'{word}'"  # 100 is not the beginning of 1000
    values = {"team": team_id, "word": word[:40], "after": word[:40] + "\U0010ffff", "most": MOST_NAMED + 1}
    known = session.execute(_BEGINNING, values).scalars().all()
    is_name = any(letter.isdigit() for letter in word)  # a number of something: no slip of the pen
    if not known and len(word) > 3 and not is_name:
        known = _like(session, team_id, word[:40])
    if len(word) < 3 or len(known) > MOST_NAMED:
        return f"'{word}':*"
    return "(" + " | ".join(_quoted(one) for one in known or [word]) + ")"


def _quoted(word: str) -> str:
    """A word as tsquery reads it literally."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def _like(session: Session, team_id: UUID, word: str) -> list[str]:
    """The known words that are one or two slips away (a letter wrong, missing, too many, or two swapped)."""
    session.execute(text("SET LOCAL pg_trgm.similarity_threshold = 0.2"))
    near = session.execute(_LIKE, {"team": team_id, "word": word}).scalars().all()
    slips = 1 if len(word) < 5 else 2
    found = [(DamerauLevenshtein.distance(word, one), one) for one in near if _WORD.fullmatch(one)]
    return [one for distance, one in sorted(found) if distance <= slips][:3]


@dataclass(frozen=True)
class _Ask:
    """A query for tasks and the columns that say where each stands; `shuns` is the kind of scan that would be slow."""

    query: Select[Any]
    at: Any
    id: Any
    shuns: str = ""


def _asks(session: Session, principal: Principal, wanted: TaskFilter, asked: str) -> list[_Ask]:
    """Tasks whose own words match, and tasks with a comment that does, for each arm of the scope.

    Few comments: their tasks are read by id. Many: comments are walked in the order of their tasks until the page is
    full, which is soon.
    """
    query = cast(asked, TSQUERY)
    conditions = conditions_of(principal, wanted)
    arms = [(*arm, *conditions) for arm in arms_of(session, principal, wanted)]
    place = (col(Task.created_at), col(Task.id))
    shuns = INDEX if _are_rare(session, asked) else ""
    by_text = [_Ask(sa_select(Task).where(*arm, TASK_SEARCH.op("@@")(query)), *place, shuns) for arm in arms]
    said = (col(TaskMessage.team_id) == principal.team_id, MESSAGE_SEARCH.op("@@")(query))
    with _without(session, "seqscan"):
        few = session.scalars(sa_select(col(TaskMessage.task_id)).where(*said).limit(FEW_COMMENTS + 1)).all()
    if len(few) <= FEW_COMMENTS:
        ids = cast(sorted(set(few)), ARRAY(Uuid))
        by_id = [_Ask(sa_select(Task).where(*arm, col(Task.id) == any_(ids)), *place) for arm in arms]
        return [*by_text, *(by_id if few else ())]
    of_task = (col(TaskMessage.task_created_at), col(TaskMessage.task_id))
    walk = sa_select(Task).join(TaskMessage, col(TaskMessage.task_id) == col(Task.id)).distinct(*of_task).where(*said)
    return [*by_text, *(_Ask(walk.where(*arm), *of_task, BITMAP) for arm in arms)]


def _are_rare(session: Session, asked: str) -> bool:
    """Whether the planner thinks that few tasks have the words: then it is quicker to sort all of them than to walk the
    newest, and safer where it has never seen the words.
    """
    plan = session.execute(_ESTIMATE, {"asked": asked}).scalar_one()
    return float(plan[0]["Plan"]["Plan Rows"]) <= RARE


@contextmanager
def _without(session: Session, scan: str) -> Iterator[None]:
    """Queries that do without a kind of scan; "" for any."""
    if scan:
        session.execute(text(f"SET LOCAL enable_{scan} = off"))
    yield
    if scan:
        session.execute(text(f"SET LOCAL enable_{scan} = on"))
