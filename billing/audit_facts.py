"""How the audit trail reads what billing records."""

from django.utils.translation import gettext_lazy as _

from tenants.accounts.audit_facts import Fact, month, register


def register_all() -> None:
    """Once, when the app is loaded."""
    register("usage.exported", month=Fact(_("month"), month))
