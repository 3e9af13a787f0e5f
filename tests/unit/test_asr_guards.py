from __future__ import annotations

import pytest

from voicebot.asr import guards
from voicebot.asr.bias import RESCORING_MARGIN, as_prompt, choose
from voicebot.asr.engine import Hypothesis
from voicebot.models.manifest import RecognitionTraits

TRAITS = RecognitionTraits(min_avg_logprob=-1.0, reject_avg_logprob=-1.3, max_no_speech_prob=0.6)


def heard(text: str, avg_logprob: float = -0.2) -> Hypothesis:
    return Hypothesis(text=text, avg_logprob=avg_logprob)


@pytest.mark.parametrize(
    "text",
    [
        "Sous-titres réalisés par la communauté d'Amara.org",
        "Sous-titres réalisés para la communauté d'Amara.org",
        "Sous-titrage ST' 501",
        "Sous-titrage Société Radio-Canada",
        "Merci d'avoir regardé cette vidéo !",
        "❤️ par SousTitreur.com",
        "Thank you for watching!",
        "Subtitles by the Amara.org community",
        "Abonnez-vous !",
        "*Musique*",
        "♪ ♪",
        "...",
    ],
)
def test_what_whisper_invents_over_silence_is_rejected(text: str) -> None:
    assert guards.rejection(heard(text), 0.0, TRAITS) == "hallucination"


@pytest.mark.parametrize(
    "text",
    [
        "Merci, au revoir.",
        "Merci beaucoup, bonne journée.",
        "Oui.",
        "Je voudrais m'abonner à votre revue.",
        "C'est pour un film sous-titré.",
        "zéro zéro zéro zéro",
        "non non non non",
        "zéro six douze douze douze douze",
        "Thank you.",
        "b a b a b a",
    ],
)
def test_what_callers_say_is_believed(text: str) -> None:
    assert guards.rejection(heard(text), 0.0, TRAITS) is None


@pytest.mark.parametrize("text", ["nouveau " * 6, "je vous rappelle " * 5, "non, " * 8])
def test_a_loop_is_rejected_and_looked_at_again(text: str) -> None:
    assert guards.rejection(heard(text), 0.0, TRAITS) == "repetition"
    assert guards.is_suspicious(heard(text), TRAITS)


@pytest.mark.parametrize(
    ("avg_logprob", "no_speech_prob", "why"),
    [(-0.9, 0.9, None), (-1.1, 0.5, None), (-1.1, 0.7, "no_speech"), (-1.4, 0.1, "low_logprob")],
)
def test_thresholds_are_those_of_the_model(avg_logprob: float, no_speech_prob: float, why: str | None) -> None:
    assert guards.rejection(heard("bonjour", avg_logprob), no_speech_prob, TRAITS) == why


def test_an_unlikely_text_is_looked_at_again_and_nothing_is_not() -> None:
    assert guards.is_suspicious(heard("bonjour", -1.1), TRAITS)
    assert not guards.is_suspicious(heard("bonjour", -0.9), TRAITS)
    assert not guards.is_suspicious(heard("", 0.0), TRAITS)
    assert guards.rejection(heard("", 0.0), 0.9, TRAITS) is None


def test_two_looks_that_read_different_things_saw_no_speech() -> None:
    assert guards.disagreement(heard("mon nom est moreno"), heard("ben n'importe quand")) == "low_logprob"
    assert guards.disagreement(heard("mon nom est moreno"), heard("mon nom est moréno.")) is None


def test_an_expected_word_wins_among_hypotheses_nearly_as_likely() -> None:
    hypotheses = (heard("madame dupuis", -0.20), heard("madame Dupuy", -0.20 - RESCORING_MARGIN / 2))
    assert choose(hypotheses, ("Dupuy",)).text == "madame Dupuy"
    assert choose(hypotheses, ("Martin",)).text == "madame dupuis"
    assert choose(hypotheses, ()).text == "madame dupuis"


def test_an_expected_word_does_not_win_against_what_was_clearly_heard() -> None:
    hypotheses = (heard("madame dupuis", -0.20), heard("madame Dupuy", -0.21 - RESCORING_MARGIN))
    assert choose(hypotheses, ("Dupuy",)).text == "madame dupuis"


def test_expected_words_count_whole_without_regard_to_case_accents_and_hyphens() -> None:
    hypotheses = (heard("c'est bertin", -0.20), heard("c'est béa", -0.21), heard("c'est jean-noël", -0.22))
    assert choose(hypotheses, ("Jean Noel",)).text == "c'est jean-noël"
    assert choose(hypotheses, ("tin",)).text == "c'est bertin"


def test_a_prompt_names_a_bounded_number_of_words() -> None:
    assert as_prompt(("Dupuy", "détartrage")) == "Dupuy, détartrage"
    assert as_prompt([str(n) for n in range(1000)]).count(",") < 50
