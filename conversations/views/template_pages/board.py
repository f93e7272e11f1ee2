"""The board: every message template by name, with its languages and what needs a person first."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from conversations.models import PhoneNumber
from conversations.services.message_templates import asking, reading
from conversations.services.message_templates.reading import GROUPS, Wanted
from conversations.template_words import CATEGORIES
from conversations.whatsapp.template_rules.limits import LANGUAGES
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission

MAX_SEARCH_CHARS = 80
MAX_KEY_CHARS = 600


@require_GET
@requires(Permission.TEMPLATES_MANAGE)
def board(request: CompanyRequest) -> HttpResponse:
    """The whole page, or only its rows when the search or the next page asks for them."""
    wanted = _wanted(request)
    after = request.GET.get("after", "").replace("\x00", "")[:MAX_KEY_CHARS]
    page = reading.board(wanted, after=after)
    narrowed = {name: getattr(wanted, name) for name in Wanted.__slots__ if getattr(wanted, name)}
    accounts = accounts_by_id()
    context = {
        "page": page,
        "wanted": wanted,
        "narrowed": bool(narrowed),
        "next": urlencode({**narrowed, "after": page.after}) if page.after else "",
        "accounts": accounts if len(accounts) > 1 else {},
    }
    if request.headers.get("HX-Target") in ("template-rows", "template-more"):
        name = "_more" if after else "_rows"
        return render(request, f"message_templates/{name}.html", context)
    context |= {
        "needs": [] if narrowed or after else reading.needing_a_person(),
        "groups": list(GROUPS),
        "categories": CATEGORIES,
        "languages": reading.languages_in_use(),
        "may_begin": bool(asking.known_accounts()),
    }
    return render(request, "message_templates/board.html", context)


def accounts_by_id() -> dict[str, str]:
    """The company's WhatsApp accounts with the names of their numbers."""
    found: dict[str, list[str]] = {}
    for waba_id, name, number in PhoneNumber.objects.order_by("connected_at").values_list(
        "waba_id", "verified_name", "display_number"
    ):
        found.setdefault(waba_id, []).append(f"{name} {number}".strip())
    return {waba_id: ", ".join(names) for waba_id, names in found.items()}


def _wanted(request: CompanyRequest) -> Wanted:
    def given(name: str, limit: int = 40) -> str:
        return request.GET.get(name, "").replace("\x00", "").strip()[:limit]

    category, language = given("category"), given("language")
    return Wanted(
        search=given("search", MAX_SEARCH_CHARS),
        group=given("group") if given("group") in GROUPS else "",
        category=category if category in CATEGORIES else "",
        language=language if language in LANGUAGES else "",
        account=given("account"),
    )
