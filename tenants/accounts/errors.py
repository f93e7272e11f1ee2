"""Refusals when somebody begins or signs in."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.errors import DomainError


class InvitationGone(DomainError):
    code = "invitation_gone"
    http_status = 410
    user_message = _(
        "This invitation was used already or is no longer valid. Ask the person who sent it for a new one."
    )


class PasswordWeak(DomainError):
    """``detail`` holds the sentences of the password rules."""

    code = "password_weak"
    http_status = 422
    user_message: str | Promise = _("Choose a longer or less common password.")

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.user_message = " ".join(sentences) or self.user_message


class EmailOdd(DomainError):
    code = "email_invalid"
    http_status = 422
    user_message = _("This is not an e-mail address.")


class PersonTaken(DomainError):
    code = "person_taken"
    user_message = _("This e-mail address cannot be used here. Give another one.")


class SecondFactorNeeded(DomainError):
    code = "second_factor_needed"
    http_status = 422
    user_message = _("This company handles sensitive data, so its admins always sign in with a second step.")
