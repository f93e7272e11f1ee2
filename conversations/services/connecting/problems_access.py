"""Problems of signing up, of the token, of the account, and of choosing the number."""

from django.utils.translation import gettext_lazy as _

from conversations.services.connecting.wording import Problem, Who

ACCESS: dict[str, Problem] = {
    "unreachable": Problem(
        _("WhatsApp could not be reached."),
        Who.NOBODY,
        _("It is tried again in a quarter of an hour; you can also check again now."),
    ),
    "signup_open": Problem(
        _("The sign-up at Meta has not been finished yet."),
        Who.YOU,
        _("Open the window and go through it to the end. Nothing you did before is lost."),
        waits=True,
    ),
    "signup_cancelled": Problem(
        _("The sign-up window was closed before the end."),
        Who.YOU,
        _("Open it again: Meta remembers what you filled in and goes on where you left."),
    ),
    "signup_error": Problem(
        _("Meta ended the sign-up with an error."),
        Who.YOU,
        _("Read what Meta said below, put it right and open the window again."),
    ),
    "no_signup_config": Problem(
        _("This service has no sign-up configuration for this kind of number yet."),
        Who.OPERATOR,
        _(
            "Make a Facebook Login for Business configuration at Meta and set it with the meta_app command. Until then "
            "connect the number by hand."
        ),
    ),
    "code_missing": Problem(
        _("The sign-up was finished, but its code has not come here."),
        Who.YOU,
        _("Open the window again and go through it to the end."),
        waits=True,
    ),
    "code_expired": Problem(
        _("The code of the sign-up was no longer valid when it came here: it lives for half a minute and works once."),
        Who.YOU,
        _("Open the window again. What you made at Meta is still there; choose it instead of making it anew."),
    ),
    "code_lost": Problem(
        _("WhatsApp did not answer while the code of the sign-up was valid."),
        Who.YOU,
        _("Open the window again in a moment. What you made at Meta is still there."),
    ),
    "app_secret_wrong": Problem(
        _("Meta does not accept the secret of our app."),
        Who.OPERATOR,
        _("Compare the app id and the secret with the app's settings at Meta."),
    ),
    "token_malformed": Problem(
        _("This is no access token: it is empty or has characters that none has."),
        Who.YOU,
        _("Copy the whole token again, without spaces or line breaks."),
    ),
    "token_missing": Problem(
        _("There is no access token yet."), Who.YOU, _("Paste one, or open the sign-up window."), waits=True
    ),
    "token_invalid": Problem(
        _("WhatsApp does not know this token, or it was revoked."),
        Who.YOU,
        _("Make a new token for a system user of the business, with both WhatsApp permissions, and paste it here."),
    ),
    "token_expired": Problem(
        _("This token has expired."),
        Who.YOU,
        _("Make a new one that never expires, and paste it here."),
    ),
    "token_of_other_app": Problem(
        _("This token was made for another app: with it, messages would leave, but none would come in."),
        Who.YOU,
        _("Make a token for the app that is named here, or choose the app that it was made for."),
    ),
    "token_dead": Problem(
        _("WhatsApp no longer accepts the token: it was revoked, or the app was removed from the business."),
        Who.YOU,
        _("Connect the number again, by the sign-up window or with a new token. What waits leaves then."),
    ),
    "permission_missing": Problem(
        _("The token does not carry a permission that is needed."),
        Who.YOU,
        _(
            "Make a token with whatsapp_business_management and whatsapp_business_messaging, for this account. "
            "In the sign-up window: leave both switched on."
        ),
    ),
    "account_choose": Problem(
        _("The business shares more than one WhatsApp account."),
        Who.YOU,
        _("Choose the one that the number is in."),
        waits=True,
    ),
    "account_none": Problem(
        _("No WhatsApp account is shared with our app."),
        Who.YOU,
        _("Open the sign-up window again and choose or make an account, or give our app access in WhatsApp Manager."),
    ),
    "account_unreachable": Problem(
        _("The token does not open an account with this id, or there is none."),
        Who.YOU,
        _(
            "Compare the WhatsApp Business Account id with WhatsApp Manager, and see that the token's system user may "
            "manage this account."
        ),
    ),
    "account_rejected": Problem(
        _("Meta refused this account in its review."),
        Who.CLIENT,
        _("Open Business Support Home at Meta, read the reason and ask for another review."),
    ),
    "number_choose": Problem(
        _("The account has more than one number."), Who.YOU, _("Choose the one to connect here."), waits=True
    ),
    "number_none": Problem(
        _("The account has no number yet."),
        Who.YOU,
        _("Add one here, or in WhatsApp Manager, and check again."),
        waits=True,
    ),
    "number_not_in_account": Problem(
        _("There is no number with this id in the account."),
        Who.YOU,
        _("Compare both ids with WhatsApp Manager, or choose a number of the account."),
    ),
    "number_taken": Problem(
        _("This number is connected elsewhere already and cannot be connected here."),
        Who.YOU,
        _("Disconnect it where it is connected now. If you don't know where that is, ask whoever runs this service."),
    ),
    "app_not_yours": Problem(_("This Meta app belongs to another agency."), Who.YOU, _("Choose one of your own.")),
    "number_banned": Problem(
        _("WhatsApp has banned this number."),
        Who.CLIENT,
        _("Ask for a review in Business Support Home at Meta. It takes one or two days."),
    ),
    "number_deleted": Problem(
        _("This number was deleted from its account."),
        Who.CLIENT,
        _("Add the number in WhatsApp Manager again, then connect it here."),
    ),
    "number_migrated": Problem(
        _("This number has moved to another WhatsApp account."),
        Who.YOU,
        _("Connect it with the ids of the account that it is in now."),
    ),
}
