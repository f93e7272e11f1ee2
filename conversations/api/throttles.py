"""How often one key may call."""

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from tenants.accounts.models import ApiKey


class PerKey(SimpleRateThrottle):
    """So many calls a minute for each key; over it 429 with Retry-After. The cache's keys carry the company."""

    scope = "key"

    def get_rate(self) -> str:
        return f"{settings.API_CALLS_PER_MINUTE}/min"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        return f"api:{request.auth.pk}" if isinstance(request.auth, ApiKey) else None
