"""Who may sign in where: DEMO_FILE (var/demo.json), which bin/start prints. One passphrase, new in every checkout."""

import json
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password

from config.demo import companies
from config.demo.companies import Someone, mail_of
from config.services.keys import write_private
from tenants.accounts.models import User
from tenants.addresses import address_of
from tenants.context import in_public, inside
from tenants.models import Agency, ClientCompany

WORDS = """
anker appel balkon beuk brug dijk duif eiland fluit gouda haven hamer kanaal kaars klomp kroon lamp linde maan
molen mus noot oever park peer plein polder regen riet schelp sluis spoor tulp veer vlieger vuur
wilg wind zeil zon
"""
TITLES = {"owner": "Owner", "staff": "Staff", "admin": "Admin", "supervisor": "Supervisor", "agent": "Agent"}


def path() -> Path:
    return Path(settings.DEMO_FILE)


def known_password() -> str:
    """The passphrase of this checkout, empty when nobody knows it any more."""
    try:
        told = json.loads(path().read_text(encoding="utf-8"))
        return str(told["sign_ins"][0]["password"])
    except (OSError, ValueError, LookupError, TypeError):
        return ""


def fresh_password() -> str:
    words = WORDS.split()
    return "-".join([*(secrets.choice(words) for _ in range(4)), str(secrets.randbelow(90) + 10)])


def write(password: str) -> None:
    """Say where everybody signs in; addresses follow this start's ports."""
    told = json.dumps(_told(password), indent=2, ensure_ascii=False) + "\n"
    file = path()
    if not file.exists() or file.read_text(encoding="utf-8") != told:
        file.parent.mkdir(exist_ok=True)
        write_private(file, told)


def renew() -> str:
    """The demo stands but nobody knows its passphrase: everybody gets a new one."""
    password = fresh_password()
    hashed = make_password(password)
    with in_public():
        agency = Agency.objects.get(slug=companies.SLUG)
        _set(companies.STAFF_PEOPLE, companies.SLUG, hashed)
        for plan in companies.COMPANIES:
            company = ClientCompany.objects.filter(agency=agency, subdomain=plan.subdomain).first()
            if company is not None:
                with inside(company.schema_name):
                    _set(plan.people, plan.subdomain, hashed)
    return password


def _set(people: tuple[Someone, ...], place: str, hashed: str) -> None:
    User.objects.filter(email__in=[mail_of(one, place) for one in people]).update(password=hashed)


def _told(password: str) -> dict[str, Any]:
    agency = Agency.objects.get(slug=companies.SLUG)
    home = address_of(agency)
    rows = [_row(one, companies.AGENCY, companies.SLUG, home, password) for one in companies.STAFF_PEOPLE]
    addresses = {}
    for plan in companies.COMPANIES:
        address = address_of(ClientCompany.objects.get(agency=agency, subdomain=plan.subdomain))
        addresses[plan.name] = f"{address}/"
        rows += [_row(one, plan.name, plan.subdomain, address, password) for one in plan.people]
    return {"addresses": addresses, "sign_ins": rows}


def _row(someone: Someone, where: str, place: str, address: str, password: str) -> dict[str, str]:
    who = f"{TITLES[str(someone.role)]} at {where}"
    return {"who": who, "url": f"{address}/", "email": mail_of(someone, place), "password": password}
