"""Addresses of the pages about message templates."""

from django.urls import path

from conversations.views.template_pages import actions, board, detail, editor

app_name = "templates"

ONE = "templates/<uuid:template_id>/"

urlpatterns = [
    path("templates/", board.board, name="board"),
    path("templates/new/", editor.begin, name="new"),
    path("templates/read-again/", actions.read_again, name="read_again"),
    path(ONE, detail.detail, name="detail"),
    path(ONE + "state/", detail.state, name="state"),
    path(ONE + "edit/", editor.edit, name="edit"),
    path(ONE + "copy/", actions.copy, name="copy"),
    path(ONE + "discard/", actions.discard, name="discard"),
    path(ONE + "delete/", actions.delete, name="delete"),
    path(ONE + "unpause/", actions.unpause, name="unpause"),
    path(ONE + "archive/", actions.archive, name="archive"),
    path(ONE + "unarchive/", actions.unarchive, name="unarchive"),
]
