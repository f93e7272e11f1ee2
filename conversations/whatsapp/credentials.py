"""With what right and to what address the platform is called."""

import hashlib
import hmac
import re
from dataclasses import dataclass, field

_PATH_PART = re.compile(r"[A-Za-z0-9_.|-]{1,128}\Z")
_TOKEN = re.compile(r"[\x21-\x7e]{1,4096}\Z")


class BadCredentials(ValueError):
    """A token or id that cannot even be put into a request."""


@dataclass(slots=True, frozen=True)
class Access:
    """A token for one Meta app's view of the platform. The address comes from the operator, never from a company."""

    graph_url: str
    version: str
    token: str = field(repr=False)
    app_secret: str | None = field(default=None, repr=False)

    def url(self, *parts: str) -> str:
        """The address of an object; ids with characters that could lead elsewhere are refused."""
        for part in parts:
            if not _PATH_PART.match(part) or part in {".", ".."}:
                raise BadCredentials("An id for the platform has characters that no id has.")
        return "/".join((self.graph_url.rstrip("/"), self.version.strip("/"), *parts))

    def headers(self) -> dict[str, str]:
        """The authorisation header; a token that is empty or has spaces or line breaks is refused."""
        if not _TOKEN.match(self.token):
            raise BadCredentials("The access token is empty or has characters that no token has.")
        return {"Authorization": f"Bearer {self.token}"}

    def proof(self) -> dict[str, str]:
        """The query parameter that proves that we know the app's secret, where it is known."""
        if not self.app_secret:
            return {}
        digest = hmac.new(self.app_secret.encode(), self.token.encode(), hashlib.sha256).hexdigest()
        return {"appsecret_proof": digest}


@dataclass(slots=True, frozen=True, kw_only=True)
class Credentials(Access):
    """Access together with the number that is written from."""

    phone_number_id: str
