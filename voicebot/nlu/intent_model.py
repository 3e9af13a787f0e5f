"""The linear classifier of intents and urgency, as a component of a blank spaCy pipeline.

Trained by `training.py`, saved by `nlp.to_disk`, loaded by `spacy.load`; inference needs numpy alone.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import spacy
from spacy.language import Language as Pipeline
from spacy.tokens import Doc

from voicebot.core.errors import ModelError
from voicebot.core.language import Language
from voicebot.nlu.features import BUCKETS, Values, hashed
from voicebot.nlu.normalise import normalise, strip_courtesies

FACTORY = "permanence_intents"
"""Name of the component in the pipeline and in its factory registry."""
CALM = "calm"
"""Label of the urgency head for everything that is not urgent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """One multinomial regression."""

    labels: tuple[str, ...]
    weights: npt.NDArray[np.float32]
    """Shape (BUCKETS, n_labels)."""
    bias: npt.NDArray[np.float32]
    """Shape (n_labels,)."""
    temperature: float = 1.0
    """Divides the logits; > 0."""

    def logits(self, indices: npt.NDArray[np.int64], values: Values) -> npt.NDArray[np.float32]:
        """Calibrated logits, shape (n_labels,)."""
        raw: npt.NDArray[np.float32] = (values @ self.weights[indices] + self.bias) / np.float32(self.temperature)
        return raw


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Everything the component learns."""

    idf: Values
    """Shape (BUCKETS,)."""
    intents: Head
    urgency: Head


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What the model says of one utterance, before rules and masks."""

    intent_logits: Mapping[str, float]
    urgency: Mapping[str, float]
    """Probability of each kind of urgency, `CALM` included; sums to 1."""


class IntentModel:
    """spaCy component that writes `doc.cats`: intents, and urgency kinds under `urgency/`."""

    def __init__(self, language: Language, weights: Weights | None = None) -> None:
        """An empty component until `from_disk` or `weights`."""
        self._language: Language = language
        self._weights = weights

    @property
    def temperature(self) -> float:
        """What the logits of the intents are divided by; 1.0 for an empty component."""
        return 1.0 if self._weights is None else self._weights.intents.temperature

    def restore(self, weights: Weights) -> None:
        """Take freshly trained weights."""
        self._weights = weights

    def predict(self, line: str) -> Prediction:
        """Classify a normalised line. Thread-safe; does not touch the pipeline's vocabulary.

        Raises:
            ModelError: when nothing has been learnt or loaded.
        """
        if self._weights is None:
            raise ModelError(f"The {self._language} intent model is empty: expected trained weights, run `make models`.")
        indices, values = hashed(strip_courtesies(line), self._language, self._weights.idf)
        intents, urgency = self._weights.intents, self._weights.urgency
        return Prediction(
            intent_logits=dict(zip(intents.labels, intents.logits(indices, values).tolist(), strict=True)),
            urgency=dict(zip(urgency.labels, softmax(urgency.logits(indices, values)).tolist(), strict=True)),
        )

    def __call__(self, doc: Doc) -> Doc:
        """Fill `doc.cats` with probabilities."""
        prediction = self.predict(normalise(doc.text, self._language))
        scores = softmax(np.array(list(prediction.intent_logits.values()), np.float32)).tolist()
        doc.cats.update(dict(zip(prediction.intent_logits, scores, strict=True)))
        doc.cats.update({f"urgency/{kind}": p for kind, p in prediction.urgency.items()})
        return doc

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:  # noqa: ARG002 - spaCy's signature
        """Write weights (half precision, buckets without weight left out) and labels into the folder `path`."""
        if self._weights is None:
            raise ModelError("An empty intent model cannot be saved: expected trained weights.")
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        heads = {"intents": self._weights.intents, "urgency": self._weights.urgency}
        used = np.flatnonzero(np.abs(self._weights.intents.weights).sum(1) + np.abs(self._weights.urgency.weights).sum(1))
        arrays: dict[str, Any] = {"used": used.astype(np.int32), "idf": self._weights.idf.astype(np.float16)}
        arrays |= {f"{name}_weights": head.weights[used].astype(np.float16) for name, head in heads.items()}
        arrays |= {f"{name}_bias": head.bias for name, head in heads.items()}
        np.savez_compressed(folder / "weights.npz", **arrays)
        labels = {name: {"labels": head.labels, "temperature": head.temperature} for name, head in heads.items()}
        (folder / "labels.json").write_text(json.dumps(labels, indent=1), encoding="utf-8")

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> IntentModel:  # noqa: ARG002 - spaCy's signature
        """Read what `to_disk` wrote."""
        folder = Path(path)
        labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        with (folder / "weights.npz").open("rb") as file, np.load(file) as arrays:
            used = arrays["used"]
            idf = arrays["idf"].astype(np.float32)
            heads = {
                name: Head(
                    labels=tuple(spec["labels"]),
                    weights=_spread(used, arrays[f"{name}_weights"]),
                    bias=arrays[f"{name}_bias"],
                    temperature=float(spec["temperature"]),
                )
                for name, spec in labels.items()
            }
        self._weights = Weights(idf=idf, intents=heads["intents"], urgency=heads["urgency"])
        return self


def softmax(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Probabilities of `logits` along the last axis."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    ratio: npt.NDArray[np.float32] = shifted / shifted.sum(axis=-1, keepdims=True)
    return ratio


def _spread(used: npt.NDArray[np.int32], rows: npt.NDArray[np.float16]) -> npt.NDArray[np.float32]:
    full = np.zeros((BUCKETS, rows.shape[1]), np.float32)
    full[used] = rows
    return full


@Pipeline.factory(FACTORY, assigns=["doc.cats"])
def create_intent_model(nlp: Pipeline, name: str) -> IntentModel:  # noqa: ARG001 - spaCy's signature
    """Empty component for the pipeline's language."""
    return IntentModel("en" if nlp.lang == "en" else "fr")


def load_intent_model(folder: Path) -> IntentModel:
    """The trained component of the pipeline saved in `folder`.

    Raises:
        ModelError: when the folder is missing or is not such a pipeline.
    """
    if not (folder / "meta.json").is_file():
        raise ModelError(f"The intent model is missing in {folder}: expected a trained pipeline, run `make models`.")
    try:
        component = spacy.load(folder).get_pipe(FACTORY)
    except (OSError, EOFError, KeyError, ValueError, IndexError, zipfile.BadZipFile, zlib.error) as exc:
        raise ModelError(f"The intent model in {folder} does not load ({exc}): rebuild it with `make models`.") from exc
    if not isinstance(component, IntentModel):
        raise ModelError(f"The pipeline in {folder} holds no intent model: rebuild it with `make models`.")
    return component
