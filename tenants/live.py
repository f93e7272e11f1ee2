"""Topics and tokens of the live stream: minted by pages, read by the ``live`` process; touches no ORM."""

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing

LIFETIME = timedelta(minutes=10)
SALT = "balie.live"
ACCESS = "access"  # the hint on a topic after which tokens that name it no longer count


@dataclass(frozen=True, slots=True)
class LiveToken:
    """Who may listen to what: company or agency topics and the person's own.

    origin      scheme, host and port of the page that was given the token, or nothing
    signed_at, expires_at  seconds since 1970, the first of them whole
    """

    side: str
    user_id: str
    topics: tuple[str, ...]
    origin: str
    signed_at: int
    expires_at: float


class BadToken(ValueError):
    """The token is not ours or its ten minutes are over."""


def company_topic(schema_name: str) -> str:
    return f"company:{schema_name}"


def user_topic(schema_name: str, user_id: object) -> str:
    return f"user:{schema_name}:{user_id}"


def staff_topic(staff_id: object) -> str:
    """What concerns one person of an agency, whichever client it comes from."""
    return f"staff:{staff_id}"


def entered_topic(staff_id: object) -> str:
    """Where one person of an agency has come in at clients: carries no news, only that she may no longer listen."""
    return f"staff:{staff_id}:entered"


def desk_topic(company_id: UUID) -> str:
    """What somebody at an agency's desk hears of one client. Short, since a token names one for every grant: the
    random half of the id.
    """
    return f"desk:{urlsafe_b64encode(company_id.bytes[8:]).decode().rstrip('=')}"


def channel(topic: str) -> str:
    """The Valkey channel of a topic of this installation."""
    return f"balie:{settings.INSTALLATION}:live:{topic}"


def mint(*, side: str, user_id: object, topics: Iterable[str], origin: str = "") -> str:
    """A signed token for the page at ``origin``; ``side`` is the schema's name or "public"."""
    told = [side, str(user_id), list(topics), origin]
    return signing.dumps(told, key=settings.LIVE_KEY, salt=SALT, compress=True)  # it travels in an address


def read(token: str) -> LiveToken:
    """What a token allows; raises BadToken."""
    try:
        side, user_id, topics, origin = signing.loads(token, key=settings.LIVE_KEY, salt=SALT, max_age=LIFETIME)
        signed_at = signing.b62_decode(token.split(":")[-2])
    except (signing.BadSignature, ValueError) as error:
        raise BadToken from error
    return LiveToken(side, user_id, tuple(topics), origin, signed_at, signed_at + LIFETIME.total_seconds())
