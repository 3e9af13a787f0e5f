from __future__ import annotations

import pytest

from voicebot.dialog.vocabulary import asks_place, has_no_phone, settled, waits


@pytest.mark.parametrize("text", ["je n'ai pas de téléphone", "j'ai plus de portable", "aucun numéro", "I don't have any phone"])
def test_a_caller_without_a_phone_has_no_number_to_give(text: str) -> None:
    assert has_no_phone(text)


@pytest.mark.parametrize("text", ["ce n'est pas mon numéro", "je n'ai pas compris le numéro", "non pas ce numéro, le mien"])
def test_a_number_refused_or_not_understood_is_not_a_caller_without_a_phone(text: str) -> None:
    assert not has_no_phone(text)


@pytest.mark.parametrize("text", ["c'est bon, c'est réglé", "Ce n'est plus la peine.", "j'ai trouvé", "I no longer need it"])
def test_a_matter_is_settled(text: str) -> None:
    assert settled(text)


@pytest.mark.parametrize("text", ["ce n'est pas réglé", "je n'ai pas trouvé", "merci", "c'est bon"])
def test_a_matter_is_not_settled_by_the_contrary_or_by_a_formula(text: str) -> None:
    assert not settled(text)


@pytest.mark.parametrize("text", ["je patiente", "j'attends", "je reste en ligne", "I'll wait"])
def test_a_caller_goes_on_waiting(text: str) -> None:
    assert waits(text)


@pytest.mark.parametrize("text", ["il y a combien de personnes avant moi ?", "c'est encore long ?", "how long will it take"])
def test_a_caller_asks_how_long_it_takes(text: str) -> None:
    assert asks_place(text)
