"""Addresses for a company's admins."""

from django.urls import path

from conversations.views.admin import access, client_people, dashboard, guard, keys, people, person, teams

app_name = "admin"

urlpatterns = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("people/", people.list_people, name="people"),
    path("people/<uuid:user_id>/role/", people.change_role, name="change-role"),
    path("people/<uuid:user_id>/invite/", people.invite_again, name="invite-again"),
    path("people/<uuid:user_id>/off/", people.switch_off, name="switch-off"),
    path("people/<uuid:user_id>/on/", people.switch_on, name="switch-on"),
    path("people/<uuid:user_id>/", person.show, name="person"),
    path("people/<uuid:user_id>/answers/", person.change_answers, name="person-answers"),
    path("people/<uuid:user_id>/clearance/", person.change_clearance, name="person-clearance"),
    path("settings/teams/", teams.list_teams, name="teams"),
    path("settings/teams/giving-out/", teams.giving_out, name="giving-out"),
    path("settings/teams/<uuid:team_id>/", teams.edit, name="team"),
    path("settings/teams/<uuid:team_id>/delete/", teams.delete, name="delete-team"),
    path("api-keys/", keys.list_keys, name="keys"),
    path("api-keys/<uuid:key_id>/revoke/", keys.revoke, name="revoke-key"),
    path("settings/access/", access.show, name="access"),
    path("settings/access/people/", access.give_person, name="give-access"),
    path("settings/access/people/<uuid:grant_id>/end/", access.end_person, name="end-access"),
    path("settings/access/teams/", access.give_team, name="give-team-access"),
    path("settings/access/teams/<uuid:grant_id>/end/", access.end_team, name="end-team-access"),
    path("settings/sensitive/", guard.sensitive, name="sensitive"),
    path("settings/danger/", guard.danger, name="danger"),
    path("settings/greeting/", guard.greeting, name="greeting"),
    path("settings/client-people/", client_people.edit, name="client-people"),
]
