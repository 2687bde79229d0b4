"""Who runs this installation."""

from taskjuggler_app.core.config import settings
from taskjuggler_app.core.principal import Principal


def is_operator(principal: Principal) -> bool:
    """Whether the person's address is one of OPERATOR_EMAILS: they verify vendors and decide disputes."""
    return bool(principal.email) and principal.email.lower() in settings().operator_emails
