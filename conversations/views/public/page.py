"""The contact page: the same for everybody who asks. It looks at no cookie, sets none, and may be kept for a minute."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from conversations.models import InboxSettings
from conversations.services.numbers import number_public
from tenants.accounts.access import open_to_all
from tenants.models import ClientCompany

KEPT_SECONDS = 60  # so soon everybody hears that a number cannot be used


@require_safe
@open_to_all
def contact_page(request: HttpRequest) -> HttpResponse:
    """How to reach the company; 404 as long as it has not switched the page on."""
    company: ClientCompany = request.company  # type: ignore[attr-defined]
    own = InboxSettings.load()
    if not own.public_page:
        raise Http404
    language = _language(request, company)
    with translation.override(language), timezone.override(company.time_zone):
        page = number_public.page_of(own, company, language=language, at=timezone.now())
        context = {"company": company, "page": page, "languages": settings.LANGUAGES, "path": request.path}
        response = HttpResponse(render_to_string("public/contact.html", context))
    response["Content-Language"] = language
    patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _language(request: HttpRequest, company: ClientCompany) -> str:
    """The one in the address, else what the browser asks for, else the company's."""
    known = dict(settings.LANGUAGES)
    chosen = request.GET.get("language", "")
    if chosen in known:
        return chosen
    asked = request.headers.get("Accept-Language", "")
    for part in asked.split(",")[:20]:
        code = part.partition(";")[0].strip().lower().partition("-")[0]
        if code in known:
            return code
    return company.language if company.language in known else settings.LANGUAGE_CODE
