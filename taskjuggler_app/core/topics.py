"""Names of what can change, for `live.publish` and the pages that listen.

A topic is `kind:id`. A page subscribes to exact names; a change publishes every name it concerns.
"""

from uuid import UUID


def tasks(team_id: UUID) -> str:
    """Any task of the workspace."""
    return f"tasks:{team_id}"


def task(task_id: UUID) -> str:
    """One task, its talk and its history."""
    return f"task:{task_id}"


def inbox(team_id: UUID) -> str:
    """Any inbox item of the workspace."""
    return f"inbox:{team_id}"


def inbox_item(item_id: UUID) -> str:
    """One inbox item."""
    return f"item:{item_id}"


def notifications(user_id: UUID) -> str:
    """A person's notifications."""
    return f"notifications:{user_id}"


def rules(team_id: UUID) -> str:
    """The workspace's routing rules."""
    return f"rules:{team_id}"


def routing_run(run_id: UUID) -> str:
    """A run of other rules over past messages."""
    return f"routing_run:{run_id}"


def channels(team_id: UUID) -> str:
    """The workspace's channels."""
    return f"channels:{team_id}"


def analytics(team_id: UUID) -> str:
    """The workspace's counts for dashboards."""
    return f"analytics:{team_id}"


def session(session_id: str) -> str:
    """A browser session that ended or changed; `session_id` is the token's hash."""
    return f"session:{session_id}"


def batch(batch_id: str) -> str:
    """Progress of a batch of jobs."""
    return f"batch:{batch_id}"


def sites(team_id: UUID) -> str:
    """Any site of the workspace: its scans and its issues."""
    return f"sites:{team_id}"


def site(site_id: int) -> str:
    """One site: its running scan and its issues."""
    return f"site:{site_id}"


def user(user_id: UUID) -> str:
    """A person's own profile and devices."""
    return f"user:{user_id}"


def calendar(team_id: UUID) -> str:
    """Any appointment, hour or busy time of the workspace."""
    return f"calendar:{team_id}"


def contacts(team_id: UUID) -> str:
    """The workspace's contact lists, opt-outs and bulk messages."""
    return f"contacts:{team_id}"


def outbox() -> str:
    """What the embedded mailer and phone keep."""
    return "outbox"


def operations() -> str:
    """The schedule, written down anew."""
    return "operations"


def team(team_id: UUID) -> str:
    """The workspace's people, invitations and name."""
    return f"team:{team_id}"


def messages(user_id: UUID) -> str:
    """A person's direct messages, sent and received."""
    return f"messages:{user_id}"


def network(team_id: UUID) -> str:
    """The workspace's actors, relationships and exchanged tasks."""
    return f"network:{team_id}"


def conversation(conversation_id: UUID) -> str:
    """One conversation between two actors."""
    return f"conversation:{conversation_id}"


def marketplace() -> str:
    """Which listings are open, in every workspace."""
    return "marketplace:all"


def listing(listing_id: UUID) -> str:
    """One listing and its bids."""
    return f"listing:{listing_id}"


def payments(team_id: UUID) -> str:
    """What a workspace pays, is paid and disputes."""
    return f"payments:{team_id}"


def disputes() -> str:
    """Every open dispute and verification: the operators' desk."""
    return "disputes:all"


def approvals(team_id: UUID) -> str:
    """What waits for somebody's word in the workspace."""
    return f"approvals:{team_id}"


def tools(team_id: UUID) -> str:
    """The workspace's AI tools and their runs."""
    return f"tools:{team_id}"
