"""Articles: the pages that keep them, and finding one while answering."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conversations.forms_briefing import ArticleForm
from conversations.models import Article
from conversations.services.knowledge import articles
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission


@require_GET
@requires(Permission.INBOX_VIEW)
def list_articles(request: CompanyRequest) -> HttpResponse:
    text, retired = _asked(request), bool(request.GET.get("retired"))
    page = Paginator(articles.find(text, retired=retired), articles.PAGE).get_page(request.GET.get("page"))
    may_write = request.user.may(Permission.KNOWLEDGE_MANAGE)
    context = {"page": page, "text": text, "retired": retired, "may_write": may_write}
    return render(request, "briefing/articles.html", context)


@require_GET
@requires(Permission.INBOX_VIEW)
def find(request: CompanyRequest) -> HttpResponse:
    """The results of the composer's dialog, in the language asked for first."""
    language = request.GET.get("language", "").replace("\x00", "")[:5]
    found = articles.find(_asked(request), language=language)[: articles.FOUND]
    return render(request, "briefing/_found.html", {"found": found, "text": _asked(request)})


@require_GET
@requires(Permission.INBOX_VIEW)
def text_of(request: CompanyRequest, article_id: UUID) -> JsonResponse:
    """The words that go into the answer."""
    article = get_object_or_404(Article, pk=article_id, retired_at=None)
    return JsonResponse({"text": article.body})


@require_http_methods(["GET", "POST"])
@requires(Permission.KNOWLEDGE_MANAGE)
def write(request: CompanyRequest, article_id: UUID | None = None) -> HttpResponse:
    article = get_object_or_404(Article, pk=article_id) if article_id else None
    form = ArticleForm(request.POST if request.method == "POST" else None, initial=_given(article))
    if request.method == "POST" and form.is_valid():
        articles.save(article, **form.cleaned_data, by=request.user)
        messages.success(request, _("The article is kept."))
        return redirect("briefing:articles")
    context = {"form": form, "article": article}
    return render(request, "briefing/article.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.KNOWLEDGE_MANAGE)
def retire(request: CompanyRequest, article_id: UUID) -> HttpResponse:
    articles.retire(get_object_or_404(Article, pk=article_id))
    messages.success(request, _("The article is no longer found while answering."))
    return redirect("briefing:articles")


@require_POST
@requires(Permission.KNOWLEDGE_MANAGE)
def bring_back(request: CompanyRequest, article_id: UUID) -> HttpResponse:
    articles.bring_back(get_object_or_404(Article, pk=article_id))
    messages.success(request, _("The article is found again."))
    return redirect("briefing:articles")


def _asked(request: CompanyRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:120]


def _given(article: Article | None) -> dict[str, object]:
    if article is None:
        return {}
    given: dict[str, object] = {name: getattr(article, name) for name in ("title", "body", "language", "url")}
    return given | {"tags": ", ".join(article.tags)}
