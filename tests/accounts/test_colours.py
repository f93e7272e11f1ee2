"""Every pair of colours that pages put on one another can be read, in light and in dark."""

import pytest

from tests.accounts.colours import MODES, contrast, hues, tokens

TEXT, CONTROL = 4.5, 3.0
PAPERS = ("paper", "surface", "raised", "sunken", "hover")
SOFT_PAIRS = [(name, f"{name}-soft") for name in ("accent", "amber", "red", "green", "violet")]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("paper", PAPERS)
def test_ink_and_soft_ink_read_on_every_paper(mode: str, paper: str) -> None:
    colours = tokens(mode)

    assert contrast(colours["ink"], colours[paper]) >= 7
    assert contrast(colours["ink-soft"], colours[paper]) >= TEXT


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("word", "soft"), SOFT_PAIRS)
def test_words_with_a_meaning_read_on_their_own_paper_and_on_the_page(mode: str, word: str, soft: str) -> None:
    colours = tokens(mode)

    for paper in (soft, "paper", "surface"):
        assert contrast(colours[word], colours[paper]) >= TEXT, paper
    assert contrast(colours["ink"], colours[soft]) >= TEXT
    assert contrast(colours["ink-soft"], colours[soft]) >= TEXT


@pytest.mark.parametrize("mode", MODES)
def test_words_on_filled_buttons_read(mode: str) -> None:
    colours = tokens(mode)

    assert contrast(colours["accent-ink"], colours["accent"]) >= TEXT
    assert contrast(colours["accent-ink"], colours["accent-strong"]) >= TEXT
    assert contrast(colours["red-ink"], colours["red"]) >= TEXT


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("mark", ["line-strong", "accent", "amber-fill", "red", "green"])
def test_edges_of_controls_rings_and_meters_stand_out(mode: str, mark: str) -> None:
    colours = tokens(mode)

    for paper in ("paper", "surface"):
        assert contrast(colours[mark], colours[paper]) >= CONTROL, paper


def test_there_are_24_hues() -> None:
    assert sorted(hues("light")) == list(range(1, 25))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("number", range(1, 25))
def test_every_company_hue_reads_as_text_button_edge_and_bubble(mode: str, number: int) -> None:
    colours, company = tokens(mode), hues(mode)[number]

    assert contrast(company["company-ink"], company["company"]) >= TEXT, "words on the send button"
    assert contrast(company["company-ink"], company["company-strong"]) >= TEXT, "the same, pointed at"
    assert contrast(company["company"], company["company-soft"]) >= TEXT, "a chip"
    assert contrast(colours["ink"], company["company-soft"]) >= TEXT, "a bubble"
    assert contrast(colours["ink-soft"], company["company-soft"]) >= TEXT, "the time in a bubble"
    for paper in ("paper", "surface"):
        assert contrast(company["company"], colours[paper]) >= TEXT, f"words on {paper}"
        assert contrast(company["company"], colours[paper]) >= CONTROL, f"the thread's edge on {paper}"
