"""Addresses on an agency's host."""

from django.urls import path

from conversations.views.agency import (
    answers,
    clearance,
    companies,
    console,
    entering,
    floor,
    house_rules,
    numbers,
    staff,
    teams,
)

app_name = "agency"

urlpatterns = [
    path("", console.console, name="console"),
    path("switcher/", console.doors, name="doors"),
    path("floor/", floor.floor, name="floor"),
    path("staff/", staff.staff, name="staff"),
    path("staff/<uuid:staff_id>/", clearance.record, name="staff-person"),
    path("staff/<uuid:staff_id>/answers/", answers.change, name="staff-answers"),
    path("staff/<uuid:staff_id>/leave/", clearance.leave, name="staff-leave"),
    path("staff/<uuid:staff_id>/come-back/", clearance.come_back, name="staff-come-back"),
    path("staff/teams/", teams.list_teams, name="teams"),
    path("staff/teams/<uuid:team_id>/", teams.team, name="team"),
    path("staff/teams/<uuid:team_id>/join/", teams.join, name="join-team"),
    path("staff/teams/<uuid:team_id>/members/<int:member_id>/leave/", teams.leave, name="leave-team"),
    path("staff/teams/<uuid:team_id>/delete/", teams.delete, name="delete-team"),
    path("clients/new/", companies.open_company, name="open-company"),
    path("clients/<uuid:company_id>/", companies.company, name="company"),
    path("clients/<uuid:company_id>/enter/", entering.enter, name="enter"),
    path("clients/<uuid:company_id>/house-rules/", house_rules.read, name="house-rules"),
    path("clients/<uuid:company_id>/alarms/<uuid:alarm_id>/acknowledge/", numbers.acknowledge, name="acknowledge"),
    path("clients/<uuid:company_id>/grants/", companies.give_grant, name="give-grant"),
    path("clients/<uuid:company_id>/grants/<uuid:grant_id>/end/", companies.end_grant, name="end-grant"),
]
