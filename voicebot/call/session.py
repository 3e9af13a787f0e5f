"""One call from answer to hang-up, driven by a 20 ms beat on an injected clock."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import structlog

from voicebot.call.caller_side import CallerSide
from voicebot.call.conversation import Conversation
from voicebot.call.event_log import EventLog
from voicebot.call.human_side import HumanSide
from voicebot.call.inputs_json import input_to_json
from voicebot.call.line import Line
from voicebot.call.playout import Played, Playout
from voicebot.call.recording import Recording
from voicebot.call.talk import Talk
from voicebot.call.turns import CHUNK_S
from voicebot.core.audio import AudioChunk, silence
from voicebot.core.clock import Clock
from voicebot.core.errors import TransportError
from voicebot.core.events import EventKind
from voicebot.dialog.actions import EndReason, Outcome
from voicebot.dialog.inputs import CallStarted, Hinted, Result, Resumed, Stopping

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumption:
    """How a call goes on whose process died; its dialogue was rebuilt from the stored events."""

    at_s: float
    """Call time at which it goes on, seconds since answer."""
    noticed: bool
    """Whether the notice had been played."""
    result: Result | None
    """Of the action that was under way."""


class CallSession:
    """Ties hearing, turn-taking, dialogue and speech together for one call."""

    def __init__(
        self,
        *,
        line: Line,
        clock: Clock,
        now: Callable[[], datetime],
        caller: str | None,
        log: EventLog,
        talk: Talk,
        playout: Playout,
        conversation: Conversation,
        ears: CallerSide,
        human: HumanSide,
        recording: Recording,
        tap: Callable[[AudioChunk, AudioChunk], None] = lambda _caller, _other: None,
        returning: bool = False,
        resumption: Resumption | None = None,
    ) -> None:
        """Tie the stages together.

        Args:
            line: the caller's connection.
            clock: real or virtual.
            now: wall time of the clock in the client's zone.
            caller: calling number, E.164; None when withheld.
            log: of the call.
            talk: the bot's side.
            playout: of the bot's side.
            conversation: the dialogue.
            ears: the caller's side.
            human: the desk's side.
            recording: of both sides.
            tap: told every 20 ms what of both sides others may hear.
            returning: the caller left this client's queue a moment ago.
            resumption: how a call is taken up again whose process died; None for a new call.
        """
        self._line = line
        self._clock = clock
        self._now = now
        self._caller = caller
        self._log = log
        self._ears = ears
        self._talk = talk
        self._playout = playout
        self._conversation = conversation
        self._human = human
        self._recording = recording
        self._tap = tap
        self._returning = returning
        self._resumption = resumption
        self._silence = silence(line.rate_hz)
        self._answered_s = 0.0
        self._beats = 0 if resumption is None else round(resumption.at_s / CHUNK_S)
        self._t_s = self._beats * CHUNK_S
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
                self._answered_s = self._clock.now_s() - self._t_s
                reason = await self._held()
        finally:
            self.ended = self._end(reason)
        return self.ended

    def hint(self, text: str) -> None:
        """A secretary has the bot say this; called from the call's event loop."""
        self._log.add(self._t_s, EventKind.HINT, text=text)
        self._talk.take(Hinted(text=text))

    def stop(self) -> None:
        """The server stops: tell the caller, keep what can be kept, end the call; called from the call's event loop."""
        now = self._now()
        self._log.add(self._t_s, EventKind.STOPPING, now=now.isoformat())
        self._talk.take(Stopping(now=now))

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
        if self._resumption is None:
            self._answer()
        else:
            self._take_up(self._resumption)
        self._recording.begin(self._t_s)

    def _answer(self) -> None:
        now, recorded, returning = self._now(), self._recording.active, self._returning
        self._log.add(
            0.0, EventKind.CALL_STARTED, caller=self._caller, now=now.isoformat(), recorded=recorded, returning=returning
        )
        self._talk.take(CallStarted(caller=self._caller, now=now, recorded=recorded, returning=returning))

    def _take_up(self, resumption: Resumption) -> None:
        now, noticed, result = self._now(), resumption.noticed, resumption.result
        found = None if result is None else input_to_json(result)
        self._log.add(self._t_s, EventKind.RESUMED, now=now.isoformat(), noticed=noticed, input=found)
        self._talk.take(Resumed(now=now, noticed=noticed, result=result))

    def _over(self) -> EndReason | None:
        if self._line.closed:
            return self._talk.ending or EndReason.CALLER_HUNG_UP
        done = self._talk.ending is not None and not self._talk.busy and self._quiet_beats >= round(HANG_UP_TAIL_S / CHUNK_S)
        return self._talk.ending if done else None

    def _end(self, reason: EndReason) -> CallEnd:
        self._ears.close()
        self._human.close()
        self._talk.heard(self._playout.stop(), self._t_s)
        with suppress(TransportError):  # a line that broke is down
            self._line.hang_up()
        self._recording.close(self._t_s)
        end = CallEnd(reason=reason, outcome=self._conversation.outcome, duration_s=self._t_s)
        self._log.add(self._t_s, EventKind.CALL_ENDED, reason=reason, outcome=end.outcome)
        return end

    async def _beat(self) -> None:
        """20 ms: hear, decide, speak."""
        caller, keys = self._line.receive() or self._silence, self._line.pressed_keys()
        self._human.poll(self._t_s, self._now)
        patient = self._human.connected or self._conversation.on_hold
        await self._ears.hear(caller, keys, self._t_s, listen=self._human.listened_to, patient=patient)
        await self._talk.pump(self._t_s, self._now)
        if self._human.connected and not self._playout.idle:
            self._talk.heard(self._playout.stop(), self._t_s)
        await self._speak(caller)

    async def _speak(self, caller: AudioChunk) -> None:
        played = await self._playout.next()
        bot_idle = self._playout.idle and played.finished is None
        heard = await self._human.exchange(caller, played.chunk, bot_idle=bot_idle, t_s=self._t_s)
        self._line.send(heard.to_caller)
        self._follow(played)
        self._tap(heard.caller, heard.other)
        kept = (heard.caller, heard.other) if heard.kept else (self._silence, self._silence)
        self._recording.write(*kept, self._t_s)

    def _follow(self, played: Played) -> None:
        if played.failed:
            self._log.add(self._t_s, EventKind.FAILURE, code="synthesis")
        if played.started is not None:
            self._log.add(self._t_s, EventKind.BOT_STARTED, text=played.started.text, act=played.started.key)
        if played.finished is not None:
            self._talk.heard([played.finished], self._t_s)
        bot_done = self._playout.idle
        self._quiet_beats = self._quiet_beats + 1 if bot_done and played.finished is None else 0
        self._line.follow(bot_done=bot_done and not self._talk.busy and not self._ears.speaking)
