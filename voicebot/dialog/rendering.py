"""Sentences of the catalogue, written out with their parameters in the language of the call."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import yaml

from voicebot.clients.consignes import Consignes, in_language
from voicebot.core.errors import ConsignesError
from voicebot.core.language import Language
from voicebot.dialog import formatting
from voicebot.dialog.actions import Say, SayValue
from voicebot.dialog.hours import weekly_hours

LANGUAGES: tuple[Language, ...] = ("fr", "en")
AMBIENT = frozenset({"client", "greeting", "address", "access", "hours"})
"""Parameters that come from the consignes, not from the policy."""
_REPRISE = "reprise"
_TOLD = ("hold.", "handoff.nobody")
"""Beginnings of what is told, not asked: its wordings take turns, and nothing is resumed."""
_FIRST_SAID = ("opening.notice", "opening.notice_recorded", "opening.greeting")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences:
    """The catalogue: by language, each key with its variants (one for a sentence that has none)."""

    texts: Mapping[Language, Mapping[str, tuple[str, ...]]]
    varied: frozenset[str]
    """Keys given as a list: once used up, they start again behind a word of resumption."""

    @classmethod
    def load(cls, folder: Path) -> Sentences:
        """Read `<language>.yaml` for every language.

        Raises:
            ConsignesError: a file is missing, or is not a mapping of keys to a text or a list of texts.
        """
        raw = {language: _read(folder / f"{language}.yaml") for language in LANGUAGES}
        varied = frozenset(key for texts in raw.values() for key, value in texts.items() if isinstance(value, list))
        return cls(
            texts={
                language: {key: tuple(value) if isinstance(value, list) else (value,) for key, value in texts.items()}
                for language, texts in raw.items()
            },
            varied=varied,
        )

    def say_keys(self, language: Language) -> frozenset[str]:
        """Keys that a policy may use."""
        return frozenset(self.texts[language]) - {_REPRISE}

    def params(self, key: str, language: Language) -> tuple[frozenset[str], frozenset[str]]:
        """Parameters of a sentence over its variants, those of the consignes apart: needed ones, and optional ones."""
        needed: set[str] = set()
        optional: set[str] = set()
        for text in self.texts[language][key]:
            for part in _OPTIONAL.findall(text):
                optional |= _names(part)
            needed |= _names(_OPTIONAL.sub("", text))
        return frozenset(needed) - AMBIENT, frozenset(optional) - AMBIENT

    def render(self, say: Say, language: Language, consignes: Consignes) -> str:
        """The sentence as it is to be spoken; its `variant` parameter (0 by default) chooses the wording.

        Raises:
            ConsignesError: the key is not in the catalogue, or a parameter is missing.
        """
        values = {**_ambient(consignes, language), **say.params}
        try:
            variants = self.texts[language][say.key]
            turn = int(str(say.params.get("variant", 0)))
            text = _without_absent(variants[turn % len(variants)], values)
            written = _Writer(language).vformat(text, (), values)
        except KeyError as error:
            raise ConsignesError(f"Sentence « {say.key} » in {language}.yaml: {error} is not known.") from error
        rounds = turn // len(variants)
        if rounds == 0 or say.key not in self.varied or say.key.startswith(_TOLD):
            return written
        resumed = self.texts[language][_REPRISE]
        return " ".join([*(resumed[-1:] * ((rounds - 1) // len(resumed))), resumed[(rounds - 1) % len(resumed)], written])

    def fixed_sentences(self, consignes: Consignes, language: Language) -> list[str]:
        """Everything that can be said to any caller of this client, for synthesis ahead of calls: notice and greeting first."""
        keys = [*_FIRST_SAID, *sorted(self.say_keys(language).difference(_FIRST_SAID))]
        said = [
            self.render(Say(key=key, params={"variant": variant}), language, consignes)
            for key in keys
            if not any(self.params(key, language)) and (key != "questions.address_access" or consignes.access)
            for variant in range(len(self.texts[language][key]))
        ]
        prepared = [in_language(question.answer, language) for question in consignes.questions]
        news = [] if consignes.pre_answer is None else [in_language(consignes.pre_answer, language)]
        urgent = [in_language(rule.say, language) for rule in consignes.urgencies if rule.say is not None]
        return list(dict.fromkeys([*said, *news, *prepared, *urgent]))


class _Writer(string.Formatter):
    """Writes each kind of value as one writes it; the form after the colon chooses between ways."""

    def __init__(self, language: Language) -> None:
        self._language: Language = language

    def format_field(self, value: object, format_spec: str) -> str:
        language = self._language
        match format_spec, value:
            case "phone", str():
                return formatting.write_phone(value)
            case "euros", int() | float():
                return formatting.write_euros(value, language)
            case "spans", tuple():
                return formatting.write_spans([moment.time() for moment in value], language)
            case "days_or", tuple():
                return formatting.alternatives([formatting.write_day(day.date(), language) for day in value], language)
            case "or" | "and" | "people_or", tuple():
                return _listed(value, format_spec, language)
            case "headline", str():
                return formatting.headline(value)
            case "start", _:
                return _capital(_plain(value, language))
            case "sentence", str():
                return _capital(value.rstrip(" .")) + "."
            case "of", str():
                return formatting.write_of(value, language)
            case "person", str():
                return formatting.write_person(value, language)
            case "date_on", date():
                return formatting.write_day_on(value, language)
            case _:
                return _plain(value, language)


def _plain(value: object, language: Language) -> str:
    match value:
        case datetime():
            return formatting.write_moment(value, language)
        case date():
            return formatting.write_day(value, language)
        case time():
            return formatting.write_time(value, language)
        case tuple():
            return _listed(value, "and", language)
        case _:
            return str(value)


def _listed(values: Sequence[object], join: str, language: Language) -> str:
    moments = [value for value in values if isinstance(value, datetime)]
    if moments:
        return formatting.write_moments(moments, language)
    texts = [str(value) for value in values]
    if join == "people_or":
        texts = [formatting.write_person(name, language) for name in texts]
    return formatting.enumeration(texts, language) if join == "and" else formatting.alternatives(texts, language)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _names(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)


def _without_absent(text: str, values: Mapping[str, object]) -> str:
    return _OPTIONAL.sub(lambda found: found[1] if _names(found[1]) <= values.keys() else "", text)


def _ambient(consignes: Consignes, language: Language) -> dict[str, SayValue]:
    access = consignes.access
    return {
        "client": in_language(consignes.name, language),
        "greeting": in_language(consignes.greeting, language),
        "address": in_language(consignes.address, language),
        "access": in_language(access, language) if access else "",
        "hours": weekly_hours(consignes.hours, language),
    }


def _read(path: Path) -> dict[str, str | list[str]]:
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ConsignesError(f"{path}: the sentences could not be read ({error}).") from error
    if not isinstance(loaded, dict) or not all(_is_sentence(value) for value in loaded.values()):
        raise ConsignesError(f"{path}: expected a mapping of keys to a text or a list of texts.")
    return loaded


def _is_sentence(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and bool(value) and all(isinstance(v, str) for v in value))
