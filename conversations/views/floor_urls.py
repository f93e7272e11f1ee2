"""Addresses of the floor and of the end of a shift."""

from django.urls import path

from conversations.views import floor, handover

app_name = "floor"

urlpatterns = [
    path("floor/", floor.company_floor, name="company"),
    path("floor/people/<uuid:user_id>/", floor.held, name="held"),
    path("floor/conversations/<uuid:conversation_id>/move/", floor.move, name="move"),
    path("handover/", handover.hand_over, name="hand-over"),
]
