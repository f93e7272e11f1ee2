"""Problems of the number itself: its events, proof, PIN, storage, money, name, and of going live."""

from django.utils.translation import gettext_lazy as _

from conversations import way_in_words
from conversations.services.connecting.wording import Problem, Who

NUMBER: dict[str, Problem] = {
    "subscription_missing": Problem(
        _("The account's events do not flow to our app, so nothing would come in."),
        Who.YOU,
        _("Check again. If it stays like this, see in WhatsApp Manager whether our app is a partner of the account."),
    ),
    "not_verified": Problem(
        _("WhatsApp has not yet seen proof that this number is yours."),
        Who.YOU,
        _(
            "Have a code sent to the number and type it in here. A landline or a menu takes a call to a person who "
            "picks up."
        ),
        waits=True,
    ),
    "code_wrong": Problem(
        _("This code is not the one that was sent, or it is older than ten minutes."),
        Who.YOU,
        _("Type the newest code, or have a new one sent."),
    ),
    "storage_registered": Problem(
        _("The number is registered already; where its data lie can only be chosen before that."),
        Who.YOU,
        _("It works as it is. To change the region, have it registered again: it is off for about a minute."),
    ),
    "storage_refused": Problem(
        _("WhatsApp did not take the region for this number."),
        Who.YOU,
        _("Choose another region, or go on without one: the data then lie where WhatsApp keeps them."),
    ),
    "pin_wrong": Problem(
        _("The number has a two-step PIN already, and it is another one."),
        Who.CLIENT,
        _(
            "Type the number's own PIN. Who has forgotten it switches two-step verification off in WhatsApp Manager, "
            "under the number's settings."
        ),
    ),
    "pin_tries": Problem(
        _("The PIN was tried too often or too quickly."),
        Who.NOBODY,
        _("Wait as long as WhatsApp says below before you try again. Every further try makes the wait longer."),
    ),
    "registered_too_often": Problem(
        _("The number was registered or deregistered ten times within three days."),
        Who.NOBODY,
        _("Wait three days. Nothing else is lost meanwhile."),
    ),
    "phone_app_decides": Problem(
        _("The number is in use in the WhatsApp Business app, which registers it and keeps its PIN."),
        Who.OWNER,
        _("Leave it to the phone, or connect the number as one that stays on the phone app."),
    ),
    "number_unusable": Problem(
        _("WhatsApp does not show the number as connected."),
        Who.YOU,
        _("Check again in a minute. If it stays, look at the number in WhatsApp Manager."),
    ),
    "pin_unknown": Problem(
        _("The number was registered before it came here, so its two-step PIN is not known here."),
        Who.YOU,
        _("Set a new PIN. It is kept encrypted; without it the number could not be registered again after a move."),
    ),
    "no_funding": Problem(
        _(
            "The WhatsApp account has no payment method. Answers leave until the free messages of the month are used "
            "up; then sending stops."
        ),
        Who.CLIENT,
        _("Add a payment method to the account in WhatsApp Manager, under billing, then check again."),
    ),
    "name_pending": Problem(
        _("WhatsApp still looks at the display name."),
        Who.WHATSAPP,
        _("Wait: it takes up to two days. Until then people may see the number instead of the name."),
        waits=True,
    ),
    "name_declined": Problem(
        _("WhatsApp refused the display name."),
        Who.CLIENT,
        _("Choose a name that says what the business is called outside of WhatsApp too, and hand it in again."),
    ),
    **{code: Problem(words.cause, Who.OPERATOR, words.remedy) for code, words in way_in_words.WORDS.items()},
    "webhooks_unseen": Problem(
        _("Nothing has come in from this number yet."),
        Who.YOU,
        _("Write a message to the number from your own phone. It shows here within seconds."),
        waits=True,
    ),
    "agreement_missing": Problem(
        _(
            "No data processing agreement is in force. A number goes live only under a signed one: until then what "
            "people write is kept aside unread, and nothing is sent."
        ),
        Who.YOU,
        _("Record the signed agreement. The number goes live by itself then."),
        waits=True,
    ),
    "number_stopped": Problem(
        _("The number is stopped or paused and sends nothing now."),
        Who.YOU,
        _("The number's page says why and what to do."),
    ),
    "not_saved": Problem(
        _("The steps before have to be done first."), Who.YOU, _("Finish them, then check again."), waits=True
    ),
    "test_unsent": Problem(
        _("No test message was sent yet."),
        Who.YOU,
        _("Write to the number from your own phone first, then have it answered here: that proves both ways."),
        waits=True,
    ),
    "test_no_window": Problem(
        _("Nobody with this phone number has written in the last 24 hours."),
        Who.YOU,
        _("Write to the number from that phone first, then send the test message again."),
    ),
    "test_leaving": Problem(
        _("The test message is on its way."), Who.NOBODY, _("It shows here when it has arrived."), waits=True
    ),
    "test_failed": Problem(
        _("WhatsApp did not deliver the test message."),
        Who.YOU,
        _("The conversation in the inbox says why. Put it right and send it again."),
    ),
    "handover_choose": Problem(
        _("The phone's contacts and earlier messages can be taken over once, within 24 hours of connecting."),
        Who.YOU,
        _("Decide what is taken over and on what legal ground. Nothing is asked for before that."),
        waits=True,
    ),
    "handover_running": Problem(
        _("The phone hands over what was asked for."),
        Who.OWNER,
        _("Keep the WhatsApp Business app open on the phone until it is done."),
        waits=True,
    ),
    "handover_asked": Problem(
        _("This was asked of the phone before, and can be asked once only."),
        Who.NOBODY,
        _("Go on with what came. To ask again, the number has to be disconnected and connected anew."),
    ),
    "handover_late": Problem(
        _("More than 24 hours have passed since the number was connected: WhatsApp hands nothing over any more."),
        Who.NOBODY,
        _("Go on without it, or disconnect the number and connect it anew."),
    ),
    "handover_refused": Problem(
        _("The owner of the phone chose not to share earlier messages."),
        Who.OWNER,
        _("Go on without them, or disconnect, connect anew and allow it on the phone."),
    ),
}
