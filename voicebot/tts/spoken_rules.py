"""What the spoken grammars of every language share: ordered rewriting rules, and the guarantee that none leaves a symbol."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_QUOTES_AND_DASHES = str.maketrans({"‘": "’", "–": "-", "—": "-", "−": "-", "‑": "-", "‐": "-"})
_SILENT = re.compile(r"[«»“”\"()\[\]{}<>|\\~^`_]")
_SPACED_DASH = re.compile(r"(?<=\s)-+(?=\s|$)|^-+|-+$|-{2,}|-(?!\w)|(?<!\w)-")
_NOT_SPOKEN = re.compile(r"[^\w\s.,;:!?'’\-]|_")
_REPEATED_PAUSE = re.compile(r"([,;:])(?:\s*[,;:])+")
_PAUSE_BEFORE_STOP = re.compile(r"\s*[,;:]\s*(?=[.!?])|^[\s,;:]+")
_SPACE_BEFORE_PAUSE = re.compile(r"\s+(?=[.,;:!?])")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rewriting: every match of `pattern` is replaced by `spoken(match)`, words followed by nothing of their own."""

    pattern: re.Pattern[str]
    spoken: Callable[[re.Match[str]], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenGrammar:
    """How one language speaks what is written in digits and symbols."""

    rules: tuple[Rule, ...]
    """Applied in order, the most specific first (e-mail addresses, then phones, dates, hours, sums, plain numbers)."""
    symbols: Mapping[str, str]
    """Spoken form of symbols that no rule took."""
    digit: Callable[[str], str]
    """Spoken form of a run of digits that no rule took."""


def rule(pattern: str, spoken: Callable[[re.Match[str]], str] | str, flags: int = 0) -> Rule:
    """A rule from a regular expression and a function of its match, or constant words."""
    words = spoken
    return Rule(re.compile(pattern, flags), (lambda _: words) if isinstance(words, str) else words)


def plain_characters(text: str) -> str:
    """Fold typography to the few characters that the rules are written for: NFKC, ASCII digits, one dash, one apostrophe."""
    folded = unicodedata.normalize("NFKC", text).translate(_QUOTES_AND_DASHES)
    return unicodedata.normalize("NFC", "".join(_ascii_digit(character) for character in folded))


def _ascii_digit(character: str) -> str:
    return str(unicodedata.digit(character)) if character.isdigit() else character


def apply_lexicon(text: str, lexicon: Mapping[str, str]) -> str:
    """Replace each whole written word or phrase by its spoken form, longest first, whatever its case."""
    if not lexicon:
        return text
    spoken = {plain_characters(written).casefold(): words for written, words in lexicon.items()}
    alternatives = "|".join(re.escape(written) for written in sorted(spoken, key=len, reverse=True) if written)
    pattern = re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)
    return pattern.sub(lambda match: spoken.get(match[0].casefold(), match[0]), text)


def speak(text: str, grammar: SpokenGrammar) -> str:
    """Apply the rules in order, then remove whatever they left that has no sound."""
    for each in grammar.rules:
        text = each.pattern.sub(_apart(each.spoken), text)
    text = re.sub(r"\d+", _apart(lambda match: grammar.digit(match[0])), text)
    for symbol, words in grammar.symbols.items():
        text = text.replace(symbol, f" {words} ")
    return _tidied(text)


def _apart(spoken: Callable[[re.Match[str]], str]) -> Callable[[re.Match[str]], str]:
    """Keep the words of a replacement apart from a letter or digit that touches the match."""

    def replace(match: re.Match[str]) -> str:
        before = match.string[match.start() - 1 : match.start()]
        after = match.string[match.end() : match.end() + 1]
        return f"{' ' if before.isalnum() else ''}{spoken(match)}{' ' if after.isalnum() else ''}"

    return replace


def _tidied(text: str) -> str:
    text = _SILENT.sub(" ", text.replace("(", ", ").replace(")", ", "))
    text = _NOT_SPOKEN.sub(" ", text)
    text = _SPACED_DASH.sub(", ", text)
    text = _SPACE_BEFORE_PAUSE.sub("", " ".join(text.split()))
    text = _REPEATED_PAUSE.sub(r"\1", text)
    text = _PAUSE_BEFORE_STOP.sub("", text)
    return " ".join(text.split()).rstrip(" ,;:")


def pairs(digits: str) -> list[str]:
    """Cut a run of digits in pairs from its end, the first one single when their number is odd: `["3", "94", "90"]`."""
    start = len(digits) % 2
    return ([digits[:1]] if start else []) + [digits[i : i + 2] for i in range(start, len(digits), 2)]


def only_digits(text: str) -> str:
    """The ASCII digits of a text, in order."""
    return re.sub(r"\D", "", text)
