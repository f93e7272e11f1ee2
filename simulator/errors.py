"""Refusals in the platform's shape, and the titles that go with its codes."""

from typing import Any

HELP = "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes"

# code: (HTTP status, title)
CATALOGUE: dict[int, tuple[int, str]] = {
    1: (500, "API Unknown"),
    2: (503, "API Service"),
    3: (500, "API Method"),
    4: (400, "API Too Many Calls"),
    10: (403, "Permission Denied"),
    33: (400, "Parameter value is not valid"),
    100: (400, "Invalid parameter"),
    190: (401, "Access token has expired"),
    200: (403, "API Permission"),
    368: (403, "Temporarily blocked for policies violations"),
    80007: (400, "Rate limit issues"),
    130403: (403, "User is blocked by the business"),
    130429: (429, "Rate limit hit"),
    130472: (400, "User's number is part of an experiment"),
    130497: (403, "Business account is restricted from messaging users in this country"),
    131000: (500, "Something went wrong"),
    131005: (403, "Access denied"),
    131008: (400, "Required parameter is missing"),
    131009: (400, "Parameter value is not valid"),
    131016: (503, "Service unavailable"),
    131021: (400, "Recipient cannot be sender"),
    131026: (400, "Message undeliverable"),
    131030: (400, "Recipient phone number not in allowed list"),
    131031: (403, "Business Account locked"),
    131037: (400, "WhatsApp provided number needs display name approval before message can be sent"),
    131042: (400, "Business eligibility payment issue"),
    131045: (400, "Message failed to send because of an incorrect certificate"),
    131047: (400, "Re-engagement message"),
    131048: (400, "Spam rate limit hit"),
    131049: (400, "This message was not delivered to maintain healthy ecosystem engagement"),
    131050: (400, "User's preferences stop marketing messages"),
    131051: (400, "Unsupported message type"),
    131052: (400, "Media download error"),
    131053: (400, "Media upload error"),
    131055: (400, "Method not allowed"),
    131056: (400, "(Business Account, Consumer Account) pair rate limit hit"),
    131057: (500, "Account in maintenance mode"),
    131060: (400, "Message unavailable"),
    131062: (400, "Business-scoped user ID recipients are not supported for this message"),
    131063: (400, "Marketing templates are disabled on this endpoint"),
    132000: (400, "Number of parameters does not match the expected number of params"),
    132001: (404, "Template name does not exist in the translation"),
    132005: (400, "Translated text too long"),
    132007: (400, "Template format character policy violated"),
    132008: (400, "Parameter value is not valid"),
    132012: (400, "Parameter format does not match format in the created template"),
    132015: (400, "Template is paused"),
    132016: (400, "Template is disabled"),
    132018: (400, "There is an issue with the parameters in your template"),
    132068: (400, "Flow is in blocked state"),
    132069: (400, "Flow is in throttled state"),
    133000: (500, "Incomplete deregistration"),
    133004: (503, "Server temporarily unavailable"),
    133005: (400, "Two step verification PIN mismatch"),
    133010: (400, "Phone number not registered"),
    133015: (400, "Please wait a few minutes before attempting to register this phone number"),
    134011: (400, "Payments terms of service not accepted"),
    135000: (400, "Generic user error"),
    137000: (400, "Identity key hash mismatch"),
    2388024: (400, "Message template with this name and language already exists"),
    2388039: (400, "Message template state forbids this change"),
    2388040: (400, "Character limit exceeded"),
    2388299: (400, "Template body cannot start or end with a variable"),
}
_TRANSIENT = {1, 2, 4, 80007, 130429, 131000, 131016, 131056, 131057, 133004}


class GraphError(Exception):
    """A refusal by the stand-in platform; the middleware turns it into the answer."""

    def __init__(
        self,
        code: int,
        details: str = "",
        *,
        http: int | None = None,
        message: str | None = None,
        subcode: int | None = None,
        kind: str = "OAuthException",
    ) -> None:
        """details  what a developer reads in error_data; http and message override the catalogue"""
        status, title = CATALOGUE.get(code, (400, "Generic user error"))
        self.code = code
        self.http = http or status
        self.message = message or f"(#{code}) {title}"
        self.details = details
        self.subcode = subcode
        self.kind = kind
        super().__init__(self.message)

    def body(self, trace: str) -> dict[str, Any]:
        """The JSON answer."""
        error: dict[str, Any] = {"message": self.message, "type": self.kind, "code": self.code}
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.code in _TRANSIENT:
            error["is_transient"] = True
        return {"error": {**error, "fbtrace_id": trace}}


def as_status_error(code: int, details: str = "") -> dict[str, Any]:
    """The same refusal as it stands in a failed status."""
    title = CATALOGUE.get(code, (400, "Generic user error"))[1]
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": details or f"{title}."},
        "href": HELP,
    }


def bad_token() -> GraphError:
    """No token, or one that belongs to nobody."""
    return GraphError(190, message="Invalid OAuth access token - Cannot parse access token")


def dead_token() -> GraphError:
    """A token that was good once."""
    text = "Error validating access token: The session has been invalidated because the user has changed the password."
    return GraphError(190, message=text, subcode=460)


def no_such_object(object_id: str, *, method: str = "get") -> GraphError:
    """An id that does not exist, or that this token may not see: the platform does not tell which."""
    text = (
        f"Unsupported {method} request. Object with ID '{object_id}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation."
    )
    return GraphError(100, message=text, subcode=33, kind="GraphMethodException", http=400)
