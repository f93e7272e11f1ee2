"""The message templates of a company: what there is, how it stands, what has to be filled in."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import generics, serializers

from conversations.api.pages import NewestFirst
from conversations.api.throttles import PerKey
from conversations.models import MessageTemplate
from conversations.whatsapp import template_text
from tenants.accounts.roles import Scope

STATUS_FILTER = 20


class BlankSerializer(serializers.Serializer[Any]):
    """Something to fill in when the template is sent; ``key`` names it in ``values``."""

    key = serializers.CharField()
    kind = serializers.ChoiceField(
        choices=["text", "url", "code", "image", "video", "document", "location", "moment", "payload", "token"]
    )
    required = serializers.BooleanField()  # type: ignore[assignment]  # a field of the answer, not of the field
    example = serializers.CharField()
    limit = serializers.IntegerField(help_text="Characters")


class TemplateSerializer(serializers.ModelSerializer[MessageTemplate]):
    """A message template in one language. Only those with the status ``APPROVED`` can be sent."""

    sendable = serializers.SerializerMethodField()
    blanks = serializers.SerializerMethodField()

    class Meta:
        model = MessageTemplate
        fields = [
            "id",
            "waba_id",
            "template_id",
            "name",
            "language",
            "category",
            "correct_category",
            "status",
            "status_at",
            "rejected_reason",
            "reason_details",
            "paused_until",
            "quality",
            "parameter_format",
            "components",
            "sendable",
            "blanks",
            "last_used_at",
            "synced_at",
        ]

    def get_sendable(self, template: MessageTemplate) -> bool:
        return template.status == "APPROVED" and not template_text.unsupported(template.components)

    @extend_schema_field(BlankSerializer(many=True))
    def get_blanks(self, template: MessageTemplate) -> Any:
        listed = [*template_text.variables(template.components), *template_text.options(template.components)]
        return BlankSerializer(listed, many=True).data


@extend_schema(
    parameters=[
        OpenApiParameter("status", str, description="The platform's word, as APPROVED or PAUSED, or DRAFT"),
        OpenApiParameter("name", str),
        OpenApiParameter("language", str),
    ]
)
class TemplateList(generics.ListAPIView[MessageTemplate]):
    """Message templates, newest first; each language is one. Deleted ones are listed when asked for by status."""

    scope = Scope.TEMPLATES_READ
    throttle_classes = [PerKey]
    serializer_class = TemplateSerializer
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[MessageTemplate]:
        asked = self.request.query_params
        rows = MessageTemplate.objects.all()
        status = asked.get("status", "").upper()[:STATUS_FILTER]
        rows = rows.filter(status=status) if status else rows.exclude(status="DELETED")
        exact = {field: asked[field].replace("\x00", "")[:512] for field in ("name", "language") if asked.get(field)}
        return rows.filter(**exact)


class TemplateDetail(generics.RetrieveAPIView[MessageTemplate]):
    """One message template with its components and what has to be filled in."""

    scope = Scope.TEMPLATES_READ
    throttle_classes = [PerKey]
    serializer_class = TemplateSerializer
    queryset = MessageTemplate.objects.all()
