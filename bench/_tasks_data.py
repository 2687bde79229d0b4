"""One workspace with a million tasks and five million actions, made inside the database by seeded arithmetic."""

import psycopg

TASKS, ACTIONS, COMMENTS, PEOPLE = 1_000_000, 5_000_000, 100_000, 40
# Words by rank: the n-th is drawn about as often as 1/n, as in real texts.
_NOUNS = (
    "faucet boiler heating window door roof gutter lock invoice deposit lease key fence gate drain toilet shower sink"
)
_VERBS = "fix replace check repair inspect clean paint measure order install call quote schedule confirm deliver return"
_PLACES = "kitchen bathroom basement hallway garage office bedroom attic balcony stairwell laundry lobby yard cellar"

_PEOPLE = """
INSERT INTO users (id, name, email, password, timezone, email_verified_at)
SELECT md5('user' || n)::uuid, 'Person ' || n, 'person' || n || '@bench.example.com', %(hash)s, 'UTC', now()
  FROM generate_series(1, %(people)s) n;
"""
_MEMBERS = """
INSERT INTO team_members (id, team_id, user_id, is_admin)
SELECT md5('member' || n)::uuid, %(team)s, md5('user' || n)::uuid, false FROM generate_series(1, %(people)s) n;
"""
# h(k) is a hash of the row and k: the same data each time, without a random generator's state.
_TASKS = """
INSERT INTO tasks (id, team_id, title, description, status, priority, requestor_id, owner_id, team_member_id, tags,
                   due_date, created_at, updated_at, completed_at, board_position)
SELECT md5('task' || n)::uuid, %(team)s,
       initcap(verbs[1 + (power(h1, 2) * (array_length(verbs, 1) - 1))::int]) || ' the '
         || nouns[1 + (power(h2, 2) * (array_length(nouns, 1) - 1))::int] || ' in the '
         || places[1 + (h3 * (array_length(places, 1) - 1))::int] || ' of ' || substr(md5(n::text), 1, 6),
       'Reported by tenant ' || n %% 50000 || ', unit ' || n %% 900 || '. '
         || nouns[1 + (power(h4, 2) * (array_length(nouns, 1) - 1))::int] || ' may be involved as well.',
       CASE WHEN h5 < 0.04 THEN 'pending' WHEN h5 < 0.06 THEN 'in_progress' WHEN h5 < 0.95 THEN 'completed'
            ELSE 'cancelled' END,
       CASE WHEN h6 < 0.1 THEN 'low' WHEN h6 < 0.8 THEN 'normal' WHEN h6 < 0.95 THEN 'high' ELSE 'urgent' END,
       md5('user' || 1 + n %% %(people)s)::uuid,
       CASE WHEN h7 < 0.3 THEN md5('user' || 1 + (h8 * (%(people)s - 1))::int)::uuid END,
       CASE WHEN h7 >= 0.3 AND h7 < 0.9 THEN md5('member' || 1 + (h8 * (%(people)s - 1))::int)::uuid END,
       CASE WHEN h3 < 0.02 THEN '["billing"]'::jsonb WHEN h3 < 0.0201 THEN '["rare"]'::jsonb ELSE '[]'::jsonb END,
       CASE WHEN h4 < 0.6 THEN made + h1 * interval '20 days' END, made, made,
       CASE WHEN h5 >= 0.06 AND h5 < 0.95 THEN made + h2 * interval '9 days' END, -extract(epoch FROM made)
  FROM (SELECT n, %(now)s::timestamptz - (%(tasks)s - n) * interval '47 seconds' AS made,
               h(n, 1) h1, h(n, 2) h2, h(n, 3) h3, h(n, 4) h4, h(n, 5) h5, h(n, 6) h6, h(n, 7) h7, h(n, 8) h8,
               string_to_array(%(verbs)s, ' ') verbs, string_to_array(%(nouns)s, ' ') nouns,
               string_to_array(%(places)s, ' ') places
          FROM generate_series(1, %(tasks)s) n) AS rows
"""
_HASH = """
CREATE FUNCTION h(n integer, k integer) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT (hashint8(n::bigint * 31 + k) & 2147483647) / 2147483647.0::double precision $$
"""
# Five steps each: made, given, begun, then ended as the task's state says (or given back), and a comment.
_ACTIONS = """
INSERT INTO task_actions (id, task_id, user_id, action_type, action_data, created_at)
SELECT lpad(to_hex(n), 32, '0')::uuid, md5('task' || task)::uuid, md5('user' || 1 + n %% %(people)s)::uuid,
       CASE step WHEN 0 THEN 'created' WHEN 1 THEN 'assigned' WHEN 2 THEN 'status_changed' WHEN 3 THEN
         CASE WHEN h5 < 0.04 THEN 'declined' WHEN h5 < 0.06 THEN 'commented' ELSE 'status_changed' END
       ELSE 'commented' END,
       CASE step WHEN 2 THEN '{"from": "pending", "to": "in_progress"}'::jsonb WHEN 3 THEN
         CASE WHEN h5 < 0.04 THEN '{"from": "in_progress"}'::jsonb WHEN h5 < 0.06 THEN '{}'::jsonb
              WHEN h5 < 0.95 THEN '{"from": "in_progress", "to": "completed"}'::jsonb
              ELSE '{"from": "in_progress", "to": "cancelled"}'::jsonb END
       ELSE '{}'::jsonb END,
       made + CASE WHEN step = 3 AND h5 >= 0.06 THEN h2 * interval '9 days' ELSE step * interval '1 minute' END
  FROM (SELECT n, n / %(tasks)s AS step, 1 + n %% %(tasks)s AS task, h(1 + n %% %(tasks)s, 5) h5,
               h(1 + n %% %(tasks)s, 2) h2,
               %(now)s::timestamptz - (%(tasks)s - (1 + n %% %(tasks)s)) * interval '47 seconds' AS made
          FROM generate_series(0, %(actions)s - 1) n) AS rows
"""
_COMMENTS = """
INSERT INTO task_messages (team_id, task_id, task_created_at, user_id, message, created_at)
SELECT %(team)s, md5('task' || 1 + n * 9973::bigint %% %(tasks)s)::uuid,
       %(now)s::timestamptz - (%(tasks)s - (1 + n * 9973::bigint %% %(tasks)s)) * interval '47 seconds',
       md5('user' || 1 + n %% %(people)s)::uuid,
       'Spoke to the tenant about parcel ' || substr(md5('c' || n), 1, 5) || ', will come back on it.',
       %(now)s::timestamptz - n * interval '5 minutes'
  FROM generate_series(1, %(comments)s) n
"""
# What `remember_words` would have kept of these texts: the drawn words, and the rare ones.
_VOCABULARY = """
INSERT INTO task_words (team_id, word)
SELECT %(team)s, word FROM (
  SELECT unnest(string_to_array(%(verbs)s || ' ' || %(nouns)s || ' ' || %(places)s, ' ')) AS word
  UNION SELECT unnest(string_to_array(%(glue)s, ' '))
  UNION SELECT substr(md5(n::text), 1, 6) FROM generate_series(1, %(tasks)s) n
   WHERE substr(md5(n::text), 1, 6) !~ '^[0-9]+$'
) AS words
ON CONFLICT DO NOTHING
"""


def is_filled(url: str) -> bool:
    """Whether an earlier run made it all here: the words come last."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM (SELECT FROM task_words LIMIT 100000) AS words").fetchone()
    return bool(row and row[0] == 100_000)


def fill(url: str, team_id: str, password_hash: str, tasks: int = TASKS) -> None:
    """Make it all; secondary indexes are dropped meanwhile and made again, as a large import does."""
    share = tasks / TASKS
    values = {
        "team": team_id,
        "people": PEOPLE,
        "tasks": tasks,
        "actions": int(ACTIONS * share),
        "comments": int(COMMENTS * share),
        "hash": password_hash,
        "now": "2026-11-20T12:00:00Z",
        "verbs": _VERBS,
        "nouns": _NOUNS,
        "places": _PLACES,
        "glue": "the reported tenant unit may involved well spoke about parcel will come back",
    }
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("work_mem = '256MB'", "maintenance_work_mem = '512MB'", "synchronous_commit = off"):
            connection.execute(f"SET {setting}".encode())
        for setting in ("max_wal_size = '16GB'", "checkpoint_timeout = '1h'"):  # one checkpoint, at the end
            connection.execute(f"ALTER SYSTEM SET {setting}".encode())
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(_HASH)
        connection.execute(_PEOPLE.encode(), values)
        connection.execute(_MEMBERS.encode(), values)
        kept = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('tasks', 'task_actions', 'task_messages') "
            "AND indexname LIKE 'idx_%'"
        ).fetchall()
        for name, _ in kept:
            connection.execute(f"DROP INDEX {name}".encode())
        connection.execute("SET session_replication_role = replica")  # the foreign keys hold by construction
        for statement in (_TASKS, _ACTIONS, _COMMENTS):
            connection.execute(statement.encode(), values)
        connection.execute("SET session_replication_role = origin")
        for _, definition in kept:
            connection.execute(definition.encode())
        connection.execute(_VOCABULARY.encode(), values)
        connection.execute("VACUUM ANALYZE")
        for name in ("max_wal_size", "checkpoint_timeout"):
            connection.execute(f"ALTER SYSTEM RESET {name}".encode())
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CHECKPOINT")
