"""django-tenants' engine with our introspection on it."""

from typing import Any

from django_tenants.postgresql_backend import base

from tenants.engine.introspection import DatabaseIntrospection


class DatabaseWrapper(base.DatabaseWrapper):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.introspection = DatabaseIntrospection(self)
