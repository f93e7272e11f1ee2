"""Writing a message template: what a person types, what the platform allows, what is submitted."""

from conversations.whatsapp.template_rules.checks import problems_of
from conversations.whatsapp.template_rules.components import from_platform, parameter_format, sample_values, to_submit
from conversations.whatsapp.template_rules.problems import Problem
from conversations.whatsapp.template_rules.refusals import field_of
from conversations.whatsapp.template_rules.sketch import Button, Card, Code, Sketch, from_json

__all__ = [
    "Button",
    "Card",
    "Code",
    "Problem",
    "Sketch",
    "field_of",
    "from_json",
    "from_platform",
    "parameter_format",
    "problems_of",
    "sample_values",
    "to_submit",
]
