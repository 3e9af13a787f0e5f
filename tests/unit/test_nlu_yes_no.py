from __future__ import annotations

import pytest

from voicebot.nlu.yes_no import read_yes_no


@pytest.mark.parametrize(
    "text",
    [
        "oui",
        "ouais",
        "Oui.",
        "tout à fait",
        "c'est ça",
        "exact",
        "absolument",
        "parfait",
        "d'accord",
        "volontiers",
        "si",
        "si si",
        "oui oui tout à fait madame",
        "ça me va",
        "ça marche",
        "oui c'est bien ça merci",
        "bien sûr",
        "pas de problème",
        "euh oui",
        "je veux bien",
        "pourquoi pas",
        "oui parfait",
        "c'est exact",
        "ça me convient",
        "allez-y",
    ],
)
def test_agreement_is_yes(text: str) -> None:
    assert read_yes_no(text, asked=True) == "yes"


@pytest.mark.parametrize(
    "text",
    [
        "non",
        "Non merci.",
        "pas du tout",
        "surtout pas",
        "c'est pas ça",
        "ce n'est pas ça",
        "absolument pas",
        "bien sûr que non",
        "ça ne va pas",
        "ça ne me va pas",
        "je préfère pas",
        "je ne préfère pas",
        "pas vraiment",
        "je crois pas",
        "c'est pas la peine",
        "non non c'est pas ça",
        "non, jeudi pas mardi",
        "pas d'accord",
    ],
)
def test_refusal_is_no(text: str) -> None:
    assert read_yes_no(text, asked=True) == "no"


@pytest.mark.parametrize(
    "text",
    [
        "oui mais non",
        "oui enfin non",
        "peut-être",
        "je ne sais pas",
        "ça dépend",
        "si vous voulez",
        "oui et non",
        "oui bonjour",
        "bonjour",
        "jeudi",
        "oui mais plutôt vendredi",
        "",
    ],
)
def test_a_mixed_hedged_or_other_answer_is_neither(text: str) -> None:
    assert read_yes_no(text, asked=True) is None


def test_outside_a_question_only_a_short_answer_counts() -> None:
    text = "oui je voudrais un rendez-vous demain matin"
    assert read_yes_no(text, asked=True) == "yes"
    assert read_yes_no(text) is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("yes", "yes"),
        ("yeah sure", "yes"),
        ("that's right", "yes"),
        ("no thanks", "no"),
        ("not really", "no"),
        ("yes but no", None),
        ("maybe", None),
    ],
)
def test_english_answers(text: str, answer: str | None) -> None:
    assert read_yes_no(text, asked=True, language="en") == answer
