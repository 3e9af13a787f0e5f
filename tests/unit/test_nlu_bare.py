from __future__ import annotations

from datetime import UTC, datetime

import pytest

from voicebot.core.expected import ExpectedAnswer
from voicebot.core.language import Language
from voicebot.nlu.bare import BareAnswer, bare_answer
from voicebot.nlu.scoring import calm_answer
from voicebot.nlu.slot_reader import read_slots
from voicebot.nlu.understanding import ScoredIntent

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


def read(text: str, expected: ExpectedAnswer = ExpectedAnswer.OPEN, language: Language = "fr") -> BareAnswer | None:
    return bare_answer(text, read_slots(text, NOW, expected, language), expected, language)


@pytest.mark.parametrize(
    "text",
    [
        "demain",
        "jeudi matin",
        "à 14 heures",
        "plutôt en fin d'après-midi",
        "et le 15 novembre",
        "le deuxième",
        "06 12 34 56 78",
        "d u p o n t",
        "Jacques Faure",
    ],
)
def test_a_date_a_rank_a_number_letters_or_a_name_alone_is_a_bare_value(text: str) -> None:
    assert read(text) is BareAnswer.VALUE


@pytest.mark.parametrize(
    "text",
    [
        "je voudrais venir demain",
        "annulez jeudi",
        "dès que possible",
        "oui jeudi",
        "oui le deuxième",
        "c'est urgent",
        "bonjour",
        "mon père saigne",
        "deux personnes sont coincées",
    ],
)
def test_what_says_more_than_a_value_may_hold_a_request(text: str) -> None:
    assert read(text) is None


def test_somebody_who_says_their_name_introduces_themselves() -> None:
    assert read("je m'appelle Paul Martin") is BareAnswer.INTRODUCTION
    assert read("my name is John Smith", language="en") is BareAnswer.INTRODUCTION
    assert read("je m'appelle Paul Martin et je voudrais annuler") is None


@pytest.mark.parametrize("text", ["annulez", "non laissez tomber", "je voudrais un devis"])
def test_a_command_is_no_name_even_where_a_name_was_asked(text: str) -> None:
    assert read(text, ExpectedAnswer.PERSON) is None


def test_a_bare_value_is_no_confident_request() -> None:
    guessed = (ScoredIntent(name="cancel", score=0.97), ScoredIntent(name="urgent", score=0.02))
    assert max(i.score for i in calm_answer(guessed, "out_of_scope", ExpectedAnswer.CHOICE)) < 0.35
    assert calm_answer(guessed, "out_of_scope", ExpectedAnswer.OPEN)[0].name == "out_of_scope"
