"""Every page and its address, on one screen."""

import reflex as rx

from taskjuggler_app.web.pages.access import views as access
from taskjuggler_app.web.pages.access.state import AccessState


def add_pages(app: rx.App) -> None:
    """Register every page with its address, title and what it loads."""
    for route, title, view in access.PAGES:
        app.add_page(view, route=route, title=f"{title} · TaskJuggler", on_load=AccessState.load)
