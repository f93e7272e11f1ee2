"""What a template message will cost by the rate cards, before it is sent."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from billing.services import subscriptions, usage
from conversations.models import Channel
from conversations.whatsapp.market import market
from tenants.models import ClientCompany


@dataclass(frozen=True, slots=True)
class Estimate:
    """The platform's list price of one delivered message; ``amount`` is None when no rate card tells it."""

    country: str
    currency: str
    amount: Decimal | None
    free_until: datetime | None = None

    @property
    def free(self) -> bool:
        return self.free_until is not None


def of_message(company: ClientCompany, *, channel: Channel, category: str, at: datetime) -> Estimate:
    """What one message of a category to this person costs now; nothing inside a free entry point."""
    contact = channel.contact
    country = contact.market or market(wa_id=contact.wa_id, bsuid=contact.bsuid) or ""
    free_until = channel.free_entry_until
    price = of_country(company, country=country, category=category, at=at)
    if free_until is not None and free_until > at:
        return Estimate(price.country, price.currency, Decimal(0), free_until)
    return price


def of_country(company: ClientCompany, *, country: str, category: str, at: datetime) -> Estimate:
    """What one delivered message of a category costs in a country today."""
    running = subscriptions.running()
    currency = subscriptions.version_of(running).currency if running else "EUR"
    day = at.astimezone(ZoneInfo(company.time_zone)).date()
    rates = usage.rates_in(currency, on=day)
    amount = rates.amount(country=country, category=category.lower(), on=day) if country else None
    return Estimate(country, currency, amount)
