"""Webhooks: from an event of the log to a receiver that checks the signature; failing, dead and hostile receivers."""

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session, col, select

from jobs.handlers.webhooks import RETRIES, deliver
from jobs.queue_app import queue_app, rescue_stalled
from jobs.scheduler import tell_webhooks
from jobs.worker import drain_now
from taskjuggler_app.core import clock
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Forbidden, Invalid, LimitReached, NotFound
from taskjuggler_app.core.ports import VendorError
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.webhooks import deliveries, kinds, queries, signing, subscriptions
from taskjuggler_app.domain.webhooks.subscriptions import HookDraft
from taskjuggler_app.models import DeliveryState, Notification, WebhookDelivery, WebhookSubscription
from tests import factories as make
from tests.domain.webhooks.receiver import Receiver, receiving


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setattr(settings(), "allow_local_targets", True)
    with receiving() as one:
        yield one


@pytest.fixture
def owner(database_url: str) -> Principal:
    with transaction() as session:
        return make.make_owner(session)


def subscribe(owner: Principal, url: str, *wanted: str) -> tuple[WebhookSubscription, str]:
    """A webhook for some kinds of events."""
    with transaction() as session:
        return subscriptions.create(session, owner, HookDraft(url, list(wanted or ("task.*",))))


def happen(owner: Principal, kind: str = "task.created", **data: object) -> None:
    """Something happens in the workspace."""
    with transaction() as session:
        record_event(session, owner, kind=kind, subject_type="task", subject_id="1", data=data)


def sent() -> list[WebhookDelivery]:
    """Every delivery, the oldest first."""
    with transaction() as session:
        return list(session.exec(select(WebhookDelivery).order_by(col(WebhookDelivery.created_at))))


def test_an_event_arrives_signed_and_only_those_that_are_wanted(owner: Principal, receiver: Receiver) -> None:
    happen(owner, number=0)
    hook, secret = subscribe(owner, receiver.url, "task.created", "message.*")
    for kind in ("task.created", "task.edited", "message.routed", "messages.lost"):
        happen(owner, kind, number=1)
    with transaction() as session:
        other = make.make_owner(session)
    happen(other)
    tell_webhooks()
    drain_now()
    arrived = [json.loads(body) for _, body in receiver.got]
    assert sorted(one["type"] for one in arrived) == ["message.routed", "task.created"]  # in whichever order
    assert all(receiver.verified(number, secret) for number in range(2))
    assert not receiver.verified(0, signing.new_secret())
    said = next(one["data"] for one in arrived if one["type"] == "task.created")
    assert (said["subject_type"], said["door"], said["details"]) == ("task", "web", {"number": 1})
    assert abs(int(receiver.got[0][0]["webhook-timestamp"]) - time.time()) < 60
    assert {one.state for one in sent()} == {DeliveryState.DELIVERED}
    with transaction() as session:
        kept = session.get_one(WebhookSubscription, hook.id)
        assert secret not in kept.secret_sealed


def test_what_happens_is_collected_once_whoever_collects(owner: Principal, receiver: Receiver) -> None:
    subscribe(owner, receiver.url)
    with ThreadPoolExecutor(6) as threads:
        writers = [threads.submit(happen, owner) for _ in range(20)]
        collectors = [threads.submit(tell_webhooks) for _ in range(6)]
        for one in (*writers, *collectors):
            one.result()
    tell_webhooks()
    numbers = [json.loads(one.body)["data"]["event_id"] for one in sent()]
    assert len(numbers) == len(set(numbers)) == 20


def test_a_delivery_that_was_taken_is_not_sent_again_by_a_repeated_job(owner: Principal, receiver: Receiver) -> None:
    subscribe(owner, receiver.url)
    happen(owner)
    tell_webhooks()
    for _ in range(3):
        deliver(str(sent()[0].id))
    assert len(receiver.got) == 1


def test_a_failure_is_tried_again_with_the_same_id_until_it_is_taken(owner: Principal, receiver: Receiver) -> None:
    subscribe(owner, receiver.url)
    happen(owner)
    tell_webhooks()
    delivery_id = str(sent()[0].id)
    answers = iter((500, 404, 302, 204))
    receiver.answer = lambda: next(answers)
    for _ in range(3):
        with pytest.raises(VendorError):
            deliver(delivery_id)
    deliver(delivery_id)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert len({body for _, body in receiver.got}) == 1
    row = sent()[0]
    assert [one["status"] for one in row.tries] == [500, 404, 302, 204]
    assert (row.attempts, row.state) == (4, DeliveryState.DELIVERED)
    with transaction() as session:
        assert session.exec(select(WebhookSubscription)).one().failing_since is None


def test_a_dead_receiver_is_given_up_in_the_end_and_can_be_tried_by_hand(owner: Principal, receiver: Receiver) -> None:
    dead = "http://127.0.0.1:9/nobody"
    subscribe(owner, dead)
    happen(owner)
    tell_webhooks()
    with transaction() as session:
        session.execute(text("UPDATE procrastinate_jobs SET attempts = :n"), {"n": RETRIES.attempts - 1})
    drain_now()
    row = sent()[0]
    assert row.state is DeliveryState.FAILED
    assert row.tries[0]["status"] == 0
    with transaction() as session:
        hook = session.exec(select(WebhookSubscription)).one()
        subscriptions.change(session, owner, hook.id, {"url": receiver.url})
        deliveries.send_again(session, owner, row.id)
    drain_now()
    assert len(receiver.got) == 1
    assert sent()[0].state is DeliveryState.DELIVERED


def test_who_takes_nothing_for_days_is_switched_off_and_its_admins_are_told(
    owner: Principal, receiver: Receiver
) -> None:
    hook, _ = subscribe(owner, receiver.url)
    receiver.answer = lambda: 503
    for day in (0, 4, 6):
        happen(owner, day=day)
        tell_webhooks()
        with clock.at(clock.utcnow() + timedelta(days=day)), pytest.raises(VendorError):
            deliver(str(sent()[-1].id))
    with transaction() as session:
        kept = session.get_one(WebhookSubscription, hook.id)
        assert (kept.is_active, kept.off_reason) == (False, "It took nothing for 5 days.")
        told = session.exec(select(Notification.title).where(Notification.user_id == owner.user_id)).all()
        assert told == ["A webhook was switched off"]
    deliver(str(sent()[0].id))
    assert sent()[0].state is DeliveryState.FAILED
    happen(owner, missed=True)
    with transaction() as session:
        subscriptions.change(session, owner, hook.id, {"is_active": True})
    happen(owner, day="new")
    tell_webhooks()
    assert json.loads(sent()[-1].body)["data"]["details"] == {"day": "new"}


def test_gone_switches_it_off_at_once(owner: Principal, receiver: Receiver) -> None:
    subscribe(owner, receiver.url)
    happen(owner)
    tell_webhooks()
    receiver.answer = lambda: 410
    drain_now()
    with transaction() as session:
        assert session.exec(select(WebhookSubscription)).one().is_active is False
    assert sent()[0].state is DeliveryState.FAILED


def test_both_secrets_are_good_for_a_day_after_a_rotation(owner: Principal, receiver: Receiver) -> None:
    hook, first = subscribe(owner, receiver.url)
    with transaction() as session:
        _, second = subscriptions.rotate(session, owner, hook.id)
    for hours, old_is_good in ((23, True), (25, False)):
        with transaction() as session:
            test = deliveries.send_test(session, owner, hook.id)
        with clock.at(clock.utcnow() + timedelta(hours=hours)):
            deliver(str(test.id))
        assert receiver.verified(-1, second)
        assert receiver.verified(-1, first) is old_is_good


def test_a_worker_killed_while_the_receiver_thinks_sends_it_again_as_the_same_message(
    owner: Principal, receiver: Receiver, database_url: str
) -> None:
    subscribe(owner, receiver.url)
    happen(owner)
    tell_webhooks()
    thinking = threading.Event()
    receiver.answer = lambda: 204 if thinking.wait(20) else 500
    environment = {**os.environ, "DATABASE_URL": database_url, "ALLOW_LOCAL_TARGETS": "true"}
    victim = subprocess.Popen([sys.executable, "-c", "from jobs.worker import main; main()"], env=environment)
    try:
        end = time.monotonic() + 40
        while not receiver.got:
            assert time.monotonic() < end
            time.sleep(0.05)
    finally:
        victim.kill()
        victim.wait()
    thinking.set()
    with transaction() as session:
        session.execute(text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"))

    async def rescue() -> None:
        async with queue_app().open_async() as app:
            await rescue_stalled(app)

    asyncio.run(rescue())
    drain_now()
    assert [one.state for one in sent()] == [DeliveryState.DELIVERED]
    assert len(receiver.got) == 2
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hook",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest",
        "https://u:p@example.com/",
        "x",
    ],
)
def test_an_address_that_leads_inside_or_in_the_open_is_refused(session: Session, url: str) -> None:
    with pytest.raises(Invalid) as refused:
        subscriptions.create(session, make.make_owner(session), HookDraft(url))
    assert refused.value.field == "url"


def test_an_address_that_led_outside_and_leads_inside_now_gets_nothing(
    owner: Principal, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(owner, receiver.url)
    happen(owner)
    tell_webhooks()
    monkeypatch.setattr(settings(), "allow_local_targets", False)
    drain_now()
    assert receiver.got == []
    assert sent()[0].state is DeliveryState.FAILED


def test_only_admins_and_only_their_own(session: Session) -> None:
    owner, other = make.make_owner(session), make.make_owner(session)
    member = make.make_colleague(session, owner)
    hook, _ = subscriptions.create(session, owner, HookDraft("https://example.com/hook"))
    with pytest.raises(NotFound):
        subscriptions.mine(session, other, hook.id)
    for use in (queries.hooks, lambda s, p: subscriptions.rotate(s, p, hook.id)):
        with pytest.raises(Forbidden):
            use(session, member)
    assert queries.hooks(session, other) == []
    for _ in range(subscriptions.MOST - 1):
        subscriptions.create(session, owner, HookDraft("https://example.com/hook"))
    with pytest.raises(LimitReached):
        subscriptions.create(session, owner, HookDraft("https://example.com/hook"))


def test_old_deliveries_are_forgotten(session: Session) -> None:
    owner = make.make_owner(session)
    hook, _ = subscriptions.create(session, owner, HookDraft("https://example.com/hook"))
    old = deliveries.send_test(session, owner, hook.id)
    old.state = DeliveryState.FAILED
    session.add(old)
    deliveries.send_test(session, owner, hook.id)
    assert deliveries.sweep(session, clock.utcnow() + deliveries.KEPT + timedelta(minutes=1)) == 1


@given(st.text(max_size=30))
def test_a_kind_is_refused_or_means_itself(text_: str) -> None:
    try:
        wanted = kinds.checked([text_])
    except Invalid:
        return
    assert kinds.wants(wanted, text_.strip().replace("*", "anything")) or text_.strip() == "*"
    assert kinds.wants(wanted, "task.created") is (wanted[0] in ("*", "task.*", "task.created"))
