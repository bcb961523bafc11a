"""The JSON Schema of a problem, made from its dataclasses; ``docs`` has it as a file."""

import types
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from scheduling.matching.codec import LARGEST, LONGEST_LIST, LONGEST_TEXT, plain
from scheduling.matching.problem import VERSION, Problem

PLAIN: dict[Any, dict] = {
    str: {"type": "string", "maxLength": LONGEST_TEXT},
    int: {"type": "integer", "minimum": -LARGEST, "maximum": LARGEST},
    float: {"type": "number", "minimum": -LARGEST, "maximum": LARGEST},
    bool: {"type": "boolean"},
}


def problem_schema() -> dict:
    definitions: dict[str, dict] = {}
    _of(Problem, definitions)
    whole = definitions.pop("Problem")
    whole["properties"]["version"] = {"const": VERSION}
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A problem for the matcher, version {VERSION}",
    }
    return head | whole | {"$defs": dict(sorted(definitions.items()))}


def _of(kind: Any, definitions: dict[str, dict]) -> dict:
    if is_dataclass(kind):
        if kind.__name__ not in definitions:
            definitions[kind.__name__] = {}  # a name that is met again within it
            definitions[kind.__name__] = _object(kind, definitions)
        return {"$ref": f"#/$defs/{kind.__name__}"}
    if kind in PLAIN:
        return PLAIN[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"enum": [member.value for member in kind]}
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return {"anyOf": [_of(inner[0], definitions), {"type": "null"}]}
    if origin is dict:
        names = {"propertyNames": _of(inner[0], definitions)}
        return {"type": "object", **names, "additionalProperties": _of(inner[1], definitions)}
    if origin is tuple and inner[-1] is not Ellipsis:
        items = [_of(item, definitions) for item in inner]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "items": False}
    return {"type": "array", "items": _of(inner[0], definitions), "maxItems": LONGEST_LIST}


def _object(kind: type, definitions: dict[str, dict]) -> dict:
    hints = get_type_hints(kind)
    properties, required = {}, []
    for field in fields(kind):
        properties[field.name] = dict(_of(hints[field.name], definitions))
        if field.default is not MISSING:
            properties[field.name]["default"] = plain(field.default)
        elif field.default_factory is MISSING:
            required.append(field.name)
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
