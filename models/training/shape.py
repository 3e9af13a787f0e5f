"""What training and export must agree on."""

from __future__ import annotations

from dataclasses import dataclass

MEL_BANDS = 80
MODEL_RATE_HZ = 16000
DECODER_POSITIONS = 160
ENCODER_POSITIONS = 1500
STOCK_FRAMES = 3000
"""Frames of a window as faster-whisper pads it: 30 s."""
CTC_CLASSES = 64
"""Characters of the auxiliary loss; the last one is its blank."""
TEXT_TOKENS = 500

SPECIAL_TOKENS = (
    "<|endoftext|>",
    "<|startoftranscript|>",
    "<|fr|>",
    "<|en|>",
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
)
FULL_PROMPT = ("<|startoftranscript|>", "<|fr|>", "<|transcribe|>", "<|notimestamps|>")
SHORT_PROMPT = ("<|startoftranscript|>", "<|notimestamps|>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Size of the network."""

    width: int = 192
    heads: int = 3
    encoder_layers: int = 4
    decoder_layers: int = 2
