from __future__ import annotations

import pytest

from voicebot.nlu.lexicon import first_names, not_names
from voicebot.nlu.person import read_person


def _read(text: str, *, asked: bool = False) -> str | None:
    return read_person(text, asked=asked, first_names=first_names(), not_names=not_names())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("je m'appelle jean pierre lefèvre", "Jean-Pierre Lefèvre"),
        ("bonjour c'est madame durand je voudrais un rendez-vous", "Durand"),
        ("sophie martin à l'appareil", "Sophie Martin"),
        ("bonjour, monsieur dupont à l'appareil", "Dupont"),
        ("paul durand du garage central à l'appareil", "Paul Durand"),
        ("c'est au nom de karim benali", "Karim Benali"),
        ("Je suis Claire Fontaine, une cliente", "Claire Fontaine"),
        ("oui alors c'est marie de la tour", "Marie de La Tour"),
        ("mon nom c'est O'Brien", "O'Brien"),
        ("Bonjour, ici Paul Durand de la société Martin", "Paul Durand"),
        ("c'est de la part de monsieur karim", "Karim"),
        ("my name is John Smith", "John Smith"),
        ("mon nom de famille c'est da silva", "Da Silva"),
    ],
)
def test_a_caller_who_gives_a_name_is_named(text: str, name: str) -> None:
    assert _read(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("marie dupont", "Marie Dupont"),
        ("nguyen", "Nguyen"),
        ("Le Goff", "Le Goff"),
        ("charles de gaulle", "Charles de Gaulle"),
        ("jean-françois d'ormesson", "Jean-François d'Ormesson"),
        ("madame durand", "Durand"),
        ("monsieur et madame leroy", "Leroy"),
        ("dupont d u p o n t", "Dupont"),
        ("lefèvre avec un v", "Lefèvre"),
        ("Jean Dupont, j'appelle pour un rendez-vous", "Jean Dupont"),
        ("dupont s'il vous plaît", "Dupont"),
    ],
)
def test_when_the_name_was_asked_the_bare_answer_is_the_name(text: str, name: str) -> None:
    assert _read(text, asked=True) == name


@pytest.mark.parametrize(
    "text",
    [
        "j'avais rendez-vous chez madame petit",
        "je voudrais parler à madame roux",
        "je suis malade",
        "c'est pour un rendez-vous",
        "c'est urgent",
        "je suis avocat",
        "c'est toujours moi",
        "je suis le mari de madame petit",
        "c'est le plombier",
        "je suis bien chez madame petit",
        "vous pouvez me passer le docteur martin",
        "est-ce que c'est madame Roux qui s'en occupe",
        "oui bonjour",
        "je ne sais pas",
        "un instant",
        "marie dupont",
        "",
    ],
)
def test_somebody_else_or_nobody_is_not_the_caller(text: str) -> None:
    assert _read(text) is None


@pytest.mark.parametrize(
    "text", ["oui bonjour", "je ne sais pas", "je vais bien", "c'est pour un rendez-vous", "je voudrais parler à madame roux"]
)
def test_no_name_is_made_of_another_answer(text: str) -> None:
    assert _read(text, asked=True) is None
