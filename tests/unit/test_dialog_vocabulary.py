from __future__ import annotations

import pytest

from voicebot.dialog.vocabulary import has_no_phone


@pytest.mark.parametrize("text", ["je n'ai pas de téléphone", "j'ai plus de portable", "aucun numéro", "I don't have any phone"])
def test_a_caller_without_a_phone_has_no_number_to_give(text: str) -> None:
    assert has_no_phone(text)


@pytest.mark.parametrize("text", ["ce n'est pas mon numéro", "je n'ai pas compris le numéro", "non pas ce numéro, le mien"])
def test_a_number_refused_or_not_understood_is_not_a_caller_without_a_phone(text: str) -> None:
    assert not has_no_phone(text)
