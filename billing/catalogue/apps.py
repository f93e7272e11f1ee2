from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "billing.catalogue"
    label = "catalogue"
