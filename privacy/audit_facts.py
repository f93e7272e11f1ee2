"""How the audit trail reads what agreements and retention record."""

from django.utils.translation import gettext_lazy as _

from conversations import wording
from privacy.data_classes import CLASSES
from tenants.accounts.audit_facts import Fact, coded, count, day, plain, register


def register_all() -> None:
    """Once, when the app is loaded."""
    version = Fact(_("version"), count)
    register("agreement.opened", version=version)
    register("agreement.recorded", version=version, sha256=Fact("SHA-256", plain))
    register("agreement.ended", version=version, on=Fact(_("on"), day))
    register("number.closed", ground=Fact(_("legal ground"), coded(wording.number_reason)))
    names = {str(kind): one.name for kind, one in CLASSES.items()}
    before, now = Fact(_("days before"), count), Fact(_("days now"), count)
    register("retention.changed", data_class=Fact(_("what"), coded(names)), days_before=before, days_now=now)
