"""The network: Whisper's encoder and decoder in small, with a character CTC head that helps the encoder to learn."""

from __future__ import annotations

import math
from typing import cast

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own name for it
from torch import Tensor, nn

from models.training.shape import CTC_CLASSES, DECODER_POSITIONS, ENCODER_POSITIONS, MEL_BANDS, Shape

_DROPOUT = 0.05


def sinusoids(length: int, width: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Whisper's position encodings, shape (length, width)."""
    rates = np.exp(-math.log(10000) / (width // 2 - 1) * np.arange(width // 2))
    angles = np.arange(length)[:, None] * rates[None]
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)


class Attention(nn.Module):  # type: ignore[misc,unused-ignore] # torch is there for training only
    """Multi-head attention; keys have no bias, as in Whisper."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.q = nn.Linear(shape.width, shape.width)
        self.k = nn.Linear(shape.width, shape.width, bias=False)
        self.v = nn.Linear(shape.width, shape.width)
        self.o = nn.Linear(shape.width, shape.width)

    def forward(self, x: Tensor, memory: Tensor, mask: Tensor | None = None, *, causal: bool = False) -> Tensor:
        """Attend from `x` to `memory`, both (batch, length, width); `mask` is true where attention is allowed."""
        batch, length, width = x.shape

        def by_head(z: Tensor) -> Tensor:
            return z.view(batch, -1, self.heads, width // self.heads).transpose(1, 2)

        y = F.scaled_dot_product_attention(
            by_head(self.q(x)), by_head(self.k(memory)), by_head(self.v(memory)), attn_mask=mask, is_causal=causal
        )
        return cast("Tensor", self.o(y.transpose(1, 2).reshape(batch, length, width)))


class Block(nn.Module):  # type: ignore[misc,unused-ignore] # torch is there for training only
    """One layer of the encoder, or with `cross` of the decoder."""

    def __init__(self, shape: Shape, *, cross: bool) -> None:
        super().__init__()
        self.cross = cross
        self.l1, self.a = nn.LayerNorm(shape.width), Attention(shape)
        if cross:
            self.l2, self.c = nn.LayerNorm(shape.width), Attention(shape)
        self.l3 = nn.LayerNorm(shape.width)
        self.f = nn.Sequential(nn.Linear(shape.width, 4 * shape.width), nn.GELU(), nn.Linear(4 * shape.width, shape.width))
        self.dp = nn.Dropout(_DROPOUT)

    def forward(
        self, x: Tensor, mask: Tensor | None = None, memory: Tensor | None = None, memory_mask: Tensor | None = None
    ) -> Tensor:
        """One layer on `x` (batch, length, width); `memory` is the encoder's output."""
        y = self.l1(x)
        x = x + self.dp(self.a(y, y, mask, causal=self.cross))
        if memory is not None:
            x = x + self.dp(self.c(self.l2(x), memory, memory_mask))
        return cast("Tensor", x + self.dp(self.f(self.l3(x))))


class Network(nn.Module):  # type: ignore[misc,unused-ignore] # torch is there for training only
    """Encoder, decoder and CTC head; the names of its parameters are those that `export` reads."""

    def __init__(self, shape: Shape, tokens: int) -> None:
        super().__init__()
        self.c1 = nn.Conv1d(MEL_BANDS, shape.width, 3, padding=1)
        self.c2 = nn.Conv1d(shape.width, shape.width, 3, stride=2, padding=1)
        self.register_buffer("ep", torch.tensor(sinusoids(ENCODER_POSITIONS, shape.width)), persistent=False)
        self.e = nn.ModuleList([Block(shape, cross=False) for _ in range(shape.encoder_layers)])
        self.el = nn.LayerNorm(shape.width)
        self.emb = nn.Embedding(tokens, shape.width)
        nn.init.normal_(self.emb.weight, std=shape.width**-0.5 * 0.5)
        self.dpos = nn.Parameter(torch.randn(DECODER_POSITIONS, shape.width) * 0.01)
        self.d = nn.ModuleList([Block(shape, cross=True) for _ in range(shape.decoder_layers)])
        self.dl = nn.LayerNorm(shape.width)
        self.ctc = nn.Linear(shape.width, CTC_CLASSES)

    def encode(self, mel: Tensor, frames: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Memory (batch, positions, width), its attention mask, and positions of each, from mel (batch, n_mels, frames)."""
        x = F.gelu(self.c2(F.gelu(self.c1(mel)))).transpose(1, 2)
        x = x + cast("Tensor", self.ep)[: x.shape[1]]
        positions = (frames + 1) // 2
        mask = (torch.arange(x.shape[1])[None] < positions[:, None])[:, None, None]
        for block in self.e:
            x = block(x, mask)
        return self.el(x), mask, positions

    def decode(self, tokens: Tensor, memory: Tensor, mask: Tensor) -> Tensor:
        """Logits (batch, length, tokens)."""
        x = self.emb(tokens) + self.dpos[: tokens.shape[1]]
        for block in self.d:
            x = block(x, None, memory, mask)
        return cast("Tensor", self.dl(x) @ self.emb.weight.T)
