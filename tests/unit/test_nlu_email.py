from __future__ import annotations

import pytest

from voicebot.nlu.email import read_email


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("jean point dupont arobase orange point fr", "jean.dupont@orange.fr"),
        (
            "mon adresse mail c'est marie tiret du six claire underscore martin arobase gmail point com",
            "marie-claire_martin@gmail.com",
        ),
        ("jean.dupont@gmail.com", "jean.dupont@gmail.com"),
        ("c'est Contact@Exemple.fr.", "contact@exemple.fr"),
        ("b comme bernard deux l arobase free point fr", "bll@free.fr"),
        ("julie quatre-vingt-deux at hotmail point com", "julie82@hotmail.com"),
        ("p dupont arobase la poste point net", "pdupont@laposte.net"),
        ("sophie tout attaché durand arobase g mail point com", "sophiedurand@gmail.com"),
        ("luc point petit 75 chez wanadoo point f r", "luc.petit75@wanadoo.fr"),
        ("marc arobase gmal point com", "marc@gmail.com"),
        ("paul tiret du bas roux arobase cabinet tiret martin point fr", "paul_roux@cabinet-martin.fr"),
    ],
)
def test_a_dictated_address_is_read(text: str, address: str) -> None:
    assert read_email(text) == address


@pytest.mark.parametrize(
    "text",
    ["j'habite chez mes parents", "jean point dupont", "arobase gmail point com", "jean arobase gmail", "", "à deux pas d'ici"],
)
def test_what_is_no_whole_address_gives_nothing(text: str) -> None:
    assert read_email(text) is None
