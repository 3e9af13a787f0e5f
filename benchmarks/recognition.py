"""Short windows and batched decoders against faster-whisper's own `transcribe`: words wrong and CPU seconds per utterance.

The bundled recogniser is measured on synthetic voices that its training never heard; models of random weights only for speed.
`python -m benchmarks.recognition [--sentences 200] [--quick]`
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein

from benchmarks import harness, random_weights, speech
from voicebot.asr import windows
from voicebot.asr.faster_whisper import FasterWhisperEngine
from voicebot.asr.host import RecognitionHost
from voicebot.asr.recognizer import Priority, RecognitionRequest
from voicebot.models.manifest import RecognitionTraits
from voicebot.models.resolution import resolve

MODEL = "compact-fr"
RANDOM_SHAPE = "small"
SIMULTANEOUS = (1, 4, 8)
RANDOM_AUDIO_S = 2.8  # mean of the test set's utterances
RANDOM_TOKENS = 16
"""Tokens decoded per utterance with random weights, by both: as many as 3 s of fast French make."""

Texts = dict[int, str]


def word_error_rate(said: Sequence[str], heard: Sequence[str]) -> float:
    """Substituted, missing and added words over words said, accents and hyphens counting."""
    errors = sum(Levenshtein.distance(s.split(), h.split()) for s, h in zip(said, heard, strict=True))
    return errors / sum(len(s.split()) for s in said)


def request(utterance: speech.Utterance) -> RecognitionRequest:
    return RecognitionRequest(
        samples=utterance.samples, rate_hz=speech.RATE_HZ, language="fr", priority=Priority.FINAL, deadline_s=10.0
    )


def compact(count: int) -> dict[str, Any]:
    """The bundled model through the host, against stock with beam 5 and stock greedy."""
    utterances = speech.utterances(count)
    engine = FasterWhisperEngine.load(resolve(MODEL))
    host = RecognitionHost(engine)
    said = [utterance.text for utterance in utterances]
    figures: dict[str, Any] = {"utterances": count, "audio_s": sum(len(u.samples) for u in utterances) / speech.RATE_HZ}
    ours: Texts = {}
    for beam_size in (5, 1):
        stock: Texts = {}
        comparison = harness.compare(
            [partial(_ours, host, utterance, ours, i) for i, utterance in enumerate(utterances)],
            [partial(_stock, engine, utterance, beam_size, stock, i) for i, utterance in enumerate(utterances)],
        )
        figures[f"against_stock_beam_{beam_size}"] = comparison
        figures[f"wer_stock_beam_{beam_size}"] = word_error_rate(said, [stock[i] for i in range(count)])
    figures["wer"] = word_error_rate(said, [ours[i] for i in range(count)])
    for telephone in (False, True):
        chosen = [i for i, utterance in enumerate(utterances) if utterance.telephone is telephone]
        figures[f"wer_{'telephone' if telephone else 'wide'}"] = word_error_rate(
            [said[i] for i in chosen], [ours[i] for i in chosen]
        )
    figures["burst_cpu_s_per_utterance"] = harness.timed(lambda: _burst(host, utterances)).cpu_s / count
    host.close()
    return figures


def _ours(host: RecognitionHost, utterance: speech.Utterance, texts: Texts, index: int) -> None:
    texts[index] = host.submit(request(utterance)).result().text


def _stock(engine: FasterWhisperEngine, utterance: speech.Utterance, beam_size: int, texts: Texts, index: int) -> None:
    audio = utterance.samples.astype(np.float32) / np.float32(32768)
    texts[index] = engine.transcribe_stock(audio, language="fr", beam_size=beam_size)


def _burst(host: RecognitionHost, utterances: Sequence[speech.Utterance]) -> None:
    for future in [host.submit(request(utterance)) for utterance in utterances]:
        future.result()


def random_shape(shape: str, rounds: int) -> dict[str, Any]:
    """A model of random weights: short windows with n decoders batched, against stock one call after the other."""
    with tempfile.TemporaryDirectory() as folder:
        path = random_weights.build(random_weights.SHAPES[shape], Path(folder) / shape)
        traits = RecognitionTraits(full_prompt=True, follows_prompts=False, suppress_symbols=False)
        engine = FasterWhisperEngine.load(path, traits=traits)
        audio = np.random.default_rng(0).standard_normal(round(RANDOM_AUDIO_S * windows.MODEL_RATE_HZ)).astype(np.float32) * 0.05
        figures: dict[str, Any] = {
            "weights": "random: speed only",
            "audio_s": RANDOM_AUDIO_S,
            "window_s": windows.window_s(RANDOM_AUDIO_S, traits),
            "tokens_decoded_by_both": RANDOM_TOKENS,
        }
        for beam_size in (5, 1):
            stock: Callable[[], object] = partial(
                engine.transcribe_stock, audio, language="fr", beam_size=beam_size, only_tokens=RANDOM_TOKENS
            )
            for calls in SIMULTANEOUS:
                ours = partial(_batched, engine, audio, calls)
                comparison = harness.compare([ours] * rounds, [stock] * rounds, warm_up=1)
                figures[f"cpu_ratio_per_call_{calls}_simultaneous_against_stock_beam_{beam_size}"] = comparison.cpu_ratio / calls
                figures[f"cpu_s_{calls}_simultaneous_against_stock_beam_{beam_size}"] = {
                    "ours": comparison.a,
                    "stock_one_call": comparison.b,
                }
        figures["decoder"] = _decoder_gain(engine, audio, rounds)
        return figures


def _batched(engine: FasterWhisperEngine, audio: npt.NDArray[np.float32], calls: int) -> None:
    padded = windows.pad(audio, windows.window_s(RANDOM_AUDIO_S, engine.traits))
    prompt = engine.prompt("fr", ())
    encoded = [engine.encode(padded) for _ in range(calls)]
    engine.decode(encoded, [prompt] * calls, max_length=len(prompt) + RANDOM_TOKENS, beam_size=1)


def _decoder_gain(engine: FasterWhisperEngine, audio: npt.NDArray[np.float32], rounds: int) -> dict[str, float]:
    """CPU of n decoders run one by one over that of one batch of n, encoders left out."""
    prompt = engine.prompt("fr", ())
    window = engine.encode(windows.pad(audio, windows.window_s(RANDOM_AUDIO_S, engine.traits)))

    def together(n: int) -> None:
        engine.decode([window] * n, [prompt] * n, max_length=len(prompt) + RANDOM_TOKENS, beam_size=1)

    def apart(n: int) -> None:
        for _ in range(n):
            together(1)

    return {
        f"gain_of_batching_{n}": harness.compare(
            [partial(apart, n)] * rounds, [partial(together, n)] * rounds, warm_up=1
        ).cpu_ratio
        for n in SIMULTANEOUS[1:]
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=int, default=200, help="sentences of the test set, at most 600")
    parser.add_argument("--quick", action="store_true", help="20 sentences, and the smallest random shape")
    arguments = parser.parse_args()
    count = 20 if arguments.quick else arguments.sentences
    shape = "tiny" if arguments.quick else RANDOM_SHAPE
    figures = {MODEL: compact(count), f"random_{shape}": random_shape(shape, 2 if arguments.quick else 5)}
    hashes = {MODEL: harness.sha256_of(resolve(MODEL)), "sentences": harness.sha256_of(speech.SENTENCES)}
    _show(figures)
    harness.write("recognition_quick" if arguments.quick else "recognition", figures, hashes=hashes)


def _show(figures: dict[str, Any]) -> None:
    for name, table in figures.items():
        print(name)
        for key, value in table.items():
            print(f"  {key}: {value}")


if __name__ == "__main__":
    main()
