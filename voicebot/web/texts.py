"""Words of the pages: one flat YAML file a language, `key: text`, with `{name}` for parameters."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import yaml

from voicebot.core.errors import InputError
from voicebot.core.language import Language

Texts = Mapping[Language, Mapping[str, str]]
LANGUAGES: tuple[Language, ...] = get_args(Language)


def load_texts(*folders: Path) -> Texts:
    """The texts of several folders together; a later folder's text wins.

    Raises:
        InputError: a file is no mapping of keys to texts, or a key exists in one language only.
    """
    texts: dict[Language, dict[str, str]] = {language: {} for language in LANGUAGES}
    for folder in folders:
        for language in LANGUAGES:
            texts[language].update(_read(folder / f"{language}.yaml"))
    missing = sorted(texts["fr"].keys() ^ texts["en"].keys())
    if missing:
        raise InputError(f"texts of {folders[-1]}: {missing[0]!r} exists in one language only, expected it in both")
    return texts


def _read(path: Path) -> Mapping[str, str]:
    loaded = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    if not isinstance(loaded, dict) or not all(isinstance(key, str) and isinstance(text, str) for key, text in loaded.items()):
        raise InputError(f"{path}: expected a mapping of keys to texts")
    return loaded
