from __future__ import annotations

import pytest

from voicebot.core.language import Language
from voicebot.nlu.backchannels import is_backchannel
from voicebot.nlu.language import language_of, requested_language


@pytest.mark.parametrize(
    ("text", "current", "asked"),
    [
        ("do you speak English?", "fr", "en"),
        ("English please", "fr", "en"),
        ("parlez-vous anglais", "fr", "en"),
        ("je ne parle pas français", "fr", "en"),
        ("I would like to make an appointment with the doctor", "fr", "en"),
        ("parlez-vous français", "en", "fr"),
        ("je voudrais prendre un rendez-vous demain", "en", "fr"),
        ("je voudrais prendre un rendez-vous demain", "fr", None),
        ("hello", "fr", None),
        ("je cherche des cours d'anglais", "fr", None),
        ("c'est pour le parking du week-end", "fr", None),
        ("Martin Dupont", "fr", None),
    ],
)
def test_a_change_of_language_is_asked_for_or_heard_in_a_whole_sentence(
    text: str, current: Language, asked: Language | None
) -> None:
    assert requested_language(text, current) == asked


def test_two_words_are_not_enough_to_judge_a_language() -> None:
    assert language_of("thank you") is None


@pytest.mark.parametrize("text", ["oui", "d'accord", "Mm", "oui oui d'accord", "ok très bien"])
def test_little_words_of_a_listener_are_backchannels(text: str) -> None:
    assert is_backchannel(text)


@pytest.mark.parametrize("text", ["oui mais jeudi", "non", "attendez", "d'accord pour mardi"])
def test_words_with_content_are_not_backchannels(text: str) -> None:
    assert not is_backchannel(text)
