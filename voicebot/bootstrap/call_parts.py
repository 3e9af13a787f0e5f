"""One call's parts, put together from what the process shares."""

from __future__ import annotations

import concurrent.futures
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from voicebot.asr.recognizer import Recognizer
from voicebot.audio.recorder import StereoRecorder
from voicebot.booking.agenda import Agenda
from voicebot.call.caller_side import CallerSide
from voicebot.call.clocks import VirtualClock
from voicebot.call.conversation import Conversation
from voicebot.call.event_log import EventLog
from voicebot.call.executor import ActionExecutor, Services
from voicebot.call.hearing import Hearing, Listening
from voicebot.call.human_side import HumanSide
from voicebot.call.line import Line
from voicebot.call.live import Tap
from voicebot.call.playout import Playout
from voicebot.call.recording import Recording
from voicebot.call.scribe import Scribe
from voicebot.call.session import CallSession, Resumption
from voicebot.call.talk import Talk
from voicebot.call.turn_settings import TurnSettings
from voicebot.call.turns import TurnMachine
from voicebot.call.waiting_music import WaitingMusic
from voicebot.clients.consignes import Consignes
from voicebot.config import Settings
from voicebot.core.audio import Samples
from voicebot.core.clock import Clock
from voicebot.core.errors import RecordsError
from voicebot.core.expected import Expectation
from voicebot.core.ids import CallId
from voicebot.handoff.protocol import Handoff
from voicebot.nlu.understanding import Understander
from voicebot.records.database import Database
from voicebot.tts.speaker import CachedSpeaker
from voicebot.vad.segmenter import Segmenter
from voicebot.vad.two_stage import TwoStageDetector


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who rings whom."""

    consignes: Consignes
    number: str | None
    """Calling number, E.164; None when withheld."""
    line: str
    """Dialled number, E.164."""

    @property
    def zone(self) -> ZoneInfo:
        """The client's time zone."""
        return ZoneInfo(self.consignes.timezone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What all calls of a process share."""

    settings: Settings
    database: Database
    recognizer: Recognizer
    understander: Understander
    speaker: CachedSpeaker
    workers: concurrent.futures.Executor
    handoff: Handoff
    music: Callable[[Consignes, int], Samples]
    """The loop for a client's waiting callers at a rate in Hz."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPlan:
    """What is particular to one call."""

    call: CallId
    line: Line
    caller: Caller
    clock: Clock
    conversation: Conversation
    log: EventLog
    recorder: StereoRecorder | RecordsError | None
    turns: TurnSettings
    tap: Tap
    returning: bool = False
    """The caller left this client's queue a moment ago."""
    resumption: Resumption | None = None
    """How it goes on after its process died."""


def executor_of(call: CallId, consignes: Consignes, log: EventLog, database: Database, handoff: Handoff) -> ActionExecutor:
    """Performs what the policy of a call asks of the world."""
    services = Services(agenda=Agenda(database), database=database, handoff=handoff)
    return ActionExecutor(call=call, consignes=consignes, services=services, transcript=lambda: log.transcript)


def session_of(shared: Shared, plan: CallPlan) -> CallSession:
    """The session that holds the call."""
    conversation, line, log, consignes = plan.conversation, plan.line, plan.log, plan.caller.consignes
    playout = Playout(rate_hz=line.rate_hz, clock=plan.clock, synthesis_nominal_s=shared.settings.virtual_synthesis_s)
    talk = Talk(
        rate_hz=line.rate_hz,
        clock=plan.clock,
        log=log,
        conversation=conversation,
        playout=playout,
        speaker=shared.speaker.with_lexicon(consignes.lexicon),
        executor=executor_of(plan.call, consignes, log, shared.database, shared.handoff),
        workers=shared.workers,
        nominal_s=shared.settings.virtual_transaction_s,
    )
    now = _local_time(plan.clock, plan.caller.zone)
    ears = CallerSide(
        turns=TurnMachine(plan.turns),
        hearing=_hearing(shared, plan, lambda: conversation.expectation, now),
        talk=talk,
        playout=playout,
        conversation=conversation,
        log=log,
        now=now,
    )
    return CallSession(
        line=line,
        clock=plan.clock,
        now=now,
        caller=plan.caller.number,
        log=log,
        talk=talk,
        playout=playout,
        conversation=conversation,
        ears=ears,
        human=_human_side(shared, plan, talk, now),
        recording=Recording(plan.recorder, log),
        tap=plan.tap,
        returning=plan.returning,
        resumption=plan.resumption,
    )


def _human_side(shared: Shared, plan: CallPlan, talk: Talk, now: Callable[[], datetime]) -> HumanSide:
    consignes, rate_hz = plan.caller.consignes, plan.line.rate_hz
    scribe = None
    if consignes.queue.transcribe_human:
        scribe = Scribe(hearing=_hearing(shared, plan, Expectation, now), log=plan.log)
    return HumanSide(
        attend=lambda: shared.handoff.attend(plan.call),
        conversation=plan.conversation,
        talk=talk,
        log=plan.log,
        music=WaitingMusic(shared.music(consignes, rate_hz), rate_hz),
        scribe=scribe,
        record=consignes.queue.record_human,
        rate_hz=rate_hz,
    )


def _hearing(shared: Shared, plan: CallPlan, expectation: Callable[[], Expectation], now: Callable[[], datetime]) -> Hearing:
    def listening() -> Listening:
        return Listening(
            language=plan.conversation.language,
            expectation=expectation(),
            directory=plan.conversation.directory,
            now=now(),
        )

    return Hearing(
        rate_hz=plan.line.rate_hz,
        clock=plan.clock,
        detector=TwoStageDetector(),
        segmenter=Segmenter(),
        recognizer=shared.recognizer,
        understander=shared.understander,
        nominal_s=shared.settings.virtual_recognition_s,
        partial_deadline_s=math.inf if isinstance(plan.clock, VirtualClock) else 1.0,
        listening=listening,
        start_s=0.0 if plan.resumption is None else plan.resumption.at_s,
    )


def _local_time(clock: Clock, zone: ZoneInfo) -> Callable[[], datetime]:
    return lambda: clock.wall().astimezone(zone)
