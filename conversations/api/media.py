"""Files that an integrator uploads before a message takes them along."""

import hashlib
import json
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from conversations.api.serializers import MediaSerializer
from conversations.api.throttles import PerKey
from conversations.integrations.services import idempotency
from conversations.integrations.services.idempotency import Answer
from conversations.services import media_files
from conversations.services.outbox import recipients
from tenants.accounts.models import ApiKey
from tenants.accounts.roles import Scope


class UploadSerializer(serializers.Serializer[Any]):
    """A file; its bytes decide what it is, never its name."""

    file = serializers.FileField(max_length=255)
    voice = serializers.BooleanField(default=False, help_text="A sound that goes out as a voice note")
    phone_number_id = serializers.CharField(
        max_length=40, required=False, help_text="For which number; not needed while the company has one"
    )


class MediaUpload(APIView):
    """Upload a file."""

    scope = Scope.MESSAGES_SEND
    throttle_classes = [PerKey]
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="media_upload",
        request={"multipart/form-data": UploadSerializer},
        responses={201: MediaSerializer},
        parameters=[OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)],
    )
    def post(self, request: Request) -> Response:
        """Keep a file for one message. What WhatsApp would not take is converted where that is possible.

        While ``state`` is ``pending`` the file is being converted; a message that takes it along waits for it.
        """
        form = UploadSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data = form.validated_data
        digest = hashlib.sha256()
        for chunk in data["file"].chunks():
            digest.update(chunk)
        data["file"].seek(0)
        told = f"{digest.hexdigest()} {data['voice']} {data['file'].name} {data.get('phone_number_id', '')}"
        key = request.auth
        assert isinstance(key, ApiKey)  # noqa: S101  the scope's own check

        def write() -> Answer:
            upload = data["file"]
            number = recipients.number_for(data.get("phone_number_id"))
            checked = media_files.check(upload, declared=upload.content_type or "", voice=data["voice"])
            media = media_files.store(checked, phone_number_id=number.pk)
            return Answer(201, json.loads(JSONRenderer().render(MediaSerializer(media).data)))

        answer = idempotency.once(
            api_key_id=key.pk,
            key=request.headers.get("Idempotency-Key", ""),
            request=idempotency.fingerprint("POST", request.path, told.encode()),
            write=write,
        )
        headers = {"Idempotent-Replayed": "true"} if answer.replayed else {}
        return Response(answer.body, status=answer.status_code, headers=headers)
