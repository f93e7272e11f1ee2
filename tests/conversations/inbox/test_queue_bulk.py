"""Labels on one and on many; many conversations at once, of which some refuse."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from conversations.desk.models import DeskEntry
from conversations.models import (
    Contact,
    Conversation,
    ConversationEvent,
    InboxSettings,
    Intent,
    Label,
    Team,
    TeamMember,
)
from conversations.services import summary
from conversations.services.handling import labels
from tenants.accounts.models import User
from tests.conversations.inbox.conftest import HX, Inbox


def ids(*rows: Conversation) -> str:
    return ",".join(str(row.pk) for row in rows)


def fresh(inbox: Inbox, row: Conversation) -> Conversation:
    with inbox.inside():
        return Conversation.objects.select_related("assignee", "team").get(pk=row.pk)


def label_named(inbox: Inbox, name: str) -> Label:
    with inbox.inside():
        return Label.objects.create(name=name, hue=5)


def test_a_label_is_put_on_and_taken_off_with_a_line_in_the_thread(as_agent: Client, inbox: Inbox) -> None:
    row, label = inbox.conversation(), label_named(inbox, "Warranty")

    offered = as_agent.get(f"/inbox/{row.pk}/labels/", headers=HX).content.decode()
    on = as_agent.post(f"/inbox/{row.pk}/labels/", {"label": label.pk, "on": "1"}, headers=HX).content.decode()
    as_agent.post(f"/inbox/{row.pk}/labels/", {"label": label.pk, "on": "1"}, headers=HX)
    carried = fresh(inbox, row).labels
    off = as_agent.post(f"/inbox/{row.pk}/labels/", {"label": label.pk}, headers=HX).content.decode()

    assert 'aria-checked="false"' in offered and 'aria-checked="true"' in on and 'aria-checked="false"' in off
    assert (carried, fresh(inbox, row).labels) == ([label.pk], [])
    with inbox.inside():
        told = ConversationEvent.objects.filter(kind="labelled").order_by("at").values_list("data__put", flat=True)
        assert list(told) == [True, False]
    assert as_agent.post(f"/inbox/{row.pk}/labels/", {"label": "x"}, headers=HX).status_code == 404


def test_the_head_of_a_thread_shows_four_labels_and_says_how_many_more_there_are(
    as_agent: Client, inbox: Inbox
) -> None:
    row = inbox.conversation()
    carried = [label_named(inbox, f"Label {n:02}") for n in range(40)]
    with inbox.inside():
        Conversation.objects.filter(pk=row.pk).update(labels=[label.pk for label in carried])

    head = as_agent.get(f"/inbox/{row.pk}/", headers=HX).content.decode().split("</header>")[0]

    assert head.count('class="label-chip') == 4
    assert ">+36<" in head and "Label 04, Label 05" in head  # the rest by pointing at it, and in the menu beside it


def test_two_labels_become_one_wherever_they_stand(inbox: Inbox, admin: User) -> None:
    row, old, new = inbox.conversation(), label_named(inbox, "Garantie"), label_named(inbox, "Warranty")
    with inbox.inside():
        Conversation.objects.filter(pk=row.pk).update(labels=[old.pk, new.pk])
        Contact.objects.filter(pk=row.contact_id).update(labels=[old.pk])

        labels.merge(old, into=new, by=admin)

        assert Conversation.objects.get(pk=row.pk).labels == [new.pk]
        assert Contact.objects.get(pk=row.contact_id).labels == [new.pk]
        assert [label.name for label in Label.objects.all()] == ["Warranty"]


def test_many_are_taken_and_the_one_that_somebody_holds_says_so(
    as_agent: Client, agent: User, second_agent: User, inbox: Inbox
) -> None:
    free, held, hidden = inbox.conversation("Anna"), inbox.conversation("Bram"), inbox.conversation("Cem")
    with inbox.inside():
        Conversation.objects.filter(pk=held.pk).update(assignee=second_agent)
        Conversation.objects.filter(pk=hidden.pk).update(sensitive=True)

    told = as_agent.post("/inbox/bulk/", {"act": "take", "ids": ids(free, held, hidden)}, headers=HX).content.decode()

    assert fresh(inbox, free).assignee == agent
    assert fresh(inbox, held).assignee == second_agent
    assert fresh(inbox, hidden).assignee is None
    assert "Done with 1 conversation." in told
    assert "Bram" in told and "Cem" not in told


def test_a_supervisor_gives_many_to_a_person_and_to_a_team(
    as_supervisor: Client, agent: User, second_agent: User, inbox: Inbox
) -> None:
    first, second = inbox.conversation("Anna"), inbox.conversation("Bram")
    with inbox.inside():
        Conversation.objects.filter(pk=first.pk).update(assignee=second_agent)
        team = Team.objects.create(name="Repairs")
        TeamMember.objects.create(team=team, user=agent)

    choices = as_supervisor.get("/inbox/bulk/?act=give", headers=HX).content.decode()
    as_supervisor.post(
        "/inbox/bulk/", {"act": "give", "ids": ids(first, second), "to": f"person:{agent.pk}"}, headers=HX
    )
    assert {fresh(inbox, row).assignee for row in (first, second)} == {agent}
    as_supervisor.post("/inbox/bulk/", {"act": "give", "ids": ids(second), "to": f"team:{team.pk}"}, headers=HX)

    assert "Repairs" in choices
    assert fresh(inbox, second).team == team
    for odd in ({}, {"to": "nobody"}, {"to": "person:1"}, {"to": "team:"}):
        refused = as_supervisor.post("/inbox/bulk/", {"act": "give", "ids": ids(second), **odd}, headers=HX)
        assert refused.status_code == 422
    as_supervisor.post("/inbox/bulk/", {"act": "give", "ids": ids(first), "to": "queue"}, headers=HX)
    assert fresh(inbox, first).assignee is None


def test_labelling_many_can_be_undone_and_others_rest_or_close(as_agent: Client, inbox: Inbox) -> None:
    first, second = inbox.conversation("Anna"), inbox.conversation("Bram")
    label = label_named(inbox, "Warranty")

    def bulk(act: str, *rows: Conversation, **more: Any) -> str:
        return as_agent.post("/inbox/bulk/", {"act": act, "ids": ids(*rows), **more}, headers=HX).content.decode()

    told = bulk("label", first, second, label=label.pk)
    assert 'data-bulk-undo="unlabel"' in told and f'data-ids="{ids(first, second)}"' in told
    assert [fresh(inbox, row).labels for row in (first, second)] == [[label.pk]] * 2
    bulk("unlabel", first, second, label=label.pk)
    bulk("snooze", first, until="tomorrow")
    bulk("close", second)

    assert [fresh(inbox, row).labels for row in (first, second)] == [[], []]
    asleep = fresh(inbox, first)
    assert (asleep.hold, asleep.hold_until is not None) == ("snoozed", True)
    assert fresh(inbox, second).status == "closed"


def test_another_companys_conversations_are_not_touched(as_agent: Client, other_inbox: Inbox) -> None:
    theirs = other_inbox.conversation("Dora")

    told = as_agent.post("/inbox/bulk/", {"act": "close", "ids": ids(theirs)}, headers=HX).content.decode()

    assert "Done with 0 conversations." in told
    assert fresh(other_inbox, theirs).status == "open"
    assert as_agent.post("/inbox/bulk/", {"act": "close", "ids": "x"}, headers=HX).status_code == 422


def test_what_colleagues_hold_is_taken_over_only_when_that_was_said(
    as_supervisor: Client, supervisor: User, agent: User, inbox: Inbox
) -> None:
    free, held = inbox.conversation("Anna"), inbox.conversation("Bram")
    with inbox.inside():
        Conversation.objects.filter(pk=held.pk).update(assignee=agent)

    told = as_supervisor.post("/inbox/bulk/", {"act": "take", "ids": ids(free, held)}, headers=HX).content.decode()

    assert [fresh(inbox, row).assignee for row in (free, held)] == [supervisor, agent]
    assert agent.name in told and f'data-bulk-over="take" data-ids="{held.pk}"' in told
    as_supervisor.post("/inbox/bulk/", {"act": "take", "ids": ids(held), "over": "1"}, headers=HX)
    assert fresh(inbox, held).assignee == supervisor


def test_what_colleagues_hold_is_closed_only_when_that_was_said(
    as_agent: Client, inbox: Inbox, agent: User, second_agent: User
) -> None:
    free, own, held = inbox.conversation("Anna"), inbox.conversation("Bram"), inbox.conversation("Cem")
    with inbox.inside():
        InboxSettings.objects.update_or_create(pk=1, defaults={"close_reasons": ["Klaar"]})
        Conversation.objects.filter(pk=own.pk).update(assignee=agent)
        Conversation.objects.filter(pk=held.pk).update(assignee=second_agent)
    order = {"act": "close", "reason": "Klaar"}

    told = as_agent.post("/inbox/bulk/", order | {"ids": ids(free, own, held)}, headers=HX).content.decode()

    assert [fresh(inbox, row).status for row in (free, own, held)] == ["closed", "closed", "open"]
    assert second_agent.name in told and "Close these too" in told
    assert f'data-bulk-over="close" data-reason="Klaar" data-ids="{held.pk}"' in told
    as_agent.post("/inbox/bulk/", order | {"ids": ids(held), "over": "1"}, headers=HX)
    assert fresh(inbox, held).close_reason == "Klaar"


def test_undo_takes_the_label_off_only_where_it_was_put_on(as_agent: Client, inbox: Inbox) -> None:
    had_it, fresh_one, label = inbox.conversation("Anna"), inbox.conversation("Bram"), label_named(inbox, "Warranty")
    with inbox.inside():
        Conversation.objects.filter(pk=had_it.pk).update(labels=[label.pk])

    told = as_agent.post(
        "/inbox/bulk/", {"act": "label", "ids": ids(had_it, fresh_one), "label": label.pk}, headers=HX
    ).content.decode()

    assert "Done with 2 conversations." in told
    assert f'data-ids="{fresh_one.pk}"' in told


def test_many_are_closed_with_what_the_company_asks_for(as_agent: Client, inbox: Inbox) -> None:
    known, unknown = inbox.conversation("Anna"), inbox.conversation("Bram")
    with inbox.inside():
        InboxSettings.objects.update_or_create(pk=1, defaults={"close_needs_intent": True, "close_reasons": ["Done"]})
        repair, other = (Intent.objects.create(name=name) for name in ("Repair", "Other"))
        Conversation.objects.filter(pk=known.pk).update(intent=repair)

    asked = as_agent.get("/inbox/bulk/?act=close", headers=HX).content.decode()
    as_agent.post("/inbox/bulk/", {"act": "close", "ids": ids(known, unknown), "reason": "Done"}, headers=HX)
    assert [fresh(inbox, row).status for row in (known, unknown)] == ["closed", "open"]
    as_agent.post(
        "/inbox/bulk/", {"act": "close", "ids": ids(unknown), "reason": "Done", "intent": other.pk}, headers=HX
    )

    assert 'name="intent"' in asked
    rows = [fresh(inbox, row) for row in (known, unknown)]
    assert [(row.status, row.close_reason, row.intent_id) for row in rows] == [
        ("closed", "Done", repair.pk),
        ("closed", "Done", other.pk),
    ]


@pytest.mark.parametrize("act", ["take", "give", "label", "snooze", "close", "read"])
def test_many_cost_no_more_statements_than_few_and_leave_behind_what_one_leaves(
    act: str,
    as_supervisor: Client,
    agent: User,
    inbox: Inbox,
    count_queries: Callable[[], Any],
) -> None:
    label, counts = label_named(inbox, "Warranty"), []
    more = {"give": {"to": f"person:{agent.pk}"}, "label": {"label": label.pk}, "snooze": {"until": "tomorrow"}}
    for many in (3, 20):
        rows = [inbox.conversation() for _one in range(many)]
        with inbox.inside():
            Conversation.objects.filter(pk__in=[row.pk for row in rows]).update(unread_count=2)
            summary.refresh([row.pk for row in rows])
        with count_queries() as counted:
            told = as_supervisor.post(
                "/inbox/bulk/", {"act": act, "ids": ids(*rows), **more.get(act, {})}, headers=HX
            ).content.decode()
        assert f"Done with {many} conversations." in told
        counts.append(len(counted))
    assert counts[0] == counts[1] <= 40

    with inbox.inside():
        lines = list(ConversationEvent.objects.filter(conversation=rows[0]).values_list("kind", flat=True))
        entry = DeskEntry.objects.filter(conversation_id=rows[0].pk).first()
    left = {
        "take": "taken",
        "give": "transferred",
        "label": "labelled",
        "snooze": "held",
        "close": "closed",
        "read": "",
    }
    assert lines == ([left[act]] if left[act] else [])
    assert entry is None if act == "close" else entry is not None and entry.taken is (act in ("take", "give"))
    assert act != "read" or (entry is not None and not entry.unread)
