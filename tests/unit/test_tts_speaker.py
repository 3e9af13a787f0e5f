from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import wait

import numpy as np
import pytest

from tests.fakes.tts import FakeSynthesizer
from voicebot.core.errors import SynthesisError
from voicebot.tts.cache import SpeechCache
from voicebot.tts.loudness import active_rms_dbfs
from voicebot.tts.speaker import CachedSpeaker
from voicebot.tts.synthesizer import Synthesizer

RATE_HZ = 8000
TWO_CLAUSES = "Bonjour. Que puis-je faire ?"
MakeSpeaker = Callable[..., CachedSpeaker]


@pytest.fixture
def speaker_of() -> Iterator[MakeSpeaker]:
    speakers: list[CachedSpeaker] = []

    def make(*voices: Synthesizer, cache: SpeechCache | None = None) -> CachedSpeaker:
        speakers.append(CachedSpeaker({"fr": voices}, cache or SpeechCache(None)))
        return speakers[-1]

    yield make
    for speaker in speakers:
        speaker.close()


def test_a_sentence_comes_in_clauses_with_the_text_as_written(speaker_of: MakeSpeaker) -> None:
    voice = FakeSynthesizer()
    clauses = speaker_of(voice).speak("Le 06 12 34 56 78. À 9 h ?", language="fr", rate_hz=RATE_HZ)
    wait([clause.audio for clause in clauses])
    assert [clause.text for clause in clauses] == ["Le 06 12 34 56 78. ", "À 9 h ?"]
    assert voice.spoken == ["Le zéro six, douze, trente-quatre, cinquante-six, soixante-dix-huit.", "À neuf heures?"]


def test_audio_is_at_the_rate_of_the_call_trimmed_and_levelled(speaker_of: MakeSpeaker) -> None:
    (clause,) = speaker_of(FakeSynthesizer()).speak("Bonjour", language="fr", rate_hz=RATE_HZ)
    samples = clause.audio.result()
    assert samples.dtype == np.int16
    assert samples.size / RATE_HZ == pytest.approx(7 * 0.06, abs=0.06)
    assert active_rms_dbfs(samples, RATE_HZ) == pytest.approx(-20.0, abs=0.5)


def test_a_pause_follows_each_clause_but_the_last(speaker_of: MakeSpeaker) -> None:
    speaker = speaker_of(FakeSynthesizer())
    first, last = speaker.speak(TWO_CLAUSES, language="fr", rate_hz=RATE_HZ)
    assert not first.audio.result()[-round(0.3 * RATE_HZ) :].any()
    assert last.audio.result()[-round(0.1 * RATE_HZ) :].any()


def test_what_was_said_once_is_not_synthesised_again_and_is_ready_at_once(speaker_of: MakeSpeaker) -> None:
    voice = FakeSynthesizer()
    speaker = speaker_of(voice)
    before = [clause.audio.result() for clause in speaker.speak(TWO_CLAUSES, language="fr", rate_hz=RATE_HZ)]
    again = speaker.speak(TWO_CLAUSES, language="fr", rate_hz=RATE_HZ)
    assert all(clause.audio.done() for clause in again)
    for clause, samples in zip(again, before, strict=True):
        np.testing.assert_array_equal(clause.audio.result(), samples)
    assert len(voice.spoken) == 2


def test_another_rate_is_another_entry(speaker_of: MakeSpeaker) -> None:
    speaker = speaker_of(FakeSynthesizer())
    narrow, wide = (speaker.speak("Bonjour", language="fr", rate_hz=rate)[0].audio.result() for rate in (8000, 16000))
    assert wide.size == pytest.approx(2 * narrow.size, rel=0.05)


def test_clauses_are_synthesised_in_the_order_they_are_played(speaker_of: MakeSpeaker) -> None:
    voice = FakeSynthesizer()
    speaker = speaker_of(voice)
    clauses = [*speaker.speak("Un. Deux. Trois.", language="fr", rate_hz=RATE_HZ)]
    clauses += speaker.speak("Quatre. Cinq.", language="fr", rate_hz=RATE_HZ)
    wait([clause.audio for clause in clauses])
    assert voice.spoken == ["Un.", "Deux.", "Trois.", "Quatre.", "Cinq."]


def test_the_fallback_voice_speaks_when_the_first_fails(speaker_of: MakeSpeaker) -> None:
    first, fallback = FakeSynthesizer("first", fails=True), FakeSynthesizer("fallback")
    speaker = speaker_of(first, fallback)
    assert speaker.speak("Bonjour", language="fr", rate_hz=RATE_HZ)[0].audio.result().any()
    speaker.speak("Bonjour", language="fr", rate_hz=RATE_HZ)[0].audio.result()
    assert (len(first.spoken), len(fallback.spoken)) == (2, 1)  # the first is tried again, the fallback's audio is kept


def test_the_first_voice_is_heard_again_once_it_works(speaker_of: MakeSpeaker) -> None:
    first, fallback = FakeSynthesizer("first", fails=True), FakeSynthesizer("fallback", rate_hz=16000)
    speaker = speaker_of(first, fallback)
    speaker.speak("Bonjour", language="fr", rate_hz=RATE_HZ)[0].audio.result()
    first.fails = False
    speaker.speak("Bonjour", language="fr", rate_hz=RATE_HZ)[0].audio.result()
    assert speaker.speak("Bonjour", language="fr", rate_hz=RATE_HZ)[0].audio.done()


def test_when_every_voice_fails_the_error_names_each_reason(speaker_of: MakeSpeaker) -> None:
    speaker = speaker_of(FakeSynthesizer("first", fails=True), FakeSynthesizer("second", fails=True))
    (clause,) = speaker.speak("Bonjour", language="fr", rate_hz=RATE_HZ)
    with pytest.raises(SynthesisError, match=r"first is told to fail.*second is told to fail"):
        clause.audio.result()


def test_a_language_without_a_voice_is_a_synthesis_error(speaker_of: MakeSpeaker) -> None:
    (clause,) = speaker_of(FakeSynthesizer()).speak("Hello", language="en", rate_hz=RATE_HZ)
    with pytest.raises(SynthesisError, match="no voice for this language"):
        clause.audio.result()


def test_a_clause_dropped_before_its_turn_is_never_synthesised(speaker_of: MakeSpeaker) -> None:
    voice = FakeSynthesizer()
    speaker = speaker_of(voice)
    clauses = speaker.speak("Un. " * 50 + "Fin.", language="fr", rate_hz=RATE_HZ)
    dropped = clauses[-1].audio.cancel()
    wait([clause.audio for clause in clauses[:-1]])
    assert dropped == ("Fin." not in voice.spoken)


def test_a_client_s_lexicon_changes_what_is_said_for_that_client_only(speaker_of: MakeSpeaker) -> None:
    voice = FakeSynthesizer()
    speaker = speaker_of(voice)
    speaker.with_lexicon({"Huynh": "ouine"}).speak("Docteur Huynh", language="fr", rate_hz=RATE_HZ)[0].audio.result()
    speaker.speak("Docteur Huynh", language="fr", rate_hz=RATE_HZ)[0].audio.result()
    assert voice.spoken == ["Docteur ouine", "Docteur Huynh"]


def test_prewarming_reports_its_progress_and_makes_every_prompt_ready(speaker_of: MakeSpeaker) -> None:
    speaker, seen = speaker_of(FakeSynthesizer()), list[tuple[int, int]]()
    prompts = ["Bonjour.", TWO_CLAUSES]
    speaker.prewarm(prompts, language="fr", rate_hz=RATE_HZ, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]
    assert all(clause.audio.done() for clause in speaker.speak(TWO_CLAUSES, language="fr", rate_hz=RATE_HZ))


def test_prewarming_fails_when_no_voice_works(speaker_of: MakeSpeaker) -> None:
    with pytest.raises(SynthesisError):
        speaker_of(FakeSynthesizer(fails=True)).prewarm(["Bonjour."], language="fr", rate_hz=RATE_HZ)


@pytest.mark.parametrize("nothing", ["", "  ", "…"])
def test_nothing_to_say_is_no_speech(speaker_of: MakeSpeaker, nothing: str) -> None:
    clauses = speaker_of(FakeSynthesizer()).speak(nothing, language="fr", rate_hz=RATE_HZ)
    assert all(clause.audio.result().size == 0 for clause in clauses)
