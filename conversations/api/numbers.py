"""Numbers and blocking for integrators."""

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from conversations import alarm_words, number_rules
from conversations.api.pages import NewestFirst
from conversations.api.throttles import PerKey
from conversations.errors import NoRecipient
from conversations.models import Alarm, Contact, PhoneNumber
from conversations.services.contacts import blocking
from tenants.accounts.models import ApiKey
from tenants.accounts.roles import Scope


class AlarmSerializer(serializers.ModelSerializer[Alarm]):
    """Trouble that lasts. ``kind`` is stable; the texts may change."""

    title = serializers.SerializerMethodField()
    next_step = serializers.SerializerMethodField()

    class Meta:
        model = Alarm
        fields = ["id", "kind", "severity", "title", "next_step", "opened_at", "acknowledged_at"]

    @extend_schema_field(str)
    def get_title(self, alarm: Alarm) -> str:
        return alarm_words.title(alarm)

    @extend_schema_field(str)
    def get_next_step(self, alarm: Alarm) -> str:
        return alarm_words.todo(alarm)


class NumberSerializer(serializers.ModelSerializer[PhoneNumber]):
    """One WhatsApp number and how it does.

    ``state``: setup, live, paused or stopped; only a live number sends, the queue of the others is kept and
    ``state_reason`` says why. ``messaging_limit`` is how many people a day may be written to first, shared by all
    numbers of the business; null when there is none or it is not known.
    """

    messaging_limit = serializers.SerializerMethodField()
    written_to_first = serializers.SerializerMethodField(help_text="People of the last 24 hours, out of the limit")
    alarms = AlarmSerializer(many=True, source="open_alarms")

    class Meta:
        model = PhoneNumber
        fields = [
            "id",
            "phone_number_id",
            "waba_id",
            "display_number",
            "verified_name",
            "username",
            "sandbox",
            "state",
            "state_reason",
            "state_since",
            "quality",
            "messaging_limit",
            "written_to_first",
            "messages_per_second",
            "token_expires_at",
            "probed_at",
            "alarms",
        ]

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_messaging_limit(self, number: PhoneNumber) -> int | None:
        return number_rules.limit_of(number.messaging_limit)

    @extend_schema_field(int)
    def get_written_to_first(self, number: PhoneNumber) -> int:
        return int(number.figures.get("reached", 0))


def _numbers() -> QuerySet[PhoneNumber]:
    open_ones = Alarm.objects.filter(closed_at=None).order_by("severity", "opened_at")
    rows = PhoneNumber.objects.defer("token", "pin")
    return rows.prefetch_related(Prefetch("alarms", queryset=open_ones, to_attr="open_alarms"))


class NumberList(generics.ListAPIView[PhoneNumber]):
    """The company's WhatsApp numbers with their state, quality, limit and open alarms."""

    scope = Scope.NUMBERS_READ
    throttle_classes = [PerKey]
    serializer_class = NumberSerializer
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[PhoneNumber]:
        return _numbers()


class NumberDetail(generics.RetrieveAPIView[PhoneNumber]):
    """One number."""

    scope = Scope.NUMBERS_READ
    throttle_classes = [PerKey]
    serializer_class = NumberSerializer

    def get_queryset(self) -> QuerySet[PhoneNumber]:
        return _numbers()


class BlockSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, help_text="Kept in the trail")


class BlockedSerializer(serializers.Serializer[Any]):
    contact_id = serializers.UUIDField()
    blocked_at = serializers.DateTimeField(allow_null=True)


class ContactBlock(APIView):
    """Whether a person is blocked at WhatsApp. All calls are safe to repeat."""

    scope = Scope.CONTACTS_BLOCK
    throttle_classes = [PerKey]

    @extend_schema(operation_id="contacts_blocked", responses={200: BlockedSerializer})
    def get(self, request: Request, pk: UUID) -> Response:
        """Since when a person is blocked; null when they are not."""
        return _answer(get_object_or_404(Contact, pk=pk))

    @extend_schema(operation_id="contacts_block", request=BlockSerializer, responses={200: BlockedSerializer})
    def put(self, request: Request, pk: UUID) -> Response:
        """Block a person who wrote within the last 24 hours: what they write no longer arrives."""
        form = BlockSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        contact, number = _whom(pk)
        reason = form.validated_data.get("reason", "")
        blocking.block(contact, number=number, by=_key(request), reason=reason, request=request._request)
        return _answer(contact)

    @extend_schema(operation_id="contacts_unblock", request=None, responses={200: BlockedSerializer})
    def delete(self, request: Request, pk: UUID) -> Response:
        """Let a person write again."""
        contact, number = _whom(pk)
        blocking.unblock(contact, number=number, by=_key(request), request=request._request)
        return _answer(contact)


def _whom(pk: UUID) -> tuple[Contact, PhoneNumber]:
    contact = get_object_or_404(Contact, pk=pk)
    number = blocking.number_of(contact)
    if number is None:
        raise NoRecipient
    return contact, number


def _answer(contact: Contact) -> Response:
    contact.refresh_from_db(fields=["blocked_at"])
    return Response(BlockedSerializer({"contact_id": contact.pk, "blocked_at": contact.blocked_at}).data)


def _key(request: Request) -> ApiKey:
    key: ApiKey = request.auth  # type: ignore[assignment]
    return key
