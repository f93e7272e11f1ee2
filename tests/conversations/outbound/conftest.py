"""Two companies that send through the simulator."""

import pytest

from conversations.models import PhoneNumber
from tenants.accounts.models import User
from tenants.models import ClientCompany
from tests.conversations.outbound.people import Outbound
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
