from __future__ import annotations

import pytest

from voicebot.core.expected import Completeness, ExpectedAnswer
from voicebot.nlu.completeness import completeness


@pytest.mark.parametrize(
    ("expected", "text", "state"),
    [
        ("phone", "zéro six douze", "incomplete"),
        ("phone", "zéro six douze trente-quatre cinquante-six soixante-dix-huit", "complete"),
        ("phone", "mon numéro c'est", "incomplete"),
        ("phone", "je n'en ai pas", "open"),
        ("yes_no", "oui", "complete"),
        ("yes_no", "non merci", "complete"),
        ("yes_no", "oui et", "incomplete"),
        ("yes_no", "je réfléchis", "open"),
        ("datetime", "jeudi à", "incomplete"),
        ("datetime", "jeudi à dix heures", "complete"),
        ("choice", "le premier", "complete"),
        ("choice", "plutôt", "incomplete"),
        ("open", "je voudrais un rendez-vous", "open"),
        ("open", "je voudrais un rendez-vous pour", "incomplete"),
        ("open", "c'est le", "incomplete"),
        ("open", "euh", "incomplete"),
        ("open", "c'est le zéro six douze", "incomplete"),
        ("person", "d u p", "incomplete"),
        ("person", "Jean Dupont", "open"),
        ("spelling", "d", "incomplete"),
        ("email", "jean point", "incomplete"),
        ("email", "jean point dupont arobase free point fr", "complete"),
    ],
)
def test_how_finished_an_answer_is_depends_on_the_question(expected: str, text: str, state: str) -> None:
    assert completeness(text, ExpectedAnswer(expected)) is Completeness(state)


def test_english_conjunctions_hold_the_turn_open() -> None:
    assert completeness("I would like to come on Monday and", ExpectedAnswer.OPEN, "en") is Completeness.INCOMPLETE
