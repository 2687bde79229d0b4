"""Fills the empty shell of a dynamic page for those who run no script: search engines, previews, curl, people.

Reflex serves a route such as /book/[slug] as one shell without title or text. `Shell` stands before it: for a path of
its registry it asks the page's function what to say about this address, and writes that into the built HTML. Scripts,
and so their hashes in the policy, stay as they were built; JSON-LD is data and is not subject to script-src.

    FILLED = {"/book/{slug}": booking.fill}        # async def fill(request) -> Filled | None
    app = Shell(app, FILLED, built=…, public_url=…)
"""

import gzip
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

_VOID = frozenset({"input", "br", "hr", "img", "meta", "link"})
_CAN_WAIT = ('<link rel="modulepreload"', '<link as="font"')


class Html(str):
    """Markup that is safe to send as it is: made by `element`, never from what a visitor sent."""

    __slots__ = ()


def element(name: str, /, *children: str, **attributes: str | bool | None) -> Html:
    """`<name …>children</name>`; plain text is escaped. A trailing underscore of an attribute is dropped (class_),
    others become hyphens; None and False leave the attribute out, True has no value."""
    shown = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(str(value))}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if name in _VOID:
        return Html(f"<{name}{shown}>")
    return Html(f"<{name}{shown}>{joined(*children)}</{name}>")


def joined(*children: str) -> Html:
    """The children one after the other; plain text is escaped."""
    return Html("".join(child if isinstance(child, Html) else escape(child) for child in children))


EMPTY = Html("")
FRAMES = "x-frames"
"""Tells our own guards which origins may frame the page; it never leaves the server."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What the server says about an address. Texts are plain; `noscript` is markup of `element`.

    `served` is shown from the first byte on until the page's own scripts have drawn the same (css hides it then).
    `path` is the address that search engines should keep (canonical), `data` a JSON-LD object (schema.org). `index`
    False keeps the page out of search engines. `frames` are origins whose pages may show this one in a frame.
    `status` is 404 for a page that says that there is nothing.
    """

    title: str
    description: str = ""
    path: str = ""
    noscript: Html = EMPTY
    served: Html = EMPTY
    data: Mapping[str, Any] | None = None
    kind: str = "website"
    image: str = "/icon-512.png"
    index: bool = True
    frames: tuple[str, ...] = ()
    status: int = 200


Fill = Callable[[Request], Awaitable[Filled | None]]
NOTHING = Filled("Nothing here", "This address leads nowhere.", index=False, status=404)


class Shell:
    """ASGI middleware: GET and HEAD of a registered path get the filled shell; None from its function is a 404.

    `built` reads the shell as built, once, at the first request.
    """

    def __init__(self, app: ASGIApp, filled: Mapping[str, Fill], *, built: Callable[[], str], public_url: str) -> None:
        self._app = app
        self._built = cache(built)
        self._origin = public_url.rstrip("/")
        self._pages = tuple((compile_path(path)[0], fill) for path, fill in filled.items())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            for pattern, fill in self._pages:
                if match := pattern.match(scope["path"].rstrip("/")):
                    request = Request({**scope, "path_params": match.groupdict()}, receive)
                    page = await fill(request) or NOTHING
                    response = _answer(request, write(self._built(), page, self._origin), page.status)
                    if page.frames:
                        response.headers[FRAMES] = " ".join(page.frames)
                    await response(scope, receive, send)
                    return
        await self._app(scope, receive, send)


def _answer(request: Request, html: str, status: int) -> HTMLResponse:
    """The page, compressed for those who take it so: it is the first thing that a phone waits for."""
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return HTMLResponse(html, status_code=status, headers={"Vary": "Accept-Encoding"})
    headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return HTMLResponse(gzip.compress(html.encode(), compresslevel=5, mtime=0), status_code=status, headers=headers)


def write(shell: str, page: Filled, origin: str) -> str:
    """The built HTML with the page's head before `</head>` and its noscript block first in the body."""
    shell = shell.replace("</head>", head(page, origin) + "</head>", 1)
    if not page.noscript:
        return shell
    if page.served:  # what the page shows at once goes before the scripts that will take it over
        for one in _CAN_WAIT:
            shell = shell.replace(one, f'{one} fetchpriority="low"')
    block = element("noscript", element("main", page.noscript, class_="plain-page"))
    if page.served:  # a section: React, which takes over the body, skips what it did not draw itself
        block = joined(block, element("section", page.served, class_="served"))
    before, body, after = shell.partition("<body>")
    return f"{before}{body}{block}{after}" if body else shell


def head(page: Filled, origin: str) -> Html:
    """Title, description, canonical address, Open Graph (ogp.me), JSON-LD."""
    address = origin + page.path
    parts = [element("title", page.title), element("meta", name="description", content=page.description)]
    if not page.index:
        parts.append(element("meta", name="robots", content="noindex"))
    if page.path:
        parts.append(element("link", rel="canonical", href=address))
    graph = {
        "og:title": page.title,
        "og:description": page.description,
        "og:type": page.kind,
        "og:url": address,
        "og:site_name": "TaskJuggler",
        "og:image": origin + page.image,
    }
    parts += [element("meta", property=name, content=value) for name, value in graph.items() if value]
    parts.append(element("meta", name="twitter:card", content="summary"))
    if page.data is not None:
        parts.append(Html(f'<script type="application/ld+json">{_script_json(page.data)}</script>'))
    return joined(*parts)


def _script_json(data: Mapping[str, Any]) -> str:
    """JSON that cannot end its script element: <, > and & are written as escapes."""
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False, default=str)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
