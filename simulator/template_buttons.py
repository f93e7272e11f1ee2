"""The buttons of a template that is submitted. Raises GraphError throughout."""

import re
from collections.abc import Callable
from itertools import groupby
from typing import Any

from simulator.errors import GraphError

_MOST, _LABEL_CHARS, _URL_CHARS, _PHONE_CHARS, _CODE_CHARS = 10, 25, 2000, 20, 15
_MOST_OF = {"URL": 2, "PHONE_NUMBER": 1, "COPY_CODE": 1, "FLOW": 1, "CATALOG": 1, "MPM": 1, "SPM": 1, "VOICE_CALL": 1}
_MOST_OF["REQUEST_CONTACT_INFO"] = 1
_LABELLED = ("QUICK_REPLY", "URL", "PHONE_NUMBER", "FLOW", "VOICE_CALL", "CATALOG", "MPM", "SPM")
_ALONE = ("CATALOG", "MPM")
_OTP = ("COPY_CODE", "ONE_TAP", "ZERO_TAP")
Button = dict[str, Any]


def _rows(part: dict[str, Any]) -> list[Button]:
    rows = part.get("buttons")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise GraphError(100, "BUTTONS needs a list of buttons.")
    if len(rows) > _MOST:
        raise GraphError(100, f"A template may have at most {_MOST} buttons.")
    return rows


def check(part: dict[str, Any]) -> None:
    """Kinds, counts, order, labels and what each kind needs."""
    rows = _rows(part)
    kinds = [str(row.get("type", "")).upper() for row in rows]
    for kind in set(kinds):
        if kind != "QUICK_REPLY" and kind not in _MOST_OF:
            raise GraphError(100, f"Button type {kind[:40]} is not valid here.")
        if kinds.count(kind) > _MOST_OF.get(kind, _MOST):
            raise GraphError(100, f"A template may have at most {_MOST_OF[kind]} buttons of type {kind}.")
    if set(kinds) & set(_ALONE) and len(kinds) > 1:
        raise GraphError(100, "A button of type CATALOG or MPM stands alone.")
    runs = [quick for quick, _ in groupby(kind == "QUICK_REPLY" for kind in kinds)]
    if len(runs) > 2:
        raise GraphError(100, "Quick reply buttons must stand together, before or after the other buttons.")
    for row, kind in zip(rows, kinds, strict=True):
        _label(row, kind)
        if kind in _NEEDS:
            _NEEDS[kind](row)


def _label(row: Button, kind: str) -> None:
    text = str(row.get("text") or "")
    if kind in _LABELLED and not text:
        raise GraphError(100, f"A button of type {kind} needs a text.")
    if len(text) > _LABEL_CHARS:
        raise GraphError(2388040, f"The text of a button may have at most {_LABEL_CHARS} characters.")
    if "{{" in text:
        raise GraphError(100, "The text of a button may not hold a variable.")


def _url(row: Button) -> None:
    url = str(row.get("url") or "")
    if not re.match(r"https?://[^\s{}]+", url) or len(url) > _URL_CHARS:
        raise GraphError(100, f"The url of a button must be an address of at most {_URL_CHARS} characters.")
    variables = re.findall(r"\{\{[^{}]*\}\}", url)
    if not variables:
        return
    if len(variables) > 1 or not url.endswith("{{1}}"):
        raise GraphError(100, "The url of a button may hold one variable, {{1}}, at its end.")
    if not row.get("example"):
        raise GraphError(100, "The url of a button needs a sample for its variable.")


def _phone(row: Button) -> None:
    digits = re.sub(r"\D", "", str(row.get("phone_number") or ""))
    if not 5 <= len(digits) <= _PHONE_CHARS:
        raise GraphError(100, "The phone_number of a button is not valid.")


def _code(row: Button) -> None:
    example = row.get("example")
    sample = example[0] if isinstance(example, list) and example else example
    if not sample or len(str(sample)) > _CODE_CHARS:
        raise GraphError(100, f"A COPY_CODE button needs a sample of at most {_CODE_CHARS} characters.")


def _flow(row: Button) -> None:
    named = [row.get(name) for name in ("flow_id", "flow_name", "flow_json") if row.get(name)]
    if len(named) != 1:
        raise GraphError(100, "A FLOW button needs exactly one of flow_id, flow_name and flow_json.")


_NEEDS: dict[str, Callable[[Button], None]] = {"URL": _url, "PHONE_NUMBER": _phone, "COPY_CODE": _code, "FLOW": _flow}


def check_code(part: dict[str, Any]) -> None:
    """The one button of an authentication template."""
    rows = _rows(part)
    row = rows[0]
    kind = str(row.get("otp_type", "")).upper()
    if len(rows) != 1 or str(row.get("type", "")).upper() != "OTP" or kind not in _OTP:
        raise GraphError(100, f"The one button is of type OTP, with otp_type of {{{', '.join(_OTP)}}}.")
    apps = row.get("supported_apps") or [row]
    if kind != "COPY_CODE" and not all(app.get("package_name") and app.get("signature_hash") for app in apps):
        raise GraphError(100, f"otp_type {kind} needs supported_apps with package_name and signature_hash.")
    if kind == "ZERO_TAP" and not row.get("zero_tap_terms_accepted"):
        raise GraphError(100, "otp_type ZERO_TAP needs zero_tap_terms_accepted.")
