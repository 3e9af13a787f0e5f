from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from voicebot.core.expected import ExpectedAnswer
from voicebot.nlu.slot_reader import read_slots
from voicebot.nlu.slots import Slots
from voicebot.nlu.slots_json import slots_to_json

NOW = datetime(2027, 3, 10, 10, tzinfo=ZoneInfo("Europe/Paris"))


def test_everything_said_in_one_sentence_is_found() -> None:
    text = "Bonjour je m'appelle Sophie Martin, mon numéro c'est le 06 12 34 56 78, je voudrais jeudi à 14h"
    assert slots_to_json(read_slots(text, NOW)) == {
        "phones": [{"readings": ["+33612345678"]}],
        "datetimes": [{"date": "2027-03-11", "time": "14:00"}],
        "person": "Sophie Martin",
    }


def test_nothing_found_is_an_empty_object() -> None:
    assert slots_to_json(Slots()) == {}
    assert slots_to_json(read_slots("bonjour madame", NOW)) == {}


def test_the_question_decides_how_a_bare_answer_is_read() -> None:
    assert read_slots("martin", NOW, ExpectedAnswer.PERSON).person == "Martin"
    assert read_slots("martin", NOW).person is None
    assert read_slots("l i", NOW, ExpectedAnswer.SPELLING).spelled == "LI"


@pytest.mark.parametrize(
    "text",
    [
        "merci à vous bonne fin de journée",
        "il y a de l'orage qui rentre",
        "je suis attendu au téléphone par monsieur Caron",
        "ma fille de trois mois a de la fièvre depuis deux jours",
        "je ne suis pas au garage là",
        "c'est quoi votre adresse",
        "les bleus ont gagné trois à zéro",
    ],
)
def test_a_sentence_that_holds_no_value_gives_none(text: str) -> None:
    assert slots_to_json(read_slots(text, NOW)) == {}
