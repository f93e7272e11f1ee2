"""Keys of the API."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from conversations.views.admin.forms import KeyForm
from tenants.accounts import audit
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.models import ApiKey
from tenants.accounts.roles import Permission, Scope
from tenants.accounts.services import api_keys

MOST_KEYS = 200


@require_http_methods(["GET", "POST"])
@never_cache
@requires(Permission.API_KEYS_MANAGE)
def list_keys(request: CompanyRequest) -> HttpResponse:
    """The keys; after making one, its secret, this once."""
    form, secret = KeyForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        scopes = [Scope(value) for value in form.cleaned_data["scopes"]]
        key, secret = api_keys.create_key(form.cleaned_data["name"], scopes=scopes, created_by=request.user)
        audit.record("api_key.created", actor=request.user, subject=key, request=request, scopes=key.scopes)
        form = KeyForm()
    keys = ApiKey.objects.select_related("created_by").order_by("-created_at")[:MOST_KEYS]
    context = {"keys": keys, "form": form, "secret": secret}
    return render(request, "admin/keys.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.API_KEYS_MANAGE)
def revoke(request: CompanyRequest, key_id: UUID) -> HttpResponse:
    key = get_object_or_404(ApiKey, pk=key_id)
    api_keys.revoke_key(key)
    audit.record("api_key.revoked", actor=request.user, subject=key, request=request)
    messages.success(request, _("The key “%(name)s” no longer works.") % {"name": key})
    return redirect("admin:keys")
