"""Addresses of the desk on an agency's host."""

from django.urls import path

from conversations.views import told
from conversations.views.desk import bulk, command, concerns, danger, handover, inside, live, queue, thread

app_name = "desk"

urlpatterns = [
    path("", queue.desk, name="desk"),
    path("queue/", queue.queue_page, name="queue"),
    path("rows/", queue.queue_rows, name="queue_rows"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("handover/", handover.hand_over, name="handover"),
    path("next/", queue.next_conversation, name="next"),
    path("live/token/", live.token, name="live_token"),
    path("live/told/", told.at_agency, name="told"),
    path("command/", command.command, name="command"),
    path("concerns/", concerns.concerns, name="concerns"),
    path("danger/", danger.bar, name="danger"),
    path("<uuid:company_id>/", inside.bare, name="company"),
    path("<uuid:company_id>/inbox/<uuid:conversation_id>/", thread.conversation, name="conversation"),
    path("<uuid:company_id>/<path:path>", inside.enter, name="inside"),
]
