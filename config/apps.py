from django.apps import AppConfig

from config.celery import app as celery_app  # the default app of this process


class ConfigConfig(AppConfig):
    name = "config"
    label = "config"
    celery_app = celery_app
