"""A tool's input: a text, or JSON, with {{names}} that a task fills. Pure."""

import json
import re
from typing import Any

from taskjuggler_app.core.errors import Invalid

NAMES = ("title", "description", "category", "priority", "due_date", "tags", "requestor", "message", "url", "id")
"""What a template may ask for. `message` is the message that the task came from, `url` the first address in either."""
DEFAULT = "{{title}}\n\n{{description}}"
LONGEST = 20_000
_PLACE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def check(template: str) -> str:
    """The template, tidied. Invalid for a name that no task has, or for JSON that is none."""
    text = template.strip() or DEFAULT
    if len(text) > LONGEST:
        raise Invalid(f"At most {LONGEST} characters.", "template")
    for name in _PLACE.findall(text):
        if name not in NAMES:
            raise Invalid(f"A task has no “{name}”. Use {', '.join(NAMES)}.", "template")
    if text[0] in "{[" and not text.startswith("{{"):
        try:
            json.loads(text)
        except ValueError:
            raise Invalid(
                'This begins like JSON but is none: put the names in quotes, as {"text": "{{title}}"}.', "template"
            ) from None
    return text


def filled(template: str, values: dict[str, str]) -> dict[str, Any]:
    """The exact input of a run: {"json": …} for a JSON template, else {"text": …}.

    Values are put in once: a task whose title says {{description}} keeps it. In JSON they stay inside their strings.
    """
    if template[:1] in ("{", "[") and not template.startswith("{{"):
        return {"json": _inside(json.loads(template), values)}
    return {"text": _put(template, values)}


def text_of(given: dict[str, Any]) -> str:
    """The input as one text."""
    return str(given["text"]) if "text" in given else json.dumps(given.get("json"), ensure_ascii=False, indent=2)


def _inside(node: Any, values: dict[str, str]) -> Any:
    if isinstance(node, str):
        return _put(node, values)
    if isinstance(node, list):
        return [_inside(one, values) for one in node]
    if isinstance(node, dict):
        return {key: _inside(value, values) for key, value in node.items()}
    return node


def _put(text: str, values: dict[str, str]) -> str:
    return _PLACE.sub(lambda found: values.get(found.group(1), ""), text)
