"""The addresses of connecting a number; the same on both hosts, each behind its own guard."""

from typing import Any

from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conversations.views import connecting, connecting_answers, connecting_numbers, connecting_window
from conversations.views.connecting_sides import View

ONE = "<uuid:connecting_id>/"
NUMBER = "numbers/<uuid:number_id>/"


def patterns(guard: Any) -> list[URLPattern]:
    """Every route behind ``guard``, which says who may and gives the side."""

    def read(view: View) -> View:
        guarded: View = require_GET(guard(view))
        return guarded

    def write(view: View) -> View:
        guarded: View = require_POST(guard(view))
        return guarded

    def form(view: View) -> View:
        guarded: View = require_http_methods(["GET", "POST"])(guard(view))
        return guarded

    return [
        path("", read(connecting.index), name="index"),
        path("start/<slug:method>/", write(connecting.start), name="start"),
        path("sandbox/", write(connecting.start_sandbox), name="sandbox"),
        path("by-hand/", form(connecting.by_hand), name="by-hand"),
        path("moving/", read(connecting_numbers.moving), name="moving"),
        path(ONE, read(connecting.show_path), name="path"),
        path(ONE + "progress/", read(connecting.show_progress), name="progress"),
        path(ONE + "check/", write(connecting.check), name="check"),
        path(ONE + "session/", write(connecting_window.take_session), name="session"),
        path(ONE + "code/", write(connecting_window.take_code), name="code"),
        path(ONE + "answer/<slug:kind>/", write(connecting_answers.answer), name="answer"),
        path(ONE + "choose/<slug:kind>/", write(connecting_answers.choose), name="choose"),
        path(ONE + "give-up/", write(connecting.abandon), name="abandon"),
        path(NUMBER + "reconnect/", write(connecting_numbers.reconnect), name="reconnect"),
        path(NUMBER + "disconnect/", form(connecting_numbers.disconnect), name="disconnect"),
        path(NUMBER + "region/", form(connecting_numbers.move_data), name="region"),
        path(NUMBER + "pin/", form(connecting_numbers.change_pin), name="pin"),
    ]
