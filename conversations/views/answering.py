"""The page on which somebody at the client answers a question. Whoever has the link may; it shows the question only."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from conversations.errors import QuestionGone, QuestionInvalid, SensitiveNote
from conversations.forms_handling import AnswerForm
from conversations.models import ClientQuestion
from conversations.services.questions import questions
from tenants.accounts.access import open_to_all
from tenants.accounts.client_address import client_address

MINUTE = 60
MOST = 30  # calls a minute from one address
PAGE = "conversations/answer.html"
SALT = "balie.answers"


@open_to_all
@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Read the question and answer it once; an ended link says why it ended (410), an unknown one is none (404)."""
    if _too_often(request):
        return render(request, "429.html", status=429)
    question = questions.find(token)
    if question is None:
        return render(request, PAGE, {"state": "unknown"}, status=404)
    with translation.override(_language(request, question)):
        return _page(request, token, question)


def _page(request: HttpRequest, token: str, question: ClientQuestion) -> HttpResponse:
    if not questions.is_open(question):
        return render(request, PAGE, {"state": _ended(question)}, status=410)
    form = AnswerForm(request.POST or None, initial={"name": question.to_name})
    if request.method == "POST" and form.is_valid():
        try:
            questions.answer(token, **form.cleaned_data)
        except (QuestionInvalid, SensitiveNote) as refusal:
            form.add_error("body", str(refusal.user_message))
        except QuestionGone:
            question.refresh_from_db()
            return render(request, PAGE, {"state": _ended(question)}, status=410)
        else:
            return render(request, PAGE, {"state": "thanks"})
    context = {"state": "open", "question": question, "form": form}
    return render(request, PAGE, context, status=422 if form.errors else 200)


def _language(request: HttpRequest, question: ClientQuestion) -> str:
    """The language chosen in this browser, else the one the mail was written in."""
    known = questions.language_of(question) if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES else ""
    return known if known in dict(settings.LANGUAGES) else translation.get_language() or settings.LANGUAGE_CODE


def _ended(question: ClientQuestion) -> str:
    if question.answered_at is not None:
        return "answered"
    return "withdrawn" if question.withdrawn_at is not None else "expired"


def _too_often(request: HttpRequest) -> bool:
    """Counted in the cache, whose keys carry the company and no address; without a cache nobody is stopped."""
    key = f"answers:{salted_hmac(SALT, str(client_address(request)), algorithm='sha256').hexdigest()[:32]}"
    try:
        return not cache.add(key, 1, MINUTE) and cache.incr(key) > MOST
    except ValueError:  # it ended in between
        return False
