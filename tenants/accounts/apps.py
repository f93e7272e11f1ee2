from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tenants.accounts"
    label = "accounts"

    def ready(self) -> None:
        import_module("tenants.accounts.audit_own").register_all()  # it needs the models to be loaded
