"""Addresses of a company's settings; what each is called stands in ``settings_places``."""

from django.urls import path

from conversations.views.settings import fields, hours, inbox, index, intents, labels

app_name = "settings"

INTENT, LABEL, FIELD = "intents/<uuid:intent_id>/", "labels/<uuid:label_id>/", "fields/<slug:key>/"

urlpatterns = [
    path("", index.index, name="index"),
    path("inbox/", inbox.edit, name="inbox"),
    path("hours/", hours.edit, name="hours"),
    path("hours/days/", hours.add_day, name="add_day"),
    path("hours/days/drop/", hours.drop_day, name="drop_day"),
    path("hours/holidays/", hours.holidays, name="holidays"),
    path("intents/", intents.board, name="intents"),
    path("intents/promise/", intents.promise, name="promise"),
    path(INTENT, intents.change, name="change_intent"),
    path(INTENT + "state/", intents.state, name="intent_state"),
    path("labels/", labels.board, name="labels"),
    path(LABEL, labels.change, name="change_label"),
    path(LABEL + "state/", labels.state, name="label_state"),
    path(LABEL + "merge/", labels.merge, name="merge_label"),
    path("fields/", fields.board, name="fields"),
    path(FIELD, fields.change, name="change_field"),
    path(FIELD + "state/", fields.state, name="field_state"),
]
