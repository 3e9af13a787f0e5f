from __future__ import annotations

import pytest

from voicebot.nlu.contrast import rewrite_contrast
from voicebot.nlu.coordination import split_parts
from voicebot.nlu.hallucinations import is_hallucination
from voicebot.nlu.normalise import fold, normalise, strip_courtesies


@pytest.mark.parametrize(
    ("heard", "line"),
    [
        ("Je ne peux pas venir, désolé !", "je peux pas venir désolé"),
        ("j ai rendez-vous", "j'ai rendez vous"),
        ("c’est pour un RDV", "c'est pour un rendez vous"),
        ("euh y a une fuite", "il y a une fuite"),
        ("Est-ce que vous êtes ouverts ?", "vous êtes ouverts"),
    ],
)
def test_one_spelling_for_what_recognisers_write_many_ways(heard: str, line: str) -> None:
    assert normalise(heard) == line


def test_folding_removes_accents_and_ligatures() -> None:
    assert fold("Sœur Hélène") == "soeur helene"


def test_courtesies_are_left_out_only_when_words_remain() -> None:
    assert strip_courtesies("bonjour madame je voudrais annuler s'il vous plaît") == "je voudrais annuler"
    assert strip_courtesies("oui merci") == "oui merci"


@pytest.mark.parametrize(
    ("line", "rewritten"),
    [
        ("pas annuler décaler", "décaler"),
        ("je veux pas annuler mais déplacer mon rendez vous", "déplacer mon rendez vous"),
        ("je viens pas annuler je viens confirmer", "je viens confirmer"),
        ("non pas un renseignement un rendez vous", "un rendez vous"),
        ("je voudrais déplacer pas annuler", "je voudrais déplacer"),
    ],
)
def test_a_denied_topic_gives_way_to_the_one_affirmed(line: str, rewritten: str) -> None:
    assert rewrite_contrast(line) == rewritten


@pytest.mark.parametrize("line", ["je peux pas venir mardi", "je veux annuler", "j'ai pas reçu la facture"])
def test_a_negation_without_contrast_is_left_alone(line: str) -> None:
    assert rewrite_contrast(line) == line


def test_coordinated_requests_are_cut_in_the_order_said() -> None:
    assert split_parts("Je voudrais annuler mardi et savoir vos horaires", "fr") == [
        "je voudrais annuler mardi",
        "savoir vos horaires",
    ]
    assert split_parts("mon mari et ma fille", "fr") == ["mon mari et ma fille"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "...",
        "[Musique]",
        "*rires*",
        "Sous-titrage ST' 501",
        "Merci d'avoir regardé cette vidéo !",
        "Hmm",
        "Euh...",
        "Thanks for watching!",
        "la " * 20,
    ],
)
def test_what_recognisers_write_over_silence_is_noise(text: str) -> None:
    assert is_hallucination(text)


@pytest.mark.parametrize("text", ["oui", "non non non non", "merci au revoir", "je voudrais un rendez-vous", "0612345678"])
def test_words_of_callers_are_not_noise(text: str) -> None:
    assert not is_hallucination(text)
