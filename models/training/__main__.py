"""Rebuild compact-fr from nothing: `python -m models.training all --work FOLDER`, from the root of the source tree.

Steps, each of which may be run alone: sentences -> speech -> train -> anneal -> export -> check. On two cores speech takes
about 20 minutes and training about 80; `anneal --from models/training/compact-fr.fp16.pt` goes on from the shipped weights,
and then wants `models/compact-fr/tokenizer.json` copied into the work folder.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein

from models.training import sentences, speech, tokens
from models.training.shape import Shape

SHAPE = Shape()
STEPS = ("sentences", "speech", "train", "anneal", "export", "check")


def main() -> None:
    """Parse the command line and run the steps asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=("all", *STEPS))
    parser.add_argument(
        "--work", type=Path, required=True, help="folder of intermediate files; the model goes to its compact-fr/"
    )
    parser.add_argument("--sentences", type=int, default=55000, help="training sentences")
    parser.add_argument("--test-sentences", type=int, default=600)
    parser.add_argument("--train-minutes", type=float, default=60.0)
    parser.add_argument("--anneal-minutes", type=float, default=17.0)
    parser.add_argument("--from", dest="start", type=Path, help="weights to anneal from, instead of those of the train step")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    steps: dict[str, Callable[[argparse.Namespace], None]] = {
        "sentences": _sentences,
        "speech": _speech,
        "train": _train,
        "anneal": _anneal,
        "export": _export,
        "check": _check,
    }
    for name in STEPS if arguments.step == "all" else (arguments.step,):
        print(f"{name} ...", flush=True)
        steps[name](arguments)


def _sentences(arguments: argparse.Namespace) -> None:
    work = arguments.work
    sentences.write(work / "train.txt", work / "test.txt", train_count=arguments.sentences, test_count=arguments.test_sentences)


def _speech(arguments: argparse.Namespace) -> None:
    for name, variants, seed in (("train", speech.TRAINING_VARIANTS, 1), ("test", speech.HELD_OUT_VARIANTS, 2)):
        spoken = speech.prepare(arguments.work / f"{name}.txt", arguments.work / name, variants=variants, seed=seed)
        print(f"{name}: {spoken} utterances")


def _train(arguments: argparse.Namespace) -> None:
    from models.training import network, optimise

    work = arguments.work
    texts = json.loads((work / "train.txt.json").read_text(encoding="utf-8"))
    tokenizer = tokens.train(texts, work / "tokenizer.json")
    corpus = optimise.Corpus(work / "train", tokenizer)
    fresh = network.Network(SHAPE, tokenizer.get_vocab_size())
    optimise.optimise(fresh, corpus, tokenizer, optimise.MAIN, minutes=arguments.train_minutes, weights=work / "main.pt")


def _anneal(arguments: argparse.Namespace) -> None:
    import torch
    from tokenizers import Tokenizer

    from models.training import network, optimise

    work = arguments.work
    tokenizer = Tokenizer.from_file(str(work / "tokenizer.json"))
    trained = network.Network(SHAPE, tokenizer.get_vocab_size())
    state = torch.load(arguments.start or work / "main.pt", map_location="cpu")
    trained.load_state_dict({name: value.float() for name, value in state.items() if name != "ep"})
    corpus = optimise.Corpus(work / "train", tokenizer)
    optimise.optimise(trained, corpus, tokenizer, optimise.ANNEAL, minutes=arguments.anneal_minutes, weights=work / "final.pt")


def _export(arguments: argparse.Namespace) -> None:
    from models.training.export import export

    export(arguments.work / "final.pt", arguments.work / "tokenizer.json", arguments.work / "compact-fr", SHAPE)


def _check(arguments: argparse.Namespace) -> None:
    """Words wrong through faster-whisper, on sentences and voices that training never heard."""
    from voicebot.asr.faster_whisper import FasterWhisperEngine
    from voicebot.asr.recognition import recognise
    from voicebot.asr.recognizer import Priority, RecognitionRequest

    engine = FasterWhisperEngine.load(arguments.work / "compact-fr")
    wrong = said = 0
    for index, text in enumerate((arguments.work / "test.txt").read_text(encoding="utf-8").splitlines()):
        audio = speech.spoken(text, speech.HELD_OUT_VARIANTS, random.Random(1000 + index))
        samples = np.clip(audio * 32767, -32768, 32767).astype(np.int16)
        asked = RecognitionRequest(samples=samples, rate_hz=16000, language="fr", priority=Priority.FINAL, deadline_s=60.0)
        wrong += Levenshtein.distance(text.split(), recognise(engine, [asked])[0].text.split())
        said += len(text.split())
    print(f"words wrong: {wrong / said:.2%} of {said}")


if __name__ == "__main__":
    main()
