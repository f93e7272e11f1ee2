"""Refusals of agreements and retention."""

from django.utils.translation import gettext_lazy as _

from tenants.errors import DomainError


class AgreementFileOdd(DomainError):
    code = "agreement_file_odd"
    http_status = 422
    user_message = _("This is not a PDF document. Scan or export the signed agreement as a PDF and choose that file.")


class AgreementFileTooBig(DomainError):
    code = "agreement_file_too_big"
    http_status = 422
    user_message = _("This file is larger than 10 MB. Save the signed agreement as a smaller PDF.")


class AgreementFileDamaged(DomainError):
    code = "agreement_file_damaged"
    http_status = 409
    user_message = _(
        "The stored file is missing or no longer the one that was signed, so it is not shown. Ask the agency to "
        "restore it from its archive."
    )


class AgreementDatesOdd(DomainError):
    code = "agreement_dates_odd"
    http_status = 422
    user_message = _(
        "These dates do not fit. An agreement is signed today or earlier, begins after the version before it did, and "
        "ends after it began."
    )


class AgreementIncomplete(DomainError):
    code = "agreement_incomplete"
    http_status = 422
    user_message = _("Name who signed for the company and who signed for the agency.")


class NoAgreementInForce(DomainError):
    code = "no_agreement_in_force"
    user_message = _("There is no agreement in force that could end.")


class PeriodNotYours(DomainError):
    code = "period_not_yours"
    http_status = 422
    user_message = _("How long this is kept follows from the law or from the system and cannot be chosen.")


class PeriodOutOfBounds(DomainError):
    code = "period_out_of_bounds"
    http_status = 422
    user_message = _("This period is shorter or longer than what may be chosen.")


class ReasonMissing(DomainError):
    code = "reason_missing"
    http_status = 422
    user_message = _("Say in one sentence why this period is needed. It becomes part of the record.")
