"""`GET /metrics`: how the installation does, as Prometheus reads it (text format 0.0.4, prometheus-client)."""

import hmac
import ipaddress
from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import OperationalError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from taskjuggler_app.core import clock, queue_watch, ticks
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import run_in_db, transaction

PATH = "/metrics"
_WORKER_SECONDS = 15


class _Installation(Collector):
    """What the database says of all processes together."""

    def collect(self) -> Iterator[Metric]:
        now = clock.utcnow()
        with transaction() as session:
            depths = queue_watch.depths(session, now)
            failed, workers = queue_watch.failed_count(session), queue_watch.workers(session)
            _, _, schedule = ticks.read(session)
        jobs = GaugeMetricFamily("taskjuggler_jobs", "Jobs in the queue.", labels=["queue", "state"])
        oldest = GaugeMetricFamily("taskjuggler_oldest_due_job_seconds", "Age of the oldest due job.", labels=["queue"])
        for one in depths:
            for state, count in (("due", one.due), ("later", one.later), ("running", one.running)):
                jobs.add_metric([one.queue, state], count)
            oldest.add_metric([one.queue], one.oldest_seconds)
        yield jobs
        yield oldest
        yield GaugeMetricFamily("taskjuggler_failed_jobs", "Jobs that failed for good.", value=failed)
        alive = sum((now - seen).total_seconds() <= _WORKER_SECONDS for seen in workers)
        yield GaugeMetricFamily("taskjuggler_workers", "Workers that gave a sign of life lately.", value=alive)
        age = GaugeMetricFamily(
            "taskjuggler_tick_age_seconds", "Seconds since a line of the schedule ran.", labels=["tick"]
        )
        bad = GaugeMetricFamily("taskjuggler_tick_failed", "1 when its last run failed.", labels=["tick"])
        for tick in schedule:
            if tick.last_at:
                age.add_metric([tick.name], (now - datetime.fromisoformat(tick.last_at)).total_seconds())
                bad.add_metric([tick.name], float(bool(tick.failed)))
        yield age
        yield bad


_REGISTRY = CollectorRegistry()
_REGISTRY.register(_Installation())
ProcessCollector(registry=_REGISTRY)


async def metrics(request: Request) -> Response:
    """The figures; 404 for whoever may not read them, as if there were no such address."""
    if not _may_read(request):
        return PlainTextResponse("Not found", status_code=404)
    try:
        body = await run_in_db(generate_latest, _REGISTRY)
    except OperationalError:
        return PlainTextResponse("the database cannot be reached", status_code=503)
    return Response(body, media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _may_read(request: Request) -> bool:
    """With METRICS_TOKEN whoever has it; without one this machine alone, when no proxy stands between."""
    if token := settings().metrics_token:
        wanted, said = f"Bearer {token.get_secret_value()}", request.headers.get("authorization", "")
        return hmac.compare_digest(said.encode(), wanted.encode())
    if settings().trusted_proxies or "x-forwarded-for" in request.headers or request.client is None:
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


routes = [Route(PATH, metrics)]
