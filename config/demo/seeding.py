"""Puts the demo into an installation that has nothing yet: all of it or nothing, and once."""

from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from billing.services import metering
from config import env
from config.demo import (
    briefings,
    companies,
    evening_team,
    guarding,
    opening,
    promises,
    replies,
    sandbox,
    sign_ins,
    stage,
    teams,
    world,
    writing,
)
from config.demo.opening import Opened
from config.demo.sandbox import Sandbox
from config.demo.telling import Teller
from config.demo.world import World
from tenants import work
from tenants.context import in_public, inside
from tenants.models import Agency, MetaApp


@dataclass(slots=True)
class Seeded:
    """What a run found or made."""

    made: bool
    others: bool = False
    counts: dict[str, int] = field(default_factory=dict)


def seed() -> Seeded:
    """Seed the demo, unless it stands or the installation is somebody's own. Twice is once.

    Raises  env.BadSetting when the sandbox's variables are missing
    """
    with in_public():
        if Agency.objects.filter(slug=companies.SLUG).exists():
            sign_ins.write(sign_ins.known_password() or sign_ins.renew())
            _follow_the_simulator()
            return Seeded(made=False)
        if Agency.objects.exists():
            return Seeded(made=False, others=True)
        return _make(sandbox.read())


def _follow_the_simulator() -> None:
    """A start with another port offset has its simulator at another address."""
    if graph_url := env.text("SANDBOX_GRAPH_URL", ""):
        MetaApp.objects.filter(agency__slug=companies.SLUG, sandbox=True).update(graph_url=graph_url)


def _make(box: Sandbox) -> Seeded:
    password = sign_ins.fresh_password()
    told = world.empty(box)
    with transaction.atomic():
        opened = _open(box, password=password)
        counts = {each.plan.name: _tell(each, box=box, told=told) for each in opened}
        sign_ins.write(password)
        if box.world is not None:
            world.save(told, box.world)
    for each in opened:
        with inside(each.company.schema_name):
            metering.meter()
    return Seeded(made=True, counts=counts)


def _open(box: Sandbox, *, password: str) -> list[Opened]:
    now = timezone.now()
    hashed = make_password(password)
    agency = opening.agency(hashed, host=settings.BASE_DOMAIN, at=now)
    app = opening.meta_app(agency, box)
    versions = opening.price_list(agency, at=now)
    opened = [
        opening.company(
            agency,
            plan,
            password=hashed,
            app=app,
            token=box.token(plan.order),
            version=versions[plan.plan],
            at=now,
        )
        for plan in companies.COMPANIES
    ]
    evening_team.write(agency, opened, today=now.date())
    return opened


def _tell(opened: Opened, *, box: Sandbox, told: World) -> int:
    """Weeks of conversations of one company; how many messages they have."""
    now = timezone.now()
    plan, schema_name = opened.plan, opened.company.schema_name
    with inside(schema_name):
        scenes = stage.scenes(plan, agents=len(opened.answering), now=now)
        teller = Teller(opened.number, schema_name, opened.answering, now)
        book = teller.tell(scenes)
        writing.write(book)
        promises.write(plan, book, now=now)
        briefings.write(opened, at=now)
        replies.write(opened)
        guarding.write(plan, at=now)
        teams.write(plan)
        work.mark(work.Kind.RETENTION)
    world.add(told, plan, sandbox=box, book=book)
    return len(book.messages)
