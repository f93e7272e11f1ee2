"""Words about health and other special data, by language. A hint for people: only much evidence hides anything."""

import re
from collections import defaultdict

from conversations.detectors.hit import Hit, whole
from conversations.detectors.plain import folded
from conversations.detectors.terms_data import HEALTH, KEY, LANGUAGES, Lists, Term, lists

VERSION = 1
WORD = re.compile(r"[\w\u0300-\u036f]+(?:['’-][\w\u0300-\u036f]+)*")
MANY, ENOUGH, SUGGESTION = 0.9, 0.7, 0.3
Found = tuple[Term, int, int]


def find(text: str, *, language: str = "") -> list[Hit]:
    """Terms of the language the text is in: health with two different ones, or one strong one about a person.

    language  what the person is known to speak: decides where the words do not
    """
    known = lists()
    if not _may_hold(text, known):
        return []  # most messages end here
    words = [(match[0], match.start(), match.end()) for match in WORD.finditer(text)]
    plain = [folded(word) for word, _start, _end in words]
    found: list[Found] = []
    for at, word in enumerate(plain):
        found += [
            (term, words[at][1], words[at + len(term.rest)][2])
            for term in known.terms.get(word[:KEY], ())
            if term.fits(word) and tuple(plain[at + 1 : at + 1 + len(term.rest)]) == term.rest
        ]
    return _judge(found, plain, known, language=language) if found else []


def _may_hold(text: str, known: Lists) -> bool:
    """Whether any word begins as a term does: quickly told."""
    terms = known.terms
    return any(
        term.fits(word) for word in WORD.findall(folded(text)) if (listed := terms.get(word[:KEY])) for term in listed
    )


def _judge(found: list[Found], words: list[str], known: Lists, *, language: str) -> list[Hit]:
    spoken = _languages(words, known, language=language)
    by_topic: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for one in found:
        if one[0].language in spoken:
            by_topic[one[0].language, one[0].topic].append(one)
    hits: dict[tuple[int, int, str], Hit] = {}
    for (spoken_in, topic), some in by_topic.items():
        confidence = _health(some, words, known, spoken_in) if topic == HEALTH else SUGGESTION
        for _term, start, end in some if confidence else []:
            hits.setdefault((start, end, topic), whole(start, end, detector=topic, confidence=confidence))
    return sorted(hits.values(), key=lambda hit: hit.start)


def _health(found: list[Found], words: list[str], known: Lists, language: str) -> float:
    best: dict[str, float] = {}
    for term, _start, _end in found:
        best[term.text] = max(best.get(term.text, 0.0), 1.5 if term.strong else term.weight)
    about = not known.person[language].isdisjoint(words)
    score = sum(best.values())
    if about and score >= 2.5:
        return MANY
    strong = any(term.strong for term, _start, _end in found)
    return ENOUGH if (score >= 2 and len(best) > 1) or (strong and about) else 0.0


def _languages(words: list[str], known: Lists, *, language: str) -> set[str]:
    """The languages that have most of the text's common words; the person's own where that does not decide."""
    counts = {each: sum(word in known.common[each] for word in words) for each in LANGUAGES}
    most = max(counts.values())
    best = {each for each, count in counts.items() if count == most}
    return {language} if language in best else best
