"""The audit trail of a company, for those who answer for it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tenants.accounts import audit, audit_chain
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.audit_forms import AuditFilterForm
from tenants.accounts.roles import Permission
from tenants.accounts.services import audit_reading
from tenants.exports import csv_file

MAX_DIGITS = 18


@require_GET
@requires(Permission.AUDIT_VIEW)
def trail(request: CompanyRequest) -> HttpResponse:
    """Who did what, for whom and when, newest first. Looking at it is recorded too."""
    form = AuditFilterForm(request.GET)
    form.is_valid()
    before = request.GET.get("before", "")
    if before and not (before.isascii() and before.isdecimal() and len(before) <= MAX_DIGITS):
        raise Http404
    reader = audit_reading.Reader(request.user)
    lines, following = audit_reading.page(form.shown, reader=reader, before=int(before) if before else None)
    audit_reading.note_viewing(request.user, request=request)
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        "form": form,
        "lines": lines,
        "next": following,
        "filtered": bool(form.shown),
        "only": audit_reading.called(form.shown, reader=reader),
        "zone": timezone.get_current_timezone_name(),
        "query": query.urlencode(),
        "first_page": not before,
    }
    return render(request, "accounts/audit.html", context)


@require_GET
@requires(Permission.AUDIT_VIEW)
def export(request: CompanyRequest) -> HttpResponseBase:
    """The entries of a filter as a file. Taking them away is recorded, as their first line."""
    form = AuditFilterForm(request.GET)
    if not form.is_valid():
        return redirect(f"{reverse('audit:trail')}?{request.GET.urlencode()}")
    shown, reader = form.shown, audit_reading.Reader(request.user, takes_away=True)
    audit.record("audit.exported", actor=request.user, request=request, filtered=bool(shown))
    return csv_file(
        f"audit-{request.company.subdomain}-{timezone.localdate()}",
        header=audit_reading.header(),
        page=lambda before: audit_reading.table(shown, reader=reader, before=before),
    )


@require_POST
@requires(Permission.AUDIT_VIEW)
def check(request: CompanyRequest) -> HttpResponse:
    """Prove the chain of the whole trail now."""
    verdict = audit_chain.verify()
    audit.record("audit.verified", actor=request.user, request=request, whole=verdict.whole, entries=verdict.entries)
    if verdict.whole:
        messages.success(
            request,
            _("The trail is whole: %(count)d entries, none changed, inserted or taken away.")
            % {"count": verdict.entries},
        )
    else:
        messages.error(
            request,
            _("The trail is broken at entry %(entry)s. Tell the agency: somebody changed the database itself.")
            % {"entry": verdict.broken_at},
        )
    return redirect("audit:trail")
