"""`models/manifest.toml`: every model that the software can use, and what is known of it."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from voicebot.core.errors import ModelError


class Purpose(StrEnum):
    """What a model is for."""

    RECOGNITION = "recognition"
    SYNTHESIS = "synthesis"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RecognitionTraits(_Strict):
    """How a Whisper-shaped model wants to be fed, and when its answers are not to be believed."""

    margin_s: float = Field(default=1.3, ge=0)
    """Zero audio put after the speech, seconds; without any, Whisper drops or invents last words."""
    max_window_s: float = Field(default=30.0, gt=0, le=30)
    """Longest window, margin included, that the model reads well, seconds; longer speech is cut at a quiet place."""
    max_tokens: int = Field(default=448, gt=4)
    """Positions of the decoder, prompt included."""
    tokens_per_s: float = Field(default=12.0, gt=0)
    """Most text tokens that a second of fast speech makes."""
    beam_size: int = Field(default=1, ge=1)
    """Hypotheses kept while decoding final texts; 1 is greedy."""
    full_prompt: bool = False
    """Knows the language and task tokens although its vocabulary is that of no multilingual Whisper."""
    follows_prompts: bool = True
    """Was trained with previous text: expected words can be given as such. Otherwise hypotheses are rescored."""
    suppress_symbols: bool = True
    """Suppress the default list of non-speech tokens (right for Whisper's own vocabularies only)."""
    min_avg_logprob: float = Field(default=-1.0, le=0)
    """Below this mean log-probability per token a text is suspicious, and is redone on the full window."""
    reject_avg_logprob: float = Field(default=-1.3, le=0)
    """Below this, even after redoing, it is noise."""
    max_no_speech_prob: float = Field(default=0.6, ge=0, le=1)
    """Above this, with a suspicious log-probability, the window holds no speech."""


class ModelFile(_Strict):
    """One file of a model."""

    path: str
    """Where it lies in its repository; it is stored under its last component."""
    size_bytes: int | None = None
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    """Of the content, where it is known."""

    @property
    def name(self) -> str:
        """File name on disk."""
        return Path(self.path).name


class ModelEntry(_Strict):
    """One model of the manifest."""

    name: str
    purpose: Purpose
    languages: tuple[str, ...]
    """ISO 639-1 codes; `*` is many."""
    origin: str
    """`bundled`, or the repository on the hub."""
    revision: str | None = None
    """Branch, tag or commit on the hub."""
    licence: str
    size_mb: float
    """Size on disk, megabytes, roughly."""
    sample_rate_hz: int
    """Rate that a recogniser hears, or that a voice speaks at."""
    summary: str
    understands_people: bool = True
    """False for a recogniser that has only heard synthetic voices."""
    files: tuple[ModelFile, ...]
    recognition: RecognitionTraits | None = None

    @property
    def bundled(self) -> bool:
        """Whether it comes with the software."""
        return self.origin == "bundled"


class Manifest(_Strict):
    """All entries, by name, in the file's order."""

    model: dict[str, ModelEntry]

    def entries(self) -> tuple[ModelEntry, ...]:
        """Every entry."""
        return tuple(self.model.values())

    def entry(self, name: str) -> ModelEntry:
        """The entry of that name.

        Raises:
            ModelError: there is none.
        """
        if name not in self.model:
            raise ModelError(f"No model is called {name!r}; the manifest has: {', '.join(self.model)}.")
        return self.model[name]


def bundled_dir() -> Path:
    """`models/` at the root of the source tree, beside the package: the manifest and the bundled models."""
    return Path(__file__).resolve().parents[2] / "models"


def load_manifest(path: Path | None = None) -> Manifest:
    """Read and check a manifest; by default the one that comes with the software.

    Raises:
        ModelError: it is missing, not TOML, or a field is wrong; the message names it.
    """
    path = path or bundled_dir() / "manifest.toml"
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        entries = {name: {"name": name, **table} for name, table in tables.get("model", {}).items()}
        return Manifest.model_validate({"model": entries})
    except OSError as exc:
        raise ModelError(f"The manifest of models {path} cannot be read: {exc.strerror}.") from exc
    except tomllib.TOMLDecodeError as exc:
        raise ModelError(f"The manifest of models {path} is not TOML: {exc}.") from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ModelError(f"The manifest of models {path} is wrong at {where}: {first['msg']}.") from exc
