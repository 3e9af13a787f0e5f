"""Reading of `scripts_catalog`: training utterances, weighted rules and urgency wording."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from string import Formatter

import yaml

from voicebot.core.errors import InputError
from voicebot.core.language import Language

CATALOGUE = Path(__file__).resolve().parents[2] / "scripts_catalog"
"""The repository's own catalogue."""
INTENT_FOLDERS: dict[Language, str] = {"fr": "intents", "en": "intents_en"}
SLOTS_FILE = "_slots.yaml"
"""Values of the `{slots}` of templates, beside the intents."""
MAX_FILLINGS = 12
"""Sentences that one template may give at most: templates must not drown what was written by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One training utterance."""

    text: str
    intent: str
    urgency: str | None = None
    """Kind of urgency (`medical`, `medical_vital`, …) of an urgent utterance."""


def read_yaml(path: Path) -> object:
    """Content of a YAML file.

    Raises:
        InputError: when the file is missing or is not YAML.
    """
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as exc:
        raise InputError(f"{path}: expected a readable YAML file ({exc}).") from exc


def texts_of(value: object, path: Path, field: str) -> list[str]:
    """`value` checked to be a list of texts.

    Raises:
        InputError: naming the file and the field.
    """
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise InputError(f"{path}: field `{field}` expected a list of texts (quote yes, no, on, off and numbers).")
    return value


def mapping_of(value: object, path: Path, field: str) -> dict[str, object]:
    """`value` checked to be a mapping; an absent one is empty.

    Raises:
        InputError: naming the file and the field.
    """
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(k, str) for k in value):
        raise InputError(f"{path}: field `{field}` expected a mapping.")
    return value


def intent_files(language: Language, catalogue: Path = CATALOGUE) -> list[Path]:
    """One file per intent, by name.

    Raises:
        InputError: when there is none.
    """
    folder = catalogue / INTENT_FOLDERS[language]
    files = sorted(p for p in folder.glob("*.yaml") if not p.name.startswith("_"))
    if not files:
        raise InputError(f"{folder}: expected one YAML file per intent, found none.")
    return files


def load_examples(language: Language, catalogue: Path = CATALOGUE) -> list[Example]:
    """Every training utterance of a language, templates filled, duplicates left out.

    Raises:
        InputError: naming the file and the field that is wrong.
    """
    files = intent_files(language, catalogue)
    slots_path = files[0].parent / SLOTS_FILE
    raw = mapping_of(read_yaml(slots_path), slots_path, "") if slots_path.is_file() else {}
    slots = {name: texts_of(values, slots_path, name) for name, values in raw.items()}
    examples = [example for path in files for example in _of_file(path, slots)]
    return list({(e.intent, e.text): e for e in examples}.values())


def _of_file(path: Path, slots: dict[str, list[str]]) -> list[Example]:
    data = mapping_of(read_yaml(path), path, "")
    unknown = set(data) - {"utterances", "templates", "kinds"}
    if unknown:
        raise InputError(f"{path}: unknown field `{min(unknown)}`, expected utterances, templates or kinds.")
    intent = path.stem
    found = [Example(text=t, intent=intent) for t in texts_of(data.get("utterances", []), path, "utterances")]
    for template in texts_of(data.get("templates", []), path, "templates"):
        found += [Example(text=t, intent=intent) for t in _fill(template, slots, path)]
    for kind, texts in mapping_of(data.get("kinds"), path, "kinds").items():
        found += [Example(text=t, intent=intent, urgency=kind) for t in texts_of(texts, path, f"kinds.{kind}")]
    return found


def _fill(template: str, slots: dict[str, list[str]], path: Path) -> list[str]:
    """At most MAX_FILLINGS sentences of a template, spread evenly over the combinations."""
    names = list(dict.fromkeys(name for _, name, _, _ in Formatter().parse(template) if name))
    missing = [n for n in names if n not in slots]
    if missing:
        raise InputError(f"{path}: template « {template} » names {{{missing[0]}}}, which {SLOTS_FILE} does not define.")
    every = [dict(zip(names, values, strict=True)) for values in product(*(slots[n] for n in names))]
    step = max(1, -(-len(every) // MAX_FILLINGS))
    return [template.format(**values) for values in every[:: step if step % 2 else step + 1]]


def fingerprint(paths: list[Path]) -> str:
    """SHA-256 over names and contents of `paths`, to know whether anything changed."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
