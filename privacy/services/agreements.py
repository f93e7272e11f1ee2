"""Agreements on processing (GDPR Art. 28): drafting, recording a signed one, and its end.

Which version is in force follows from its dates; a newer one takes over on the day it begins.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.files.base import File
from django.db import connection, transaction
from django.db.models import Max, Q, QuerySet

from privacy.errors import AgreementDatesOdd, AgreementIncomplete, NoAgreementInForce
from privacy.models import DataProcessingAgreement
from privacy.services import agreement_files, entered, going_live
from privacy.services.agreement_files import SignedFile
from tenants import work
from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.context import current_schema
from tenants.models import ClientCompany

Status = DataProcessingAgreement.Status
Agreement = DataProcessingAgreement
MAX_SIGNATORY_CHARS = 200


def in_force(on: date) -> Agreement | None:
    """The version that counts on a day, if any."""
    begun = _binding().filter(starts_on__lte=on).filter(Q(ends_on=None) | Q(ends_on__gte=on))
    return begun.order_by("-version").first()


def coming(after: date) -> Agreement | None:
    """The signed version that begins later, if any."""
    return _binding().filter(starts_on__gt=after).order_by("-version").first()


def history() -> QuerySet[Agreement]:
    """Every version, newest first."""
    return Agreement.objects.order_by("-version")


@transaction.atomic
def draft(company: ClientCompany, *, by: User | None = None) -> Agreement:
    """The next version with the parties as they are called now; an open draft is brought up to date instead."""
    _lock()
    fields = {"controller_name": company.name, "processor_name": company.agency.name, "recorded_by": _name(by)}
    open_one = Agreement.objects.filter(status=Status.DRAFT).first()
    if open_one is not None:
        Agreement.objects.filter(pk=open_one.pk).update(**fields)
        open_one.refresh_from_db()
        return open_one
    newest = Agreement.objects.aggregate(newest=Max("version"))["newest"] or 0
    return Agreement.objects.create(version=newest + 1, **fields)


def record_signed(
    company: ClientCompany,
    *,
    file: File,  # type: ignore[type-arg]
    file_name: str,
    controller_signatory: str,
    processor_signatory: str,
    signed_on: date,
    starts_on: date,
    ends_on: date | None = None,
    by: User | None = None,
) -> Agreement:
    """Record that an agreement was signed; from its first day on the company's numbers may work.

    file     the signed PDF, at most 10 MB
    Raises   AgreementFileOdd, AgreementFileTooBig, AgreementDatesOdd, AgreementIncomplete
    The same file with the same dates a second time gives the first record.
    """
    signed = agreement_files.check(file, name=file_name)
    names = [controller_signatory.strip(), processor_signatory.strip()]
    if not all(names) or max(map(len, names)) > MAX_SIGNATORY_CHARS:
        raise AgreementIncomplete
    if signed_on > entered.today_of(company) or (ends_on is not None and ends_on < starts_on):
        raise AgreementDatesOdd
    existing = _same(signed, starts_on=starts_on, ends_on=ends_on)
    if existing is not None:
        return existing
    key = agreement_files.store(signed)
    try:
        with transaction.atomic():
            agreement = draft(company, by=by)
            _supersede(starts_on)
            agreement.controller_signatory, agreement.processor_signatory = names
            agreement.signed_at = datetime.combine(signed_on, time(), tzinfo=ZoneInfo(company.time_zone))
            agreement.starts_on, agreement.ends_on = starts_on, ends_on
            agreement.file_key, agreement.file_name = key, signed.name
            agreement.file_sha256, agreement.file_size = signed.sha256, len(signed.data)
            agreement.status = Status.SIGNED
            agreement.save()
            audit.record(
                "agreement.recorded", actor=by, subject=agreement, version=agreement.version, sha256=signed.sha256
            )
            _look_on(starts_on, company)
            if ends_on is not None:
                _look_on(ends_on + timedelta(days=1), company)
            follow_calendar(company)
    except BaseException:
        agreement_files.discard(key)
        raise
    return agreement


@transaction.atomic
def end(company: ClientCompany, *, on: date, by: User | None = None) -> Agreement:
    """Let the agreement in force end after a day; that day over, real numbers stop working.

    Raises  NoAgreementInForce, AgreementDatesOdd
    """
    _lock()
    agreement = Agreement.objects.filter(status=Status.SIGNED).first()
    if agreement is None:
        raise NoAgreementInForce
    if agreement.starts_on is None or on < agreement.starts_on:
        raise AgreementDatesOdd
    agreement.ends_on = on
    agreement.save(update_fields=["ends_on"])
    _look_on(on + timedelta(days=1), company)
    audit.record("agreement.ended", actor=by, subject=agreement, version=agreement.version, on=on.isoformat())
    follow_calendar(company)
    return agreement


@transaction.atomic
def follow_calendar(company: ClientCompany) -> None:
    """Close what has run out, and let numbers work or stop as the day demands. Every night, and after each change."""
    today = entered.today_of(company)
    Agreement.objects.filter(status=Status.SIGNED, ends_on__lt=today).update(status=Status.ENDED)
    going_live.follow(agreed=in_force(today) is not None)


def _look_on(day: date, company: ClientCompany) -> None:
    """Let numbers follow as soon as a day begins where the company is, if it is still to come."""
    if day > entered.today_of(company):
        work.mark(work.Kind.AGREEMENT, due_at=datetime.combine(day, time(), tzinfo=ZoneInfo(company.time_zone)))


def _binding() -> QuerySet[Agreement]:
    return Agreement.objects.exclude(status=Status.DRAFT)


def _supersede(starts_on: date) -> None:
    """End the signed version on the day before the next one begins."""
    before = Agreement.objects.filter(status=Status.SIGNED).first()
    if before is None:
        return
    if before.starts_on is None or starts_on <= before.starts_on:
        raise AgreementDatesOdd
    last_day = starts_on - timedelta(days=1)
    before.ends_on = min(before.ends_on or last_day, last_day)
    before.status = Status.SUPERSEDED
    before.save(update_fields=["status", "ends_on"])


def _same(signed: SignedFile, *, starts_on: date, ends_on: date | None) -> Agreement | None:
    binding = _binding().filter(file_sha256=signed.sha256, starts_on=starts_on, ends_on=ends_on)
    return binding.order_by("-version").first()


def _name(by: User | None) -> str:
    return by.name if by else "Balie"


def _lock() -> None:
    """One change of agreements at a time in a company."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"agreements:{current_schema()}"])
