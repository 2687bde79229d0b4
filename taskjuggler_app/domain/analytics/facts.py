"""What a subject adds to the counts, in SQL: one SELECT for each kind of subject.

Each gives rows (subject_id, metric, day, bucket, channel, doer, n) from the tables as they are now, so that folding a
subject again changes nothing, and a count can be made anew from nothing. Days and hours are on the workspace's clock.
A task in the bin counts nowhere. `bucket` is the hour for work_hour, message_hour and appointments, the state for flow,
the outcome for routed, the place in CATEGORIES for category, how far it came for stage and listing_stage, the step of
the log scale (`histogram`) for cycle, response and award, else 0. `now` has a task's present state, on no day (EPOCH).
"""

from dataclasses import dataclass
from datetime import date

from taskjuggler_app.domain.analytics.histogram import BUCKET_SQL
from taskjuggler_app.domain.receptionist.extraction.values import Category
from taskjuggler_app.models.analytics import NOBODY

EPOCH = date(1970, 1, 1)
STATES = ("pending", "in_progress", "completed", "cancelled")
"""The buckets of flow."""
OUTCOMES = ("waiting", "by a rule", "to its case", "no rule fitted", "dismissed", "spam", "failed")
"""The buckets of routed."""
CATEGORIES = tuple(one.value for one in Category)
"""The buckets of category."""
STAGES = ("Received", "Read", "Became a task", "Answered")
"""The buckets of stage: how far a message came, each step after all before it."""
LISTING_STAGES = ("Published", "Got a bid", "Given to a vendor", "Delivered", "Accepted")
"""The buckets of listing_stage."""
_PLACES = ",".join(f"'{one}'" for one in CATEGORIES)
_CATEGORY = f"array_position(ARRAY[{_PLACES}], i.extracted_data->'category'->>'value') - 1"
_STATE = "array_position(ARRAY['pending','in_progress','completed','cancelled'], {}::text) - 1"


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of subject: its name in the case log, what its SELECT calls its table, the SELECT of its facts.

    The SELECT takes :team and :zone, and its `{which}` is a condition on the subject's id.
    """

    subject_type: str
    alias: str
    facts: str


_TASKS = f"""
WITH subject AS (
    SELECT t.id, coalesce(t.source_type, 'manual') AS channel,
           coalesce(t.owner_id, m.user_id, t.marketplace_vendor_id, '{NOBODY}') AS doer,
           t.created_at AT TIME ZONE :zone AS made,
           CASE WHEN t.status = 'completed' THEN t.completed_at AT TIME ZONE :zone END AS done,
           extract(epoch FROM t.completed_at - t.created_at) AS seconds, t.status
      FROM tasks t LEFT JOIN team_members m ON m.id = t.team_member_id
     WHERE t.team_id = :team AND t.deleted_at IS NULL AND {{which}}
), step AS (
    SELECT s.id, s.channel, s.doer, (a.created_at AT TIME ZONE :zone)::date AS day, a.action_data->>'from' AS before,
           CASE a.action_type WHEN 'declined' THEN 'pending' ELSE a.action_data->>'to' END AS after
      FROM subject s JOIN task_actions a ON a.task_id = s.id
     WHERE a.action_type IN ('status_changed', 'declined') AND a.action_data ? 'from'
)
SELECT id AS subject_id, metric, day, bucket::smallint AS bucket, channel, doer, sum(n)::bigint AS n
  FROM (
    SELECT s.id, f.metric, f.day, f.bucket, s.channel, s.doer, 1 AS n
      FROM subject s CROSS JOIN LATERAL (VALUES
        ('work_in', s.made::date, 0),
        ('work_hour', s.made::date, extract(hour FROM s.made)::int),
        ('flow', s.made::date, 0),
        ('now', '{EPOCH}', {_STATE.format("s.status")}),
        ('done', s.done::date, 0),
        ('cycle', s.done::date, {BUCKET_SQL.format("s.seconds")})
      ) AS f(metric, day, bucket)
     WHERE f.day IS NOT NULL
    UNION ALL
    SELECT s.id, f.metric, s.day, f.bucket, s.channel, s.doer, f.n
      FROM step s CROSS JOIN LATERAL (VALUES
        ('flow', {_STATE.format("s.before")}, -1),
        ('flow', {_STATE.format("s.after")}, 1),
        ('reopened', 0, CASE WHEN s.before = 'completed' THEN 1 ELSE 0 END)
      ) AS f(metric, bucket, n)
  ) AS one
 GROUP BY id, metric, day, bucket, channel, doer
HAVING sum(n) <> 0
"""  # noqa: S608  # our own constants

_ITEMS = f"""
WITH subject AS (
    SELECT i.id, extract(hour FROM i.received_at AT TIME ZONE :zone)::int AS hour, {_CATEGORY} AS category,
           i.routed_to_task_id IS NOT NULL AS has_task, i.source_type AS channel,
           coalesce(t.owner_id, m.user_id, i.assigned_to, '{NOBODY}') AS doer,
           (i.received_at AT TIME ZONE :zone)::date AS day, i.extracted_data IS NOT NULL AS was_read,
           CASE WHEN i.spam_at IS NOT NULL THEN 5
                WHEN i.processing_status = 'failed' THEN 6
                WHEN i.processing_status <> 'completed' THEN 0
                WHEN i.routing_rule_id IS NOT NULL THEN 1
                WHEN i.status = 'dismissed' THEN 4
                WHEN i.routed_to_task_id IS NOT NULL AND i.thread_id <> i.id THEN 2
                ELSE 3 END AS outcome,
           extract(epoch FROM least(t.started_at, t.completed_at, (
               SELECT min(o.created_at) FROM outgoing_messages o
                WHERE o.inbox_item_id = i.id AND o.purpose = 'reply' AND o.status NOT IN ('cancelled', 'withheld')
           )) - i.received_at) AS seconds,
           EXISTS (SELECT FROM fact_corrections c WHERE c.inbox_item_id = i.id) AS was_corrected
      FROM inbox_items i
      LEFT JOIN tasks t ON t.id = i.routed_to_task_id AND t.deleted_at IS NULL
      LEFT JOIN team_members m ON m.id = t.team_member_id
     WHERE i.team_id = :team AND {{which}}
)
SELECT s.id AS subject_id, f.metric, s.day, f.bucket::smallint AS bucket, s.channel, s.doer, 1::bigint AS n
  FROM subject s CROSS JOIN LATERAL (VALUES
    ('messages', 0, true),
    ('message_hour', s.hour, true),
    ('category', s.category, s.category IS NOT NULL),
    ('stage', CASE WHEN NOT s.was_read THEN 0 WHEN NOT s.has_task THEN 1 WHEN s.seconds IS NULL THEN 2 ELSE 3 END,
     true),
    ('routed', s.outcome, true),
    ('response', {BUCKET_SQL.format("s.seconds")}, s.seconds IS NOT NULL),
    ('read', 0, s.was_read),
    ('corrected', 0, s.was_corrected)
  ) AS f(metric, bucket, counts)
 WHERE f.counts
"""  # noqa: S608  # as above

_APPOINTMENTS = """
SELECT a.id AS subject_id, f.metric,
       (a.start_time AT TIME ZONE :zone)::date AS day, extract(hour FROM a.start_time AT TIME ZONE :zone)::smallint
       AS bucket, 'booking' AS channel, a.host_id AS doer, 1::bigint AS n
  FROM appointments a CROSS JOIN LATERAL (VALUES
    (CASE a.status WHEN 'no_show' THEN 'no_show' WHEN 'cancelled' THEN 'cancelled' ELSE 'booked' END),
    (CASE WHEN a.status <> 'cancelled' THEN 'meetings' END)
  ) AS f(metric)
 WHERE a.team_id = :team AND a.status <> 'held' AND f.metric IS NOT NULL AND {which}
"""

_LISTINGS = f"""
WITH subject AS (
    SELECT l.id, l.requestor_id AS doer, (l.created_at AT TIME ZONE :zone)::date AS made,
           (l.assigned_at AT TIME ZONE :zone)::date AS given,
           extract(epoch FROM l.assigned_at - l.created_at) AS seconds,
           CASE WHEN l.status = 'completed' THEN 4
                WHEN l.status = 'assigned' AND l.delivered_at IS NOT NULL THEN 3
                WHEN l.status = 'assigned' THEN 2
                WHEN EXISTS (SELECT FROM marketplace_bids b WHERE b.listing_id = l.id) THEN 1
                ELSE 0 END AS stage
      FROM marketplace_listings l WHERE l.team_id = :team AND {{which}}
)
SELECT s.id AS subject_id, f.metric, f.day, f.bucket::smallint AS bucket, 'market' AS channel, s.doer, f.n::bigint AS n
  FROM subject s CROSS JOIN LATERAL (
    SELECT 'listed' AS metric, s.made AS day, 0 AS bucket, 1 AS n
    UNION ALL SELECT 'listing_stage', s.made, s.stage, 1
    UNION ALL SELECT 'award', s.given, {BUCKET_SQL.format("s.seconds")}, 1
     WHERE s.seconds IS NOT NULL AND s.stage >= 2
    UNION ALL SELECT 'bids', (b.created_at AT TIME ZONE :zone)::date, 0, count(*)
      FROM marketplace_bids b WHERE b.listing_id = s.id GROUP BY 2
  ) AS f
"""  # noqa: S608  # as above

SOURCES = (
    Source("task", "t", _TASKS),
    Source("inbox_item", "i", _ITEMS),
    Source("appointment", "a", _APPOINTMENTS),
    Source("listing", "l", _LISTINGS),
)
