"""Understanding of one caller turn: the hallucination filter, urgency, the intent model with its rules, and the slots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from voicebot.core.expected import Completeness, Expectation, ExpectedAnswer
from voicebot.core.language import Language
from voicebot.nlu.backchannels import is_backchannel
from voicebot.nlu.bare import BareAnswer, bare_answer
from voicebot.nlu.catalogue import CATALOGUE
from voicebot.nlu.completeness import completeness
from voicebot.nlu.contrast import rewrite_contrast
from voicebot.nlu.coordination import split_parts
from voicebot.nlu.directory import match_directory
from voicebot.nlu.hallucinations import is_hallucination
from voicebot.nlu.intent_model import IntentModel, Prediction, load_intent_model
from voicebot.nlu.language import language_of, requested_language
from voicebot.nlu.normalise import normalise
from voicebot.nlu.rules import Rule, apply_rules, load_rules
from voicebot.nlu.scoring import calm_answer, damp_answer, merge, probabilities, put_first
from voicebot.nlu.slot_reader import read_slots
from voicebot.nlu.slots import Slots
from voicebot.nlu.understanding import Directory, ScoredIntent, Understanding, Urgency
from voicebot.nlu.urgency import Lexicon, load_lexicon, read_urgency

MODELS = CATALOGUE.parent / "models" / "nlu"
"""Where `make models` puts the trained pipelines, one folder per language."""
UNCLEAR_SCORE = 0.25
"""Best score below which a free-text reason is unclear."""
UNCLEAR_WORDS = 4
"""Words from which an unclear free-text reason is asked about."""
URGENT_SCORE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageKit:
    """Everything learnt or listed for one language."""

    model: IntentModel
    rules: tuple[Rule, ...]
    lexicon: Lexicon


def load_engine(models: Path = MODELS, catalogue: Path = CATALOGUE) -> NluEngine:
    """The engine with its French and English models.

    Raises:
        ModelError: when a model is missing or does not load.
        InputError: when the catalogue is wrong.
    """
    languages: tuple[Language, ...] = ("fr", "en")
    return NluEngine(
        {
            language: LanguageKit(
                model=load_intent_model(models / language),
                rules=load_rules(catalogue, language),
                lexicon=load_lexicon(catalogue, language),
            )
            for language in languages
        }
    )


class NluEngine:
    """An `Understander`. Holds no state between calls: one instance serves every call and thread."""

    def __init__(self, kits: Mapping[Language, LanguageKit]) -> None:
        self._kits = dict(kits)

    def completeness(self, text: str, *, language: Language, expectation: Expectation) -> Completeness:
        """How finished `text` is as an answer to `expectation`."""
        return completeness(text, expectation.kind, language)

    def understand(
        self, text: str, *, language: Language, now: datetime, expectation: Expectation, directory: Directory
    ) -> Understanding:
        """Understand one caller turn said at local wall time `now` (aware)."""
        text = text.strip()
        backchannel = is_backchannel(text, language)
        if is_hallucination(text):
            return _unheard(text, language, backchannel=backchannel)
        asked = requested_language(text, language)
        spoken = asked if asked is not None and asked in self._kits and language_of(text) == asked else language
        slots = read_slots(text, now, expectation.kind, spoken)
        urgency, intents = self._classify(text, spoken, expectation.kind, slots, directory)
        match = match_directory(text, directory, spoken)
        return Understanding(
            text=text,
            language=language,
            intents=intents,
            urgency=urgency,
            slots=slots,
            act=match.acts[0] if len(match.acts) == 1 else None,
            acts=match.acts if len(match.acts) > 1 else (),
            person_asked=match.person,
            question=match.question,
            backchannel=backchannel,
            language_request=asked,
        )

    def _classify(
        self, text: str, language: Language, expected: ExpectedAnswer, slots: Slots, directory: Directory
    ) -> tuple[Urgency, tuple[ScoredIntent, ...]]:
        kit = self._kits[language]
        line = normalise(text, language)
        bare = bare_answer(text, slots, expected, language)
        prediction = kit.model.predict(line)
        urgency = Urgency() if bare else read_urgency(kit.lexicon, line, prediction.urgency, directory.urgent_words, language)
        rewritten = rewrite_contrast(line, language)
        first = prediction if rewritten == line else kit.model.predict(rewritten)
        whole = _score(kit, first, rewritten, expected, urgency)
        halves = split_parts(text, language) if rewritten == line else []
        parts = [_score(kit, kit.model.predict(p), p, expected, urgency) for p in halves] if len(halves) > 1 else []
        intents = merge(damp_answer(whole, answered=_is_answered(slots, expected)), parts)
        if bare:
            intents = calm_answer(intents, "greeting" if bare is BareAnswer.INTRODUCTION else "out_of_scope", expected)
        intents = _with_yes_no(intents, slots, expected, line)
        if urgency.level == "urgent":
            return urgency, put_first(intents, "urgent", URGENT_SCORE)
        if (
            expected is ExpectedAnswer.OPEN
            and urgency.level == "none"
            and not bare
            and _is_unclear(intents, line)
            and not _reassured(kit, line)
        ):
            urgency = replace(urgency, level="ask")
        return urgency, intents


def _score(kit: LanguageKit, prediction: Prediction, line: str, expected: ExpectedAnswer, urgency: Urgency) -> dict[str, float]:
    """Probability of each intent of a normalised line; `urgent` is possible only when urgency was found."""
    logits = dict(prediction.intent_logits)
    if urgency.level == "none":
        logits.pop("urgent", None)
    return probabilities(logits, apply_rules(kit.rules, line), expected)


def _is_unclear(intents: tuple[ScoredIntent, ...], line: str) -> bool:
    return intents[0].score < UNCLEAR_SCORE and len(line.split()) >= UNCLEAR_WORDS


def _reassured(kit: LanguageKit, line: str) -> bool:
    """Whether the caller has said already that it is not urgent."""
    return kit.lexicon.reassures(line)


def _is_answered(slots: Slots, expected: ExpectedAnswer) -> bool:
    """Whether the value that was asked for has been found."""
    match expected:
        case ExpectedAnswer.DATETIME:
            return bool(slots.datetimes)
        case ExpectedAnswer.PHONE:
            return bool(slots.phones)
        case ExpectedAnswer.EMAIL:
            return slots.email is not None
        case ExpectedAnswer.SPELLING:
            return slots.spelled is not None
        case ExpectedAnswer.PERSON:
            return slots.person is not None
        case ExpectedAnswer.YES_NO | ExpectedAnswer.CHOICE | ExpectedAnswer.OPEN:
            return False


def _with_yes_no(
    intents: tuple[ScoredIntent, ...], slots: Slots, expected: ExpectedAnswer, line: str
) -> tuple[ScoredIntent, ...]:
    """After a yes/no question the grammar's yes or no prevails; a longer answer keeps its own intents behind it."""
    if expected is not ExpectedAnswer.YES_NO or slots.yes_no is None or not line:
        return intents
    return put_first(intents, slots.yes_no, 0.9)


def _unheard(text: str, language: Language, *, backchannel: bool) -> Understanding:
    return Understanding(
        text=text,
        language=language,
        intents=(ScoredIntent(name="noise", score=1.0),),
        urgency=Urgency(),
        slots=Slots(),
        backchannel=backchannel,
    )
