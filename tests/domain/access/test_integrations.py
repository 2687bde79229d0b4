"""Who may test an integration, and what is remembered of it."""

from dataclasses import replace

import pytest
from sqlmodel import Session

from taskjuggler_app.core import clock
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import Forbidden, LimitReached, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import integrations
from tests import factories as make


@pytest.fixture
def operator(session: Session, monkeypatch: pytest.MonkeyPatch) -> Principal:
    """The owner of a workspace who runs the installation."""
    monkeypatch.setattr(settings(), "operator_emails", ["ops@example.com"])
    return make.make_owner(session, email="ops@example.com")


def test_vendors_are_for_operators_and_the_model_for_admins(session: Session, operator: Principal) -> None:
    admin = make.make_owner(session)
    member = make.make_colleague(session, admin)
    assert list(integrations.last(session, operator)) == [*integrations.VENDORS, integrations.MODEL]
    assert list(integrations.last(session, admin)) == [integrations.MODEL]
    assert integrations.last(session, member) == {}
    for key in (*integrations.VENDORS, "nothing", ""):
        with pytest.raises(NotFound):
            integrations.begin(session, admin, key)
    with pytest.raises(Forbidden):
        integrations.begin(session, member, integrations.MODEL)
    integrations.begin(session, operator, "mail")
    integrations.begin(session, admin, integrations.MODEL)


def test_pressing_again_at_once_asks_no_vendor(session: Session, operator: Principal) -> None:
    integrations.begin(session, operator, "phone")
    with pytest.raises(LimitReached):
        integrations.begin(session, operator, "phone")
    integrations.begin(session, operator, "mail")


def test_the_last_try_is_remembered_each_workspaces_model_apart(session: Session, operator: Principal) -> None:
    other = make.make_owner(session)
    now = clock.utcnow()
    integrations.note(session, operator, "mail", True, "It works.", 120, now)
    integrations.note(session, operator, integrations.MODEL, False, "It is dead.", 20_000, now)
    colleague = replace(operator, session_id="other")
    assert integrations.last(session, colleague)["mail"].said == "It works."
    assert integrations.last(session, colleague)["mail"].at == now.isoformat()
    assert integrations.last(session, other)[integrations.MODEL].said == ""
