"""The API's description as a page that is read without a script."""

from html import escape
from typing import Any

_HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>TaskJuggler API</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/api-docs.css">
</head><body><main>"""


def shown(made: dict[str, Any]) -> str:
    """The page."""
    by_tag: dict[str, list[str]] = {}
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            by_tag.setdefault(operation["tags"][0], []).append(_operation(path, method, operation))
    links = "".join(f'<li><a href="#{escape(tag)}">{escape(tag)}</a></li>' for tag in by_tag)
    body = "".join(f'<section><h2 id="{escape(tag)}">{escape(tag)}</h2>{"".join(ops)}</section>'
                   for tag, ops in by_tag.items())  # fmt: skip
    about = "".join(f"<p>{escape(part)}</p>" for part in made["info"]["description"].split("\n\n"))
    source = '<p><a href="/api/v1/openapi.json">The description for machines (OpenAPI 3.1)</a></p>'
    return f"{_HEAD}<h1>TaskJuggler API</h1>{about}{source}<nav><ul>{links}</ul></nav>{body}</main></body></html>"


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    given = "".join(
        f"<li><code>{escape(one['name'])}</code> ({escape(one['in'])}) {escape(one.get('description', ''))}</li>"
        for one in operation.get("parameters", [])
    )
    answers = "".join(
        f"<li><code>{escape(status)}</code> {escape(one['description'])}</li>"
        for status, one in sorted(operation["responses"].items())
    )
    return (
        f"<article><h3><code>{method.upper()} {escape(path)}</code></h3>"
        f"<p>{escape(operation.get('description', ''))}</p>"
        + (f"<h4>Given</h4><ul>{given}</ul>" if given else "")
        + f"<details><summary>Answers</summary><ul>{answers}</ul></details></article>"
    )
