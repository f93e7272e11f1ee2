"""Finds what should not stand in a chat: identity numbers, cards, passwords, health terms. Pure: text in, hits out."""

from conversations.detectors.fields import is_quiet, scan_field
from conversations.detectors.hit import BULLET, Family, Hit
from conversations.detectors.registry import DETECTORS, PURGED, SURE, TERMS, Detector, scan

__all__ = [
    "BULLET",
    "DETECTORS",
    "PURGED",
    "SURE",
    "TERMS",
    "Detector",
    "Family",
    "Hit",
    "is_quiet",
    "scan",
    "scan_field",
]
