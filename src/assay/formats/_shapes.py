"""Raw shapes as typed structs, also for documents that break the types.

A document that keeps to its format is decoded straight into the structs, at full speed. One that
does not (a number for a text, null in a list) is fitted field by field: what can be read as the
field's type is, what cannot is left at its default. Fields are declared as unions with None.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar, get_args, get_origin

import msgspec

from assay.formats import _json

S = TypeVar("S", bound=msgspec.Struct)


class Shape(msgspec.Struct, frozen=True, gc=False):
    """The base of raw shapes."""


def read(raw: bytes | msgspec.Raw, decoder: msgspec.json.Decoder[S], where: str = "") -> S | None:
    """The object in its shape; None where it is no object. Raises Malformed for what is no JSON."""
    try:
        return decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        found = _json.decode(raw, where)
    return _fitted(found, decoder.type) if isinstance(found, dict) else None


def _fitted(found: dict[str, Any], shape: type[S]) -> S:
    given = [field for field in _fields(shape) if field.encode_name in found]
    return shape(**{field.name: _fit(found[field.encode_name], field.type) for field in given})


@cache
def _fields(shape: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(shape)


def _fit(value: object, kind: Any) -> Any:
    try:
        found = msgspec.convert(value, kind, strict=isinstance(value, dict | list))
        return None if isinstance(found, float) and found - found != 0 else found  # "nan"
    except (msgspec.ValidationError, RecursionError):
        options = get_args(kind) or (kind,)
    fits = (_fit_one(value, option) for option in options)
    return next((found for found in fits if found is not None), None)


def _fit_one(value: object, option: Any) -> Any:
    if option is str:
        return _json.text(value) or None
    if get_origin(option) is list and isinstance(value, list):
        (inner,) = get_args(option)
        items = (_fit(item, inner) for item in value)
        return [item for item in items if item is not None]
    if isinstance(option, type) and issubclass(option, Shape) and isinstance(value, dict):
        return _fitted(value, option)
    return None
