"""Training of the intent model from `scripts_catalog`; the only importer of scikit-learn.

Command: `python -m voicebot.nlu.training --out models/nlu`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import spacy

from voicebot.core.errors import InputError, ModelError
from voicebot.core.language import Language
from voicebot.nlu import catalogue, features, intent_model, normalise
from voicebot.nlu.catalogue import CATALOGUE, SLOTS_FILE, Example, fingerprint, intent_files, load_examples
from voicebot.nlu.features import BUCKETS, Values, hashed
from voicebot.nlu.intent_model import CALM, FACTORY, Head, IntentModel, Weights, softmax

FINGERPRINT_FILE = "catalogue.sha256"
CALIBRATION = CATALOGUE.parent / "tests" / "data"
"""Holds `utterances_dev_<language>.jsonl`: never trained on, only for the temperature."""
INVERSE_REGULARISATION = 60.0
MIN_UTTERANCES = 2
"""Utterances that a bucket must occur in: what is said once is learnt by heart, and slows training."""
URGENCY_TEMPERATURE = 2.0
"""Softens the urgency head: recall (urgent or asked) .81 -> .96 on a held-out fifth, questions to others .086 -> .085."""
TEMPERATURES = np.geomspace(0.3, 3.0, 41)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """An utterance with its right answer, held out from training."""

    text: str
    intent: str
    accepted: tuple[str, ...]
    """`intent` and what is right as well."""
    urgent: bool
    kind: str | None = None


def load_labelled(path: Path) -> list[Labelled]:
    """Held-out utterances, one JSON object a line.

    Raises:
        InputError: when the file is missing or a line is not such an object.
    """
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return [
            Labelled(
                text=r["text"],
                intent=r["intent"],
                accepted=(r["intent"], *r.get("alt", ())),
                urgent=r.get("urgent", False),
                kind=r.get("urgent_kind"),
            )
            for r in rows
        ]
    except (OSError, ValueError, KeyError) as exc:
        raise InputError(f"{path}: expected JSON lines with text and intent ({exc}).") from exc


def train(examples: Sequence[Example], language: Language) -> Weights:
    """Fit both heads on `examples`.

    Raises:
        ModelError: when scikit-learn is not installed.
    """
    lines = [normalise.strip_courtesies(normalise.normalise(e.text, language)) for e in examples]
    idf = _inverse_document_frequency(lines, language)
    vectors = [hashed(line, language, idf) for line in lines]
    urgent = [e.urgency or CALM for e in examples]
    return Weights(
        idf=idf,
        intents=_fit(vectors, [e.intent for e in examples]),
        urgency=replace(_fit(vectors, urgent), temperature=URGENCY_TEMPERATURE),
    )


def _inverse_document_frequency(lines: Sequence[str], language: Language) -> Values:
    ones = np.ones(BUCKETS, np.float32)
    seen = np.zeros(BUCKETS, np.float32)
    for line in lines:
        seen[np.unique(hashed(line, language, ones)[0])] += 1
    idf: Values = (np.log((1 + len(lines)) / (1 + seen)) + 1).astype(np.float32)
    return idf


def _fit(vectors: Sequence[tuple[features.Indices, Values]], labels: Sequence[str]) -> Head:
    try:
        from scipy.sparse import csr_matrix  # its stubs are not installed
        from sklearn.linear_model import LogisticRegression
    except ImportError as exc:
        raise ModelError("Training the intent model needs scikit-learn: install the `train` extra.") from exc
    offsets = np.cumsum([0, *(len(i) for i, _ in vectors)])
    indices, data = np.concatenate([i for i, _ in vectors]), np.concatenate([v for _, v in vectors])
    everything = csr_matrix((data, indices, offsets), shape=(len(vectors), BUCKETS))
    everything.sum_duplicates()
    columns = np.flatnonzero(np.bincount(everything.indices, minlength=BUCKETS) >= MIN_UTTERANCES)
    matrix = everything[:, columns]
    fitted = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=200, tol=1e-3).fit(matrix, list(labels))
    coefficients, bias = _per_label(fitted.coef_, fitted.intercept_)
    weights = np.zeros((BUCKETS, len(fitted.classes_)), np.float32)
    weights[columns] = coefficients.T
    return Head(labels=tuple(str(c) for c in fitted.classes_), weights=weights, bias=bias.astype(np.float32))


def _per_label(
    coefficients: npt.NDArray[np.float64], bias: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """One row per label also when there are two, for which scikit-learn keeps a single row."""
    if coefficients.shape[0] > 1:
        return coefficients, bias
    return np.concatenate([-coefficients / 2, coefficients / 2]), np.concatenate([-bias / 2, bias / 2])


def calibrate(weights: Weights, labelled: Sequence[Labelled], language: Language) -> Weights:
    """`weights` with the temperature that makes held-out answers most likely."""
    known = [x for x in labelled if x.intent in weights.intents.labels]
    component = IntentModel(language, weights)
    logits = np.array([list(component.predict(normalise.normalise(x.text, language)).intent_logits.values()) for x in known])
    right = np.array([weights.intents.labels.index(x.intent) for x in known])
    rows = np.arange(len(known))
    losses = [-np.log(softmax((logits / t).astype(np.float32))[rows, right] + 1e-9).mean() for t in TEMPERATURES]
    best = float(TEMPERATURES[int(np.argmin(losses))])
    return replace(weights, intents=replace(weights.intents, temperature=best))


def save(weights: Weights, language: Language, folder: Path, mark: str) -> None:
    """Write a spaCy pipeline with its fingerprint beside `folder`, then put it in its place: there is a whole model or none."""
    nlp = spacy.blank(language)
    component = nlp.add_pipe(FACTORY)
    if not isinstance(component, IntentModel):
        raise ModelError(f"spaCy's factory {FACTORY} gave no intent model.")
    component.restore(weights)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as beside:
        new = Path(beside) / "new"
        nlp.to_disk(new)
        (new / FINGERPRINT_FILE).write_text(mark + "\n", encoding="utf-8")
        if folder.exists():
            folder.rename(Path(beside) / "old")
        new.rename(folder)


def sources(language: Language, root: Path = CATALOGUE) -> list[Path]:
    """Every file that the trained model depends on, code included."""
    code = [Path(str(m.__file__)) for m in (catalogue, features, intent_model, normalise)]
    data = intent_files(language, root)
    slots = data[0].parent / SLOTS_FILE
    held_out = CALIBRATION / f"utterances_dev_{language}.jsonl"
    return [*code, Path(__file__), *data, *(p for p in (slots, held_out) if p.is_file())]


def build(language: Language, folder: Path, *, force: bool = False) -> bool:
    """Train the model of a language into `folder` unless it is up to date; says whether it trained.

    Raises:
        InputError: when the catalogue is wrong.
        ModelError: when scikit-learn is not installed.
    """
    mark = fingerprint(sources(language))
    stamp = folder / FINGERPRINT_FILE
    if not force and stamp.is_file() and stamp.read_text(encoding="utf-8").strip() == mark:
        return False
    weights = train(load_examples(language), language)
    held_out = CALIBRATION / f"utterances_dev_{language}.jsonl"
    if held_out.is_file():
        weights = calibrate(weights, load_labelled(held_out), language)
    save(weights, language, folder, mark)
    return True


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line: build the French and English models."""
    parser = argparse.ArgumentParser(description="Train the intent models from scripts_catalog.")
    parser.add_argument("--out", type=Path, default=CATALOGUE.parent / "models" / "nlu", help="folder of the models")
    parser.add_argument("--force", action="store_true", help="train even when nothing changed")
    options = parser.parse_args(arguments)
    languages: tuple[Language, ...] = ("fr", "en")
    for language in languages:
        trained = build(language, options.out / language, force=options.force)
        print(f"{options.out / language}: {'trained' if trained else 'up to date'}")  # noqa: T201 - a command's progress


if __name__ == "__main__":
    main()
