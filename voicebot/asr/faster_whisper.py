"""Whisper models through faster-whisper and CTranslate2; the only importer of either.

`WhisperModel.transcribe` pads every utterance to 30 s. CTranslate2 itself accepts any shorter mel, so this adapter uses
the model, the feature extractor and the tokenizer that faster-whisper loads, and calls them directly.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import ctranslate2
import numpy as np
import numpy.typing as npt
from faster_whisper import WhisperModel

from voicebot.asr.bias import as_prompt
from voicebot.asr.engine import Decoded, Encoded, Hypothesis
from voicebot.asr.log_mel import LogMel
from voicebot.asr.windows import MODEL_RATE_HZ
from voicebot.core.errors import ModelError, RecognitionError
from voicebot.core.language import Language
from voicebot.models.manifest import RecognitionTraits
from voicebot.models.resolution import traits_of

_REQUIRED_FILES = ("config.json", "model.bin", "tokenizer.json")
_VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
_FULL_WINDOW_FRAMES = 3000
_STOCK_PADDING_SAMPLES = 160
_PROMPT_SHARE = 2  # at most half of the decoder's positions go to previous text, as in Whisper

# Tokens that faster-whisper suppresses by default are in the model's own config; -1 stands for them.
_DEFAULT_SYMBOLS = [-1]


class FasterWhisperEngine:
    """A loaded model; implements `SpeechEngine`. CTranslate2 is thread-safe, so are these methods."""

    def __init__(self, model: Any, traits: RecognitionTraits) -> None:
        """Wrap an already loaded `faster_whisper.WhisperModel`; see `load`."""
        self._model = model
        self._tokenizer = model.hf_tokenizer
        self._traits = traits
        self._end = self._token("<|endoftext|>")
        extractor = model.feature_extractor
        self._log_mel = LogMel(extractor.mel_filters, n_fft=extractor.n_fft, hop_samples=extractor.hop_length)

    @classmethod
    def load(
        cls,
        folder: Path,
        *,
        traits: RecognitionTraits | None = None,
        device: str = "cpu",
        compute_type: str = "int8",
        threads: int = 1,
        workers: int = 1,
    ) -> Self:
        """Load a CTranslate2 Whisper model.

        Args:
            folder: holds config.json, model.bin, tokenizer.json and vocabulary.json or .txt.
            traits: how to feed it; those of the manifest's entry of the folder's name when None.
            device: `cpu` or `cuda`.
            compute_type: `int8` on a CPU; `int8_float16` or `float16` on a GPU.
            threads: cores that one recognition uses.
            workers: recognitions that may run at once.

        Raises:
            ModelError: a file is missing or the model does not load.
        """
        _check_files(folder)
        try:
            model = WhisperModel(
                str(folder),
                device=device,
                compute_type=compute_type,
                cpu_threads=threads,
                num_workers=workers,
                local_files_only=True,
            )
            return cls(model, traits or traits_of(folder))
        except (RuntimeError, ValueError, OSError) as exc:
            raise ModelError(f"The recogniser in {folder} does not load: {exc}.") from exc
        except Exception as exc:
            if type(exc) is Exception:  # the tokenizers library raises plain Exception for a broken tokenizer.json
                raise ModelError(f"The tokenizer of {folder} does not load: {exc}.") from exc
            raise

    @property
    def traits(self) -> RecognitionTraits:
        """See `SpeechEngine.traits`."""
        return self._traits

    def language_for(self, language: Language) -> Language:
        """See `SpeechEngine.language_for`."""
        if self._model.model.is_multilingual:
            return language
        return "fr" if self._traits.full_prompt else "en"

    def prompt(self, language: Language, expected_words: Sequence[str]) -> tuple[int, ...]:
        """See `SpeechEngine.prompt`."""
        names = ["<|startoftranscript|>", "<|notimestamps|>"]
        if self._model.model.is_multilingual or self._traits.full_prompt:
            names[1:1] = [f"<|{self.language_for(language)}|>", "<|transcribe|>"]
        tokens = tuple(self._token(name) for name in names)
        if not (expected_words and self._traits.follows_prompts):
            return tokens
        previous = self._tokenizer.encode(" " + as_prompt(expected_words), add_special_tokens=False).ids
        return (self._token("<|startofprev|>"), *previous[: self._traits.max_tokens // _PROMPT_SHARE], *tokens)

    def encode(self, audio: npt.NDArray[np.float32], *, full_window: bool = False) -> Encoded:
        """See `SpeechEngine.encode`."""
        try:
            features = self._log_mel(np.pad(audio, (0, _STOCK_PADDING_SAMPLES)) if full_window else audio)
            if full_window:
                features = features[:, :_FULL_WINDOW_FRAMES]
                features = np.pad(features, ((0, 0), (0, _FULL_WINDOW_FRAMES - features.shape[1])))
            view = ctranslate2.StorageView.from_array(features[None])
            return np.asarray(self._model.model.encode(view, to_cpu=True))
        except (RuntimeError, ValueError) as exc:
            raise RecognitionError(f"Encoding {len(audio) / MODEL_RATE_HZ:.1f} s of audio failed: {exc}.") from exc

    def decode(
        self,
        batch: Sequence[Encoded],
        prompts: Sequence[tuple[int, ...]],
        *,
        max_length: int,
        beam_size: int,
        hypotheses: int = 1,
    ) -> list[Decoded]:
        """See `SpeechEngine.decode`."""
        try:
            windows = batch[0] if len(batch) == 1 else np.concatenate(batch)
            results = self._model.model.generate(
                ctranslate2.StorageView.from_array(windows),
                [list(prompt) for prompt in prompts],
                beam_size=beam_size,
                num_hypotheses=hypotheses,
                max_length=max_length,
                return_scores=True,
                return_no_speech_prob=True,
                suppress_blank=self._traits.suppress_symbols,
                suppress_tokens=_DEFAULT_SYMBOLS if self._traits.suppress_symbols else [],
            )
        except (RuntimeError, ValueError) as exc:
            raise RecognitionError(f"Decoding a batch of {len(batch)} failed: {exc}.") from exc
        return [self._decoded(result) for result in results]

    def transcribe_stock(
        self,
        audio: npt.NDArray[np.float32],
        *,
        language: Language,
        beam_size: int = 5,
        only_tokens: int | None = None,
    ) -> str:
        """The text of 16 kHz audio as faster-whisper's own `transcribe` gives it: what this adapter is compared with.

        Args:
            audio: float samples, -1..1.
            language: spoken language.
            beam_size: 5 is the library's default, 1 is greedy.
            only_tokens: when given, stop after as many and never decode again: equal work, for models of random weights.

        Raises:
            RecognitionError: the library failed.
        """
        once: dict[str, Any] = {
            "temperature": 0.0,
            "compression_ratio_threshold": None,
            "log_prob_threshold": None,
            "no_speech_threshold": None,
            "max_new_tokens": only_tokens,
        }
        try:
            segments, _ = self._model.transcribe(
                audio,
                language=language if self._model.model.is_multilingual else "en",  # it knows no other for a small vocabulary
                beam_size=beam_size,
                without_timestamps=True,
                condition_on_previous_text=False,
                suppress_blank=self._traits.suppress_symbols,
                suppress_tokens=_DEFAULT_SYMBOLS if self._traits.suppress_symbols else [],
                **(once if only_tokens else {}),
            )
            return " ".join(segment.text.strip() for segment in segments)
        except (RuntimeError, ValueError) as exc:
            raise RecognitionError(f"Stock transcription of {len(audio) / MODEL_RATE_HZ:.1f} s of audio failed: {exc}.") from exc

    def _decoded(self, result: Any) -> Decoded:
        pairs = zip(result.sequences_ids, result.scores, strict=True)
        return Decoded(
            hypotheses=tuple(self._hypothesis(tokens, score) for tokens, score in pairs),
            no_speech_prob=float(result.no_speech_prob),
        )

    def _hypothesis(self, tokens: list[int], score: float) -> Hypothesis:
        """`score` is the sum of log-probabilities over the number of text tokens; the end token counts in the mean."""
        text = self._tokenizer.decode([token for token in tokens if token < self._end]).strip()
        mean = score * len(tokens) / (len(tokens) + 1)
        return Hypothesis(text=text, avg_logprob=min(0.0, mean) if text and math.isfinite(mean) else 0.0)

    def _token(self, name: str) -> int:
        token = self._tokenizer.token_to_id(name)
        if token is None:
            raise ModelError(f"The recogniser's tokenizer lacks {name}; expected one of Whisper's.")
        return int(token)


def _check_files(folder: Path) -> None:
    missing = [name for name in _REQUIRED_FILES if not (folder / name).is_file()]
    if not any((folder / name).is_file() for name in _VOCABULARIES):
        missing.append(" or ".join(_VOCABULARIES))
    if missing:
        expected = f"{', '.join(_REQUIRED_FILES)} and {' or '.join(_VOCABULARIES)}"
        raise ModelError(f"Model folder {folder} lacks {', '.join(missing)}; expected {expected}.")
