"""What is made once per checkout: the typeface and the compiled translations."""

from pathlib import Path

from babel.messages.pofile import read_po
from fontTools.ttLib import TTFont

from config.assets.catalogs import compile_catalogs, update_catalog
from config.assets.extracting import collect
from config.assets.fonts import LATIN, build_fonts

PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Close"\nmsgstr "Sluiten"\n'
PACKAGES = ("config", "tenants", "conversations", "billing", "privacy", "templates")
TEMPLATE = """<p>
      {% trans "Open" %}</p>
{% blocktranslate count n=x %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}
  {% include "a" with title=_("Empty") %}"""


def test_the_typeface_is_cut_to_our_letters_and_weights_and_made_once(tmp_path: Path) -> None:
    made = build_fonts(tmp_path)

    assert {path.name for path in made} == {"inter-latin.woff2", "inter-more.woff2"}
    font = TTFont(tmp_path / LATIN.name)
    assert {ord("€"), ord("ß"), ord("ĳ")} <= set(font.getBestCmap())
    assert [(axis.axisTag, axis.minValue, axis.maxValue) for axis in font["fvar"].axes] == [("wght", 400, 700)]
    assert sum(path.stat().st_size for path in made) < 150_000
    assert build_fonts(tmp_path) == []


def test_a_catalog_is_compiled_when_it_is_newer(tmp_path: Path) -> None:
    source = tmp_path / "nl" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(PO)

    assert compile_catalogs(tmp_path) == [source.with_suffix(".mo")]
    assert compile_catalogs(tmp_path) == []


def test_texts_are_found_in_python_and_in_templates(tmp_path: Path) -> None:
    for package in PACKAGES:
        (tmp_path / package).mkdir()
    (tmp_path / "billing" / "one.py").write_text('_("Paid")\nngettext("%d day", "%d days", 2)\n')
    (tmp_path / "templates" / "two.html").write_text(TEMPLATE)

    found = {message.id for message in collect(tmp_path) if message.id}

    assert found == {"Paid", ("%d day", "%d days"), "Open", ("%(n)s row", "%(n)s rows"), "Empty"}


def test_updating_keeps_translations_adds_new_texts_empty_and_drops_old_ones(tmp_path: Path) -> None:
    for package in PACKAGES:
        (tmp_path / package).mkdir()
    (tmp_path / "config" / "one.py").write_text('_("Close")\n_("New")\n')
    target = tmp_path / "nl" / "LC_MESSAGES" / "django.po"
    target.parent.mkdir(parents=True)
    target.write_text(PO + '\nmsgid "Gone"\nmsgstr "Weg"\n')

    update_catalog(target, template=collect(tmp_path), language="nl")

    with target.open("rb") as readable:
        catalog = read_po(readable, locale="nl")
    assert {message.id: message.string for message in catalog if message.id} == {"Close": "Sluiten", "New": ""}
