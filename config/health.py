"""Whether this process lives, and whether it can work: for load balancers and the supervisor."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from tenants import wake
from tenants.accounts.access import open_to_all


@open_to_all
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@open_to_all
def ready(request: HttpRequest) -> HttpResponse:
    """200 while the database answers; Valkey is told but not needed."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"database": "away"}, status=503)
    return JsonResponse({"database": "ok", "valkey": "away" if wake.away() else "ok"})
