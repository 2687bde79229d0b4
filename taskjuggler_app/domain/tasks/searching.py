"""Full-text search over titles, descriptions and comments that forgives a misspelled word.

Every word must occur, as the beginning of one there; a number as a whole. The workspace's vocabulary, which is far
smaller than its texts, says which words begin so: they are asked for by name, since PostgreSQL can skip through the
lists of whole words, but must read all of a beginning's. A word that nothing there begins with is replaced by the ones
most like it (trigrams, pg_trgm).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rapidfuzz.distance import DamerauLevenshtein
from sqlalchemy import Select, any_, cast, func, or_, text, tuple_, union, union_all
from sqlalchemy import select as sa_select
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import Session, col

from taskjuggler_app.core.paging import Cursor, Page
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tasks.filters import TaskFilter
from taskjuggler_app.domain.tasks.listing import PAGE_SIZE, Arm, arms_of, conditions_of, rows_of
from taskjuggler_app.domain.tasks.rows import TaskRow
from taskjuggler_app.models.tasks import MESSAGE_SEARCH, TASK_SEARCH, Task, TaskMessage

_PLACE = (col(Task.created_at), col(Task.id))
_NEWEST = (col(Task.created_at).desc(), col(Task.id).desc())
MOST_WORDS = 8
RARE = 6000
"""Tasks and comments together: up to here it is quicker to sort all that match than to walk the newest."""
WALKED = 10_000
"""The most tasks that are walked for a page of common words, before all that match are sorted after all."""
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
_ESTIMATE = text(
    "EXPLAIN (FORMAT JSON) SELECT 1 FROM tasks WHERE search @@ CAST(:asked AS tsquery) "
    "UNION ALL SELECT 1 FROM task_messages WHERE search @@ CAST(:asked AS tsquery)"
)
# How common the words are decides the plan; a page is too small for helpers; rows are in memory or on a fast disk.
_PLAN_EACH = text(
    "SELECT set_config('plan_cache_mode', 'force_custom_plan', true),"
    " set_config('max_parallel_workers_per_gather', '0', true), set_config('random_page_cost', '1.1', true)"
)
_ALONG = text(
    "SELECT set_config('enable_sort', :on, true), set_config('enable_bitmapscan', :on, true),"
    " set_config('enable_seqscan', :on, true)"
)
"""Off: an index is read in its order."""
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
    """One page of the tasks that have every word, newest first.

    Common words: the newest tasks are walked until the page is full, which is soon. Rare ones, or common ones that
    hardly occur here: all that match are sorted.
    """
    asked = tsquery(session, principal.team_id, wanted.text)
    if not asked:
        return Page()
    session.execute(_PLAN_EACH)
    search = _Search(principal, wanted, arms_of(session, principal, wanted), cursor, asked)
    found = _walk(session, search, size + 1) if _is_walked(session, search) else None
    if found is None:
        found = session.scalars(search.sorted(size + 1)).all()
    last = found[size - 1] if len(found) > size else None
    return Page(rows_of(session, found[:size]), Cursor(last.created_at, last.id).dump() if last else "")


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
class _Search:
    """A search: where to look (arms that do not overlap, each with an index in the order of the list), and for what."""

    principal: Principal
    wanted: TaskFilter
    arms: list[Arm]
    cursor: str
    asked: str

    def sorted(self, limit: int) -> Select[Any]:
        """All tasks that match, or have a comment that does, then the newest of them."""
        said = sa_select(col(TaskMessage.task_id)).where(col(TaskMessage.team_id) == self.principal.team_id)
        said = said.where(MESSAGE_SEARCH.op("@@")(self._query))
        both = (TASK_SEARCH.op("@@")(self._query), col(Task.id).in_(said))
        found = [sa_select(*_PLACE).where(*arm, *self._conditions, match) for arm in self.arms for match in both]
        hits = union(*found).cte("hits").prefix_with("MATERIALIZED")
        newest = sa_select(hits.c.id).order_by(hits.c.created_at.desc(), hits.c.id.desc()).limit(limit)
        return _tasks(newest)

    def walk(self, limit: int) -> Select[Any]:
        """The newest that match among the first WALKED of each arm."""
        arms = [self._walk_arm(arm, limit) for arm in self.arms]
        return _tasks(union_all(*[sa_select(arm.subquery().c.id) for arm in arms])).limit(limit)

    def beyond(self) -> Select[Any]:
        """A row if there are tasks that `walk` did not reach."""
        rest = [self._in_order(arm).with_only_columns(col(Task.id)).offset(WALKED).limit(1) for arm in self.arms]
        return sa_select(union_all(*[sa_select(one.subquery().c.id) for one in rest]).subquery().c.id).limit(1)

    def _walk_arm(self, arm: Arm, limit: int) -> Select[Any]:
        walked = self._in_order(arm).limit(WALKED).subquery()
        said = sa_select(col(TaskMessage.id)).where(col(TaskMessage.task_id) == walked.c.id)
        said = said.where(MESSAGE_SEARCH.op("@@")(self._query)).offset(0)  # asked for each task: never made a list of
        match = or_(walked.c.search.op("@@")(self._query), said.exists())
        return sa_select(walked.c.id).where(match).order_by(walked.c.created_at.desc(), walked.c.id.desc()).limit(limit)

    def _in_order(self, arm: Arm) -> Select[Any]:
        return sa_select(*_PLACE, TASK_SEARCH).where(*arm, *self._conditions).order_by(*_NEWEST)

    @property
    def _query(self) -> Any:
        return cast(self.asked, TSQUERY)

    @property
    def _conditions(self) -> Arm:
        conditions = conditions_of(self.principal.timezone, self.wanted)
        if self.cursor:
            after = Cursor.parse(self.cursor)
            conditions.append(tuple_(*_PLACE) < (after.at, after.id))
        return conditions


def _tasks(ids: Any) -> Select[Any]:
    """The tasks with these ids, newest first. An array keeps the planner from turning the order of work around."""
    return sa_select(Task).where(col(Task.id) == any_(func.array(ids.scalar_subquery()))).order_by(*_NEWEST)


def _is_walked(session: Session, search: _Search) -> bool:
    """Whether the words are common, as the planner thinks, and the index that is walked passes only what may match."""
    if search.wanted.tag or search.wanted.due:
        return False
    plan = session.execute(_ESTIMATE, {"asked": search.asked}).scalar_one()
    return float(plan[0]["Plan"]["Plan Rows"]) > RARE


def _walk(session: Session, search: _Search, limit: int) -> Sequence[Task] | None:
    """The newest that match, or None where the walk ended before the page was full and there is more to look at."""
    session.execute(_ALONG, {"on": "off"})
    found: Sequence[Task] = session.scalars(search.walk(limit)).all()
    is_cut = len(found) < limit and session.scalar(search.beyond()) is not None
    session.execute(_ALONG, {"on": "on"})
    return None if is_cut else found
