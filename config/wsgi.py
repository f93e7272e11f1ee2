"""The WSGI application: pages, API and webhooks."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

django_application = get_wsgi_application()  # first: what follows needs the apps

from config import collector  # noqa: E402
from conversations.webhook import WebhookGate  # noqa: E402

application = WebhookGate(django_application)
collector.settle()
