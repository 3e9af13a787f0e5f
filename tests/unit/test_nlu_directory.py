from __future__ import annotations

import pytest

from voicebot.core.ids import ActId, PersonId, QuestionId
from voicebot.nlu.directory import match_directory
from voicebot.nlu.phonetics import phonetic_key
from voicebot.nlu.understanding import Directory

DIRECTORY = Directory(
    acts=(
        (ActId("checkup"), ("consultation", "visite de contrôle")),
        (ActId("scaling"), ("détartrage",)),
        (ActId("vaccine_adult"), ("vaccin adulte",)),
        (ActId("vaccine_child"), ("vaccin enfant",)),
    ),
    people=(
        (PersonId("lefevre"), ("docteur Lefèvre", "Claire Lefèvre")),
        (PersonId("haddad"), ("docteur Haddad",)),
        (PersonId("julie"), ("Julie",)),
    ),
    questions=(
        (QuestionId("parking"), ("y a-t-il un parking", "où se garer")),
        (QuestionId("card"), ("prenez-vous la carte bleue", "peut-on payer par carte")),
    ),
)


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("je voudrais un détartrage", ("scaling",)),
        ("c'est pour un détartrages", ("scaling",)),
        ("un vaccin pour un enfant", ("vaccine_child",)),
        ("je voudrais un vaccin", ("vaccine_adult", "vaccine_child")),
        ("je voudrais parler à quelqu'un", ()),
    ],
)
def test_acts_named_in_the_callers_words_are_found(text: str, acts: tuple[str, ...]) -> None:
    assert match_directory(text, DIRECTORY, "fr").acts == acts


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("je voudrais voir le docteur lefebvre", "lefevre"),
        ("je voudrais voir le docteur lefaivre", "lefevre"),
        ("rendez-vous avec le docteur Hadad", "haddad"),
        ("passez-moi Julie", "julie"),
        ("je suis madame Lefèvre", None),
        ("je m'appelle Julie Moreau", None),
        ("bonjour c'est pour demain", None),
    ],
)
def test_people_of_the_firm_are_found_by_sound_and_callers_are_not_taken_for_them(text: str, person: str | None) -> None:
    assert match_directory(text, DIRECTORY, "fr").person == person


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("est-ce qu'il y a un parking", "parking"),
        ("on peut payer par carte", "card"),
        ("je voudrais annuler mon rendez-vous", None),
        ("il va pleuvoir demain", None),
    ],
)
def test_prepared_questions_are_matched_and_unrelated_sentences_are_not(text: str, question: str | None) -> None:
    assert match_directory(text, DIRECTORY, "fr").question == question


def test_names_that_sound_alike_share_a_key() -> None:
    assert phonetic_key("Dupond") == phonetic_key("Dupont")
    assert phonetic_key("Philippe") == phonetic_key("Filipe")
    assert phonetic_key("Martin") != phonetic_key("Morin")


def test_a_title_alone_names_no_act() -> None:
    directory = Directory(acts=((ActId("visit"), ("voir le docteur", "consultation")),))
    assert match_directory("docteur", directory, "fr").acts == ()
    assert match_directory("je voudrais voir le docteur", directory, "fr").acts == ("visit",)
