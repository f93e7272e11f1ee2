"""Searching messages and notes over the API: the same answers as the search page, without what is sensitive."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from conversations.api.throttles import PerKey
from conversations.models import Note
from conversations.search_words import MAX_QUERY_CHARS, Query
from conversations.services import search
from tenants.accounts import audit
from tenants.accounts.models import ApiKey
from tenants.accounts.roles import Scope

MOST = 50


class SearchForm(serializers.Serializer[dict[str, Any]]):
    """What is asked for."""

    q = serializers.CharField(max_length=MAX_QUERY_CHARS, help_text="Words that all stand in one message")
    since = serializers.DateField(required=False, default=None, help_text="First day")
    until = serializers.DateField(required=False, default=None, help_text="Last day")
    direction = serializers.ChoiceField(["in", "out", "note"], required=False, default="")
    limit = serializers.IntegerField(min_value=1, max_value=MOST, required=False, default=20)
    cursor = serializers.CharField(required=False, default="", help_text="``next`` of the page before")


class SearchHit(serializers.Serializer[Any]):
    """A message or note that says it."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(["message", "note"])
    conversation_id = serializers.UUIDField()
    contact_id = serializers.UUIDField()
    at = serializers.DateTimeField()
    line = serializers.CharField(help_text="The part around the first hit")


class SearchPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True)
    results = SearchHit(many=True)


class SearchView(APIView):
    """Messages and notes with all the words asked for, the latest first."""

    scope = Scope.MESSAGES_READ
    throttle_classes = [PerKey]

    @extend_schema(operation_id="search", parameters=[SearchForm], responses=SearchPage)
    def get(self, request: Request) -> Response:
        form = SearchForm(data=request.query_params)
        form.is_valid(raise_exception=True)
        asked = form.validated_data
        if not Query.read(asked["q"]):
            raise serializers.ValidationError({"q": "Write at least one word or number."})
        after = search.Key.read(asked["cursor"])
        if asked["cursor"] and after is None:
            raise serializers.ValidationError({"cursor": "This is not a cursor that was handed out."})
        filters = search.Filters(since=asked["since"], until=asked["until"], direction=asked["direction"])
        page = search.find(asked["q"], user=None, filters=filters, after=after, limit=asked["limit"])
        key: ApiKey = request.auth  # type: ignore[assignment]
        audit.record("search.run", actor=key, request=request._request, count=len(page.found))
        hits = [
            {
                "id": one.row.pk,
                "kind": "note" if isinstance(one.row, Note) else "message",
                "conversation_id": one.row.conversation_id,
                "contact_id": one.row.conversation.contact_id,
                "at": one.row.at,
                "line": "".join(text for text, _hit in one.line),
            }
            for one in page.found
        ]
        answer = {"next": str(page.next) if page.next else None, "results": hits}
        return Response(SearchPage(answer).data)
