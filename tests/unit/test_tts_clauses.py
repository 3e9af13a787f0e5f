from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.tts.clauses import clauses, pause_after_s


@given(st.text(alphabet="abM DrJh0123 .,;:!?…»«()\n\u00a0é-", max_size=120))
def test_the_clauses_join_back_to_the_text_and_none_is_empty(text: str) -> None:
    pieces = clauses(text)
    assert "".join(pieces) == text
    assert all(pieces)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bonjour. Que puis-je faire ?", ("Bonjour. ", "Que puis-je faire ?")),
        ("Oui ! C'est noté ; autre chose ?", ("Oui ! ", "C'est noté ; ", "autre chose ?")),
        ("« Bonjour. » Il est là.", ("« Bonjour. » ", "Il est là.")),
        ("Voici le numéro : 06 12 34 56 78.", ("Voici le numéro : ", "06 12 34 56 78.")),
        ("Mardi à 9 h. Lequel préférez-vous ?", ("Mardi à 9 h. ", "Lequel préférez-vous ?")),
        ("Au 2. Puis à droite.", ("Au 2. ", "Puis à droite.")),
        ("No. I am closed.", ("No. ", "I am closed.")),
        ("Un instant… Je cherche.", ("Un instant… ", "Je cherche.")),
    ],
)
def test_a_stop_ends_a_clause(text: str, expected: tuple[str, ...]) -> None:
    assert clauses(text) == expected


def test_a_comma_ends_a_clause_only_when_it_is_long_enough() -> None:
    assert clauses("Oui, bien sûr, monsieur.") == ("Oui, bien sûr, monsieur.",)
    long = "Je vous propose un rendez-vous mardi prochain, ou jeudi après-midi si vous préférez."
    assert clauses(long) == ("Je vous propose un rendez-vous mardi prochain, ", "ou jeudi après-midi si vous préférez.")
    short_end = "Je vous propose un rendez-vous mardi prochain, oui ?"
    assert clauses(short_end) == (short_end,)


@pytest.mark.parametrize(
    "whole",
    [
        "Vous avez rendez-vous avec M. Dupont et le Dr. Martin mardi 24 novembre à 14 h 30 au cabinet",
        "La consultation du lundi matin vous coûtera exactement 49,90 € au cabinet de la rue Haute",
        "Pour joindre le cabinet du docteur faites le 06.12.34.56.78 ou bien le 06, 12, 34, 56, 78",
        "Vous parlez à J. Martin, avocat",
        "Fleurs, fruits, etc. sont ici",
        "See No. 12",
        "Rendez-vous à 14:30 avec J.-P. Martin",
        "Il vient de 9 a.m. to noon",
        "Le tarif est de 1. 500",
        "Écrivez à jean.martin@exemple.fr ou sur www.exemple.fr pour prendre rendez-vous",
    ],
)
def test_no_clause_ends_inside_a_number_an_hour_an_address_or_after_an_abbreviation(whole: str) -> None:
    assert clauses(whole) == (whole,)


def test_the_last_spaces_stay_with_the_last_clause() -> None:
    assert clauses("Bonjour. ") == ("Bonjour. ",)
    assert clauses("") == ()


def test_a_stop_is_followed_by_a_longer_pause_than_a_comma() -> None:
    assert pause_after_s("Bonjour. ") == pause_after_s("« Bonjour. » ") == 0.30
    assert pause_after_s("Bonjour, ") == 0.15
