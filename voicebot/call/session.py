"""One call from answer to hang-up, driven by a 20 ms beat on an injected clock."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from voicebot.audio.recorder import StereoRecorder
from voicebot.call.conversation import Conversation
from voicebot.call.event_log import EventLog
from voicebot.call.hearing import Hearing, PartialText
from voicebot.call.line import Line
from voicebot.call.playout import Played, Playout
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
from voicebot.call.turns import CHUNK_S, TurnMachine
from voicebot.core.audio import AudioChunk, silence
from voicebot.core.clock import Clock
from voicebot.core.errors import RecordsError, TransportError
from voicebot.core.events import EventKind
from voicebot.core.expected import Completeness
from voicebot.dialog.actions import EndReason, Outcome
from voicebot.dialog.inputs import CallerKeys, CallerSilent, CallerTurn, CallStarted, HearingFailed, TimeLimit, TurnTooLong
from voicebot.vad.segmenter import SpeechEnded, SpeechStarted

HANG_UP_TAIL_S = 0.3
"""Silence after the last word before the line drops."""
APOLOGY_S = 15.0
"""Longest time that the apology of a call which breaks down may take."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnd:
    """What a call came to."""

    reason: EndReason
    outcome: Outcome
    duration_s: float


class CallSession:
    """Ties hearing, turn-taking, dialogue and speech together for one call."""

    def __init__(
        self,
        *,
        line: Line,
        clock: Clock,
        zone: ZoneInfo,
        caller: str | None,
        log: EventLog,
        turns: TurnMachine,
        hearing: Hearing,
        talk: Talk,
        playout: Playout,
        conversation: Conversation,
        recorder: StereoRecorder | None,
        unrecorded: RecordsError | None = None,
    ) -> None:
        """Tie the stages together; `unrecorded` is why a wanted recording could not begin."""
        self._line = line
        self._clock = clock
        self._zone = zone
        self._caller = caller
        self._log = log
        self._turns = turns
        self._hearing = hearing
        self._talk = talk
        self._playout = playout
        self._conversation = conversation
        self._recorder = recorder
        self._unrecorded = unrecorded
        self._silence = silence(line.rate_hz)
        self._answered_s = 0.0
        self._beats = 0
        self._t_s = 0.0
        self._quiet_beats = 0
        self.ended: CallEnd | None = None
        """Set once the line is down, also when the session's task was cancelled."""

    async def run(self) -> CallEnd:
        """Answer, talk, hang up. Returns when the line is down; every event is in the log by then.

        A call that breaks down is apologised for, logged and ended with `EndReason.ERROR`; a cancelled one is ended likewise,
        without a word, before the cancellation goes on.
        """
        reason = EndReason.ERROR
        try:
            async with self._clock.joined():
                self._answered_s = self._clock.now_s()
                reason = await self._held()
        finally:
            self.ended = self._end(reason)
        return self.ended

    async def _held(self) -> EndReason:
        for hold in (self._converse, self._apologise):
            try:
                return await hold()
            except Exception as failure:  # noqa: BLE001 - the top of a call: the caller is told, the end is kept
                self._log.add(self._t_s, EventKind.FAILURE, code="internal", error=type(failure).__name__)
                _log.exception("call_broke_down")
        return EndReason.ERROR

    async def _converse(self) -> EndReason:
        self._start()
        try:
            reason = await self._until_over()
        except TransportError as failure:  # a line that broke was not hung up on purpose, but nobody is there any more
            self._log.add(self._t_s, EventKind.FAILURE, code=failure.code, message=str(failure))
            reason = EndReason.CALLER_HUNG_UP
        if reason is EndReason.CALLER_HUNG_UP:
            await self._talk.keep_unfinished(self._t_s, self._now())
        return reason

    async def _until_over(self) -> EndReason:
        while (reason := self._over()) is None:
            await self._next_beat()
            await self._beat()
        return reason

    async def _apologise(self) -> EndReason:
        """Say that the call cannot go on, then keep what can be kept."""
        self._talk.heard(self._playout.stop(), self._t_s)
        self._talk.apologise(self._t_s)
        last_s = self._t_s + APOLOGY_S
        while not (self._line.closed or self._playout.idle or self._t_s >= last_s):
            await self._next_beat()
            await self._speak(self._line.receive() or self._silence)
        await self._talk.keep_unfinished(self._t_s, self._now())
        return EndReason.ERROR

    async def _next_beat(self) -> None:
        self._beats += 1
        await self._clock.sleep_until(self._answered_s + self._beats * CHUNK_S)
        self._t_s = round(self._beats * CHUNK_S, 6)

    def _start(self) -> None:
        now, recorded = self._now(), self._recorder is not None
        self._log.add(0.0, EventKind.CALL_STARTED, caller=self._caller, now=now.isoformat(), recorded=recorded)
        if self._unrecorded is not None:
            self._log.add(0.0, EventKind.FAILURE, code=self._unrecorded.code, message=str(self._unrecorded))
        self._talk.take(CallStarted(caller=self._caller, now=now, recorded=recorded))

    def _now(self) -> datetime:
        return self._clock.wall().astimezone(self._zone)

    def _over(self) -> EndReason | None:
        if self._line.closed:
            return self._talk.ending or EndReason.CALLER_HUNG_UP
        done = self._talk.ending is not None and not self._talk.busy and self._quiet_beats >= round(HANG_UP_TAIL_S / CHUNK_S)
        return self._talk.ending if done else None

    def _end(self, reason: EndReason) -> CallEnd:
        self._hearing.close()
        self._talk.heard(self._playout.stop(), self._t_s)
        with suppress(TransportError):  # a line that broke is down
            self._line.hang_up()
        self._keep_recording(lambda recorder: recorder.close())
        end = CallEnd(reason=reason, outcome=self._conversation.outcome, duration_s=self._t_s)
        self._log.add(self._t_s, EventKind.CALL_ENDED, reason=reason, outcome=end.outcome)
        return end

    async def _beat(self) -> None:
        """20 ms: hear, decide, speak."""
        t_s = self._t_s
        caller = self._line.receive() or self._silence
        voiced, change = self._hearing.feed(caller, t_s)
        if change is not None:
            self._log_speech(change)
        onset_s = change.start_s if isinstance(change, SpeechStarted) else None
        bot, working = self._playout.speech, self._talk.busy
        self._obey(self._turns.feed(Heard(t_s=t_s, voiced=voiced, onset_s=onset_s, bot=bot, working=working)))
        if not self._turns.caller_speaking:
            self._hearing.forget(t_s)
        for key in self._line.pressed_keys():
            self._obey(self._turns.feed(KeyPressed(t_s=t_s, key=key)))
        await self._take_recognised()
        await self._talk.pump(t_s, self._now)
        self._turns.expect(self._conversation.expectation.kind)
        await self._speak(caller)

    async def _speak(self, caller: AudioChunk) -> None:
        played = await self._playout.next()
        self._line.send(played.chunk)
        self._follow(played)
        self._keep_recording(lambda recorder: recorder.write(caller, played.chunk))

    def _follow(self, played: Played) -> None:
        if played.failed:
            self._log.add(self._t_s, EventKind.FAILURE, code="synthesis")
        if played.started is not None:
            self._log.add(self._t_s, EventKind.BOT_STARTED, text=played.started.text, act=played.started.key)
        if played.finished is not None:
            self._talk.heard([played.finished], self._t_s)
        bot_done = self._playout.idle
        self._quiet_beats = self._quiet_beats + 1 if bot_done and played.finished is None else 0
        self._line.follow(bot_done=bot_done and not self._talk.busy and not self._turns.caller_speaking)

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

    def _keep_recording(self, write: Callable[[StereoRecorder], None]) -> None:
        """A recording that fails ends, the call goes on."""
        if self._recorder is None:
            return
        try:
            write(self._recorder)
        except RecordsError as failure:
            recorder, self._recorder = self._recorder, None
            with suppress(RecordsError):
                recorder.close()
            self._log.add(self._t_s, EventKind.FAILURE, code=failure.code, message=str(failure))
