"""Ends what open pages hear when the rights of their person change: they ask at once for what she may hear now."""

import json
from functools import partial
from uuid import UUID

from django.db import transaction

from tenants import live, wake
from tenants.accounts.models import User
from tenants.context import current_schema, in_company

MESSAGE = json.dumps({"name": live.ACCESS, "ids": []})


def ask_again(*topics: str) -> None:
    """After the commit: no token that names one of these topics counts any more, and no stream under one goes on."""
    for topic in topics:
        transaction.on_commit(partial(wake.publish, live.channel(topic), MESSAGE))


def staff_changed(staff_id: UUID) -> None:
    """What somebody of the agency may hear of its clients is another than before."""
    ask_again(live.staff_topic(staff_id), live.entered_topic(staff_id))


def signed_out(user: User) -> None:
    """Somebody signed out in one browser at least; those she is still signed in with come back at once.

    On the agency's side this goes for what she has open at clients as well.
    """
    if in_company():
        ask_again(live.user_topic(current_schema(), user.pk))
    else:
        ask_again(live.staff_topic(user.pk), live.entered_topic(user.pk))


def switched_off(schema_name: str, user_id: UUID) -> None:
    """Somebody may no longer hear anything of a company."""
    ask_again(live.user_topic(schema_name, user_id))
