"""Dataclasses to JSON and back, strictly: what does not fit is refused with the name of the field.

What an object leaves out takes the default of its field; unknown names are refused, so that a
misspelt one is not silently the default; ``most`` in a field's metadata is how long its list may
be.  Sets are sorted lists, intervals are objects.
"""

import json
import types
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from math import isfinite
from typing import Any, Union, get_args, get_origin, get_type_hints

LARGEST = 10**12  # of any number: far from what overflows int64 once it is weighted
LONGEST_TEXT = 200
LONGEST_LIST = 200_000


class FormatError(ValueError):
    """``field``: where, as "units[3].windows[0].ends_at"; "" is the whole; ``code``: a stable word
    for what is wrong; ``message``: the same in English."""

    def __init__(self, field: str, code: str, message: str):
        super().__init__(f"{field}: {message}" if field else message)
        self.field, self.code, self.message = field, code, message


Decoder = Callable[[Any, str], Any]


def loads(text: str | bytes) -> Any:
    """JSON as its standard says, no name twice in an object; NaN and infinities are refused by the
    field that holds them, which has a name only when the value is decoded."""
    try:
        return json.loads(text, parse_constant=float, object_pairs_hook=_object)
    except FormatError:
        raise
    except RecursionError:
        raise FormatError("", "nested", "is nested too deeply") from None
    except (ValueError, UnicodeDecodeError) as error:
        raise FormatError("", "json", f"is not JSON: {error}") from None


def decode(kind: type, value: Any) -> Any:
    return _decoder(kind)(value, "")


def canonical(value: Any) -> str:
    """The same text for the same value, whatever the order of its sets and dicts."""
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), allow_nan=False)


def plain(value: Any) -> Any:
    """Of dicts, lists, texts and numbers only."""
    if is_dataclass(value):
        return {name: plain(getattr(value, name)) for name in _written(value)}
    if isinstance(value, frozenset | set):
        return sorted(plain(item) for item in value)
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float) and value.is_integer():
        return int(value)  # 1.0 and 1 are the same parameter
    return value


def _written(value: Any) -> list[str]:
    return [name for name, unless in _names(type(value)) if getattr(value, name) != unless]


@cache
def _names(kind: type) -> tuple[tuple[str, Any], ...]:
    """Each with the value at which it is not written: only fields that came later have one."""
    always = object()
    return tuple(
        (field.name, field.default if field.metadata.get("later") else always)
        for field in fields(kind)
    )


def _object(pairs: list[tuple[str, Any]]) -> dict:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise FormatError(twice[:LONGEST_TEXT], "twice", "stands twice in one object")
    return found


@cache
def _decoder(kind: Any) -> Decoder:
    if is_dataclass(kind):
        return _dataclass_decoder(kind)
    if kind in PLAIN:
        return PLAIN[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _enum_decoder(kind)
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _optional_decoder(_decoder(inner[0]))
    if origin is dict:
        return _dict_decoder(_decoder(inner[0]), _decoder(inner[1]))
    if origin is tuple and inner[-1] is not Ellipsis:
        return _fixed_decoder(tuple(_decoder(item) for item in inner))
    return _list_decoder(_decoder(inner[0]), origin)


def _dataclass_decoder(kind: type) -> Decoder:
    hints = get_type_hints(kind)
    parts = {field.name: _of_field(field, hints[field.name]) for field in fields(kind)}
    required = [
        field.name
        for field in fields(kind)
        if field.default is MISSING and field.default_factory is MISSING
    ]

    def decoder(value: Any, where: str):
        if not isinstance(value, dict):
            raise FormatError(where, "object", "must be an object")
        for name in value:
            if name not in parts:
                raise FormatError(_in(where, name[:LONGEST_TEXT]), "unknown", "is no known field")
        for name in required:
            if name not in value:
                raise FormatError(_in(where, name), "missing", "is missing")
        return kind(**{name: parts[name](item, _in(where, name)) for name, item in value.items()})

    return decoder


def _of_field(field, hint: Any) -> Decoder:
    inner, most = _decoder(hint), field.metadata.get("most")
    if most is None:
        return inner

    def decoder(value: Any, where: str):
        if isinstance(value, list):
            _not_too_many(len(value), where, most)
        return inner(value, where)

    return decoder


def _in(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _enum_decoder(kind: type[Enum]) -> Decoder:
    known = {member.value: member for member in kind}

    def decoder(value: Any, where: str):
        if isinstance(value, bool) or not isinstance(value, str | int) or value not in known:
            raise FormatError(where, "choice", f"must be one of {', '.join(map(str, known))}")
        return known[value]

    return decoder


def _optional_decoder(inner: Decoder) -> Decoder:
    return lambda value, where: None if value is None else inner(value, where)


def _dict_decoder(key: Decoder, item: Decoder) -> Decoder:
    def decoder(value: Any, where: str):
        if not isinstance(value, dict):
            raise FormatError(where, "object", "must be an object")
        _not_too_many(len(value), where)
        return {key(k, where): item(v, _in(where, k)) for k, v in value.items()}

    return decoder


def _list_decoder(inner: Decoder, origin: type) -> Decoder:
    def decoder(value: Any, where: str):
        if not isinstance(value, list):
            raise FormatError(where, "list", "must be a list")
        _not_too_many(len(value), where)
        return origin([inner(item, f"{where}[{place}]") for place, item in enumerate(value)])

    return decoder


def _fixed_decoder(inner: tuple[Decoder, ...]) -> Decoder:
    def decoder(value: Any, where: str):
        if not isinstance(value, list) or len(value) != len(inner):
            raise FormatError(where, "list", f"must be a list of {len(inner)}")
        return tuple(
            part(item, f"{where}[{place}]")
            for place, (part, item) in enumerate(zip(inner, value, strict=True))
        )

    return decoder


def _not_too_many(count: int, where: str, most: int | None = None) -> None:
    most = LONGEST_LIST if most is None else most
    if count > most:
        text = f"has {count} entries, at most {most} are allowed"
        raise FormatError(where, "too_many", text)


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise FormatError(where, "text", "must be a text")
    if len(value) > LONGEST_TEXT or "\x00" in value:
        raise FormatError(where, "text", f"must be a text of at most {LONGEST_TEXT} characters")
    return value


def _whole(value: Any, where: str) -> int:
    if isinstance(value, float) and not isfinite(value):
        raise FormatError(where, "not_finite", "must be finite")
    if isinstance(value, bool) or not isinstance(value, int):
        raise FormatError(where, "whole", "must be a whole number")
    if abs(value) > LARGEST:
        raise FormatError(where, "too_large", f"must lie within ±{LARGEST}")
    return value


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FormatError(where, "number", "must be a number")
    if isinstance(value, float) and not isfinite(value):
        raise FormatError(where, "not_finite", "must be finite")
    if abs(value) > LARGEST:
        raise FormatError(where, "too_large", f"must lie within ±{LARGEST}")
    return float(value)


def _truth(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise FormatError(where, "truth", "must be true or false")
    return value


PLAIN: dict[type, Decoder] = {str: _text, int: _whole, float: _number, bool: _truth}
