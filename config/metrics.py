"""``/metrics`` for Prometheus: what waits and what is wrong, read from the public schema at each scrape.

Answers only to ``Authorization: Bearer METRICS_TOKEN``; without that variable there is no such page.
"""

import secrets
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from tenants import wake
from tenants.accounts.access import open_to_all

WORK = """
SELECT kind, count(*), extract(epoch FROM clock_timestamp() - min(due_at))
FROM public.tenants_workmark WHERE due_at <= clock_timestamp() GROUP BY kind
"""
COMPANIES = """
SELECT coalesce(nullif(number_state, ''), 'none'), count(*), sum(unanswered),
       coalesce(extract(epoch FROM now() - min(oldest_waiting_at)), 0)
FROM public.desk_companysummary GROUP BY 1
"""


class InstallationCollector(Collector):
    """Gauges over the whole installation; no company is named."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        due = GaugeMetricFamily("balie_work_due", "Marks in the work index that are due", labels=["kind"])
        age = GaugeMetricFamily("balie_work_oldest_seconds", "Age of the oldest mark that is due", labels=["kind"])
        for kind, count, seconds in _rows(WORK):
            due.add_metric([kind], count)
            age.add_metric([kind], float(seconds))
        companies = GaugeMetricFamily("balie_companies", "Companies by the state of their number", labels=["state"])
        waiting = GaugeMetricFamily("balie_unanswered", "Conversations in which a person waits", labels=["state"])
        longest = GaugeMetricFamily("balie_waiting_seconds", "Longest wait of a person now", labels=["state"])
        for state, count, unanswered, seconds in _rows(COMPANIES):
            companies.add_metric([state], count)
            waiting.add_metric([state], unanswered)
            longest.add_metric([state], float(seconds))
        broker = GaugeMetricFamily("balie_valkey_up", "1 while this process reaches Valkey")
        broker.add_metric([], 0 if wake.away() else 1)
        yield from (due, age, companies, waiting, longest, broker)


REGISTRY = CollectorRegistry()
REGISTRY.register(InstallationCollector())


@open_to_all
def metrics(request: HttpRequest) -> HttpResponse:
    expected = f"Bearer {settings.METRICS_TOKEN}"
    given = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not secrets.compare_digest(given.encode(), expected.encode()):
        raise Http404
    return HttpResponse(generate_latest(REGISTRY), content_type="text/plain; version=0.0.4; charset=utf-8")


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())
