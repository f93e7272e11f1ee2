"""Two companies that send through the simulator."""

from collections.abc import Iterator
from typing import Any

import pytest

from conversations.models import PhoneNumber
from tenants.accounts.models import User
from tenants.models import ClientCompany, MetaApp
from tests.conversations.outbound.file_server import FileServer, serving
from tests.conversations.outbound.people import Outbound
from tests.conversations.outbound.postbox import Postbox
from tests.fixtures.simulator import Simulator


@pytest.fixture
def shop(committed: None, company: ClientCompany, number: PhoneNumber, agent: User, simulator: Simulator) -> Outbound:
    return Outbound(company, number, agent, simulator)


@pytest.fixture
def care(
    committed: None,
    other_company: ClientCompany,
    other_number: PhoneNumber,
    other_agent: User,
    simulator: Simulator,
) -> Outbound:
    return Outbound(other_company, other_number, other_agent, simulator)


@pytest.fixture
def postbox(shop: Outbound, care: Outbound) -> Iterator[Postbox]:
    """Takes what the simulator posts to both companies."""
    ids = {one.number.meta_app_id for one in (shop, care)}
    app_ids = list(MetaApp.objects.filter(pk__in=ids).values_list("app_id", flat=True))
    box = Postbox(shop.simulator, app_ids=app_ids, host=f"{shop.company.subdomain}.test")
    yield box
    box.close()


@pytest.fixture
def files(settings: Any) -> Iterator[FileServer]:
    """A web server that this installation trusts although it is an inner one."""
    with serving() as server:
        settings.MEDIA_LINK_ORIGINS = [server.url]
        yield server
