"""What a task needs whose doer is outside the workspace: its vendor hears of it, or a listing is opened for it."""

from sqlmodel import Session, col, select

from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.domain.marketplace import listings
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.domain.receptionist.assignment import Assignment
from taskjuggler_app.domain.tasks import invitations
from taskjuggler_app.domain.tasks import service as tasks
from taskjuggler_app.models.marketplace import MarketplaceVendor
from taskjuggler_app.models.receptionist import InboxItem
from taskjuggler_app.models.tasks import Task
from taskjuggler_app.models.teams import TeamMember
from taskjuggler_app.models.users import User


def follow(session: Session, item: InboxItem, task: Task, decided: Assignment) -> None:
    """Tell the vendor, open the listing; nothing for a task that stays inside."""
    acting = Principal(item.user_id, item.team_id, Role.MEMBER, Door.JOB)
    if task.marketplace_vendor_id is not None:
        vendor = session.get_one(MarketplaceVendor, task.marketplace_vendor_id)
        tasks.record(session, Principal.system(item.team_id), task, "assigned", {"vendor": vendor.name})
        if decided.draft is not None and decided.draft.tells_doer:
            _tell(session, acting, task, vendor)
    if decided.listing is not None:
        _list(session, acting, task, publishes=decided.listing.get("publish") is True)


def _tell(session: Session, acting: Principal, task: Task, vendor: MarketplaceVendor) -> None:
    """A vendor of the workspace gets a notification, one from outside a link to the task that is good for a week."""
    if vendor.user_id is None:
        return
    inside = select(TeamMember.id).where(TeamMember.team_id == task.team_id, col(TeamMember.user_id) == vendor.user_id)
    if session.exec(inside).first() is not None:
        notify(
            session,
            vendor.user_id,
            type="task_assigned",
            title="A task for you",
            message=task.title,
            link=f"/tasks/{task.id}",
            dedupe_key=f"task_assigned:{task.id}:{task.version}",
            team_id=acting.team_id,
        )
        return
    try:
        with session.begin_nested():
            invitations.invite(session, acting, task.id, session.get_one(User, vendor.user_id).email)
    except DomainError as error:
        tasks.record(session, Principal.system(acting.team_id), task, "not_told", {"why": error.message})


def _list(session: Session, acting: Principal, task: Task, *, publishes: bool) -> None:
    """Publish the task's listing, or have it wait as a draft for the person responsible: what a stranger wrote goes
    to the public only where the rule says so."""
    title, text, link = "A listing waits for you", "Look at it and publish it", f"/marketplace/new?task={task.id}"
    if publishes:
        try:
            with session.begin_nested():
                made = listings.publish_task(session, acting, task.id)
            title, text, link = "A listing was published", "By a rule", f"/marketplace/listings/{made.id}"
        except DomainError as error:
            text = f"It could not be published: {error.message}"
    notify(
        session,
        task.requestor_id,
        type="marketplace",
        title=title,
        message=f"{task.title}. {text}",
        link=link,
        dedupe_key=f"listing_of:{task.id}",
        team_id=acting.team_id,
    )
