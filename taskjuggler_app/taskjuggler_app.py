"""Web composition root: the Reflex app, its guard, its live hub and its pages."""

import reflex as rx

from taskjuggler_app.web import gate, guard, live, theme
from taskjuggler_app.web.pages import add_pages

app = rx.App(
    stylesheets=theme.STYLESHEETS,
    head_components=theme.head(),
    app_wraps=theme.app_wraps(),
    html_lang="en",
    toaster=None,
)
_gate = gate.install(app)
_hub = live.Hub(app, _gate)
live.install(_hub)
_gate.on_gone = _hub.forget
app.add_middleware(guard.Guard(_gate), index=0)
app.register_lifespan_task(_hub.run)
add_pages(app)
