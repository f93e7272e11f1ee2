"""Where the inbox's own parts lead on an agency's host: names of the company's addresses, answered by the desk."""

from django.urls import path

from conversations.views.desk import queue

app_name = "conversations"

urlpatterns = [
    path("", queue.desk, name="inbox"),
    path("own/", queue.own, name="own"),
    path("open/<uuid:conversation_id>/", queue.open_by_id, name="conversation"),
]
