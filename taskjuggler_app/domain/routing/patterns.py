"""Regular expressions that cannot hang: RE2, whose time is linear in the text."""

from functools import lru_cache
from typing import Any

import re2

from taskjuggler_app.core.errors import Invalid

_MEMORY = 1 << 20


@lru_cache(maxsize=4096)
def pattern(expression: str) -> Any:
    """The compiled expression, to be found anywhere in a text, whatever the case. Invalid when it is none."""
    options = re2.Options()
    options.case_sensitive, options.log_errors, options.max_mem = False, False, _MEMORY
    try:
        return re2.compile(expression, options)
    except re2.error as error:
        said = error.args[0] if error.args else "not understood"
        raise Invalid(said.decode(errors="replace") if isinstance(said, bytes) else str(said)) from error
