"""Every page and its address, on one screen."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from taskjuggler_app.web.pages.access import views as access
from taskjuggler_app.web.pages.access.state import AccessState
from taskjuggler_app.web.pages.aitools.state import ToolsState
from taskjuggler_app.web.pages.aitools.task_state import TaskToolsState
from taskjuggler_app.web.pages.aitools.view import tools
from taskjuggler_app.web.pages.analytics.rows import rows as counted_rows
from taskjuggler_app.web.pages.analytics.rows_state import RowsState
from taskjuggler_app.web.pages.analytics.state import DashboardState
from taskjuggler_app.web.pages.analytics.view import board_page
from taskjuggler_app.web.pages.approvals.state import ApprovalsState
from taskjuggler_app.web.pages.approvals.view import approvals
from taskjuggler_app.web.pages.ask.state import AskState
from taskjuggler_app.web.pages.ask.view import ask
from taskjuggler_app.web.pages.booking import views as booking
from taskjuggler_app.web.pages.calendar import hours as calendar_hours
from taskjuggler_app.web.pages.calendar import types as calendar_types
from taskjuggler_app.web.pages.calendar import views as calendar
from taskjuggler_app.web.pages.calendar.hours_state import HoursState
from taskjuggler_app.web.pages.calendar.state import CalendarState, UpcomingState
from taskjuggler_app.web.pages.calendar.types_state import TypesState
from taskjuggler_app.web.pages.channels.one import channel
from taskjuggler_app.web.pages.channels.state import ChannelsState, ChannelState
from taskjuggler_app.web.pages.channels.view import channels
from taskjuggler_app.web.pages.contacts.importing import contact_import
from taskjuggler_app.web.pages.contacts.importing_state import ImportState
from taskjuggler_app.web.pages.contacts.lists import contacts
from taskjuggler_app.web.pages.contacts.one_list import contact_list
from taskjuggler_app.web.pages.contacts.reaching_state import ReachingState
from taskjuggler_app.web.pages.contacts.state import ContactsState
from taskjuggler_app.web.pages.described import DESCRIPTIONS
from taskjuggler_app.web.pages.frame.state import FrameState
from taskjuggler_app.web.pages.home.state import HomeState
from taskjuggler_app.web.pages.home.view import home
from taskjuggler_app.web.pages.inbox.chosen_state import ChosenState
from taskjuggler_app.web.pages.inbox.item_state import ItemState
from taskjuggler_app.web.pages.inbox.state import InboxState
from taskjuggler_app.web.pages.inbox.view import inbox
from taskjuggler_app.web.pages.marketplace import listing as market_listing
from taskjuggler_app.web.pages.marketplace import market
from taskjuggler_app.web.pages.marketplace import money as market_money
from taskjuggler_app.web.pages.marketplace import profile as market_profile
from taskjuggler_app.web.pages.marketplace import vendor as market_vendor
from taskjuggler_app.web.pages.marketplace.listing_state import ListingDeeds
from taskjuggler_app.web.pages.marketplace.money_state import DeskState, PaymentsState
from taskjuggler_app.web.pages.marketplace.payout_state import PayoutState
from taskjuggler_app.web.pages.marketplace.profile_state import PublicVendorState
from taskjuggler_app.web.pages.marketplace.state import MarketState, NewListingState
from taskjuggler_app.web.pages.marketplace.vendor_state import VendorState, WorkshopState
from taskjuggler_app.web.pages.messages.state import MessagesState
from taskjuggler_app.web.pages.messages.view import messages
from taskjuggler_app.web.pages.network import exchange
from taskjuggler_app.web.pages.network import views as network
from taskjuggler_app.web.pages.network.actor import actor
from taskjuggler_app.web.pages.network.actor_state import ActorState
from taskjuggler_app.web.pages.network.exchange_state import DelegationState, DeliveriesState, TalksState
from taskjuggler_app.web.pages.network.state import NetworkState
from taskjuggler_app.web.pages.notifications.centre import notices
from taskjuggler_app.web.pages.notifications.state import DeliveryState, NoticesState
from taskjuggler_app.web.pages.nowhere import nowhere
from taskjuggler_app.web.pages.people.join import join
from taskjuggler_app.web.pages.people.join_state import JoinState
from taskjuggler_app.web.pages.people.leaving_state import LeavingState
from taskjuggler_app.web.pages.people.team import team
from taskjuggler_app.web.pages.rules.doctor import doctor
from taskjuggler_app.web.pages.rules.doctor_state import DoctorState
from taskjuggler_app.web.pages.rules.editor import rule
from taskjuggler_app.web.pages.rules.editor_state import RuleState
from taskjuggler_app.web.pages.rules.machine import machine
from taskjuggler_app.web.pages.rules.machine_state import MachineState, RunState
from taskjuggler_app.web.pages.rules.run import run
from taskjuggler_app.web.pages.rules.state import RulesState
from taskjuggler_app.web.pages.rules.view import rules
from taskjuggler_app.web.pages.samples.state import SamplesState
from taskjuggler_app.web.pages.settings.ai import ai
from taskjuggler_app.web.pages.settings.ai_state import AIState
from taskjuggler_app.web.pages.settings.audit import audit_log
from taskjuggler_app.web.pages.settings.audit_state import AuditState
from taskjuggler_app.web.pages.settings.data import my_data
from taskjuggler_app.web.pages.settings.data_state import DataState
from taskjuggler_app.web.pages.settings.integrations import integrations
from taskjuggler_app.web.pages.settings.integrations_state import IntegrationsState
from taskjuggler_app.web.pages.settings.keys import keys
from taskjuggler_app.web.pages.settings.keys_state import KeysState
from taskjuggler_app.web.pages.settings.leaving_state import LeavingAccountState
from taskjuggler_app.web.pages.settings.notifications import delivery
from taskjuggler_app.web.pages.settings.operations import operations
from taskjuggler_app.web.pages.settings.operations_state import OperationsState
from taskjuggler_app.web.pages.settings.outbox import outbox
from taskjuggler_app.web.pages.settings.outbox_state import OutboxState
from taskjuggler_app.web.pages.settings.plan import plan
from taskjuggler_app.web.pages.settings.plan_state import PlanState
from taskjuggler_app.web.pages.settings.presenting_state import PresentingState
from taskjuggler_app.web.pages.settings.profile import profile
from taskjuggler_app.web.pages.settings.security import security
from taskjuggler_app.web.pages.settings.state import ProfileState, SecurityState
from taskjuggler_app.web.pages.settings.two_factor_state import TwoFactorState
from taskjuggler_app.web.pages.settings.webhooks import webhooks
from taskjuggler_app.web.pages.settings.webhooks_state import WebhooksState
from taskjuggler_app.web.pages.simulator.state import SimulatorState
from taskjuggler_app.web.pages.simulator.view import simulator
from taskjuggler_app.web.pages.sites.issue_state import IssueState, ScanState
from taskjuggler_app.web.pages.sites.issue_view import issue
from taskjuggler_app.web.pages.sites.scan_view import scan
from taskjuggler_app.web.pages.sites.site_state import SiteDeeds
from taskjuggler_app.web.pages.sites.site_view import site
from taskjuggler_app.web.pages.sites.state import SitesState
from taskjuggler_app.web.pages.sites.view import sites
from taskjuggler_app.web.pages.tasks.board import board, task_bin
from taskjuggler_app.web.pages.tasks.board_state import BinState, BoardState
from taskjuggler_app.web.pages.tasks.calendar import due_calendar
from taskjuggler_app.web.pages.tasks.calendar_state import DueState
from taskjuggler_app.web.pages.tasks.detail import task
from taskjuggler_app.web.pages.tasks.invited import invited
from taskjuggler_app.web.pages.tasks.invited_state import InvitedState
from taskjuggler_app.web.pages.tasks.list_state import ListDeeds
from taskjuggler_app.web.pages.tasks.processes import process_list
from taskjuggler_app.web.pages.tasks.processes_state import ProcessesState
from taskjuggler_app.web.pages.tasks.projects import project, project_list
from taskjuggler_app.web.pages.tasks.projects_state import ProjectsState, ProjectState
from taskjuggler_app.web.pages.tasks.talk_state import TaskDeeds
from taskjuggler_app.web.pages.tasks.view import tasks

_INBOX = [InboxState.load, ChosenState.load, ItemState.load]  # the list first: the open message keeps its watch
_PAGES: tuple[tuple[str, str, Callable[[], rx.Component], Any], ...] = (
    ("/", "Today", home, [SamplesState.load, HomeState.load]),
    ("/inbox", "Inbox", inbox, _INBOX),
    ("/inbox/[item_id]", "Message", inbox, _INBOX),
    ("/tasks", "Tasks", tasks, ListDeeds.load),
    ("/tasks/board", "Board", board, BoardState.load),
    ("/tasks/bin", "Bin", task_bin, BinState.load),
    ("/tasks/calendar", "Due dates", due_calendar, DueState.load),
    ("/tasks/projects", "Projects", project_list, ProjectsState.load),
    ("/tasks/projects/[project_id]", "Project", project, ProjectState.load),
    ("/tasks/processes", "Processes", process_list, ProcessesState.load),
    ("/tasks/[task_id]", "Task", task, [TaskDeeds.load, TaskToolsState.load]),
    ("/approvals", "Approvals", approvals, ApprovalsState.load),
    ("/marketplace", "Marketplace", market.market, MarketState.load),
    ("/marketplace/new", "Ask for work", market.new_listing, NewListingState.load),
    ("/marketplace/listings/[listing_id]", "Listing", market_listing.listing, ListingDeeds.load),
    ("/marketplace/vendors/[vendor_id]", "Vendor", market_profile.vendor, VendorState.load),
    ("/marketplace/vendor", "Offer work", market_vendor.workshop, [WorkshopState.load, PayoutState.load]),
    ("/marketplace/tools", "AI tools", tools, ToolsState.load),
    ("/marketplace/payments", "Payments", market_money.payments, PaymentsState.load),
    ("/marketplace/desk", "Operators' desk", market_money.desk, DeskState.load),
    ("/calendar", "Calendar", calendar.calendar, CalendarState.load),
    ("/calendar/upcoming", "Upcoming", calendar.upcoming, UpcomingState.load),
    ("/calendar/types", "Appointment types", calendar_types.types, TypesState.load),
    ("/calendar/hours", "My hours", calendar_hours.hours, HoursState.load),
    ("/rules", "Rules", rules, RulesState.load),
    ("/rules/doctor", "Check-up", doctor, DoctorState.load),
    ("/rules/time-machine", "Time machine", machine, MachineState.load),
    ("/rules/time-machine/[run]", "Run", run, RunState.load),
    ("/rules/[rule]", "Rule", rule, RuleState.load),
    ("/channels", "Channels", channels, ChannelsState.load),
    ("/channels/[channel_id]", "Channel", channel, ChannelState.load),
    ("/simulator", "Flight simulator", simulator, SimulatorState.load),
    ("/sites", "Sites", sites, SitesState.load),
    ("/sites/[site_id]", "Site", site, SiteDeeds.load),
    ("/sites/[site_id]/scans/[scan_id]", "Scan", scan, ScanState.load),
    ("/sites/[site_id]/issues/[issue_id]", "Issue", issue, IssueState.load),
    ("/people", "Team", team, LeavingState.load),
    ("/contacts", "Contacts", contacts, ContactsState.load),
    ("/contacts/[list_id]", "Contact list", contact_list, ReachingState.load),
    ("/contacts/import/[import_id]", "Import", contact_import, ImportState.load),
    ("/messages", "Messages", messages, MessagesState.load),
    ("/messages/[person_id]", "Messages", messages, MessagesState.load),
    ("/network", "Network", network.network, NetworkState.load),
    ("/network/conversations", "Conversations", exchange.conversations, TalksState.load),
    ("/network/delegation", "Delegation", exchange.delegation, DelegationState.load),
    ("/network/deliveries", "Deliveries", exchange.deliveries, DeliveriesState.load),
    ("/network/[actor_id]", "Actor", actor, ActorState.load),
    ("/monday", "Manager's Monday", board_page("monday"), DashboardState.load),
    ("/dashboards/inbox", "Inbox report", board_page("inbox"), DashboardState.load),
    ("/dashboards/tasks", "Task report", board_page("tasks"), DashboardState.load),
    ("/dashboards/marketplace", "Marketplace report", board_page("marketplace"), DashboardState.load),
    ("/dashboards/sites", "Sites report", board_page("sites"), DashboardState.load),
    ("/dashboards/calendar", "Calendar report", board_page("calendar"), DashboardState.load),
    ("/dashboards/rows", "Rows", counted_rows, RowsState.load),
    ("/notifications", "Notifications", notices, NoticesState.load),
    ("/settings", "Profile", profile, [ProfileState.load, PresentingState.load]),
    ("/settings/notifications", "Mail and texts", delivery, DeliveryState.load),
    ("/settings/ai", "AI", ai, AIState.load),
    ("/settings/keys", "API keys", keys, KeysState.load),
    ("/settings/plan", "Plan", plan, PlanState.load),
    ("/settings/webhooks", "Webhooks", webhooks, WebhooksState.load),
    ("/settings/integrations", "Integrations", integrations, IntegrationsState.load),
    ("/settings/audit", "Audit log", audit_log, AuditState.load),
    ("/settings/outbox", "Outbox", outbox, OutboxState.load),
    ("/settings/operations", "Operations", operations, OperationsState.load),
    ("/settings/data", "Your data", my_data, [SamplesState.load, LeavingAccountState.load, DataState.load]),
    ("/settings/security", "Password and devices", security, [SecurityState.load, TwoFactorState.load]),
)


def add_pages(app: rx.App) -> None:
    """Register every page with its address, title, description and what it loads."""
    app.add_page(nowhere, route="404", title="Nothing here · TaskJuggler")
    for route, title, view in access.PAGES:
        _add(app, route, title, view, AccessState.load)
    for route, title, view, load in booking.PAGES:
        _add(app, route, title, view, load)
    _add(app, "/invited/[code]", "Invitation", invited, InvitedState.load)
    _add(app, "/ask/[slug]", "Write to us", ask, AskState.load)
    _add(app, "/vendors/[vendor_id]", "Vendor", market_profile.public_vendor, PublicVendorState.load)
    _add(app, "/join/[code]", "Invitation", join, JoinState.load)
    for route, title, view, load in _PAGES:
        _add(app, route, title, view, [*_several(load), FrameState.load])


def _add(app: rx.App, route: str, title: str, view: Callable[[], rx.Component], load: Any) -> None:
    described = DESCRIPTIONS.get(route)
    app.add_page(view, route=route, title=f"{title} · TaskJuggler", description=described, image="", on_load=load)


def routes() -> list[str]:
    """The address of every page, as Reflex writes it: /tasks/[task_id]."""
    entrances = [one[0] for one in (*access.PAGES, *booking.PAGES)]
    return [
        *entrances,
        "/invited/[code]",
        "/ask/[slug]",
        "/vendors/[vendor_id]",
        "/join/[code]",
        *(one[0] for one in _PAGES),
    ]


def _several(load: Any) -> list[Any]:
    """What a page loads, one handler or a list of them."""
    return load if isinstance(load, list) else [load]
