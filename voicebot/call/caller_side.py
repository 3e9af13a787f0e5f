"""The caller's side of a session: what is heard, whose turn it is, what is committed to the dialogue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from voicebot.call.conversation import Conversation
from voicebot.call.event_log import EventLog
from voicebot.call.hearing import Hearing, PartialText
from voicebot.call.playout import Playout
from voicebot.call.talk import Talk
from voicebot.call.turn_vocabulary import (
    CancelRecognition,
    CommitKeys,
    CommitTurn,
    DropTurn,
    FailTurn,
    Heard,
    KeyPressed,
    PauseSpeech,
    PromptSilence,
    Recognise,
    Recognised,
    RecognisePartial,
    ResumeSpeech,
    StopSpeech,
    TurnCommand,
    WarnTime,
)
from voicebot.call.turns import TurnMachine
from voicebot.core.audio import AudioChunk
from voicebot.core.events import EventKind
from voicebot.core.expected import Completeness
from voicebot.dialog.inputs import CallerKeys, CallerSilent, CallerTurn, HearingFailed, TimeLimit, TurnTooLong
from voicebot.vad.segmenter import SpeechEnded, SpeechStarted


class CallerSide:
    """Turns 20 ms of audio at a time into inputs of the dialogue, and obeys the turn machine."""

    def __init__(
        self,
        *,
        turns: TurnMachine,
        hearing: Hearing,
        talk: Talk,
        playout: Playout,
        conversation: Conversation,
        log: EventLog,
        now: Callable[[], datetime],
    ) -> None:
        """Tie the parts together; `now` gives the local time of the client."""
        self._turns = turns
        self._hearing = hearing
        self._talk = talk
        self._playout = playout
        self._conversation = conversation
        self._log = log
        self._now = now
        self._t_s = 0.0

    @property
    def speaking(self) -> bool:
        """Whether a turn of the caller's is under way."""
        return self._turns.caller_speaking

    async def hear(self, chunk: AudioChunk, keys: str, t_s: float, *, listen: bool, patient: bool) -> None:
        """Take what came from the caller in the 20 ms that end at call time `t_s`.

        Args:
            chunk: audio.
            keys: keys pressed meanwhile.
            t_s: seconds since answer.
            listen: False where the caller is nobody's to hear.
            patient: nobody waits for the caller's words: silence is not asked about.
        """
        self._t_s = t_s
        self._turns.expect(self._conversation.expectation.kind)
        voiced, change = False, None
        if listen:
            voiced, change = self._hearing.feed(chunk, t_s)
        else:
            self._hearing.skip(t_s)
        if change is not None:
            self._log_speech(change)
        onset_s = change.start_s if isinstance(change, SpeechStarted) else None
        working = patient or self._talk.busy
        self._obey(self._turns.feed(Heard(t_s=t_s, voiced=voiced, onset_s=onset_s, bot=self._playout.speech, working=working)))
        if not self._turns.caller_speaking:
            self._hearing.forget(t_s)
        for key in keys:
            self._obey(self._turns.feed(KeyPressed(t_s=t_s, key=key)))
        await self._take_recognised()

    def close(self) -> None:
        """Drop what is still under way."""
        self._hearing.close()

    async def _take_recognised(self) -> None:
        for answer in await self._hearing.completed(self._t_s):
            if isinstance(answer, PartialText):
                self._log.add(self._t_s, EventKind.PARTIAL, text=answer.text)
                continue
            if isinstance(answer, Recognised) and answer.text and answer.completeness is not Completeness.INCOMPLETE:
                self._talk.prepare(CallerTurn(understanding=self._hearing.understand(answer.text), now=self._now()))
            self._obey(self._turns.feed(answer))

    def _obey(self, commands: list[TurnCommand]) -> None:  # noqa: C901, PLR0912 - one line a command, kept together
        for command in commands:
            match command:
                case Recognise():
                    self._hearing.recognise(command)
                case RecognisePartial():
                    self._hearing.recognise_partial(command)
                case CancelRecognition():
                    self._hearing.cancel(command)
                case PauseSpeech():
                    self._playout.hold()
                    self._log.add(self._t_s, EventKind.BOT_PAUSED)
                case ResumeSpeech():
                    self._playout.resume()
                    self._log.add(self._t_s, EventKind.BOT_RESUMED)
                case StopSpeech():
                    self._log.add(self._t_s, EventKind.BOT_STOPPED)
                    self._talk.heard(self._playout.stop(), self._t_s)
                case CommitTurn():
                    self._commit(command)
                case CommitKeys():
                    self._commit_keys(command.keys)
                case DropTurn():
                    self._log.add(self._t_s, EventKind.RECOGNISED, dropped=command.why)
                case FailTurn():
                    self._log.add(self._t_s, EventKind.FAILURE, code="recognition")
                    self._talk.take(HearingFailed())
                case PromptSilence():
                    self._log.add(self._t_s, EventKind.SILENCE, level=command.level)
                    self._talk.take(CallerSilent(level=command.level))
                case WarnTime():
                    self._log.add(self._t_s, EventKind.TIME_LIMIT, final=command.final)
                    self._talk.take(TimeLimit(final=command.final))

    def _commit_keys(self, keys: str) -> None:
        now = self._now()
        self._log.add(self._t_s, EventKind.KEYS, keys=keys, now=now.isoformat())
        self._talk.take(CallerKeys(keys=keys, now=now))

    def _commit(self, command: CommitTurn) -> None:
        now = self._now()
        understanding = self._hearing.understand(command.text)
        self._log.add(
            self._t_s,
            EventKind.CALLER_TURN,
            text=command.text,
            intent=understanding.intent,
            urgent=understanding.urgency.level == "urgent",
            start_s=round(command.start_s, 3),
            end_s=round(command.end_s, 3),
            cut=command.cut,
            now=now.isoformat(),
        )
        self._talk.take(CallerTurn(understanding=understanding, now=now))
        if command.cut:
            self._talk.take(TurnTooLong())

    def _log_speech(self, change: SpeechStarted | SpeechEnded) -> None:
        if isinstance(change, SpeechStarted):
            self._log.add(self._t_s, EventKind.SPEECH_STARTED, start_s=round(change.start_s, 3))
        else:
            self._log.add(self._t_s, EventKind.SPEECH_ENDED)
