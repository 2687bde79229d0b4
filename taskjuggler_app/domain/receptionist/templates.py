"""The words of replies: a text with {name}, {summary} and the like in it. Pure."""

import re
from collections.abc import Mapping

from taskjuggler_app.core.errors import Invalid

VARIABLES = {
    "name": "the sender's name, or “there”",
    "summary": "what the message is about",
    "business": "your workspace's name",
    "hours": "the channel's business hours",
    "channel": "the channel's name",
    "category": "what kind of request it is",
}
LONGEST = 1000
_VARIABLE = re.compile(r"\{(\w+)\}")


def checked(text: str, field: str) -> str:
    """The template as stored. Invalid when it is too long or names what there is not."""
    text = text.strip()
    if len(text) > LONGEST:
        raise Invalid(f"A reply has at most {LONGEST} characters.", field)
    unknown = next((name for name in _VARIABLE.findall(text) if name not in VARIABLES), None)
    if unknown is not None:
        known = ", ".join(f"{{{name}}}" for name in VARIABLES)
        raise Invalid(f"There is no {{{unknown}}}. You can use {known}.", field)
    return text


def render(text: str, values: Mapping[str, str]) -> str:
    """The template with its variables filled in; one without a value leaves nothing behind."""
    return _VARIABLE.sub(lambda match: values.get(match[1], ""), text)[: LONGEST * 2].strip()
