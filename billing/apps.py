from importlib import import_module

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"
    label = "billing"

    def ready(self) -> None:
        import_module("billing.audit_facts").register_all()  # it needs the models to be loaded
