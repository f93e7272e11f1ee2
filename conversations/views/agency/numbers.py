"""What the agency does about trouble with a client's number, on its own host."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conversations.models import Alarm
from conversations.services.alarms import alarms
from conversations.views.connecting_sides import Side, at_agency


@require_POST
@at_agency
def acknowledge(request: HttpRequest, side: Side, alarm_id: UUID) -> HttpResponse:
    """Somebody of the agency takes care of it; the client sees who."""
    with side.inside():
        alarm = get_object_or_404(Alarm.objects.select_related("phone_number"), pk=alarm_id)
        first = alarms.acknowledge(alarm, by=side.actor, request=request)
    said = _("Noted: you take care of it.") if first else _("Somebody takes care of it already, or it is over.")
    messages.success(request, said)
    return redirect("agency:company", side.company.pk)
