"""How allauth works here: no public sign-up, sign-in recorded, second factors encrypted, mail in the side's name."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants import secrets
from tenants.accounts import audit, browsers
from tenants.accounts.client_address import client_address
from tenants.accounts.models import User
from tenants.accounts.services import listening, second_factor, sessions


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This e-mail address and password do not fit together."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your password."),
        "rate_limited": _("Too many attempts. Wait a moment, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        audit.record("session.started", actor=user, request=request)
        sessions.note_sign_in(request)
        return super().post_login(request, user, **kwargs)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        audit.record("session.refused", subject=_known_person(credentials), request=request)
        super().authentication_failed(request, **credentials)

    def get_client_ip(self, request: HttpRequest) -> str:
        """What rate limits count by."""
        return client_address(request) or "0.0.0.0"  # noqa: S104  callers without an address count together

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            audit.record("session.closed", actor=request.user, request=request)
        person = request.user
        super().logout(request)
        if isinstance(person, User):
            listening.signed_out(person)

    def set_password(self, user: User, password: str) -> None:
        """Another password ends every sign-in made with the one before, and what those opened at clients."""
        super().set_password(user, password)
        listening.signed_out(user)

    def format_email_subject(self, subject: str) -> str:
        return subject

    def get_from_email(self) -> str:
        company = getattr(context.request, "company", None)
        agency = company.agency if company else getattr(context.request, "agency", None)
        return getattr(agency, "mail_sender", "") or settings.DEFAULT_FROM_EMAIL

    def render_mail(self, template_prefix: str, email: Any, context: Any, headers: Any = None) -> Any:
        return super().render_mail(template_prefix, email, {**_side_of_request(), **context}, headers)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Sent when a way to sign in changes; whether a second factor is there is looked at anew."""
        if context.request is not None:
            second_factor.forget(context.request)
        super().send_notification_mail(*args, **kwargs)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right, or no longer. Type the one that the app shows now."),
    }

    def encrypt(self, text: str) -> str:
        return secrets.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return secrets.decrypt(encrypted_text)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """A first name for a new passkey: the browser it is made in, which its owner recognises."""
        return browsers.name_of(context.request.headers.get("User-Agent", "")) or gettext("Passkey")

    def _get_site_name(self) -> str:
        """The name that authenticator apps and passkeys are kept under."""
        return str(_side_of_request()["side_name"])


def _known_person(credentials: dict[str, Any]) -> User | None:
    """Whose account somebody tried; an address that nobody has is not kept, it may be a stranger's."""
    return User.objects.filter(email=str(credentials.get("email") or "").strip().lower()).first()


def _side_of_request() -> dict[str, Any]:
    request = context.request
    company, agency = getattr(request, "company", None), getattr(request, "agency", None)
    return {"company": company, "agency": agency, "side_name": str(company or agency or "Balie")}
