"""How hard the guard of sensitive data acts: everything follows from the company's risk class and its settings.

Pure: values in, decisions out. Identifiers (account, card, identity and insurance numbers, passwords) are hidden and
stop what goes out everywhere, because no company may be sent them by chat. Words about health and the like depend on
whom the company serves: a bicycle shop is told, a clinic's texts are hidden and its conversations kept to cleared
people, and where everybody is cleared the words warn only.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from conversations.detectors import DETECTORS, PURGED, SURE, TERMS, Family, Hit

PURGE_AFTER = timedelta(hours=20)  # the original of what nobody needs goes within a day, and the work has time to run
HIGH = "high"
ALWAYS, NEVER = "always", "never"


class Action(StrEnum):
    """What became of a finding, as ``SensitiveFinding.action`` keeps it."""

    MASKED = "masked"
    FLAGGED = "flagged"
    STOPPED = "stopped"
    OVERRIDDEN = "overridden"
    PURGED = "purged"


@dataclass(frozen=True, slots=True)
class Policy:
    """What one company's class and settings ask for.

    looks_for_terms  whether words are looked for at all; identifiers always are
    masks_terms      words that are sure enough are hidden, and stop what goes out
    sets_apart       a conversation with a sure finding is for cleared people only
    blurs            pictures and films that come in are blurred until somebody chose to look
    reveal_needs_clearance  only cleared people may see what is hidden
    """

    looks_for_terms: bool
    masks_terms: bool
    sets_apart: bool
    blurs: bool
    reveal_needs_clearance: bool

    def incoming(self, hit: Hit) -> Action:
        """What to do with a finding in a text that came in."""
        return Action.MASKED if self._acts_on(hit) else Action.FLAGGED

    def stops(self, hit: Hit) -> bool:
        """Whether a text of ours may not leave with this in it, unless somebody says why."""
        return self._acts_on(hit)

    def is_for_the_cleared(self, hit: Hit) -> bool:
        """Whether a conversation with this finding is set apart."""
        return self.sets_apart and hit.confidence >= SURE and family_of(hit.detector) != Family.SPECIAL_TERMS

    def _acts_on(self, hit: Hit) -> bool:
        if hit.confidence < SURE:
            return False
        return hit.detector not in TERMS or (self.masks_terms and family_of(hit.detector) == Family.HEALTH_TERMS)


def policy_of(*, risk_class: str, term_lists: bool, blur_media: str, all_cleared: bool = False) -> Policy:
    """The policy of a company.

    risk_class   normal or high (``ClientCompany.RiskClass``)
    term_lists   whether the company wants words looked for
    blur_media   class (as the risk class says), always or never
    all_cleared  everybody who could see the conversation is cleared: words warn only
    """
    high = risk_class == HIGH
    return Policy(
        looks_for_terms=term_lists,
        masks_terms=term_lists and high and not all_cleared,
        sets_apart=high,
        blurs=blur_media == ALWAYS or (high and blur_media != NEVER),
        reveal_needs_clearance=high,
    )


def family_of(detector: str) -> Family:
    """The family of a detector; of one that is no longer known the most careful one."""
    known = DETECTORS.get(detector)
    return known.family if known else Family.SECRET


def is_purged(detector: str) -> bool:
    """Whether the original goes within a day (PIN and password, citizen number, card)."""
    return detector in PURGED
