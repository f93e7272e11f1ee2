"""The audit trail in words: one table for every action that is recorded, and for what it was done to."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

ACTIONS: dict[str, Promise] = {
    "agreement.ended": _("Recorded the end of the data processing agreement"),
    "agreement.opened": _("Downloaded the data processing agreement"),
    "agreement.recorded": _("Recorded a signed data processing agreement"),
    "alarm.acknowledged": _("Took care of an alarm"),
    "api_key.created": _("Made an API key"),
    "api_key.revoked": _("Revoked an API key"),
    "audit.exported": _("Downloaded this trail"),
    "audit.pruned": _("Deleted entries whose time was up"),
    "audit.verified": _("Checked that this trail is whole"),
    "audit.viewed": _("Looked at this trail"),
    "connecting.abandoned": _("Gave up connecting a number"),
    "connecting.checked": _("Had a number's connection checked again"),
    "connecting.number_asked": _("Added a number to the WhatsApp account"),
    "connecting.pin_given": _("Gave the PIN of a number that is being connected"),
    "connecting.region_chosen": _("Chose where a number's data lie"),
    "connecting.started": _("Began to connect a number"),
    "connecting.token_given": _("Gave another access token"),
    "connecting.verification_asked": _("Asked for, or handed in, a code that proves a number"),
    "contact.erased_at_platform": _("Had a contact erased at WhatsApp"),
    "contact.merged": _("Made one contact of two"),
    "contact.opened": _("Opened a contact"),
    "contact.revealed": _("Looked at a number that is hidden"),
    "contact.unmerged": _("Made two contacts of one again"),
    "contact.blocked": _("Blocked a person"),
    "contact.read": _("Read a contact"),
    "contact.unblocked": _("Lifted the block of a person"),
    "contacts.listed": _("Listed contacts"),
    "conversation.opened": _("Opened a conversation"),
    "conversation.read": _("Read a conversation"),
    "file.opened": _("Opened a file"),
    "grant.changed": _("Changed the access of agency staff"),
    "grant.ended": _("Ended the access of agency staff"),
    "grant.given": _("Gave agency staff access"),
    "grant.used": _("Came in under a grant"),
    "house_rules.accepted": _("Accepted the house rules"),
    "house_rules.changed": _("Changed the house rules"),
    "invitation.accepted": _("Accepted an invitation"),
    "label.changed": _("Renamed or recoloured a label"),
    "label.created": _("Made a label"),
    "label.merged": _("Made one label of two"),
    "label.restored": _("Offers a label again"),
    "label.retired": _("No longer offers a label"),
    "message.read": _("Read a message"),
    "message.refused": _("Was refused a message that may not be sent"),
    "message.removed": _("Removed a message"),
    "message.sent_anyway": _("Sent a message although something was asked first"),
    "number.call_backs_opened": _("Looked at everyone who waits at a number"),
    "number.call_backs_downloaded": _("Downloaded the list of everyone who waits at a number"),
    "number.called_back": _("Noted that somebody was called back"),
    "number.changed": _("Changed a number's profile or settings"),
    "number.closed": _("Stopped a number: no agreement in force"),
    "number.connected": _("Connected a number"),
    "number.disconnected": _("Disconnected a number"),
    "number.handover_decided": _("Decided what the phone hands over"),
    "number.tested": _("Sent a test message"),
    "number.link_changed": _("Changed the text of a short link"),
    "number.link_deleted": _("Deleted a short link"),
    "number.link_made": _("Made a short link"),
    "number.name_asked": _("Asked for another display name"),
    "number.notice_published": _("Published a stop notice"),
    "number.notice_withdrawn": _("Withdrew a stop notice"),
    "number.opened": _("Let a number go live under the agreement"),
    "number.pin_changed": _("Changed the two-step PIN of a number"),
    "number.probed": _("Asked WhatsApp how a number does"),
    "number.username_changed": _("Changed the username of a number"),
    "person.invited": _("Invited a person"),
    "person.role_changed": _("Changed a person's role"),
    "person.switched_off": _("Ended a person's access"),
    "person.switched_on": _("Gave a person access again"),
    "profile.changed": _("Changed the own profile"),
    "retention.changed": _("Changed how long data is kept"),
    "search.run": _("Searched"),
    "session.closed": _("Signed out"),
    "session.ended": _("Ended sessions elsewhere"),
    "session.refused": _("Failed to sign in"),
    "session.started": _("Signed in"),
    "settings.changed": _("Changed settings"),
    "staff.recorded": _("Recorded clearance and country of a person"),
    "staff_team.created": _("Made a team of the agency"),
    "staff_team.deleted": _("Deleted a team of the agency"),
    "staff_team.joined": _("Put a person into a team of the agency"),
    "staff_team.left": _("Took a person out of a team of the agency"),
    "team_grant.changed": _("Changed the access of a team of the agency"),
    "team_grant.ended": _("Ended the access of a team of the agency"),
    "team_grant.given": _("Gave a team of the agency access"),
    "template.archived": _("Put a message template away"),
    "template.copied": _("Copied a message template into another language"),
    "template.deleted": _("Deleted a message template"),
    "template.discarded": _("Threw away what was written about a message template"),
    "template.drafted": _("Began a message template"),
    "template.edited": _("Handed in a changed message template"),
    "template.submitted": _("Handed in a message template"),
    "template.unarchived": _("Took a message template out of the archive"),
    "template.unpaused": _("Ended the pause of a message template"),
    "templates.read_again": _("Had the message templates read again"),
    "usage.exported": _("Downloaded the usage of a month"),
    "view.shared": _("Shared a view of the queue"),
    "view.unshared": _("Deleted a shared view of the queue"),
}

SUBJECTS: dict[str, Promise] = {
    "alarm": _("alarm"),
    "apikey": _("API key"),
    "connecting": _("connection"),
    "contact": _("contact"),
    "label": _("label"),
    "savedview": _("view"),
    "conversation": _("conversation"),
    "dataprocessingagreement": _("agreement"),
    "mediafile": _("file"),
    "message": _("message"),
    "messagetemplate": _("message template"),
    "phonenumber": _("number"),
    "staffteam": _("team of the agency"),
    "teamgrant": _("access of a team"),
    "user": _("person"),
}

FACTS: dict[str, str | Promise] = {
    "after": _("after"),
    "again": _("again"),
    "name": _("name"),
    "all_languages": _("all languages"),
    "before": _("before"),
    "called_off": _("messages called off"),
    "conditions": _("conditions"),
    "count": _("how many"),
    "other": _("other contact"),
    "data_class": _("what"),
    "days_before": _("days before"),
    "days_now": _("days now"),
    "entries": _("entries"),
    "fields": _("fields"),
    "filtered": _("filtered"),
    "found": _("found"),
    "grant": _("grant"),
    "ground": _("legal ground"),
    "hash": _("hash"),
    "language": _("language"),
    "kind": _("kind"),
    "number": _("number"),
    "journal_rows": _("deliveries cleared"),
    "kinds": _("what"),
    "method": _("how"),
    "month": _("month"),
    "on": _("on"),
    "region": _("region"),
    "steps": _("steps"),
    "switched_off": _("switched off at WhatsApp"),
    "unsubscribed": _("events ended"),
    "require_two_factor": _("second step asked for"),
    "role": _("role"),
    "scopes": _("scopes"),
    "sha256": "SHA-256",
    "team": _("team"),
    "template": _("template"),
    "up_to": _("up to entry"),
    "version": _("version"),
    "what": _("what"),
    "whole": _("whole"),
}


def of_action(action: str) -> str:
    """The action as a sentence without its person; an unknown one as its code."""
    return str(ACTIONS.get(action, action))


def of_subject(kind: str) -> str:
    return str(SUBJECTS.get(kind, kind))


def of_fact(name: str) -> str:
    """The name of a small fact; an unknown one as it is written."""
    return str(FACTS.get(name, name.replace("_", " ")))


def of_value(value: Any) -> str:
    """A fact itself: codes without their underscores, yes and no in words, lists with commas."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(of_value(one) for one in value)
    return str(value).replace("_", " ")
