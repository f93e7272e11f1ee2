from importlib import import_module

from django.apps import AppConfig

from config.celery import app as celery_app  # the default app of this process


class ConfigConfig(AppConfig):
    name = "config"
    label = "config"
    celery_app = celery_app

    def ready(self) -> None:
        import_module("config.checks")  # registers them; it needs the apps to be loaded
