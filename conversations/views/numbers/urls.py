"""Addresses of the pages about numbers, under ``/numbers/`` of a company's host."""

from django.urls import path

from conversations.views.numbers import notice, overview, people, presenting, settings

app_name = "numbers"

ONE = "<uuid:number_id>/"

urlpatterns = [
    path("", overview.listed, name="list"),
    path("bar/", overview.bar, name="bar"),
    path("alarms/<uuid:alarm_id>/acknowledge/", overview.acknowledge, name="acknowledge"),
    path(ONE, overview.overview, name="overview"),
    path(ONE + "history/", overview.history, name="history"),
    path(ONE + "probe/", overview.probe, name="probe"),
    path(ONE + "profile/", presenting.profile, name="profile"),
    path(ONE + "picture/", presenting.picture, name="picture"),
    path(ONE + "automation/", presenting.automation, name="automation"),
    path(ONE + "links/", presenting.links, name="links"),
    path(ONE + "links/<slug:code>/delete/", presenting.delete_link, name="delete-link"),
    path(ONE + "links/<slug:code>/qr.<slug:kind>", presenting.qr, name="qr"),
    path(ONE + "settings/", settings.settings, name="settings"),
    path(ONE + "settings/calling/", settings.calling, name="calling"),
    path(ONE + "settings/marketing/", settings.marketing, name="marketing"),
    path(ONE + "settings/name/", settings.name, name="name"),
    path(ONE + "settings/username/", settings.username, name="username"),
    path(ONE + "settings/username/give-up/", settings.give_up_username, name="give-up-username"),
    path(ONE + "notice/", notice.notice, name="notice"),
    path(ONE + "notice/withdraw/", notice.withdraw, name="withdraw-notice"),
    path(ONE + "blocked/", people.blocked, name="blocked"),
    path(ONE + "blocked/<uuid:contact_id>/block/", people.block, name="block"),
    path(ONE + "blocked/<uuid:contact_id>/unblock/", people.unblock, name="unblock"),
    path(ONE + "waiting/", people.waiting, name="waiting"),
    path(ONE + "waiting/list.csv", people.waiting_csv, name="waiting-csv"),
    path(ONE + "waiting/<uuid:conversation_id>/", people.called_back, name="called-back"),
]
