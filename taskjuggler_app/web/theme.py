"""What the app's look needs from Reflex: the stylesheets and the lines in every page's head.

The colours, scales and looks themselves are in assets/css; tokens.css is the place to change one.
"""

from collections.abc import Callable
from pathlib import Path

import reflex as rx
from reflex.app import default_error_boundary

from taskjuggler_app.web.build import ROOT, scripts_version
from taskjuggler_app.web.components.overlays import offline_notice

STYLESHEETS = [
    f"css/{name}.css"
    for name in (
        *("tokens", "base", "shell", "forms", "components", "lists", "overlays", "pages", "ask"),
        *("files", "tasks", "projects", "due", "people", "talk", "booking", "calendar", "sites", "rules"),
        *("inbox", "channels"),
        *("network", "marketplace", "aitools", "plots", "analytics", "audit", "webhooks", "account", "settings"),
    )
]
"""For `rx.App(stylesheets=…)`, in this order."""


_FIRST: Path = ROOT / "assets" / "js" / "theme.js"
"""Runs before the first paint: in the page itself, so that nothing waits for one more answer."""


def head() -> list[rx.Component]:
    """For `rx.App(head_components=…)`: theme before first paint, fonts early, icons, the page's own script."""
    return [
        rx.el.meta(name="viewport", content="width=device-width, initial-scale=1, viewport-fit=cover"),
        _theme_colour("#f3f1ea", "light"),
        _theme_colour("#11100f", "dark"),
        rx.el.script(custom_attrs={"dangerouslySetInnerHTML": {"__html": _FIRST.read_text(encoding="utf-8")}}),
        rx.el.link(
            rel="preload",
            href="/fonts/inter-latin.woff2",
            type="font/woff2",
            cross_origin="anonymous",
            custom_attrs={"as": "font"},
        ),
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.link(rel="alternate icon", href="/favicon.ico", sizes="32x32"),
        rx.el.link(rel="apple-touch-icon", href="/apple-touch-icon.png"),
        rx.el.link(rel="manifest", href="/manifest.webmanifest"),
        rx.el.script(src=f"/js/app.js?v={scripts_version()}", type="module"),
    ]


def app_wraps() -> dict[tuple[int, str], Callable[[bool], rx.Component | None]]:
    """For `rx.App(app_wraps=…, toaster=None)`: our own word for a lost connection in place of Reflex's toasts."""
    return {
        (55, "ErrorBoundary"): lambda stateful: default_error_boundary(),
        (5, "Offline"): lambda stateful: offline_notice() if stateful else None,
    }


def _theme_colour(colour: str, scheme: str) -> rx.Component:
    """The browser's own bars in the sidebar's colour."""
    media = f"(prefers-color-scheme: {scheme})"
    return rx.el.meta(name="theme-color", content=colour, custom_attrs={"media": media})
