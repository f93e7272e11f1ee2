from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "conversations.integrations"
    label = "integrations"
