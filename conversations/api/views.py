"""The API of a company for integrators, under ``/api/v1/`` of its own host."""

import json
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from conversations.api.examples import SENDS
from conversations.api.pages import NewestFirst, Thread
from conversations.api.sending import SendSerializer
from conversations.api.serializers import (
    ContactSerializer,
    ConversationSerializer,
    EventPageSerializer,
    EventSerializer,
    MessageSerializer,
)
from conversations.api.throttles import PerKey
from conversations.errors import SensitiveContent
from conversations.integrations.services import events, idempotency
from conversations.integrations.services.idempotency import Answer
from conversations.models import Contact, Conversation, Message
from conversations.services.guard import guarding_out
from conversations.services.outbox import api_sending, outbox_templates, template_files
from tenants.accounts import audit
from tenants.accounts.models import ApiKey
from tenants.accounts.roles import Scope

MESSAGES = Message.objects.select_related("channel", "author", "media")
LAST_ID = 2**63 - 1


class ContactList(generics.ListAPIView[Contact]):
    """People who write to the company, newest first."""

    scope = Scope.CONTACTS_READ
    throttle_classes = [PerKey]
    serializer_class = ContactSerializer
    pagination_class = NewestFirst
    queryset = Contact.objects.filter(merged_into=None)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        audit.record("contacts.listed", actor=_key(request), request=_plain(request))
        return super().list(request, *args, **kwargs)


class ContactDetail(generics.RetrieveAPIView[Contact]):
    """One person."""

    scope = Scope.CONTACTS_READ
    throttle_classes = [PerKey]
    serializer_class = ContactSerializer
    queryset = Contact.objects.all()

    def get_object(self) -> Contact:
        contact: Contact = super().get_object()
        audit.record("contact.read", actor=_key(self.request), subject=contact, request=_plain(self.request))
        return contact


@extend_schema(parameters=[OpenApiParameter("status", enum=Conversation.Status.values)])
class ConversationList(generics.ListAPIView[Conversation]):
    """Conversations, newest first; ``status`` narrows them to open or closed ones."""

    scope = Scope.CONVERSATIONS_READ
    throttle_classes = [PerKey]
    serializer_class = ConversationSerializer
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[Conversation]:
        rows = _conversations(self.request)
        status = self.request.query_params.get("status")
        if status and status not in Conversation.Status.values:
            raise serializers.ValidationError({"status": "open or closed"})
        return rows.filter(status=status) if status else rows


class ConversationDetail(generics.RetrieveAPIView[Conversation]):
    """One conversation."""

    scope = Scope.CONVERSATIONS_READ
    throttle_classes = [PerKey]
    serializer_class = ConversationSerializer
    queryset = Conversation.objects.all()

    def get_queryset(self) -> QuerySet[Conversation]:
        return _conversations(self.request)


class ConversationMessages(generics.ListAPIView[Message]):
    """The messages of one conversation, newest first."""

    scope = Scope.MESSAGES_READ
    throttle_classes = [PerKey]
    serializer_class = MessageSerializer
    pagination_class = Thread

    def get_queryset(self) -> QuerySet[Message]:
        if getattr(self, "swagger_fake_view", False):
            return MESSAGES.none()
        conversation = get_object_or_404(_conversations(self.request), pk=self.kwargs["pk"])
        audit.record("conversation.read", actor=_key(self.request), subject=conversation, request=_plain(self.request))
        return MESSAGES.filter(conversation=conversation)


class MessageDetail(generics.RetrieveAPIView[Message]):
    """One message with its status and, when it failed, what to do."""

    scope = Scope.MESSAGES_READ
    throttle_classes = [PerKey]
    serializer_class = MessageSerializer
    queryset = MESSAGES

    def get_queryset(self) -> QuerySet[Message]:
        if _sees_all(self.request):
            return MESSAGES.all()
        return MESSAGES.filter(Q(conversation__sensitive=False) | Q(api_key_id=_key(self.request).pk))

    def get_object(self) -> Message:
        message: Message = super().get_object()
        audit.record("message.read", actor=_key(self.request), subject=message, request=_plain(self.request))
        return message


class MessageSend(APIView):
    """Send a message."""

    scope = Scope.MESSAGES_SEND
    throttle_classes = [PerKey]

    @extend_schema(
        operation_id="messages_send",
        request=SendSerializer,
        responses={202: MessageSerializer},
        parameters=[OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)],
        examples=[OpenApiExample(name, request_only=True, value=value) for name, value in SENDS.items()],
    )
    def post(self, request: Request) -> Response:
        """Queue a message and answer 202 at once; follow its ``status`` through the message or the events.

        The same Idempotency-Key with the same body gives the same answer, however often it is called.
        """
        raw = request._request.body
        form = SendSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        key = _key(request)

        def write() -> Answer:
            message = api_sending.send(form.validated_data, api_key=key)
            return Answer(202, _plain_json(MessageSerializer(message).data))

        try:
            answer = idempotency.once(
                api_key_id=key.pk,
                key=request.headers.get("Idempotency-Key", ""),
                request=idempotency.fingerprint("POST", request.path, raw),
                write=write,
            )
        except SensitiveContent as stop:
            guarding_out.record_stop(stop, by=key)
            raise
        except outbox_templates.RECORDED as refusal:  # what was written in vain is undone; the entry must stay
            audit.record("message.refused", actor=key, request=_plain(request), reason=refusal.code)
            raise
        except template_files.CardFilesNotReady as waiting:
            template_files.bring_ahead(waiting.template, number=waiting.number)
            raise
        headers = {"Idempotent-Replayed": "true"} if answer.replayed else {}
        return Response(answer.body, status=answer.status_code, headers=headers)


class EventList(APIView):
    """What happened, in order."""

    scope = Scope.EVENTS_READ
    throttle_classes = [PerKey]

    @extend_schema(
        operation_id="events_list",
        parameters=[
            OpenApiParameter("after", int, description="The last id seen; 0 begins at the oldest kept"),
            OpenApiParameter("limit", int, description="1 to 1000, 200 unless told"),
        ],
        responses=EventPageSerializer,
    )
    def get(self, request: Request) -> Response:
        """Facts after a cursor, oldest first. None is ever skipped and none comes twice for a growing cursor."""
        after = _whole(request, "after", default=0, low=0, high=LAST_ID)
        limit = _whole(request, "limit", default=200, low=1, high=events.MAX_PAGE)
        rows = events.after(after, limit=limit)
        return Response(
            {"results": EventSerializer(rows, many=True).data, "next_after": rows[-1].pk if rows else after}
        )


def _whole(request: Request, name: str, *, default: int, low: int, high: int) -> int:
    value = request.query_params.get(name, str(default))
    if not (value.isascii() and value.isdecimal() and len(value) < 20) or not low <= int(value) <= high:
        raise serializers.ValidationError({name: f"a whole number from {low} to {high}"})
    return int(value)


def _sees_all(request: Request) -> bool:
    """Whether the key may read conversations that are for cleared people only (R-S13)."""
    key = request.auth
    return not isinstance(key, ApiKey) or Scope.SENSITIVE_READ in key.scopes


def _conversations(request: Request) -> QuerySet[Conversation]:
    rows = Conversation.objects.select_related("phone_number", "assignee", "intent")
    return rows if _sees_all(request) else rows.filter(sensitive=False)


def _key(request: Request) -> ApiKey:
    key: ApiKey = request.auth  # type: ignore[assignment]
    return key


def _plain(request: Request) -> HttpRequest:
    return request._request


def _plain_json(data: Any) -> Any:
    """The rendered form, so that a stored answer is the same as the first one."""
    return json.loads(JSONRenderer().render(data))
