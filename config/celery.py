"""The Celery application: queues, the beat's plan, and what one lost broker may cost."""

import os
from datetime import timedelta
from urllib.parse import urlsplit

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_init

from config import collector, heartbeat

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

PACKAGES = ["tenants", "conversations", "billing", "privacy"]  # with tasks
VISIBILITY_SECONDS = int(timedelta(hours=1).total_seconds())


def broker_url(redis_url: str) -> str:
    """kombu's spelling of a unix socket: redis+socket:///path?virtual_host=0."""
    parts = urlsplit(redis_url)
    return f"redis+socket://{parts.path}?virtual_host=0" if parts.scheme == "unix" else redis_url


app = Celery("balie")
app.set_default()  # the current application is a thread's own: without this the web's other threads publish to nowhere
app.conf.update(
    broker_url=broker_url(os.environ.get("REDIS_URL", "")),
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "max_connections": 100,
        "visibility_timeout": VISIBILITY_SECONDS,
        "socket_timeout": 5,
        "socket_connect_timeout": 1,
    },
    task_ignore_result=True,
    task_acks_late=False,  # recovery is the work index, not redelivery
    task_default_queue="default",
    task_routes=("tenants.tasks.route",),
    task_create_missing_queues=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    worker_max_tasks_per_child=2000,  # a backend keeps memory for every schema it has touched
    timezone="UTC",
    enable_utc=True,
    beat_scheduler="config.beat.LeasedScheduler",
    beat_max_loop_interval=2,
    beat_schedule={
        "sweep": {"task": "tenants.sweep", "schedule": 2.0, "options": {"expires": 4, "queue": "inbound"}},
        "plan-retention": {
            "task": "privacy.plan_retention",
            "schedule": crontab(hour="1", minute="15"),
            "options": {"queue": "default"},
        },
        "plan-housekeeping": {
            "task": "conversations.plan_housekeeping",
            "schedule": crontab(minute="*/15"),
            "options": {"queue": "default"},
        },
        "empty-quarantine": {
            "task": "conversations.empty_quarantine",
            "schedule": crontab(hour="2", minute="5"),
            "options": {"queue": "default"},
        },
    },
)
heartbeat.install(app)
worker_init.connect(lambda **_signal: collector.settle(), weak=False)  # before the first child is forked off
app.autodiscover_tasks(PACKAGES)
