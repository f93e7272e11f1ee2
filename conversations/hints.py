"""Tells open pages that something changed: a name and ids, never content. Lost hints cost a page a refetch, no more."""

import json
from collections.abc import Iterable
from functools import partial
from uuid import UUID

from django.db import transaction

from tenants import live, wake
from tenants.accounts.models import User
from tenants.context import company_id_of, current_schema

MAX_IDS = 200


def conversations_changed(ids: Iterable[UUID]) -> None:
    """These conversations have news (messages, statuses, assignee, state); pages that show them refetch."""
    _after_commit("conversations", ids)


def number_changed(phone_number_id: UUID) -> None:
    """A number's state or health changed."""
    _after_commit("number", [phone_number_id])


def publish_here(name: str, ids: Iterable[UUID]) -> None:
    """Tell the entered company's pages now, of what is in no table."""
    publish(current_schema(), name, ids)


def tell(name: str, people: Iterable[UUID], ids: Iterable[UUID]) -> None:
    """These people, on their own topics: what they answer or follow changed (``name`` says how).

    Those of the agency hear it at their desk too.
    """
    schema_name, readers, listed = current_schema(), list(dict.fromkeys(people)), list(ids)
    if not readers or not listed:
        return
    topics = [live.user_topic(schema_name, person) for person in readers]
    staff = User.objects.filter(pk__in=readers).exclude(staff_id=None).values_list("staff_id", flat=True)
    topics += [live.staff_topic(staff_id) for staff_id in staff]
    transaction.on_commit(lambda: _publish_to(topics, name, listed))


def dangers_changed(ids: Iterable[UUID]) -> None:
    """Danger began or ended in these conversations; whoever serves the company at the agency's desk hears of it."""
    topic, listed = live.desk_topic(company_id_of(current_schema())), list(ids)
    transaction.on_commit(lambda: _publish_to([topic], "dangers", listed))


def people_changed(ids: Iterable[UUID]) -> None:
    """These people (User.id) became available, paused or away."""
    _after_commit("people", ids)


def people_changed_at(schema_names: Iterable[str]) -> None:
    """Somebody of the agency who works at these companies did: pages there look at everybody."""
    for schema_name in schema_names:
        transaction.on_commit(partial(publish, schema_name, "people", [company_id_of(schema_name)]))


def publish(schema_name: str, name: str, ids: Iterable[UUID]) -> None:
    """Tell now; for code that has committed already and is in no company's schema."""
    listed = [str(pk) for pk in dict.fromkeys(ids)]
    if not listed:
        return
    message = json.dumps({"name": name, "ids": listed[:MAX_IDS], "more": len(listed) > MAX_IDS})
    wake.publish(live.channel(live.company_topic(schema_name)), message)
    wake.publish(live.channel(live.desk_topic(company_id_of(schema_name))), message)


def _publish_to(topics: Iterable[str], name: str, ids: Iterable[UUID]) -> None:
    message = json.dumps({"name": name, "ids": [str(pk) for pk in ids][:MAX_IDS], "more": False})
    for topic in topics:
        wake.publish(live.channel(topic), message)


def _after_commit(name: str, ids: Iterable[UUID]) -> None:
    schema_name, listed = current_schema(), list(ids)
    transaction.on_commit(lambda: publish(schema_name, name, listed))
