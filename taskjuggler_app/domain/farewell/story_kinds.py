"""The kinds of things that the demo's story left: which of them go, and how.

In the statements :team is the workspace, :at when the story ended, :me who asks, :ids the messages that go.
"""

from dataclasses import dataclass

from taskjuggler_app.domain.receptionist.samples import RUNS_OF_TASKS, TASK_WORKED_ON


@dataclass(frozen=True)
class Kind:
    """A kind: its name for one and for many, the rows `t` that are the story's, and the condition on which one goes.

    deletes: what is done with the ids :things of those that go, in order. keys: finds the bytes that go with them.
    """

    one: str
    many: str
    rows: str
    goes: str
    deletes: tuple[str, ...] = ()
    keys: str = ""

    @property
    def counts(self) -> str:
        """How many go, and how many stay."""
        return f"SELECT count(*) FILTER (WHERE {self.goes}), count(*) FILTER (WHERE NOT ({self.goes})) FROM {self.rows}"  # noqa: S608

    @property
    def ids(self) -> str:
        """Those that go, locked."""
        return f"SELECT t.id FROM {self.rows} AND {self.goes} FOR UPDATE OF t"  # noqa: S608


def _told(table: str) -> str:
    return f"{table} t WHERE t.team_id = :team AND t.created_at <= :at"


def _untouched(subject: str, column: str = "t.id") -> str:
    """Nobody did anything to it since, says the case log."""
    return (
        f"NOT EXISTS (SELECT FROM case_events e WHERE e.team_id = :team AND e.subject_type = '{subject}' "
        f"AND e.subject_id = CAST({column} AS text) AND e.principal_id IS NOT NULL AND e.created_at > :at)"
    )


def _delete(table: str) -> tuple[str, ...]:
    return (f"DELETE FROM {table} WHERE id = ANY(:things)",)  # noqa: S608


_WORKED_ON = TASK_WORKED_ON.replace("since.at", ":at")
_OF_MESSAGE = "coalesce(t.inbox_item_id = ANY(:ids), false)"
_TASK = f"({_OF_MESSAGE} OR (t.inbox_item_id IS NULL AND t.created_at <= :at AND NOT {_WORKED_ON}))"
_APPOINTMENT = f"({_untouched('appointment')} AND t.payment_reference = '')"
_KEPT_TASKS = f"SELECT FROM tasks t WHERE t.team_id = :team AND NOT {_TASK}"
_KEPT_APPOINTMENTS = (
    f"SELECT FROM appointments t WHERE t.team_id = :team AND (t.created_at > :at OR NOT {_APPOINTMENT})"
)
_KEPT_MESSAGES = "SELECT FROM inbox_items i WHERE i.team_id = :team AND i.id <> ALL(:ids)"
_LISTING = f"""
    {_untouched("listing")}
    AND NOT EXISTS (SELECT FROM transactions p WHERE p.listing_id = t.id)
    AND NOT EXISTS (SELECT FROM tasks k WHERE k.marketplace_listing_id = t.id)
    AND NOT EXISTS (SELECT FROM marketplace_bids b WHERE b.listing_id = t.id AND b.created_at > :at)
"""  # noqa: S608
_SITE = f"""
    {_untouched("site")}
    AND NOT EXISTS (SELECT FROM issues s WHERE s.site_id = t.id AND NOT {_untouched("issue", "s.id")})
"""
_TOOLS = f"""
    {_untouched("vendor")}
    AND NOT EXISTS (SELECT FROM ai_tool_configs c WHERE c.vendor_id = t.id AND NOT {_untouched("tool", "c.id")})
    AND NOT EXISTS (SELECT FROM ai_tool_executions x WHERE x.vendor_id = t.id AND (x.created_at > :at
                       OR x.task_id IN (SELECT k.id FROM tasks k WHERE k.id = x.task_id
                                           AND EXISTS ({_KEPT_TASKS} AND t.id = k.id))))
    AND NOT EXISTS (SELECT FROM transactions p WHERE p.vendor_id = t.id)
    AND NOT EXISTS (SELECT FROM marketplace_bids b WHERE b.vendor_id = t.id)
    AND NOT EXISTS (SELECT FROM marketplace_listings l WHERE l.assigned_vendor_id = t.id)
    AND NOT EXISTS (SELECT FROM tasks k WHERE k.marketplace_vendor_id = t.id)
"""  # noqa: S608
_CHANNEL = f"""
    {_untouched("channel")}
    AND NOT EXISTS ({_KEPT_MESSAGES} AND i.channel_id = t.id)
    AND NOT EXISTS (SELECT FROM tasks k WHERE k.source_channel_id = t.id
                       AND coalesce(k.inbox_item_id <> ALL(:ids), true))
"""
_LIST = f"""
    {_untouched("contact_list")}
    AND NOT EXISTS (SELECT FROM contact_list_members m WHERE m.contact_list_id = t.id AND m.created_at > :at
                       AND m.metadata ->> 'added_by' IS DISTINCT FROM 'rule')
"""  # noqa: S608
_ACTOR = f"""
    {_untouched("actor")}
    AND NOT EXISTS (SELECT FROM tef_envelopes v WHERE t.id IN (v.source_actor_id, v.target_actor_id)
                       AND v.created_at > :at)
"""

KINDS = (
    Kind("listing", "listings", _told("marketplace_listings"), _LISTING, _delete("marketplace_listings")),
    Kind("appointment", "appointments", _told("appointments"), _APPOINTMENT, _delete("appointments")),
    Kind(
        "task of its own",
        "tasks of its own",
        f"{_told('tasks')} AND t.inbox_item_id IS NULL",
        _TASK,
        (RUNS_OF_TASKS.replace(":tasks", ":things"), *_delete("tasks")),
    ),
    Kind(
        "kind of appointment",
        "kinds of appointments",
        _told("appointment_types"),
        f"{_untouched('appointment_type')} AND NOT EXISTS "
        f"(SELECT FROM appointments a WHERE a.appointment_type_id = t.id "
        f"AND EXISTS ({_KEPT_APPOINTMENTS} AND t.id = a.id))",
        _delete("appointment_types"),
    ),
    Kind(
        "web site",
        "web sites",
        _told("sites"),
        _SITE,
        _delete("sites"),
        "SELECT shot_key FROM issues WHERE site_id = ANY(:things) AND shot_key <> ''",
    ),
    Kind(
        "rule",
        "rules",
        _told("routing_rules"),
        f"{_untouched('rule')} AND NOT EXISTS ({_KEPT_MESSAGES} AND i.routing_rule_id = t.id)",
        _delete("routing_rules"),
    ),
    Kind("channel", "channels", _told("assistant_channels"), _CHANNEL, _delete("assistant_channels")),
    Kind("list of contacts", "lists of contacts", _told("contact_lists"), _LIST, _delete("contact_lists")),
    Kind(
        "project",
        "projects",
        _told("projects"),
        f"{_untouched('project')} AND NOT EXISTS "
        f"(SELECT FROM tasks k WHERE k.project_id = t.id AND EXISTS ({_KEPT_TASKS} AND t.id = k.id))",
        _delete("projects"),
    ),
    Kind("process", "processes", _told("process_templates"), "t.updated_at <= :at", _delete("process_templates")),
    Kind("kept filter", "kept filters", _told("saved_filters"), "true", _delete("saved_filters")),
    Kind("AI helper", "AI helpers", _told("marketplace_vendors"), _TOOLS, _delete("marketplace_vendors")),
    Kind(
        "agent or device",
        "agents and devices",
        f"{_told('actors')} AND t.actor_type NOT IN ('HUMAN', 'TEAM')",
        _ACTOR,
        (
            "DELETE FROM conversations WHERE actor_a_id = ANY(:things) OR actor_b_id = ANY(:things)",
            "DELETE FROM relationships WHERE actor_a_id = ANY(:things) OR actor_b_id = ANY(:things)",
            *_delete("actors"),
        ),
    ),
    Kind(
        "invitation",
        "invitations",
        _told("team_invitations"),
        "t.accepted_by IS NULL AND t.sent_count = 1",
        _delete("team_invitations"),
    ),
)
"""In the order in which they go: first what hangs on others."""

PEOPLE = Kind(
    "person who never signed in",
    "people who never signed in",
    "users t WHERE t.created_at <= :at AND t.id <> :me AND t.email ~ '@(demo|vendors)[.]example[.]com$'",
    f"""
    NOT EXISTS (SELECT FROM account_deletions d WHERE d.user_id = t.id)
    AND NOT EXISTS (SELECT FROM sessions s WHERE s.user_id = t.id)
    AND NOT EXISTS (SELECT FROM case_events e WHERE e.principal_id = t.id AND e.created_at > :at)
    AND NOT EXISTS (SELECT FROM teams w WHERE w.created_by = t.id AND w.id = :team)
    AND NOT EXISTS (SELECT FROM marketplace_vendors v JOIN transactions p ON p.vendor_id = v.id WHERE v.user_id = t.id)
    AND NOT EXISTS (SELECT FROM marketplace_bids b JOIN marketplace_vendors v ON v.id = b.vendor_id
                       WHERE v.user_id = t.id AND b.created_at > :at)
    AND NOT EXISTS (SELECT FROM direct_messages d WHERE t.id IN (d.sender_id, d.recipient_id) AND d.created_at > :at)
    AND NOT EXISTS (SELECT FROM tasks k WHERE k.team_id = :team AND EXISTS ({_KEPT_TASKS} AND t.id = k.id)
                       AND t.id IN (k.owner_id, (SELECT m.user_id FROM team_members m WHERE m.id = k.team_member_id)))
    AND NOT EXISTS (SELECT FROM appointments a WHERE a.host_id = t.id AND EXISTS ({_KEPT_APPOINTMENTS} AND t.id = a.id))
    """,  # noqa: S608
)
TALK = """
    DELETE FROM direct_messages WHERE created_at <= :at AND (sender_id = ANY(:people) OR recipient_id = ANY(:people))
"""
BESIDES = (
    "DELETE FROM notifications WHERE team_id = :team AND created_at <= :at",
    "DELETE FROM contact_opt_outs WHERE team_id = :team AND created_at <= :at",
    "DELETE FROM blocked_senders WHERE team_id = :team AND created_at <= :at",
    "DELETE FROM host_schedules WHERE team_id = :team AND updated_at <= :at",
    """
    DELETE FROM actors WHERE team_id IS NULL AND user_id IS NULL AND created_at <= :at AND id IN (
        SELECT source_actor_id FROM tef_envelopes WHERE team_id = :team AND created_at <= :at)
       AND NOT EXISTS (SELECT FROM tef_envelopes v WHERE v.source_actor_id = actors.id AND v.created_at > :at)
    """,
)
"""What is too small to be counted: notifications, opt-outs, blocked senders, hours, the stranger who asked."""
