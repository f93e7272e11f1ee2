"""What a company knows, written down to be found while answering."""

from collections.abc import Sequence

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from conversations.models import Article
from tenants.accounts.models import User

MAX_TAGS = 12
MAX_WORDS = 8
PAGE = 50
FOUND = 12


def find(text: str, *, language: str = "", retired: bool = False) -> QuerySet[Article]:
    """Articles in which every word stands, in title, tags or body; titles first, then the language asked for."""
    rows = Article.objects.exclude(retired_at=None) if retired else Article.objects.filter(retired_at=None)
    words = text.replace("\x00", "")[:120].split()[:MAX_WORDS]
    in_title = Q()
    for word in words:
        rows = rows.filter(Q(title__icontains=word) | Q(body__icontains=word) | Q(tags__icontains=word))
        in_title &= Q(title__icontains=word)
    titled = Case(When(in_title, then=0), default=Value(1), output_field=IntegerField()) if words else Value(0)
    spoken = Case(
        When(language=language, then=0), When(language="", then=1), default=Value(2), output_field=IntegerField()
    )
    rows = rows.annotate(titled=titled, spoken=spoken if language else Value(0))
    return rows.order_by("titled", "spoken", "title", "id")


def save(
    article: Article | None, *, title: str, body: str, language: str, tags: Sequence[str], url: str, by: User
) -> Article:
    """A new article, or another wording of one."""
    article = article or Article(written_by=by)
    article.title, article.body, article.language, article.url = title, body, language, url
    article.tags = list(dict.fromkeys(tags))[:MAX_TAGS]
    article.save()
    return article


def retire(article: Article) -> None:
    """No longer found while answering; kept, and can be brought back."""
    Article.objects.filter(pk=article.pk, retired_at=None).update(retired_at=timezone.now())


def bring_back(article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(retired_at=None)
