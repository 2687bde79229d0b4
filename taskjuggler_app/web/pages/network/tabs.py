"""What the network pages share."""

from collections.abc import Sequence

import reflex as rx

from taskjuggler_app.web.components import Choice, page_header, tab_links
from taskjuggler_app.web.components.base import Child
from taskjuggler_app.web.pages.frame.view import framed

_TABS = (
    Choice("actors", "Actors", icon="users", href="/network"),
    Choice("talks", "Conversations", icon="message-square", href="/network/conversations"),
    Choice("rules", "Delegation", icon="route", href="/network/delegation"),
    Choice("deliveries", "Deliveries", icon="send", href="/network/deliveries"),
)
KINDS = {
    "HUMAN": "Person",
    "AI_AGENT": "AI agent",
    "TEAM": "Workspace",
    "IOT_DEVICE": "Device",
    "IOT_GATEWAY": "Gateway",
}
MANY = {
    "HUMAN": "People",
    "AI_AGENT": "AI agents",
    "TEAM": "Workspaces",
    "IOT_DEVICE": "Devices",
    "IOT_GATEWAY": "Gateways",
}
ICONS = {"HUMAN": "user", "AI_AGENT": "bot", "TEAM": "building-2", "IOT_DEVICE": "smartphone", "IOT_GATEWAY": "layers"}
RELATIONS = {
    "owner": "Owner",
    "peer": "Peer",
    "delegate": "Delegate",
    "watcher": "Watcher",
    "vendor": "Vendor",
}
STATUSES = {"PENDING_CLAIM": "Waits to be claimed", "ACTIVE": "Active", "SUSPENDED": "Suspended"}
TONES = {"PENDING_CLAIM": "warning", "ACTIVE": "success", "SUSPENDED": "danger"}


def network_page(active: str, *content: Child, actions: Sequence[rx.Component] = ()) -> rx.Component:
    """A page of the place Network; `active` is the tab."""
    note = "Other businesses, AI agents and devices that take tasks from you and give you some."
    return framed(
        "network",
        page_header("Network", note=note, actions=actions),
        tab_links(_TABS, active, label="Network"),
        rx.el.div(*content, class_name="panel"),
    )
