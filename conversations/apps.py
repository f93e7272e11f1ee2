from importlib import import_module

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "conversations"
    label = "conversations"

    def ready(self) -> None:
        for module in ("audit_facts", "audit_fields", "audit_things"):  # they need the models to be loaded
            import_module(f"conversations.{module}").register_all()
