"""How the numbers do: what needs a person, health, figures and history."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from conversations import number_rules
from conversations.models import Alarm, InboxSettings, Message, NumberNews, PhoneNumber
from conversations.services.alarms import alarms
from conversations.services.numbers import number_history, number_probe, number_watch
from conversations.status import MessageStatus
from conversations.views.numbers.finding import MOST_NUMBERS, frame_of, number_of
from tenants.accounts import audit
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission

MOST_QUEUED = 1_000
QUEUED = (MessageStatus.QUEUED, MessageStatus.CLAIMED)


@require_GET
@requires(Permission.NUMBERS_VIEW)
def listed(request: CompanyRequest) -> HttpResponse:
    """All numbers; of one number its own page."""
    numbers = list(PhoneNumber.objects.defer("token", "pin").order_by("display_number", "id")[:MOST_NUMBERS])
    if len(numbers) == 1:
        return redirect("numbers:overview", numbers[0].pk)
    open_ones = Alarm.objects.filter(closed_at=None).select_related("phone_number")
    context = {"numbers": numbers, "alarms": list(open_ones.order_by("severity", "opened_at")[:30])}
    context["may_manage"] = request.user.may(Permission.NUMBERS_MANAGE)
    return render(request, "numbers/list.html", context)


@require_GET
@requires(Permission.NUMBERS_VIEW)
def overview(request: CompanyRequest, number_id: UUID) -> HttpResponse:
    number = number_of(number_id)
    now = timezone.now()
    limit, reached = number_rules.limit_of(number.messaging_limit), number.figures.get("reached", 0)
    waiting = Message.objects.filter(phone_number=number, status__in=QUEUED)[:MOST_QUEUED].count()
    context = frame_of(request, number, tab="overview") | {
        "lanes": number_history.lanes_of(number, at=now),
        "since": max(now - number_history.SPAN, number.connected_at or now - number_history.SPAN),
        "news": number_history.news_of(number)[:8],
        "limit": limit,
        "near_limit": bool(limit and reached >= limit * number_rules.RAMP_UP_WARNING),
        "left": max(limit - reached, 0) if limit else None,
        "waiting": waiting,
        "public_page": number.stands_still and InboxSettings.load().public_page,
        "hindrances": [one for one in number.health if isinstance(one, dict) and one.get("details")],
        "over": Alarm.objects.filter(phone_number=number, closed_at__isnull=False).order_by("-closed_at")[:5],
    }
    return render(request, "numbers/overview.html", context)


@require_GET
@requires(Permission.NUMBERS_VIEW)
def history(request: CompanyRequest, number_id: UUID) -> HttpResponse:
    """Everything that changed, by kind, page by page."""
    number = number_of(number_id)
    kind, before = request.GET.get("kind", ""), request.GET.get("before", "")
    rows = number_history.news_of(number, kind=kind, before=_uuid(before))
    context = frame_of(request, number, tab="history") | {
        "news": rows[: number_history.PAGE],
        "more": rows[number_history.PAGE - 1].pk if len(rows) > number_history.PAGE else None,
        "kind": kind,
        "kinds": [(value, number_history.kind_in_words(value)) for value in NumberNews.Kind.values],
    }
    return render(request, "numbers/history.html", context)


@require_POST
@requires(Permission.NUMBERS_MANAGE)
def probe(request: CompanyRequest, number_id: UUID) -> HttpResponse:
    """Ask the platform now."""
    number = number_of(number_id)
    reached = number_probe.probe(number.phone_number_id)
    number_watch.measure(number.phone_number_id)
    audit.record("number.probed", actor=request.user, subject=number, request=request)
    if reached:
        messages.success(request, _("WhatsApp was asked just now."))
    else:
        messages.error(request, _("WhatsApp does not answer now. It is asked again in a quarter of an hour."))
    return redirect("numbers:overview", number.pk)


@require_POST
@requires(Permission.NUMBERS_MANAGE)
def acknowledge(request: CompanyRequest, alarm_id: UUID) -> HttpResponse:
    """Somebody takes care of it."""
    alarm = get_object_or_404(Alarm.objects.select_related("phone_number"), pk=alarm_id)
    if alarms.acknowledge(alarm, by=request.user, request=request):
        messages.success(request, _("Noted: you take care of it."))
    else:
        messages.info(request, _("Somebody takes care of it already, or it is over."))
    return redirect("numbers:overview", alarm.phone_number_id) if alarm.phone_number_id else redirect("numbers:list")


@require_GET
@requires(Permission.INBOX_VIEW)
def bar(request: CompanyRequest) -> HttpResponse:
    """What everybody at work has to know of the numbers; fetched by the inbox."""
    critical = Alarm.objects.filter(closed_at=None, severity=Alarm.Severity.CRITICAL, phone_number__isnull=False)
    rows = list(critical.select_related("phone_number").defer("phone_number__token", "phone_number__pin")[:20])
    standing = [one for one in rows if one.phone_number and one.phone_number.state in ("paused", "stopped")]
    context = {"alarm": next(iter(standing), None), "more": len({one.phone_number_id for one in standing}) - 1}
    context["may_view"] = request.user.may(Permission.NUMBERS_VIEW)
    return render(request, "numbers/_bar.html", context)


def _uuid(told: str) -> str:
    try:
        return str(UUID(told)) if told else ""
    except ValueError:
        return ""
