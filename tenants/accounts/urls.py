"""Pages about oneself, on both sides; mounted before allauth's, whose public doors are shut here."""

from django.urls import path, re_path
from django.views.generic import RedirectView

from tenants.accounts.access import open_to_all
from tenants.accounts.views.closed import closed
from tenants.accounts.views.invitation import accept_invitation
from tenants.accounts.views.profile import choose_language, edit_profile
from tenants.accounts.views.sessions import end_other_sessions, end_session, list_sessions

app_name = "accounts"

urlpatterns = [
    path("", open_to_all(RedirectView.as_view(pattern_name="accounts:profile")), name="start"),
    path("profile/", edit_profile, name="profile"),
    path("language/", choose_language, name="language"),
    path("sessions/", list_sessions, name="sessions"),
    path("sessions/end-others/", end_other_sessions, name="end_other_sessions"),
    path("sessions/<str:handle>/end/", end_session, name="end_session"),
    path("invitation/<str:token>/", accept_invitation, name="invitation"),
    re_path(r"^(?:signup|email|confirm-email|password/set|3rdparty|social|inactive)/", closed),
]
