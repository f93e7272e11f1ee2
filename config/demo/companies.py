"""Who the demo is about: the agency, its staff, and three client companies. Everybody is invented."""

from dataclasses import dataclass
from typing import Any

from tenants.accounts.roles import Role
from tenants.models import ClientCompany, StaffMembership

MAIL = "example"  # a top-level domain that can never exist


@dataclass(frozen=True, slots=True)
class Someone:
    """A person who signs in. ``role`` is one of the agency's or one in a company."""

    name: str
    mail: str
    role: str
    language: str = ""
    alias: str = ""


@dataclass(frozen=True, slots=True)
class CompanyPlan:
    """A client company as the demo opens it.

    hours      opening and closing hour, on which weekdays (Monday is 0)
    languages  of its customers, as often as they write in them
    spells     how many closed conversations to tell
    series_lines  how much the one person who writes every day and the company tell each other
    on_phone_app  whether somebody answers from the company's phone as well, which brought its history along
    staff      agency staff by the part of their address before the @, with their role here
    plan       name of the agency's plan it takes
    """

    name: str
    subdomain: str
    sector: str
    language: str
    risk_class: str
    display_number: str
    hours: tuple[int, int]
    weekdays: tuple[int, ...]
    languages: tuple[str, ...]
    spells: int
    response_minutes: int
    privacy_url: str
    people: tuple[Someone, ...]
    staff: dict[str, Role]
    plan: str
    signatory: str
    order: int = 0
    series_lines: int = 0
    on_phone_app: bool = False

    @property
    def number_id(self) -> str:
        return f"10650000000000{self.order}"

    @property
    def pin(self) -> str:
        """Two-step PIN of the number, at the simulator and here."""
        return f"40719{self.order}"

    @property
    def account_id(self) -> str:
        return f"20100000000000{self.order}"


AGREED_DAYS = 120  # ago, since when the companies are clients
AGENCY = "Bureau Noord"
SLUG = "bureau-noord"
AGENCY_SIGNATORY = "Marieke Noordhof, directeur"
OWNER, STAFF = StaffMembership.Role.OWNER, StaffMembership.Role.STAFF
STAFF_PEOPLE = (
    Someone("Marieke Noordhof", "marieke", OWNER),
    Someone("Daan Verschuur", "daan", STAFF),
    Someone("Lotte Brinkman", "lotte", STAFF),
)

COMPANIES = (
    CompanyPlan(
        name="Fietsland",
        subdomain="fietsland",
        sector="retail",
        language="nl",
        risk_class=ClientCompany.RiskClass.NORMAL,
        display_number="+31 30 012 34 00",
        hours=(9, 18),
        weekdays=(0, 1, 2, 3, 4, 5),
        languages=("nl", "nl", "nl", "nl", "nl", "de", "en"),
        spells=78,
        response_minutes=60,
        privacy_url="https://fietsland.example/privacy",
        people=(
            Someone("Hanneke Vos", "hanneke", Role.ADMIN),
            Someone("Ruben Tolsma", "ruben", Role.SUPERVISOR),
            Someone("Sanne de Wit", "sanne", Role.AGENT, alias="Sanne"),
            Someone("Joris Kuipers", "joris", Role.AGENT, alias="Joris"),
            Someone("Emre Aydin", "emre", Role.AGENT, alias="Emre"),
        ),
        staff={"marieke": Role.ADMIN, "daan": Role.AGENT, "lotte": Role.SUPERVISOR},
        plan="Groei",
        signatory="Hanneke Vos, eigenaar",
        order=1,
        series_lines=430,
    ),
    CompanyPlan(
        name="Zorgvast",
        subdomain="zorgvast",
        sector="care",
        language="nl",
        risk_class=ClientCompany.RiskClass.HIGH,
        display_number="+31 38 012 34 50",
        hours=(7, 22),
        weekdays=(0, 1, 2, 3, 4, 5, 6),
        languages=("nl",),
        spells=66,
        response_minutes=30,
        privacy_url="https://zorgvast.example/privacy",
        people=(
            Someone("Wilma Hoekstra", "wilma", Role.ADMIN),
            Someone("Peter Aalbers", "peter", Role.SUPERVISOR),
            Someone("Nadia Benali", "nadia", Role.AGENT, alias="Nadia"),
            Someone("Tineke Postma", "tineke", Role.AGENT, alias="Tineke"),
        ),
        staff={"marieke": Role.ADMIN, "lotte": Role.AGENT},
        plan="Zorg",
        signatory="Wilma Hoekstra, bestuurder",
        order=2,
        series_lines=150,
    ),
    CompanyPlan(
        name="Omroep Delta",
        subdomain="omroepdelta",
        sector="media",
        language="nl",
        risk_class=ClientCompany.RiskClass.NORMAL,
        display_number="+31 70 012 34 80",
        hours=(8, 20),
        weekdays=(0, 1, 2, 3, 4, 5, 6),
        languages=("nl", "nl", "nl", "de", "en"),
        spells=72,
        response_minutes=45,
        privacy_url="https://omroepdelta.example/privacy",
        people=(
            Someone("Frank Zeeman", "frank", Role.ADMIN),
            Someone("Yasmin Haddad", "yasmin", Role.SUPERVISOR),
            Someone("Kees Mulder", "kees", Role.AGENT, alias="Redactie Kees"),
            Someone("Anna Lindner", "anna", Role.AGENT, "de", alias="Anna"),
            Someone("Thomas Reed", "thomas", Role.AGENT, "en", alias="Thomas"),
        ),
        staff={"marieke": Role.ADMIN, "daan": Role.AGENT},
        plan="Groei",
        signatory="Frank Zeeman, hoofdredacteur",
        order=3,
        series_lines=90,
        on_phone_app=True,
    ),
)


def reachable(plan: CompanyPlan) -> dict[str, Any]:
    """What the contact page shows beside the number: on, and a telephone number that nobody can have."""
    return {
        "public_page": True,
        "other_phone": plan.display_number[:-2] + "01",
        "other_mail": f"service@{plan.subdomain}.example",
        "public_text": {
            "nl": "Liever bellen of mailen? Dat kan op werkdagen van negen tot vijf.",
            "en": "Rather call or write? You can, on workdays from nine to five.",
            "de": "Lieber anrufen oder schreiben? Das geht werktags von neun bis fünf.",
        },
    }


def mail_of(someone: Someone, place: str) -> str:
    return f"{someone.mail}@{place}.{MAIL}"
