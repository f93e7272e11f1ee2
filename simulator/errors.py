"""Refusals in the platform's shape, and the titles that go with its codes."""

from typing import Any

HELP = "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes"

# code: (HTTP status, title)
CATALOGUE: dict[int, tuple[int, str]] = {
    0: (401, "AuthException"),
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
    613: (400, "Calls to this API have exceeded the rate limit"),
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
    131020: (400, "Group does not exist"),
    131021: (400, "Recipient cannot be sender"),
    131026: (400, "Message undeliverable"),
    131030: (400, "Recipient phone number not in allowed list"),
    131031: (403, "Business Account locked"),
    131037: (400, "WhatsApp provided number needs display name approval before message can be sent"),
    131041: (400, "Group message could not be sent"),
    131042: (400, "Business eligibility payment issue"),
    131044: (400, "Business eligibility payment issue for calls"),
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
    131059: (400, "Group is not available"),
    131060: (400, "Message unavailable"),
    131062: (400, "Business-scoped user ID recipients are not supported for this message"),
    131063: (400, "Marketing templates are disabled on this endpoint"),
    131064: (400, "Direct sending is limited for this account"),
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
    133006: (400, "Phone number re-verification needed"),
    133008: (400, "Too many two step verification PIN guesses"),
    133009: (400, "Two step verification PIN guessed too fast"),
    133010: (400, "Phone number not registered"),
    133015: (400, "Please wait a few minutes before attempting to register this phone number"),
    133016: (400, "Account register or deregister rate limit exceeded"),
    134011: (400, "Payments terms of service not accepted"),
    134100: (400, "Business is not onboarded to marketing messages"),
    134101: (400, "Only marketing templates are supported here"),
    134102: (400, "Template sync is pending"),
    135000: (400, "Generic user error"),
    137000: (400, "Identity key hash mismatch"),
    141008: (403, "Account locked"),
    141014: (403, "Account banned"),
    2388012: (400, "Phone number cannot be verified"),
    2388019: (400, "Message template limit exceeded"),
    2388024: (400, "Message template with this name and language already exists"),
    2388039: (400, "Message template state forbids this change"),
    2388040: (400, "Character limit exceeded"),
    2388047: (400, "Message template header format is incorrect"),
    2388072: (400, "Message template body format is incorrect"),
    2388073: (400, "Message template footer format is incorrect"),
    2388091: (400, "Phone number is not verified"),
    2388093: (400, "Phone number has to be verified again"),
    2388103: (400, "Phone number cannot be migrated"),
    2388293: (400, "Too many variables for the length of the template"),
    2388299: (400, "Template body cannot start or end with a variable"),
    2494100: (400, "Phone number is being migrated"),
    2593107: (400, "History was asked for already"),
    2593108: (400, "History can no longer be asked for"),
    2593109: (400, "The owner does not share the history"),
}
# Whole ranges that share one title.
RANGES: tuple[tuple[range, int, str], ...] = (
    (range(200, 300), 403, "API Permission"),
    (range(131201, 131216), 400, "Group error"),
    (range(138000, 138019), 400, "Calling error"),
    (range(139000, 139005), 400, "Flow error"),
    (range(139100, 139104), 400, "Block list error"),
    (range(147001, 147006), 400, "Username error"),
    (range(200005, 200008), 400, "Template insights are not available"),
)
_UNKNOWN = (400, "Generic user error")
_TRANSIENT = {1, 2, 4, 80007, 130429, 131000, 131016, 131056, 131057, 133000, 133004}


def meaning(code: int) -> tuple[int, str]:
    """HTTP status and title of a code; those of a generic error where it has none of its own."""
    if code in CATALOGUE:
        return CATALOGUE[code]
    return next(((http, title) for codes, http, title in RANGES if code in codes), _UNKNOWN)


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
        status, title = meaning(code)
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
    title = meaning(code)[1]
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
