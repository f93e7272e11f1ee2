from importlib import import_module

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "privacy"
    label = "privacy"

    def ready(self) -> None:
        import_module("privacy.audit_facts").register_all()  # it needs the models to be loaded
