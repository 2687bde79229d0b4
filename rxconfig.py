"""Reflex settings: how the web app is built and served. Everything else is in `taskjuggler_app.core.config`."""

import reflex as rx

from taskjuggler_app.core.config import settings
from taskjuggler_app.web.build_plugin import SameOrigin

config = rx.Config(
    app_name="taskjuggler_app",
    # A placeholder: SameOrigin makes the built client dial the address its page came from.
    api_url="http://localhost",
    frontend_compression_formats=["brotli", "gzip"],
    cors_allowed_origins=settings().allowed_origins,
    state_manager_mode="redis" if settings().redis_url else "memory",
    redis_url=settings().redis_url,
    trusted_proxy_hops=settings().trusted_proxies,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    react_strict_mode=False,
    plugins=[SameOrigin()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
