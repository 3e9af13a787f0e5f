"""Writes down what the human says to the caller, where the client allows it."""

from __future__ import annotations

from voicebot.call.event_log import EventLog
from voicebot.call.hearing import Hearing, PartialText
from voicebot.call.turn_settings import TurnSettings
from voicebot.call.turn_vocabulary import CancelRecognition, CommitTurn, Heard, Recognise, TurnCommand
from voicebot.call.turns import TurnMachine
from voicebot.core.audio import AudioChunk
from voicebot.core.events import EventKind
from voicebot.vad.segmenter import SpeechStarted


class Scribe:
    """Hears one human, answers nothing."""

    def __init__(self, *, hearing: Hearing, log: EventLog) -> None:
        self._hearing = hearing
        self._log = log
        self._turns = TurnMachine(TurnSettings())

    async def hear(self, chunk: AudioChunk, t_s: float) -> None:
        """Take 20 ms that end at call time `t_s`; log the turns that are complete."""
        voiced, change = self._hearing.feed(chunk, t_s)
        onset_s = change.start_s if isinstance(change, SpeechStarted) else None
        self._obey(self._turns.feed(Heard(t_s=t_s, voiced=voiced, onset_s=onset_s, working=True)), t_s)
        if not self._turns.caller_speaking:
            self._hearing.forget(t_s)
        for answer in await self._hearing.completed(t_s):
            if not isinstance(answer, PartialText):
                self._obey(self._turns.feed(answer), t_s)

    def close(self) -> None:
        """Drop what is still under way."""
        self._hearing.close()

    def _obey(self, commands: list[TurnCommand], t_s: float) -> None:
        for command in commands:
            match command:
                case Recognise():
                    self._hearing.recognise(command)
                case CancelRecognition():
                    self._hearing.cancel(command)
                case CommitTurn():
                    self._log.add(t_s, EventKind.HUMAN_TURN, text=command.text)
                case _:
                    pass  # nobody is answered, prompted or interrupted here
