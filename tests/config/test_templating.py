"""Templates whose constant parts are put together once say the same as before, in each language."""

from typing import Any

import pytest
from django.template import Context, Engine, TemplateDoesNotExist
from django.urls import NoReverseMatch, set_urlconf
from django.utils import translation

from config.templating import ConstantNode

BUILTINS = ["django.templatetags.i18n", "config.templatetags.page"]
PLAIN = "django.template.loaders.locmem.Loader"


def engine(**files: str) -> Engine:
    return Engine(loaders=[("config.templating.Loader", [(PLAIN, files)])], builtins=BUILTINS)


def unfolded(**files: str) -> Engine:
    return Engine(loaders=[(PLAIN, files)], builtins=BUILTINS)


ROW = """{% comment %}said by nobody{% endcomment %}
{% for one in many %}<p title="{% trans "Close" %} ({{ "Ctrl+Enter"|keys }})">{% icon "x" 16 _("Close") %} 100%
{% if one %}{% trans "Open" %}{{ one }}{% else %}{% trans "Nothing" %}{% icon "check" %}{% endif %}</p>{% endfor %}
{% with word="a & b" %}{% icon "check" 16 word %}{% trans "Keys" as keys_word %}{{ keys_word }}{% endwith %}"""


@pytest.mark.parametrize("language", ["en", "nl", "de"])
def test_a_page_says_the_same_as_when_every_tag_is_worked_out(language: str) -> None:
    said: list[str] = []
    with translation.override(language):
        for made in (unfolded(page=ROW), engine(page=ROW)):
            template = made.get_template("page")
            said += [template.render(Context({"many": ["<b>", ""]})) for _twice in range(2)]

    assert len(set(said)) == 1
    assert "&lt;b&gt;" in said[0]


def test_each_reader_has_her_own_language_though_one_page_serves_all() -> None:
    template = engine(page="<b>{% trans 'Close' %}</b>").get_template("page")

    said = []
    for language in ("nl", "de", "en", "nl"):
        with translation.override(language):
            said.append(template.render(Context()))

    assert said == ["<b>Sluiten</b>", "<b>Schließen</b>", "<b>Close</b>", "<b>Sluiten</b>"]


def test_an_address_is_the_one_of_the_side_that_asks() -> None:
    template = engine(page="{% trans 'Open' %} {% url 'desk:queue' %}").get_template("page")

    set_urlconf("config.urls_agency")
    try:
        assert template.render(Context()).endswith("/desk/queue/")
    finally:
        set_urlconf(None)
    with pytest.raises(NoReverseMatch):
        template.render(Context())


def test_words_that_depend_on_the_page_are_worked_out_each_time() -> None:
    template = engine(page="{% icon name %}{% trans word %}{{ name|keys }}").get_template("page")

    assert not template.nodelist.get_nodes_by_type(ConstantNode)
    first, second = (template.render(Context({"name": name, "word": name})) for name in ("x", "check"))
    assert first != second


def test_blocks_of_a_folded_page_can_still_be_filled_and_missing_templates_are_missed() -> None:
    files: dict[str, Any] = {
        "base": "{% trans 'Open' %}{% block a %}{% trans 'Close' %}{% endblock %}{% block b %}{% endblock %}",
        "page": "{% extends 'base' %}{% block b %}{{ block.super }}{% trans 'Close' %}!{% endblock %}",
    }
    made = engine(**files)

    assert made.get_template("page").render(Context()) == "OpenCloseClose!"
    with pytest.raises(TemplateDoesNotExist):
        made.get_template("gone")
