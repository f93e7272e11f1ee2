"""Signing out is also going: whoever signed out is given no more work."""

from django.http import HttpRequest

from conversations.services.people import presence
from tenants.accounts import adapters
from tenants.accounts.models import User


class AccountAdapter(adapters.AccountAdapter):
    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            presence.sign_out(request.user)
        super().logout(request)
