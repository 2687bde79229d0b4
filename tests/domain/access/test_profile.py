"""What a person says about themselves."""

from datetime import datetime

import pytest
from sqlmodel import Session

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.access import profile
from taskjuggler_app.models.users import User
from tests.domain.access.people import SignIn


def test_name_zone_and_phone_can_be_changed_one_by_one(session: Session, ada: User, sign_in: SignIn) -> None:
    principal = sign_in(ada)
    profile.update(session, principal, name=" Ada\tLovelace ")
    profile.update(session, principal, timezone="Asia/Kolkata")
    profile.update(session, principal, phone="(415) 555-2671")
    session.refresh(ada)
    assert (ada.name, ada.timezone, ada.phone) == ("Ada Lovelace", "Asia/Kolkata", "+14155552671")


def test_another_number_has_to_be_proved_again(session: Session, ada: User, sign_in: SignIn, now: datetime) -> None:
    principal = sign_in(ada)
    profile.update(session, principal, phone="+14155552671")
    ada.phone_verified_at = now
    session.add(ada)
    profile.update(session, principal, phone="+1 415 555 2671")
    assert ada.phone_verified_at == now
    profile.update(session, principal, phone="+14155550000")
    assert ada.phone_verified_at is None


@pytest.mark.parametrize("zone", ["", "Berlin", "../../etc/passwd", "europe/berlin\0"])
def test_a_zone_that_does_not_exist_is_refused(session: Session, ada: User, sign_in: SignIn, zone: str) -> None:
    with pytest.raises(Invalid) as refusal:
        profile.update(session, sign_in(ada), timezone=zone)
    assert refusal.value.field == "timezone"


@pytest.mark.parametrize("name", ["", "  ", "\u200b\n", "x" * 256])
def test_a_name_has_to_be_there_and_fit(session: Session, ada: User, sign_in: SignIn, name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        profile.update(session, sign_in(ada), name=name)
    assert refusal.value.field == "name"
