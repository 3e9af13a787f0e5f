"""The bundled recogniser on synthetic voices that its training never heard, and on sounds that are no speech."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from benchmarks import speech
from benchmarks.recognition import request, word_error_rate
from voicebot.asr.faster_whisper import FasterWhisperEngine
from voicebot.asr.host import RecognitionHost
from voicebot.asr.recognition import recognise
from voicebot.asr.recognizer import Priority, RecognitionRequest
from voicebot.core.errors import ModelError, RecognitionError
from voicebot.models.resolution import resolve


@pytest.fixture(scope="module")
def engine() -> FasterWhisperEngine:
    return FasterWhisperEngine.load(resolve("compact-fr"))


@pytest.fixture(scope="module")
def utterances() -> list[speech.Utterance]:
    return speech.utterances(30)


@pytest.fixture
def host(engine: FasterWhisperEngine) -> Iterator[RecognitionHost]:
    host = RecognitionHost(engine)
    yield host
    host.close()


def heard(engine: FasterWhisperEngine, samples: npt.NDArray[np.int16], words: tuple[str, ...] = ()) -> str:
    asked = RecognitionRequest(
        samples=samples, rate_hz=16000, language="fr", priority=Priority.FINAL, deadline_s=5.0, expected_words=words
    )
    return recognise(engine, [asked])[0].text


def test_unseen_voices_are_understood(host: RecognitionHost, utterances: list[speech.Utterance]) -> None:
    texts = [host.submit(request(utterance)) for utterance in utterances]
    assert word_error_rate([u.text for u in utterances], [text.result(60).text for text in texts]) < 0.10


def test_a_batch_reads_what_each_alone_reads(engine: FasterWhisperEngine, utterances: list[speech.Utterance]) -> None:
    requests = [request(utterance) for utterance in utterances[:8]]
    together = [transcript.text for transcript in recognise(engine, requests)]
    assert together == [recognise(engine, [asked])[0].text for asked in requests]


@pytest.mark.parametrize("seed", [0, 1])
def test_sounds_that_are_no_speech_make_no_words(engine: FasterWhisperEngine, seed: int) -> None:
    chance = np.random.default_rng(seed)
    t = np.arange(2 * 16000) / 16000
    sounds = {
        "silence": np.zeros_like(t),
        "hiss": chance.normal(0, 0.02, len(t)),
        "dial tone": 0.2 * np.sin(2 * np.pi * 440 * t),
        "ringing": 0.2 * np.sin(2 * np.pi * 440 * t) * (t % 1 < 0.4),
        "mains hum": 0.2 * np.sin(2 * np.pi * 50 * t) + 0.1 * np.sin(2 * np.pi * 150 * t),
        "clicks": 0.8 * (chance.random(len(t)) < 0.001),
    }
    texts = {name: heard(engine, (sound * 32767).astype(np.int16)) for name, sound in sounds.items()}
    assert texts == dict.fromkeys(sounds, "")


def test_an_expected_name_is_preferred_to_a_sound_alike(engine: FasterWhisperEngine) -> None:
    said = speech.utterance(speech.sentences(600).index("je voudrais laisser un message pour brigitte brunel"))
    assert heard(engine, said.samples).split()[-1] != "brunel"
    assert heard(engine, said.samples, ("Brunel", "Martin")).split()[-1] == "brunel"


def test_stock_transcription_of_the_same_model_reads_about_the_same(
    engine: FasterWhisperEngine, utterances: list[speech.Utterance]
) -> None:
    some = utterances[:4]
    stock = [engine.transcribe_stock(u.samples.astype(np.float32) / np.float32(32768), language="fr", beam_size=1) for u in some]
    assert word_error_rate([u.text for u in some], stock) < 0.2


def test_a_folder_without_its_files_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"lacks config\.json, model\.bin, tokenizer\.json, vocabulary\.json or vocabulary\.txt"):
        FasterWhisperEngine.load(tmp_path)


@pytest.mark.parametrize("broken", ["model.bin", "tokenizer.json", "config.json"])
def test_a_damaged_model_is_a_model_error(tmp_path: Path, broken: str) -> None:
    folder = tmp_path / "compact-fr"
    shutil.copytree(resolve("compact-fr"), folder)
    (folder / broken).write_bytes(b"{damaged")
    with pytest.raises(ModelError, match="does not load"):
        FasterWhisperEngine.load(folder)


def test_a_decoder_pushed_beyond_its_positions_is_a_recognition_error(engine: FasterWhisperEngine) -> None:
    window = engine.encode(np.zeros(16000, np.float32))
    with pytest.raises(RecognitionError, match="Decoding"):
        engine.decode([window], [tuple([5] * 200)], max_length=400, beam_size=1)
