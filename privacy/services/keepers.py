"""Which app's rows belong to which class that runs out, in the order in which they leave."""

from billing.services import personal_data as usage
from conversations.integrations.services import personal_data as integrations
from conversations.services import personal_data as inbox
from conversations.services import personal_data_special as special
from privacy.data_fields.kinds import DataKind
from privacy.services import personal_data as proofs
from tenants.accounts.services import personal_data as accounts
from tenants.expiry import Keeper
from tenants.models import ClientCompany


def of_company(company: ClientCompany) -> dict[DataKind, tuple[Keeper, ...]]:
    """Files leave before rows, rows before the people they belong to, and the proof of it all last."""
    text = (
        inbox.Messages(),
        inbox.Drafts(),
        inbox.Findings(),
        inbox.Notes(),
        inbox.Promises(),
        inbox.Events(),
    )
    return {
        DataKind.SPECIAL: special.KEEPERS,
        DataKind.MEDIA: (inbox.Files(),),
        DataKind.MESSAGE_TEXT: text,
        DataKind.JOURNAL: (inbox.Journal(),),
        DataKind.CONSENT_PROOF: (inbox.Consents(),),
        DataKind.CONTACT_PROFILE: (inbox.Contacts(),),
        DataKind.REPEATED_CALLS: (integrations.Answers(),),
        DataKind.FACTS: (integrations.Facts(),),
        DataKind.USAGE: (usage.Usage(time_zone=company.time_zone),),
        DataKind.SIGN_IN: accounts.SIGN_IN,
        DataKind.AGREEMENT: (proofs.Agreements(),),
        DataKind.RETENTION_PROOF: (proofs.Runs(),),
        DataKind.AUDIT: (accounts.AuditTrail(),),
    }


def of_agency_side() -> dict[DataKind, tuple[Keeper, ...]]:
    """What runs out in the public schema; the quarantine is emptied by conversations."""
    return {DataKind.SIGN_IN: accounts.SIGN_IN, DataKind.AUDIT: (accounts.AuditTrail(),)}
