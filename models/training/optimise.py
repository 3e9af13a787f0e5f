"""Both stages of training: from nothing on short windows, then annealing with padded windows and both prompts."""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own name for it
from tokenizers import Tokenizer
from torch import Tensor, nn

from models.training.network import Network
from models.training.shape import CTC_CLASSES, FULL_PROMPT, MEL_BANDS, SHORT_PROMPT, STOCK_FRAMES

_IGNORED = -100
_CTC_SHARE = 0.4
_BATCH_FRAMES = 6000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """How one stage differs from the other."""

    peak_rate: float
    floor_ratio: float
    """Last learning rate over the peak."""
    warm_up_steps: int
    mask_after_step: int
    """Step from which bands and stretches of the features are masked."""
    mask_share: float
    padded_share: float
    """Share of batches padded to 30 s as faster-whisper pads."""
    prompts: tuple[tuple[str, ...], ...]


MAIN = Stage(
    peak_rate=1.2e-3,
    floor_ratio=0.02,
    warm_up_steps=500,
    mask_after_step=2500,
    mask_share=1.0,
    padded_share=0.0,
    prompts=(FULL_PROMPT,),
)
ANNEAL = Stage(
    peak_rate=4e-4,
    floor_ratio=0.01,
    warm_up_steps=80,
    mask_after_step=0,
    mask_share=0.7,
    padded_share=0.12,
    prompts=(FULL_PROMPT, SHORT_PROMPT),
)


class Corpus:
    """Features and texts as `speech.prepare` writes them."""

    def __init__(self, stem: Path, tokenizer: Tokenizer) -> None:
        self._features = np.load(stem.with_suffix(".feat.npy"), mmap_mode="r")
        self._offsets = np.load(stem.with_suffix(".off.npy"))
        self.texts: list[str] = json.loads(stem.with_suffix(".txt.json").read_text(encoding="utf-8"))
        self.tokens = [tokenizer.encode(text).ids for text in self.texts]
        classes = {character: index for index, character in enumerate(sorted(set("".join(self.texts))))}
        if len(classes) >= CTC_CLASSES:
            raise ValueError(f"{stem} holds {len(classes)} characters; expected fewer than {CTC_CLASSES}.")
        self.characters = [[classes[character] for character in text] for text in self.texts]
        self.frames = np.diff(self._offsets)

    def mel(self, index: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        """Features of one utterance, (n_mels, frames)."""
        return np.asarray(self._features[:, self._offsets[index] : self._offsets[index + 1]], np.float32)

    def batches(self, seed: int) -> list[list[int]]:
        """Utterances of about equal length together, _BATCH_FRAMES frames a batch at most, in random order."""
        chance = np.random.default_rng(seed)
        batches: list[list[int]] = [[]]
        for index in np.argsort(self.frames + chance.uniform(0, 40, len(self.frames))):
            longest = max(self.frames[i] for i in (*batches[-1], index))
            if batches[-1] and longest * (len(batches[-1]) + 1) > _BATCH_FRAMES:
                batches.append([])
            batches[-1].append(int(index))
        chance.shuffle(batches)
        return batches


def optimise(network: Network, corpus: Corpus, tokenizer: Tokenizer, stage: Stage, *, minutes: float, weights: Path) -> None:
    """Train for so long and write the weights; the learning rate falls along a cosine of the time."""
    optimiser = torch.optim.AdamW(network.parameters(), lr=stage.peak_rate, betas=(0.9, 0.98), weight_decay=0.02)
    started, total_s = time.monotonic(), minutes * 60
    network.train()
    step = epoch = 0
    while time.monotonic() - started < total_s:
        for batch in corpus.batches(epoch):
            done = min(1.0, (time.monotonic() - started) / total_s)
            if done >= 1:
                break
            cosine = 0.5 * (1 + math.cos(math.pi * done))
            rate = stage.peak_rate * min(1.0, (step + 1) / stage.warm_up_steps)
            for group in optimiser.param_groups:
                group["lr"] = rate * (cosine * (1 - stage.floor_ratio) + stage.floor_ratio)
            loss = _loss(network, corpus, tokenizer, stage, batch, step)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            step += 1
            if step % 100 == 0:
                print(f"epoch {epoch} step {step} {done:.0%} loss {loss.item():.3f}", flush=True)
        epoch += 1
    torch.save(network.state_dict(), weights)


def _loss(network: Network, corpus: Corpus, tokenizer: Tokenizer, stage: Stage, batch: Sequence[int], step: int) -> Tensor:
    padded = random.random() < stage.padded_share
    chosen = list(batch[:4] if padded else batch)
    mel, frames = _features(
        corpus, chosen, padded=padded, masked=step > stage.mask_after_step and random.random() < stage.mask_share
    )
    inputs, targets = _texts(corpus, chosen, tokenizer, random.choice(stage.prompts))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        memory, mask, positions = network.encode(mel, frames)
        logits, characters = network.decode(inputs, memory, mask), network.ctc(memory)
    text_loss = F.cross_entropy(logits.float().transpose(1, 2), targets, ignore_index=_IGNORED, label_smoothing=0.1)
    ctc_loss = F.ctc_loss(
        F.log_softmax(characters.float(), -1).transpose(0, 1),
        torch.tensor([c for i in chosen for c in corpus.characters[i]]),
        positions,
        torch.tensor([len(corpus.characters[i]) for i in chosen]),
        blank=CTC_CLASSES - 1,
        zero_infinity=True,
    )
    return (1 - _CTC_SHARE) * text_loss + _CTC_SHARE * ctc_loss


def _features(corpus: Corpus, chosen: Sequence[int], *, padded: bool, masked: bool) -> tuple[Tensor, Tensor]:
    """Mel (batch, n_mels, frames) and frames of each: with a random margin, or zero mel up to 30 s."""
    longest = max(int(corpus.frames[i]) for i in chosen)
    margin = random.randint(0, 60)
    mel = np.zeros((len(chosen), MEL_BANDS, STOCK_FRAMES if padded else longest + margin), np.float32)
    frames = []
    for row, index in enumerate(chosen):
        one = corpus.mel(index)
        if masked:
            _mask(one)
        if not padded:
            mel[row] = one.min()
        mel[row, :, : one.shape[1]] = one
        frames.append(STOCK_FRAMES if padded else one.shape[1] + random.randint(0, margin))
    return torch.tensor(mel), torch.tensor(frames)


def _mask(mel: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> None:
    """SpecAugment (Park et al. 2019): two bands and two stretches become the mean, in place."""
    mean, length = mel.mean(), mel.shape[1]
    for _ in range(2):
        width = random.randint(0, 12)
        start = random.randint(0, MEL_BANDS - width)
        mel[start : start + width] = mean
        width = random.randint(0, max(1, length // 12))
        start = random.randint(0, max(1, length - width))
        mel[:, start : start + width] = mean


def _texts(corpus: Corpus, chosen: Sequence[int], tokenizer: Tokenizer, prompt: Sequence[str]) -> tuple[Tensor, Tensor]:
    """Decoder inputs and targets (batch, prompt + longest text); the prompt is not a target."""
    end = tokenizer.token_to_id("<|endoftext|>")
    start = [tokenizer.token_to_id(name) for name in prompt]
    texts = [corpus.tokens[i] for i in chosen]
    length = len(start) + max(map(len, texts))
    inputs = torch.full((len(chosen), length), end)
    targets = torch.full((len(chosen), length), _IGNORED)
    for row, text in enumerate(texts):
        inputs[row, : len(start) + len(text)] = torch.tensor([*start, *text])
        targets[row, len(start) - 1 : len(start) + len(text)] = torch.tensor([*text, end])
    return inputs, targets
