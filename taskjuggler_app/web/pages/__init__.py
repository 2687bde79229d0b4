"""Every page and its address, on one screen."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from taskjuggler_app.web.pages.access import views as access
from taskjuggler_app.web.pages.access.state import AccessState
from taskjuggler_app.web.pages.booking import views as booking
from taskjuggler_app.web.pages.calendar import setup as calendar_setup
from taskjuggler_app.web.pages.calendar import views as calendar
from taskjuggler_app.web.pages.calendar.setup_state import HoursState, TypesState
from taskjuggler_app.web.pages.calendar.state import CalendarState, UpcomingState
from taskjuggler_app.web.pages.channels.state import ChannelsState
from taskjuggler_app.web.pages.channels.view import channels
from taskjuggler_app.web.pages.contacts.importing import contact_import
from taskjuggler_app.web.pages.contacts.importing_state import ImportState
from taskjuggler_app.web.pages.contacts.lists import contacts
from taskjuggler_app.web.pages.contacts.one_list import contact_list
from taskjuggler_app.web.pages.contacts.state import ContactListState, ContactsState
from taskjuggler_app.web.pages.frame.state import FrameState
from taskjuggler_app.web.pages.home.state import HomeState
from taskjuggler_app.web.pages.home.view import home
from taskjuggler_app.web.pages.inbox.detail import item
from taskjuggler_app.web.pages.inbox.state import InboxState, ItemState
from taskjuggler_app.web.pages.inbox.view import inbox
from taskjuggler_app.web.pages.messages.state import MessagesState
from taskjuggler_app.web.pages.messages.view import messages
from taskjuggler_app.web.pages.notifications.centre import notices
from taskjuggler_app.web.pages.notifications.state import DeliveryState, NoticesState
from taskjuggler_app.web.pages.people.join import join
from taskjuggler_app.web.pages.people.state import JoinState, TeamState
from taskjuggler_app.web.pages.people.team import team
from taskjuggler_app.web.pages.rules.editor import rule
from taskjuggler_app.web.pages.rules.state import RulesState, RuleState
from taskjuggler_app.web.pages.rules.view import rules
from taskjuggler_app.web.pages.settings.notifications import delivery
from taskjuggler_app.web.pages.settings.profile import profile
from taskjuggler_app.web.pages.settings.security import security
from taskjuggler_app.web.pages.settings.state import ProfileState, SecurityState
from taskjuggler_app.web.pages.sites.state import IssueState, SitesState, SiteState
from taskjuggler_app.web.pages.sites.view import issue, site, sites
from taskjuggler_app.web.pages.tasks.board import board, task_bin
from taskjuggler_app.web.pages.tasks.board_state import BinState, BoardState
from taskjuggler_app.web.pages.tasks.detail import task
from taskjuggler_app.web.pages.tasks.state import TasksState
from taskjuggler_app.web.pages.tasks.talk_state import TaskDeeds
from taskjuggler_app.web.pages.tasks.view import tasks

_PAGES: tuple[tuple[str, str, Callable[[], rx.Component], Any], ...] = (
    ("/", "Today", home, HomeState.load),
    ("/inbox", "Inbox", inbox, InboxState.load),
    ("/inbox/[item_id]", "Message", item, ItemState.load),
    ("/tasks", "Tasks", tasks, TasksState.load),
    ("/tasks/board", "Board", board, BoardState.load),
    ("/tasks/bin", "Bin", task_bin, BinState.load),
    ("/tasks/[task_id]", "Task", task, TaskDeeds.load),
    ("/calendar", "Calendar", calendar.calendar, CalendarState.load),
    ("/calendar/upcoming", "Upcoming", calendar.upcoming, UpcomingState.load),
    ("/calendar/types", "Appointment types", calendar_setup.types, TypesState.load),
    ("/calendar/hours", "My hours", calendar_setup.hours, HoursState.load),
    ("/rules", "Rules", rules, RulesState.load),
    ("/rules/[rule]", "Rule", rule, RuleState.load),
    ("/channels", "Channels", channels, ChannelsState.load),
    ("/sites", "Sites", sites, SitesState.load),
    ("/sites/[site_id]", "Site", site, SiteState.load),
    ("/sites/[site_id]/issues/[issue_id]", "Issue", issue, IssueState.load),
    ("/people", "Team", team, TeamState.load),
    ("/contacts", "Contacts", contacts, ContactsState.load),
    ("/contacts/[list_id]", "Contact list", contact_list, ContactListState.load),
    ("/contacts/import/[import_id]", "Import", contact_import, ImportState.load),
    ("/messages", "Messages", messages, MessagesState.load),
    ("/messages/[person_id]", "Messages", messages, MessagesState.load),
    ("/notifications", "Notifications", notices, NoticesState.load),
    ("/settings", "Profile", profile, ProfileState.load),
    ("/settings/notifications", "Mail and texts", delivery, DeliveryState.load),
    ("/settings/security", "Password and devices", security, SecurityState.load),
)


def add_pages(app: rx.App) -> None:
    """Register every page with its address, title and what it loads."""
    for route, title, view in access.PAGES:
        app.add_page(view, route=route, title=f"{title} · TaskJuggler", on_load=AccessState.load)
    for route, title, view, load in booking.PAGES:
        app.add_page(view, route=route, title=f"{title} · TaskJuggler", on_load=load)
    app.add_page(join, route="/join/[code]", title="Invitation · TaskJuggler", on_load=JoinState.load)
    for route, title, view, load in _PAGES:
        app.add_page(view, route=route, title=f"{title} · TaskJuggler", on_load=[load, FrameState.load])
