from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pytest

from voicebot.asr.engine import Decoded, Encoded, Hypothesis
from voicebot.asr.host import RecognitionHost
from voicebot.asr.recognition import recognise
from voicebot.asr.recognizer import Priority, RecognitionRequest
from voicebot.core.errors import RecognitionError
from voicebot.core.language import Language
from voicebot.models.manifest import RecognitionTraits

RATE_HZ = 16000


class ScriptedEngine:
    """Reads a number out of the audio's level, and says the text that the script has for it.

    A list of texts is answered look by look. While `gate` is closed, encoding waits.
    """

    def __init__(self, script: dict[int, Hypothesis | list[Hypothesis]], traits: RecognitionTraits | None = None) -> None:
        self.script = script
        self.traits = traits or RecognitionTraits()
        self.gate = threading.Event()
        self.gate.set()
        self.begun = threading.Event()
        self.batches: list[int] = []
        self.full_windows = 0
        self.beams: list[int] = []

    def language_for(self, language: Language) -> Language:
        return language

    def prompt(self, language: Language, expected_words: Sequence[str]) -> tuple[int, ...]:
        return (1, 2, *(3 for _ in expected_words if self.traits.follows_prompts))

    def encode(self, audio: npt.NDArray[np.float32], *, full_window: bool = False) -> Encoded:
        self.begun.set()
        assert self.gate.wait(10)
        self.full_windows += full_window
        number = round(float(audio[0]) * 32768)
        return np.full((1, 1500 if full_window else len(audio) // 320, 1), number, np.float32)

    def decode(
        self,
        batch: Sequence[Encoded],
        prompts: Sequence[tuple[int, ...]],
        *,
        max_length: int,
        beam_size: int,
        hypotheses: int = 1,
    ) -> list[Decoded]:
        assert len({window.shape for window in batch}) == 1
        assert len({len(prompt) for prompt in prompts}) == 1
        self.batches.append(len(batch))
        self.beams.append(beam_size)
        return [Decoded(hypotheses=(self._next(int(np.asarray(window).flat[0])),), no_speech_prob=0.0) for window in batch]

    def _next(self, number: int) -> Hypothesis:
        if number not in self.script:
            raise RecognitionError(f"Nothing is scripted for {number}.")
        answer = self.script[number]
        return answer.pop(0) if isinstance(answer, list) else answer


def said(text: str, avg_logprob: float = -0.1) -> Hypothesis:
    return Hypothesis(text=text, avg_logprob=avg_logprob)


def request(
    number: int, *, seconds: float = 1.0, priority: Priority = Priority.FINAL, deadline_s: float = 9.0
) -> RecognitionRequest:
    samples = np.full(round(seconds * RATE_HZ), number, np.int16)
    return RecognitionRequest(samples=samples, rate_hz=RATE_HZ, language="fr", priority=priority, deadline_s=deadline_s)


@pytest.fixture
def engine() -> ScriptedEngine:
    return ScriptedEngine({n: said(f"text {n}") for n in range(1, 20)})


@pytest.fixture
def host(engine: ScriptedEngine) -> Iterator[RecognitionHost]:
    host = RecognitionHost(engine, most_waiting=3, now_s=lambda: 0.0)
    yield host
    engine.gate.set()
    host.close()


def occupy(host: RecognitionHost, engine: ScriptedEngine) -> None:
    """Keep the worker busy with request 1 until the gate opens."""
    engine.gate.clear()
    host.submit(request(1))
    assert engine.begun.wait(10)


def test_requests_of_several_calls_are_decoded_together(host: RecognitionHost, engine: ScriptedEngine) -> None:
    occupy(host, engine)
    futures = [host.submit(request(n)) for n in (2, 3, 4)]
    engine.gate.set()
    assert [future.result(10).text for future in futures] == ["text 2", "text 3", "text 4"]
    assert engine.batches == [1, 3]


def test_windows_of_unequal_length_are_decoded_apart(engine: ScriptedEngine) -> None:
    recognise(engine, [request(1, seconds=1.0), request(2, seconds=4.0), request(3, seconds=1.1)])
    assert sorted(engine.batches) == [1, 2]


def test_a_waiting_request_can_be_cancelled_and_is_never_decoded(host: RecognitionHost, engine: ScriptedEngine) -> None:
    occupy(host, engine)
    dropped, kept = host.submit(request(2)), host.submit(request(3))
    assert dropped.cancel()
    engine.gate.set()
    kept.result(10)
    assert engine.batches == [1, 1]


def test_under_load_partials_are_shed_and_finals_answered(host: RecognitionHost, engine: ScriptedEngine) -> None:
    occupy(host, engine)
    partial = host.submit(request(2, priority=Priority.PARTIAL))
    finals = [host.submit(request(n)) for n in (3, 4, 5, 6, 7)]
    assert partial.cancelled()
    engine.gate.set()
    assert [future.result(10).text for future in finals] == [f"text {n}" for n in (3, 4, 5, 6, 7)]


def test_one_bad_request_costs_its_neighbours_nothing(host: RecognitionHost, engine: ScriptedEngine) -> None:
    occupy(host, engine)
    good, bad = host.submit(request(2)), host.submit(request(99))
    engine.gate.set()
    assert good.result(10).text == "text 2"
    assert isinstance(bad.exception(10), RecognitionError)


def test_a_failure_of_any_kind_arrives_as_a_recognition_error_and_the_worker_lives(
    host: RecognitionHost, engine: ScriptedEngine
) -> None:
    engine.script[50] = []  # an unexpected IndexError
    assert isinstance(host.submit(request(50)).exception(10), RecognitionError)
    assert host.submit(request(2)).result(10).text == "text 2"


def test_closing_cancels_what_waits_and_what_comes_later(engine: ScriptedEngine) -> None:
    host = RecognitionHost(engine)
    occupy(host, engine)
    waiting = host.submit(request(2, seconds=3.0))
    closing = threading.Thread(target=host.close)
    closing.start()
    engine.gate.set()
    closing.join(10)
    assert waiting.cancelled()
    assert host.submit(request(3)).cancelled()


def test_a_doubtful_text_is_replaced_by_a_likelier_one_of_the_full_window() -> None:
    engine = ScriptedEngine({1: [said("bonjour madame", -1.1), said("bonjour madame.", -0.3)]})
    assert recognise(engine, [request(1)])[0].text == "bonjour madame."
    assert engine.full_windows == 1


def test_a_doubtful_text_that_the_full_window_does_not_confirm_is_rejected() -> None:
    engine = ScriptedEngine({1: [said("mon nom est moreno", -1.1), said("quel temps", -0.9)]})
    transcript = recognise(engine, [request(1)])[0]
    assert (transcript.text, transcript.rejected) == ("", "low_logprob")


def test_a_loop_is_redone_on_the_full_window() -> None:
    engine = ScriptedEngine({1: [said("oui " * 9), said("oui je viens", -0.4)]})
    assert recognise(engine, [request(1)])[0].text == "oui je viens"


def test_a_partial_is_greedy_and_never_redone() -> None:
    engine = ScriptedEngine({1: said("bonjour", -1.1)}, RecognitionTraits(beam_size=5))
    recognise(engine, [request(1, priority=Priority.PARTIAL)])
    assert (engine.beams, engine.full_windows) == ([1], 0)


def test_long_speech_is_recognised_piece_by_piece() -> None:
    engine = ScriptedEngine({1: said("encore")}, RecognitionTraits(max_window_s=10.0, margin_s=1.0))
    transcript = recognise(engine, [request(1, seconds=20.0)])[0]
    assert set(transcript.text.split()) == {"encore"}
    assert len(transcript.text.split()) >= 3
    assert transcript.audio_s == 20.0


def test_a_request_without_audio_is_an_empty_text(engine: ScriptedEngine) -> None:
    transcript = recognise(engine, [request(1, seconds=0.0)])[0]
    assert (transcript.text, transcript.avg_logprob, engine.batches) == ("", 0.0, [])
