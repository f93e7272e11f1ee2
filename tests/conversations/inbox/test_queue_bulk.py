"""Labels on one and on many; many conversations at once, of which some refuse."""

from typing import Any

from django.test import Client

from conversations.models import Contact, Conversation, ConversationEvent, Label, Team, TeamMember
from conversations.services import labels
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
    as_supervisor.post("/inbox/bulk/", {"act": "give", "ids": ids(first, second), "person": agent.pk}, headers=HX)
    assert {fresh(inbox, row).assignee for row in (first, second)} == {agent}
    as_supervisor.post("/inbox/bulk/", {"act": "give", "ids": ids(second), "team": team.pk}, headers=HX)

    assert "Repairs" in choices
    assert fresh(inbox, second).team == team
    odd = as_supervisor.post("/inbox/bulk/", {"act": "give", "ids": ids(second)}, headers=HX)
    assert odd.status_code == 422


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
