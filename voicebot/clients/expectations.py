"""What a field of the consignes expects, in words, from the schema of the data classes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import process
from rapidfuzz.distance import OSA

from voicebot.clients.consignes import Consignes
from voicebot.clients.yaml_source import Path

_Schema = Mapping[str, Any]
_SHOWN_CHARACTERS = 60
_FORMATS = {"time": "a time such as 08:30", "date": "a day such as 2027-03-28"}
_NUMBERS = {"integer": "a whole number", "number": "a number"}


def sentences(error: ValidationError) -> list[tuple[Path, str]]:
    """Where each mistake is, and a sentence that says what was expected and what was found."""
    return [_sentence(details) for details in error.errors(include_url=False)]


def _sentence(details: ErrorDetails) -> tuple[Path, str]:
    path: Path = tuple(details["loc"])
    if path and path[-1] == "[key]":
        path = path[:-1]
        known = _keys(_schema_at(path[:-1]))
        return path, f"unknown name{_suggestion(str(path[-1]), known)}" if known else "expected a name between quotes"
    match details["type"]:
        case "missing":
            return path, f"missing, expected {describe(_schema_at(path))}"
        case "extra_forbidden":
            return path, f"unknown field{_suggestion(str(path[-1]), _keys(_schema_at(path[:-1])))}"
        case _:
            return path, f"expected {describe(_schema_at(path))}, found {_shown(details['input'])}"


def describe(schema: _Schema) -> str:
    """A schema in words: « a whole number of 5 to 480 »."""
    schema = _resolved(schema)
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    kind = schema.get("type", "")
    if kind == "object":
        return _describe_block(schema)
    if kind == "string":
        return _FORMATS.get(schema.get("format", ""), "a text")
    return {"array": "a list", "boolean": "true or false"}.get(kind) or _NUMBERS[kind] + _bounds(schema)


def _describe_block(schema: _Schema) -> str:
    keys = ", ".join(_keys(schema))
    if set(_keys(schema)) == {"fr", "en"}:
        return f"a text or list, or one for each of {keys}"
    return f"a block with fields among {keys}" if keys else "a block of names and values"


@lru_cache(maxsize=1)
def _root() -> _Schema:
    return Consignes.model_json_schema()


def _schema_at(path: Path) -> _Schema:
    schema = _resolved(_root())
    for step in path:
        if isinstance(step, int):
            schema = schema.get("items", {})
        else:
            schema = schema.get("properties", {}).get(step) or schema.get("additionalProperties") or {}
        schema = _resolved(schema if isinstance(schema, Mapping) else {})
    return schema


def _resolved(schema: _Schema) -> _Schema:
    """Without references, and without the null of optional fields."""
    if "anyOf" in schema:
        schema = next(choice for choice in schema["anyOf"] if choice.get("type") != "null")
    if "$ref" in schema:
        schema = _root()["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def _keys(schema: _Schema) -> tuple[str, ...]:
    return tuple(schema.get("properties", ())) or tuple(schema.get("propertyNames", {}).get("enum", ()))


def _bounds(schema: _Schema) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f" of {low:g} to {high:g}"
    return "" if low is None else f" of at least {low:g}"


def _suggestion(written: str, known: tuple[str, ...]) -> str:
    best = process.extractOne(written, known, scorer=OSA.normalized_similarity, score_cutoff=0.6)
    if best:
        return f", did you mean {best[0]!r}?"
    return f", expected one of {', '.join(known)}" if known else ""


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a block of fields"
    if isinstance(value, list | tuple):
        return "a list"
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"
