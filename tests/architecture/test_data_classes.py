"""Every field of every table has a class of data, so that nothing can be kept, exported or erased by accident."""

import pytest
from django.apps import apps
from django.db import models

from privacy.data_classes import CLASSES, FIELDS, default_of, fields_of, kind_of
from privacy.data_fields.kinds import DataKind
from tenants.secrets import EncryptedTextField

Model = type[models.Model]


def stored() -> dict[str, Model]:
    found = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return {model._meta.label: model for model in found if not model._meta.proxy}


def columns(model: Model) -> set[str]:
    return {field.name for field in (*model._meta.local_fields, *model._meta.local_many_to_many)}


def test_every_field_of_every_model_has_a_class() -> None:
    missing = [
        f"{label}.{name}"
        for label, model in stored().items()
        for name in sorted(columns(model))
        if kind_of(label, name) is None
    ]

    assert missing == [], "name these in privacy/data_fields"


def test_the_registry_names_nothing_that_is_gone() -> None:
    models_now = stored()
    gone = [label for label in FIELDS if label not in models_now]
    gone += [
        f"{label}.{name}"
        for label, model in models_now.items()
        for name in fields_of(label)
        if name not in columns(model)
    ]

    assert gone == [], "take these out of privacy/data_fields"


def test_no_field_has_two_classes() -> None:
    twice = [
        f"{label}.{name}"
        for label, kinds in FIELDS.items()
        for name in fields_of(label)
        if sum(name in names.split() for names in kinds.values()) > 1
    ]

    assert twice == []


def test_every_class_says_why_and_from_when() -> None:
    assert set(CLASSES) == set(DataKind)
    for one in CLASSES.values():
        assert str(one.name) and str(one.clock) and str(one.ground), one.kind
        if one.may_be_changed:
            assert one.kept and one.shortest and one.longest
            assert one.shortest.days <= one.kept.days <= one.longest.days, one.kind


def test_times_of_one_conversation_are_personal_data_without_a_name_too() -> None:
    assert DataKind.NONE not in fields_of("desk.DeskEntry").values()


def test_what_is_encrypted_is_a_secret_or_in_quarantine() -> None:
    odd = [
        f"{label}.{field.name}"
        for label, model in stored().items()
        for field in model._meta.local_fields
        if isinstance(field, EncryptedTextField)
        and kind_of(label, field.name) not in {DataKind.SECRET, DataKind.QUARANTINE}
    ]

    assert odd == []


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        (DataKind.MESSAGE_TEXT, "12 months"),
        (DataKind.MEDIA, "90 days"),
        (DataKind.JOURNAL, "14 days"),
        (DataKind.QUARANTINE, "14 days"),
        (DataKind.CONTACT_PROFILE, "12 months"),
        (DataKind.CONSENT_PROOF, "60 months"),
        (DataKind.AUDIT, "24 months"),
        (DataKind.USAGE, "24 months"),
        (DataKind.AGREEMENT, "60 months"),
    ],
)
def test_defaults_are_those_of_the_agreement(kind: DataKind, kept: str) -> None:
    assert str(default_of(kind)) == kept


def test_health_clients_keep_the_audit_trail_for_five_years() -> None:
    assert str(default_of(DataKind.AUDIT, high_risk=True)) == "60 months"
