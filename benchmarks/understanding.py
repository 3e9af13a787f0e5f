"""How well and how fast callers are understood: accuracy, urgency, cost; prints JSON.

Command: `python -m benchmarks.understanding [--folds N]`. The development set is small (139 sentences) and its temperature is
calibrated on itself; the folds show what sentences unlike the catalogue's cost. No real calls: one author wrote every sentence.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from voicebot.core.expected import Expectation
from voicebot.nlu.catalogue import CATALOGUE, load_examples
from voicebot.nlu.engine import MODELS, LanguageKit, NluEngine, load_engine
from voicebot.nlu.intent_model import IntentModel, load_intent_model
from voicebot.nlu.rules import load_rules
from voicebot.nlu.training import CALIBRATION, Labelled, load_labelled, train
from voicebot.nlu.understanding import Directory, Understanding
from voicebot.nlu.urgency import load_lexicon

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


def understand(engine: NluEngine, sentences: Sequence[Labelled]) -> list[tuple[Labelled, Understanding, float]]:
    """Each sentence with its understanding and the milliseconds it took."""
    answers = []
    for sentence in sentences:
        started = time.perf_counter()
        heard = engine.understand(sentence.text, language="fr", now=NOW, expectation=Expectation(), directory=Directory())
        answers.append((sentence, heard, 1000 * (time.perf_counter() - started)))
    return answers


def figures(answers: Sequence[tuple[Labelled, Understanding, float]]) -> dict[str, object]:
    """Accuracy, urgency and cost over `answers`."""
    right: dict[str, list[bool]] = defaultdict(list)
    for sentence, heard, _ in answers:
        right[sentence.intent].append(heard.intent in sentence.accepted)
    urgent = [heard.urgency.level for sentence, heard, _ in answers if sentence.urgent]
    calm = [heard.urgency.level for sentence, heard, _ in answers if not sentence.urgent]
    times = sorted(ms for _, _, ms in answers)
    return {
        "sentences": len(answers),
        "accuracy": _share([r for rs in right.values() for r in rs]),
        "accuracy_by_intent": {name: _share(rs) for name, rs in sorted(right.items())},
        "urgent_recall": _share([level == "urgent" for level in urgent]),
        "urgent_or_ask_recall": _share([level != "none" for level in urgent]),
        "false_urgent": _share([level == "urgent" for level in calm]),
        "false_ask": _share([level == "ask" for level in calm]),
        "ms_p50": round(statistics.median(times), 3),
        "ms_p95": round(times[int(0.95 * (len(times) - 1))], 3),
    }


def held_out(folds: int) -> dict[str, object]:
    """Figures over the catalogue, every sentence understood by a model that has not seen it."""
    examples = load_examples("fr")
    temperature = _temperature()
    rules, lexicon = load_rules(CATALOGUE, "fr"), load_lexicon(CATALOGUE, "fr")
    answers: list[tuple[Labelled, Understanding, float]] = []
    for fold in range(folds):
        weights = train([e for i, e in enumerate(examples) if i % folds != fold], "fr")
        weights = replace(weights, intents=replace(weights.intents, temperature=temperature))
        engine = NluEngine({"fr": LanguageKit(model=IntentModel("fr", weights), rules=rules, lexicon=lexicon)})
        unseen = [e for i, e in enumerate(examples) if i % folds == fold]
        answers += understand(
            engine, [Labelled(text=e.text, intent=e.intent, accepted=(e.intent,), urgent=e.intent == "urgent") for e in unseen]
        )
    return figures(answers)


def _temperature() -> float:
    return load_intent_model(MODELS / "fr").temperature


def _share(values: Sequence[bool]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def main() -> None:
    """Print the figures as one JSON object."""
    parser = argparse.ArgumentParser(description="Measure the understanding of French callers.")
    parser.add_argument(
        "--folds", type=int, default=0, help="cross-validate over the catalogue (a minute a fold), 0 to leave out"
    )
    options = parser.parse_args()
    engine = load_engine()
    development: list[Labelled] = load_labelled(Path(CALIBRATION) / "utterances_dev_fr.jsonl")
    understand(engine, development[:20])
    report: dict[str, object] = {"development": figures(understand(engine, development))}
    if options.folds > 1:
        report["cross_validated"] = held_out(options.folds)
    print(json.dumps(report, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
