"""The cache: its keys carry the company's schema, and a lost server costs memory of the past, never a page."""

import logging
from typing import Any

from django.conf import settings
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from tenants.context import connection

logger = logging.getLogger(__name__)


def key_with_schema(key: str, prefix: str, version: int) -> str:
    return f"balie:{settings.INSTALLATION}:{connection.schema_name}:{prefix}:{version}:{key}"


class ForgivingRedisCache(RedisCache):
    """Redis, and this process's own memory while Redis is away, so that rate limits go on counting."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {"socket_timeout": 0.5, "socket_connect_timeout": 0.2, **params.get("OPTIONS", {})}
        super().__init__(server, {**params, "OPTIONS": options})
        self._fallback = LocMemCache("fallback", params)

    def _try(self, name: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(super(), name)(*args, **kwargs)
        except (RedisError, OSError):
            logger.warning("cache server is away; this process remembers alone")
            return getattr(self._fallback, name)(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._try("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._try("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._try("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._try("touch", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._try("delete", *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._try("get_many", *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._try("has_key", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._try("incr", *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._try("set_many", *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._try("delete_many", *args, **kwargs)

    def clear(self) -> Any:
        """Forget what this side of this installation remembers; the server carries others' work as well."""
        client, ours = self._cache.get_client(None, write=True), key_with_schema("*", self.key_prefix, self.version)
        try:
            for key in client.scan_iter(match=ours, count=1000):
                client.delete(key)
        except (RedisError, OSError):
            logger.warning("cache server is away; this process forgets alone")
        self._fallback.clear()
