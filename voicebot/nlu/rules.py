"""Weighted rules: precise wording that adds to an intent's logit. Each one's precision is measured in the tests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from voicebot.core.errors import InputError
from voicebot.core.language import Language
from voicebot.nlu.catalogue import mapping_of, read_yaml, texts_of
from voicebot.nlu.normalise import fold

DEFAULT_WEIGHT = 2.5
"""Logits that a rule adds unless it says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One pattern over the folded, normalised text."""

    intent: str
    pattern: re.Pattern[str]
    weight: float = DEFAULT_WEIGHT


def load_rules(catalogue: Path, language: Language) -> tuple[Rule, ...]:
    """Rules of `catalogue/rules/<language>.yaml`: intent -> list of patterns.

    Raises:
        InputError: naming the file and the pattern that is wrong.
    """
    path = catalogue / "rules" / f"{language}.yaml"
    return tuple(
        Rule(intent=intent, pattern=compile_pattern(pattern, path))
        for intent, patterns in mapping_of(read_yaml(path), path, "").items()
        for pattern in texts_of(patterns, path, intent)
    )


def compile_pattern(pattern: object, path: Path) -> re.Pattern[str]:
    """A regular expression of the catalogue.

    Raises:
        InputError: when it is none.
    """
    try:
        return re.compile(str(pattern))
    except re.error as exc:
        raise InputError(f"{path}: pattern « {pattern} » is no regular expression ({exc}).") from exc


def apply_rules(rules: tuple[Rule, ...], line: str) -> dict[str, float]:
    """Logits to add per intent for a normalised line: the heaviest rule of each intent counts once."""
    folded = fold(line)
    added: dict[str, float] = {}
    for rule in rules:
        if rule.weight > added.get(rule.intent, 0.0) and rule.pattern.search(folded):
            added[rule.intent] = rule.weight
    return added
