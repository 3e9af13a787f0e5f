from __future__ import annotations

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.tts import FakeSynthesizer, write_hissing_piper_voice
from voicebot.core.errors import ModelError, SynthesisError
from voicebot.tts.espeak import EspeakSynthesizer, receptionist_voice
from voicebot.tts.loudness import active_rms_dbfs
from voicebot.tts.piper import PiperSynthesizer
from voicebot.tts.synthesizer import Synthesizer

SENTENCE = "Bonjour, cabinet du docteur Martin, que puis-je faire pour vous ?"


@pytest.fixture(scope="module")
def hissing_voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_hissing_piper_voice(tmp_path_factory.mktemp("piper"))


@pytest.fixture(params=["fake", "espeak-fr", "espeak-en", "piper"])
def synthesizer(request: pytest.FixtureRequest) -> Synthesizer:
    match request.param:
        case "fake":
            return FakeSynthesizer()
        case "espeak-fr":
            return EspeakSynthesizer("fr")
        case "espeak-en":
            return EspeakSynthesizer("en-gb")
        case _:
            return PiperSynthesizer(request.getfixturevalue("hissing_voice"))


def test_speech_is_int16_mono_at_the_stated_rate(synthesizer: Synthesizer) -> None:
    samples = synthesizer.synthesize(SENTENCE)
    assert samples.dtype == np.int16
    assert samples.ndim == 1
    assert 0.3 < samples.size / synthesizer.rate_hz < 8.0


def test_a_longer_text_takes_longer_to_say(synthesizer: Synthesizer) -> None:
    assert synthesizer.synthesize(SENTENCE * 2).size > 1.5 * synthesizer.synthesize(SENTENCE).size


def test_speech_is_loud_enough_and_never_near_clipping(synthesizer: Synthesizer) -> None:
    samples = synthesizer.synthesize(SENTENCE)
    assert active_rms_dbfs(samples, synthesizer.rate_hz) == pytest.approx(-20.0, abs=1.0)
    assert np.abs(samples.astype(np.int32)).max() < 32768 * 10 ** (-3 / 20)


@pytest.mark.parametrize("nothing", ["", " ", "...", "?!"])
def test_text_without_a_word_gives_no_speech(synthesizer: Synthesizer, nothing: str) -> None:
    assert synthesizer.synthesize(nothing).size == 0


@pytest.mark.parametrize("odd", ["a\0b", "\ud800 bonjour", "[[ bonjour ]]", "<speak>bonjour</speak>", "œuf à 😀", "日本"])
def test_odd_text_is_spoken_or_refused_as_a_synthesis_error(synthesizer: Synthesizer, odd: str) -> None:
    with contextlib.suppress(SynthesisError):
        assert synthesizer.synthesize(odd).dtype == np.int16


def test_calls_from_several_threads_do_not_mix(synthesizer: Synthesizer) -> None:
    texts = [SENTENCE[: 12 + 6 * i] for i in range(6)]
    alone = [synthesizer.synthesize(text).size for text in texts]
    barrier = threading.Barrier(3)

    def speak(text: str) -> int:
        barrier.wait()
        return synthesizer.synthesize(text).size

    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(speak, texts))
    assert together == pytest.approx(alone, rel=0.02)  # a voice may flutter by a few milliseconds


def test_two_voices_have_two_names() -> None:
    names = {EspeakSynthesizer(*args).name for args in [("fr",), ("fr-be",), ("fr", "f5"), ("en-gb",)]}
    assert len(names | {EspeakSynthesizer(speed_wpm=150).name, EspeakSynthesizer(pitch=40).name}) == 6


@pytest.mark.parametrize("variant", ["f5", "m7", "m8", "caleb", "gustave", "marcelo", "robert", "zac", "Henrique", "steph2"])
def test_espeak_variants_differ_from_the_plain_voice_and_do_not_clip(variant: str) -> None:
    plain, varied = EspeakSynthesizer("fr"), EspeakSynthesizer("fr", variant)
    spectra = [np.abs(np.fft.rfft(voice.synthesize(SENTENCE), 1 << 17)) for voice in (plain, varied)]
    assert np.corrcoef(*[np.log1p(s[: 1 << 15].reshape(256, -1).mean(axis=1)) for s in spectra])[0, 1] < 0.999
    assert np.abs(varied.synthesize(SENTENCE).astype(np.int32)).max() < 32768 * 10 ** (-3 / 20)


@pytest.mark.parametrize("voice", ["fr", "fr-be", "fr-ch", "en-gb"])
def test_espeak_voices_keep_their_settings_when_used_in_turn(voice: str) -> None:
    one, other = EspeakSynthesizer(voice, speed_wpm=160), EspeakSynthesizer("fr", "zac", speed_wpm=300)
    before = one.synthesize(SENTENCE).size
    other.synthesize(SENTENCE)
    assert one.synthesize(SENTENCE).size == pytest.approx(before, rel=0.01)


def test_the_receptionist_speaks_slower_than_a_caller() -> None:
    assert receptionist_voice("fr").synthesize(SENTENCE).size > EspeakSynthesizer("fr").synthesize(SENTENCE).size
    assert receptionist_voice("en").name != receptionist_voice("fr").name


@pytest.mark.parametrize("arguments", [("klingon-tng",), ("fr", "nobody"), ("fr", "../../fr_dict"), ("fr+f5",), ("",)])
def test_an_unknown_espeak_voice_is_a_model_error(arguments: tuple[str, ...]) -> None:
    with pytest.raises(ModelError, match="eSpeak NG has no"):
        EspeakSynthesizer(*arguments)


def test_espeak_and_the_copy_inside_piper_live_in_one_process(hissing_voice: Path) -> None:
    espeak, piper = EspeakSynthesizer("fr"), PiperSynthesizer(hissing_voice)
    alone = espeak.synthesize(SENTENCE).size, piper.synthesize(SENTENCE).size
    EspeakSynthesizer("en-gb").synthesize(SENTENCE)
    assert (espeak.synthesize(SENTENCE).size, piper.synthesize(SENTENCE).size) == pytest.approx(alone, rel=0.01)


def test_a_missing_piper_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model .*absent\.onnx is missing"):
        PiperSynthesizer(tmp_path / "absent.onnx")


def test_a_missing_piper_configuration_is_named(tmp_path: Path) -> None:
    model = write_hissing_piper_voice(tmp_path)
    Path(f"{model}.json").unlink()
    with pytest.raises(ModelError, match=r"configuration .*hiss\.onnx\.json is missing"):
        PiperSynthesizer(model)


@pytest.mark.parametrize("content", ["not json", "{}", "[]", '{"audio": 3}'])
def test_an_unreadable_piper_configuration_is_a_model_error(tmp_path: Path, content: str) -> None:
    model = write_hissing_piper_voice(tmp_path)
    Path(f"{model}.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=r"hiss\.onnx\.json is not one that Piper reads"):
        PiperSynthesizer(model)


def test_a_damaged_piper_model_is_a_model_error(tmp_path: Path) -> None:
    model = write_hissing_piper_voice(tmp_path)
    model.write_bytes(model.read_bytes()[:40])
    with pytest.raises(ModelError, match=r"hiss\.onnx does not load"):
        PiperSynthesizer(model)


def test_a_failing_piper_run_is_a_synthesis_error(tmp_path: Path) -> None:
    model = write_hissing_piper_voice(tmp_path)
    model.write_bytes(model.read_bytes().replace(b"scales", b"scalez"))
    with pytest.raises(SynthesisError, match="Piper failed"):
        PiperSynthesizer(model).synthesize("Bonjour")
