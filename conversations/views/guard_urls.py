"""Addresses of what people do about sensitive data and danger."""

from django.urls import path

from conversations.views import guard

ONE = "inbox/<uuid:conversation_id>/"
MESSAGE = ONE + "messages/<uuid:message_id>/"

urlpatterns = [
    path(MESSAGE + "reveal/", guard.reveal, name="reveal"),
    path(ONE + "findings/<uuid:finding_id>/", guard.judge, name="judge"),
    path(ONE + "guard/", guard.notice, name="guard"),
    path(ONE + "consent/", guard.consent, name="special_consent"),
    path(ONE + "danger/over/", guard.end_danger, name="end_danger"),
    path("files/<uuid:media_id>/review/", guard.review_file, name="review_file"),
]
