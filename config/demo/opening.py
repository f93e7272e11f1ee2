"""Opens the agency and its companies through the product's own services: people, grants, numbers, agreement, plan."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO

from allauth.account.models import EmailAddress
from django.core.files.base import File

from billing.catalogue.models import PlanVersion, RateCard
from billing.catalogue.services import plans, rate_cards
from billing.services import subscriptions
from config.demo import companies, guarding, message_templates, past, promises
from config.demo.companies import AGREED_DAYS, CompanyPlan, Someone, mail_of
from config.demo.media import papers
from config.demo.sandbox import Sandbox
from conversations.models import InboxSettings, MessageTemplate, NumberSync, PhoneNumber
from conversations.services.numbers import numbers
from privacy.services import agreements
from tenants.accounts.models import User
from tenants.accounts.roles import Role
from tenants.accounts.services import grants
from tenants.context import inside
from tenants.models import Agency, ClientCompany, MetaApp, StaffGrant, StaffMembership
from tenants.services.agencies import create_agency
from tenants.services.companies import create_company

OPENED_DAYS = 180  # ago
PLANS = {  # per number, per seat, per conversation, conversations included
    "Groei": ("49", "15", "0.35", 100),
    "Zorg": ("69", "19", "0.30", 150),
}


@dataclass(frozen=True, slots=True)
class Opened:
    """A company that stands, with those who answer in the order that scripts count them."""

    plan: CompanyPlan
    company: ClientCompany
    number: PhoneNumber
    answering: list[User]


def agency(password: str, *, host: str, at: datetime) -> Agency:
    """The agency with its staff, at work for half a year. ``password`` is hashed already."""
    opened = create_agency(companies.AGENCY, slug=companies.SLUG, host=host)
    for someone in companies.STAFF_PEOPLE:
        user = _person(someone, place=companies.SLUG, role=Role.ADMIN, password=password)
        StaffMembership.objects.create(user=user, agency=opened, role=someone.role)
    since = at - timedelta(days=OPENED_DAYS)
    Agency.objects.filter(pk=opened.pk).update(created_at=since)
    StaffMembership.objects.filter(agency=opened).update(joined_at=since)
    return opened


def meta_app(agency: Agency, sandbox: Sandbox) -> MetaApp:
    """The app that the simulator signs for."""
    fields = {"name": "Sandbox", "agency": agency, "sandbox": True, "graph_url": sandbox.graph_url}
    fields |= {"secret": sandbox.secret, "verify_token": sandbox.verify_token}
    app, _ = MetaApp.objects.update_or_create(app_id=sandbox.app_id, defaults=fields)
    return app


def price_list(agency: Agency, *, at: datetime) -> dict[str, PlanVersion]:
    """What Meta charges and what the agency sells."""
    if not RateCard.objects.exists():
        rate_cards.load_rates(rate_cards.DATA / "rates.csv")
        rate_cards.load_markets(rate_cards.DATA / "markets.csv")
    begins = (at - timedelta(days=AGREED_DAYS)).date()
    return {
        name: plans.publish_version(
            agency,
            name=name,
            effective_from=begins,
            per_number=Decimal(number),
            per_seat=Decimal(seat),
            per_conversation=Decimal(conversation),
            included_conversations=included,
        )
        for name, (number, seat, conversation, included) in PLANS.items()
    }


def company(
    agency: Agency, plan: CompanyPlan, *, password: str, app: MetaApp, token: str, version: PlanVersion, at: datetime
) -> Opened:
    """A client company that works: people, agreement, plan, live number and approved templates."""
    opened = create_company(
        agency,
        name=plan.name,
        subdomain=plan.subdomain,
        language=plan.language,
        country="NL",
        sector=plan.sector,
        risk_class=plan.risk_class,
    )
    since = at - timedelta(days=AGREED_DAYS)
    ClientCompany.objects.filter(pk=opened.pk).update(status=ClientCompany.Status.LIVE, created_at=since)
    with inside(opened.schema_name):
        people = [_person(one, place=plan.subdomain, role=one.role, password=password) for one in plan.people]
        InboxSettings(
            privacy_url=plan.privacy_url,
            response_minutes=plan.response_minutes,
            **guarding.settings(plan) | companies.reachable(plan) | promises.settings(plan, at=at),
        ).save()
        subscriptions.subscribe(version, starts_on=since.date())
        _agree(opened, plan, by=people[0], at=at)
    _grant(agency, opened, plan, since=since)
    number = numbers.connect_number(
        opened,
        phone_number_id=plan.number_id,
        waba_id=plan.account_id,
        display_number=plan.display_number,
        app=app,
        token=token,
    )
    with inside(opened.schema_name):
        known = {"verified_name": plan.name, "quality": past.quality_of(plan), "messaging_limit": "TIER_10K"}
        known |= {"pin": plan.pin} if not plan.on_phone_app else {}
        PhoneNumber.objects.filter(pk=number.pk).update(**known, connected_at=since, state_since=since)
        past.tell(plan, number, admin=people[0], at=at)
        if plan.on_phone_app:
            _share_with_the_phone(number, asked_by=people[0], at=since)
        _templates(plan, at=at)
        own = [user for user in people if user.role == Role.AGENT]
        answering = [*own, *User.objects.exclude(staff_id=None).filter(role=Role.AGENT).order_by("name")]
    return Opened(plan, opened, number, answering)


def _person(someone: Someone, *, place: str, role: str, password: str) -> User:
    user = User(
        email=mail_of(someone, place),
        name=someone.name,
        alias=someone.alias,
        role=role,
        language=someone.language or "nl",
        password=password,
    )
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _grant(agency: Agency, company: ClientCompany, plan: CompanyPlan, *, since: datetime) -> None:
    admin = plan.people[0]
    for membership in agency.memberships.select_related("user"):
        role = plan.staff.get(membership.user.email.partition("@")[0])
        if role is not None:
            given_by = f"{admin.name} <{mail_of(admin, plan.subdomain)}>"
            grants.give(membership, company=company, role=role, given_by=given_by)
    StaffGrant.objects.filter(company=company).update(starts_at=since)


def _agree(company: ClientCompany, plan: CompanyPlan, *, by: User, at: datetime) -> None:
    signed = (at - timedelta(days=AGREED_DAYS)).date()
    rows = (
        f"Verwerkingsverantwoordelijke | {plan.name}",
        f"Verwerker | {companies.AGENCY}",
        "Onderwerp | klantcontact via WhatsApp",
        "Bewaartermijn berichten | 12 maanden na sluiten",
        "Bewaartermijn bestanden | 90 dagen na ontvangst",
        f"Ondertekend op | {signed:%d-%m-%Y}",
        f"Voor {plan.name}: {plan.signatory}.",
        f"Voor {companies.AGENCY}: {companies.AGENCY_SIGNATORY}.",
    )
    data = papers.printed(
        "Verwerkersovereenkomst", sender=f"{plan.name} en {companies.AGENCY}", rows=rows, language="nl"
    )
    agreements.record_signed(
        company,
        file=File(BytesIO(data), name="verwerkersovereenkomst.pdf"),
        file_name="verwerkersovereenkomst.pdf",
        controller_signatory=plan.signatory,
        processor_signatory=companies.AGENCY_SIGNATORY,
        signed_on=signed,
        starts_on=signed,
        by=by,
    )


def _share_with_the_phone(number: PhoneNumber, *, asked_by: User, at: datetime) -> None:
    """The number stays on the company's phone too, which has handed over what was written there."""
    PhoneNumber.objects.filter(pk=number.pk).update(
        on_phone_app=True, messages_per_second=numbers.SHARED_WITH_PHONE_RATE
    )
    NumberSync.objects.create(
        phone_number=number,
        kind=NumberSync.Kind.HISTORY,
        state=NumberSync.State.DONE,
        legal_basis="Gerechtvaardigd belang: lopende gesprekken afmaken",
        asked_by=asked_by.pk,
        asked_at=at,
        phase=2,
        progress=100,
    )


def _templates(plan: CompanyPlan, *, at: datetime) -> None:
    MessageTemplate.objects.bulk_create(
        MessageTemplate(
            waba_id=plan.account_id,
            template_id=template_id(plan, order),
            name=one.name,
            language=one.language,
            category=one.category,
            status=one.status,
            rejected_reason=one.reason,
            components=one.components,
            quality="GREEN" if one.status == "APPROVED" else "",
            synced_at=at,
        )
        for order, one in enumerate(message_templates.of(plan.subdomain))
    )


def template_id(plan: CompanyPlan, order: int) -> str:
    return f"77000000000{plan.order}{order:02d}"
