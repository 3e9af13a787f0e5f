from __future__ import annotations

import pytest

from voicebot.nlu.spelling import read_spelling


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("D U P O N T", "DUPONT"),
        ("dé u pé o enne té", "DUPONT"),
        ("M comme Marie A R T I N", "MARTIN"),
        ("N comme Nicolas, I, C comme César, O", "NICO"),
        ("l e f e accent grave v r e", "LEFÈVRE"),
        ("hache a deux enne e", "HANNE"),
        ("B O deux N E T", "BONNET"),
        ("é accent aigu l o i s e", "ÉLOISE"),
        ("L E tiret G A deux L", "LE-GALL"),
        ("double v a i grec n e", "WAYNE"),
        ("D apostrophe A R C", "D'ARC"),
        ("mon nom s'écrit b e r n a r d", "BERNARD"),
        ("Dupond avec un d", "DUPOND"),
        ("dupont avec un d", "DUPOND"),
        ("bonet avec deux n", "BONNET"),
        ("f r a n cédille", "FRAN"),
    ],
)
def test_letters_said_one_by_one_are_put_together(text: str, spelled: str) -> None:
    assert read_spelling(text, asked=True) == spelled


@pytest.mark.parametrize("text", ["je viens demain", "oui bonjour", "c'est pour un rendez-vous", "d'accord", "", "de rien"])
def test_ordinary_words_are_no_letters(text: str) -> None:
    assert read_spelling(text, asked=True) is None


def test_two_letters_are_a_spelling_only_when_one_was_asked_for() -> None:
    assert read_spelling("l i", asked=True) == "LI"
    assert read_spelling("l i") is None
