"""What a session needs of a transport: the caller's audio in, the bot's audio out."""

from __future__ import annotations

from typing import Protocol

from voicebot.core.audio import AudioChunk


class Line(Protocol):
    """One open audio connection to one caller, polled every 20 ms."""

    rate_hz: int
    """One of `CALL_RATES_HZ`."""

    def receive(self) -> AudioChunk | None:
        """The caller's next 20 ms; None when nothing arrived (the session hears silence)."""

    def pressed_keys(self) -> str:
        """Keys pressed since the last call, in order."""

    def send(self, chunk: AudioChunk) -> None:
        """The bot's next 20 ms."""

    def follow(self, *, bot_done: bool) -> None:
        """Told every 20 ms whether the bot has said everything and waits for the caller."""

    @property
    def closed(self) -> bool:
        """Whether the caller has hung up."""

    def hang_up(self) -> None:
        """End the connection; everything sent has been played."""
