"""From requests to transcripts on a loaded model: short windows, decoders batched, a second look at doubtful texts, guards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from voicebot.asr import bias, guards, windows
from voicebot.asr.engine import Decoded, Encoded, Hypothesis, SpeechEngine
from voicebot.asr.recognizer import Priority, RecognitionRequest
from voicebot.audio.resample import resample
from voicebot.core.audio import Samples
from voicebot.core.errors import RecognitionError
from voicebot.core.language import Language
from voicebot.core.transcripts import Transcript

MIN_AUDIO_S = 0.05
"""Less than this holds no word."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Piece:
    """A stretch of a request that fits one window."""

    audio: npt.NDArray[np.float32]
    request: RecognitionRequest
    prompt: tuple[int, ...]
    beam_size: int
    hypotheses: int

    @property
    def audio_s(self) -> float:
        return len(self.audio) / windows.MODEL_RATE_HZ


def audio_s(request: RecognitionRequest) -> float:
    """Duration of a request's audio, seconds."""
    return len(request.samples) / request.rate_hz


def recognise(engine: SpeechEngine, requests: Sequence[RecognitionRequest]) -> list[Transcript]:
    """Recognise several requests together, in the order given.

    Encoders run one by one (a batch of them is slower on a CPU); decoders of equal windows run as one batch.

    Raises:
        RecognitionError: the model failed; none of the requests has an answer.
    """
    pieces = {index: _pieces(engine, request) for index, request in enumerate(requests)}
    flat = [piece for of_request in pieces.values() for piece in of_request]
    answers = dict(zip(map(id, flat), _decode(engine, flat), strict=True))
    return [
        _transcript(engine, request, [_judged(engine, piece, answers[id(piece)]) for piece in pieces[index]])
        for index, request in enumerate(requests)
    ]


def _pieces(engine: SpeechEngine, request: RecognitionRequest) -> list[_Piece]:
    if request.samples.ndim != 1:
        raise RecognitionError(f"Audio to recognise has the shape {request.samples.shape}; expected one channel.")
    if audio_s(request) < MIN_AUDIO_S:
        return []
    traits = engine.traits
    partial = request.priority is Priority.PARTIAL
    rescored = bool(request.expected_words) and not traits.follows_prompts and not partial
    samples = resample(request.samples, request.rate_hz, windows.MODEL_RATE_HZ)
    return [
        _Piece(
            audio=_floats(piece),
            request=request,
            prompt=engine.prompt(request.language, request.expected_words),
            beam_size=1 if partial else max(traits.beam_size, bias.N_BEST if rescored else 1),
            hypotheses=bias.N_BEST if rescored else 1,
        )
        for piece in windows.cut(samples, traits)
    ]


def _floats(samples: Samples) -> npt.NDArray[np.float32]:
    return samples.astype(np.float32) / 32768.0


def _decode(engine: SpeechEngine, pieces: Sequence[_Piece]) -> list[Decoded]:
    """Answers in the order of `pieces`, decoded in groups whose windows, prompts and beams are alike."""
    encoded = [engine.encode(windows.pad(piece.audio, windows.window_s(piece.audio_s, engine.traits))) for piece in pieces]
    groups: dict[tuple[tuple[int, ...], int, int, int], list[int]] = defaultdict(list)
    for index, (piece, window) in enumerate(zip(pieces, encoded, strict=True)):
        groups[window.shape, len(piece.prompt), piece.beam_size, piece.hypotheses].append(index)
    answers: dict[int, Decoded] = {}
    for members in groups.values():
        decoded = _decode_alike(engine, [pieces[i] for i in members], [encoded[i] for i in members])
        answers.update(zip(members, decoded, strict=True))
    return [answers[index] for index in range(len(pieces))]


def _decode_alike(engine: SpeechEngine, pieces: Sequence[_Piece], encoded: Sequence[Encoded]) -> list[Decoded]:
    first = pieces[0]
    longest_s = max(piece.audio_s for piece in pieces)
    return engine.decode(
        encoded,
        [piece.prompt for piece in pieces],
        max_length=windows.max_length(longest_s, len(first.prompt), engine.traits),
        beam_size=first.beam_size,
        hypotheses=first.hypotheses,
    )


def _judged(engine: SpeechEngine, piece: _Piece, decoded: Decoded) -> Transcript:
    """The text of a piece, looked at again on the full window when it is doubtful, emptied when it cannot be what was said."""
    first = decoded.hypotheses[0]
    why = None
    if guards.is_suspicious(first, engine.traits) and piece.request.priority is not Priority.PARTIAL:
        again = _decode_alike(engine, [piece], [engine.encode(piece.audio, full_window=True)])[0]
        why = guards.disagreement(first, again.hypotheses[0])
        if _preferred(again.hypotheses[0], first):
            decoded = again
    chosen = bias.choose(decoded.hypotheses, piece.request.expected_words)
    why = guards.rejection(chosen, decoded.no_speech_prob, engine.traits) or why
    return Transcript(
        text="" if why else chosen.text,
        language=engine.language_for(piece.request.language),
        avg_logprob=chosen.avg_logprob,
        no_speech_prob=decoded.no_speech_prob,
        audio_s=piece.audio_s,
        rejected=why,
    )


def _preferred(again: Hypothesis, first: Hypothesis) -> bool:
    """Whether the second look is better: it does not loop where the first did, or it is likelier."""
    loops = guards.is_repetitive(again.text), guards.is_repetitive(first.text)
    return loops == (False, True) or (loops[0] == loops[1] and again.avg_logprob > first.avg_logprob)


def _transcript(engine: SpeechEngine, request: RecognitionRequest, pieces: Sequence[Transcript]) -> Transcript:
    """One transcript for a request: its pieces joined, log-probabilities weighted by the duration of those with a text."""
    language: Language = engine.language_for(request.language)
    if not pieces:
        return Transcript(text="", language=language, avg_logprob=0.0, no_speech_prob=1.0, audio_s=audio_s(request))
    said = [piece for piece in pieces if piece.text] or list(pieces)
    weight = sum(piece.audio_s for piece in said)
    return replace(
        said[0],
        text=" ".join(piece.text for piece in said if piece.text),
        avg_logprob=sum(piece.avg_logprob * piece.audio_s for piece in said) / weight,
        no_speech_prob=min(piece.no_speech_prob for piece in said),
        audio_s=audio_s(request),
    )
