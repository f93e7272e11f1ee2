from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "privacy.registry"
    label = "registry"
