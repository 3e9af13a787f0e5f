"""Whole calls on the virtual clock: a scripted caller, hand-made understanding, a voice of tones, a pliant world."""

from __future__ import annotations

import asyncio
import concurrent.futures
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

import numpy as np

from tests.fakes.asr import FakeRecognizer
from tests.fakes.dialogue import CALLER, NOW, SENTENCES, clinic, slot
from tests.fakes.handoff import FakeHandoffLine
from tests.fakes.understanding import turn
from tests.fakes.vad import FakeSpeechDetector
from voicebot.asr.recognizer import RecognitionRequest, Recognizer
from voicebot.audio.recorder import StereoRecorder
from voicebot.call.caller_side import CallerSide
from voicebot.call.clocks import VirtualClock
from voicebot.call.conversation import Conversation
from voicebot.call.event_log import EventLog
from voicebot.call.executor import ActionExecutor
from voicebot.call.hearing import Hearing, Listening
from voicebot.call.human_side import HumanSide
from voicebot.call.playout import SPEAKING_RATE_CHARS_PER_S, Playout
from voicebot.call.recording import Recording
from voicebot.call.scribe import Scribe
from voicebot.call.session import CallEnd, CallSession
from voicebot.call.talk import Talk
from voicebot.call.turn_settings import TurnSettings
from voicebot.call.turns import TurnMachine
from voicebot.call.waiting_music import WaitingMusic
from voicebot.core.audio import AudioChunk, Samples, chunk_samples
from voicebot.core.clock import Clock
from voicebot.core.errors import RecognitionError, SynthesisError
from voicebot.core.events import CallEvent, EventKind
from voicebot.core.expected import Completeness, Expectation
from voicebot.core.ids import AppointmentId, HoldId, MessageId, TicketId
from voicebot.core.language import Language
from voicebot.dialog.actions import Book, FindSlots, HoldSlot, LeaveQueue, ReleaseHold, RequestHuman, TakeMessage, WorldAction
from voicebot.dialog.inputs import Booked, HumanRequested, LeftQueue, MessageTaken, Result, SlotHeld, SlotsFound
from voicebot.nlu.understanding import Directory, Understanding
from voicebot.tts.clauses import clauses
from voicebot.tts.synthesizer import Clause
from voicebot.vad.detector import SpeechDetector
from voicebot.vad.segmenter import Segmenter

RATE_HZ = 8000
MUSIC = np.full(8000, 700, np.int16)
"""What a waiting caller hears: one second, of an amplitude that nothing else has."""
_QUIETEST, _STEP = 3000, 100
"""The n-th utterance is a square wave of amplitude 3000 + 100 n: the recogniser knows it by that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One utterance: a text (or a failure of recognition), when, for how long."""

    text: str | RecognitionError
    at_s: float | None = None
    """Call time; None: 0.4 s after the bot has finished, in order."""
    length_s: float = 0.8


class FakeLine:
    """Implements `Line`: plays utterances, presses keys, hangs up, and keeps what the bot sends."""

    def __init__(self, said: Sequence[Said], *, keys: Mapping[float, str], hangs_up_s: float | None, keep: bool = True) -> None:
        self.rate_hz = RATE_HZ
        self._said = said
        self._keys = dict(keys)
        self._hangs_up_s = hangs_up_s
        self._keep = keep
        self._starts_s = {n: one.at_s for n, one in enumerate(said) if one.at_s is not None}
        self._waiting = [n for n, one in enumerate(said) if one.at_s is None]
        self._bot_done_s = 0.0
        self._chunks = 0
        self.sent: list[Samples] = []
        self.hung_up = False

    @property
    def t_s(self) -> float:
        return self._chunks * 0.02

    def receive(self) -> AudioChunk | None:
        self._chunks += 1
        t_s = self.t_s
        for number, start_s in self._starts_s.items():
            if start_s < t_s <= start_s + self._said[number].length_s + 1e-9:
                return _voice(number)
        return None

    def pressed_keys(self) -> str:
        if not self._keys:
            return ""
        due = [t_s for t_s in self._keys if t_s <= self.t_s]
        return "".join(self._keys.pop(t_s) for t_s in due)

    def send(self, chunk: AudioChunk) -> None:
        if self._keep:
            self.sent.append(chunk.samples)

    def follow(self, *, bot_done: bool) -> None:
        self._bot_done_s = self._bot_done_s + 0.02 if bot_done else 0.0
        if self._waiting and self._bot_done_s >= 0.4:
            self._starts_s[self._waiting.pop(0)] = self.t_s
            self._bot_done_s = 0.0

    @property
    def closed(self) -> bool:
        return self.hung_up or (self._hangs_up_s is not None and self.t_s >= self._hangs_up_s)

    def hang_up(self) -> None:
        self.hung_up = True

    def loud(self) -> list[bool]:
        """For each 20 ms sent, whether the bot was heard."""
        return [bool(samples.any()) for samples in self.sent]

    def recognised(self, request: RecognitionRequest) -> str | RecognitionError:
        """What the loudest utterance in the audio says."""
        peak = int(np.abs(request.samples).max(initial=0))
        return "" if peak < _QUIETEST else self._said[(peak - _QUIETEST) // _STEP].text


@functools.cache
def _voice(number: int) -> AudioChunk:
    samples = np.full(chunk_samples(RATE_HZ), _QUIETEST + _STEP * number, np.int16)
    samples[::2] *= -1
    return AudioChunk(samples=samples, rate_hz=RATE_HZ)


class FakeUnderstander:
    """Implements `Understander` from a table; a text that is not in it means nothing."""

    def __init__(self, turns: Sequence[Understanding] = ()) -> None:
        self._turns = {one.text: one for one in turns}

    def understand(
        self, text: str, *, language: Language, now: datetime, expectation: Expectation, directory: Directory
    ) -> Understanding:
        return self._turns.get(text) or turn(text, "noise" if not text else "out_of_scope", score=0.3)

    def completeness(self, text: str, *, language: Language, expectation: Expectation) -> Completeness:
        return Completeness.COMPLETE if text in self._turns else Completeness.OPEN


class FakeSpeaker:
    """Implements `Speaker` with a tone of 1/14 s a character; what holds the word `unspeakable` fails."""

    def __init__(self, unspeakable: str | None = None) -> None:
        self.unspeakable = unspeakable

    def speak(self, text: str, *, language: Language, rate_hz: int) -> tuple[Clause, ...]:
        return tuple(Clause(text=piece, audio=self._audio(piece, rate_hz)) for piece in clauses(text))

    def _audio(self, piece: str, rate_hz: int) -> concurrent.futures.Future[Samples]:
        audio: concurrent.futures.Future[Samples] = concurrent.futures.Future()
        if self.unspeakable is not None and self.unspeakable in piece:
            audio.set_exception(SynthesisError("told to fail"))
        else:
            audio.set_result(np.full(round(len(piece) / SPEAKING_RATE_CHARS_PER_S * rate_hz), 1000, np.int16))
        return audio


class FakeWorld:
    """Stands for `ActionExecutor`: every action succeeds, and is kept in `done`."""

    def __init__(self) -> None:
        self.done: list[WorldAction] = []
        self.live = False
        """Whether a desk is served."""

    def perform(self, action: WorldAction, now: datetime) -> Result | None:
        self.done.append(action)
        match action:
            case FindSlots():
                return SlotsFound(slots=(slot(24, 14, 30),), exact=True)
            case HoldSlot():
                return SlotHeld(hold=HoldId(1), slot=action.slot)
            case ReleaseHold():
                return None
            case Book():
                return Booked(appointment=AppointmentId(1), slot=action.slot)
            case TakeMessage():
                return MessageTaken(message=MessageId(1))
            case RequestHuman():
                return HumanRequested(ticket=TicketId(1), live=self.live, staffed=self.live, position=1)
            case LeaveQueue():
                return LeftQueue(how=action.how)


class Inline(concurrent.futures.Executor):
    """Does the work at once, in the caller's thread."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> concurrent.futures.Future[Any]:
        future: concurrent.futures.Future[Any] = concurrent.futures.Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as failure:  # noqa: BLE001 - a future holds whatever was raised
            future.set_exception(failure)
        return future


@dataclass(kw_only=True)
class Scene:
    """One call, built when first used; change the parts before `hold`."""

    said: Sequence[Said] = ()
    turns: Sequence[Understanding] = ()
    keys: Mapping[float, str] = field(default_factory=dict)
    hangs_up_s: float | None = None
    clock: Clock = field(default_factory=lambda: VirtualClock(NOW))
    settings: TurnSettings = field(default_factory=TurnSettings)
    speaker: FakeSpeaker = field(default_factory=FakeSpeaker)
    world: FakeWorld = field(default_factory=FakeWorld)
    workers: concurrent.futures.Executor = field(default_factory=Inline)
    recognizer: Recognizer | None = None
    detector: SpeechDetector = field(default_factory=FakeSpeechDetector)
    recorder: StereoRecorder | None = None
    transaction_s: float = 0.05
    recognition_s: float = 0.2
    synthesis_s: float = 0.05
    caller: str | None = CALLER
    keep_audio: bool = True
    desk: FakeHandoffLine | None = None
    """Who waits for the call; None where no desk is served."""
    transcribe_human: bool = False
    record_human: bool = False

    def __post_init__(self) -> None:
        self.line = FakeLine(self.said, keys=self.keys, hangs_up_s=self.hangs_up_s, keep=self.keep_audio)
        self.events: list[CallEvent] = []
        self.tapped: list[tuple[AudioChunk, AudioChunk]] = []
        self.world.live = self.desk is not None
        self.conversation = Conversation(consignes=clinic(), sentences=SENTENCES)
        self.understander = FakeUnderstander(self.turns)
        log = EventLog(self.events.append)
        self.hearing = self._hearing()
        self.playout = Playout(rate_hz=RATE_HZ, clock=self.clock, synthesis_nominal_s=self.synthesis_s)
        self.talk = Talk(
            rate_hz=RATE_HZ,
            clock=self.clock,
            log=log,
            conversation=self.conversation,
            playout=self.playout,
            speaker=self.speaker,
            executor=cast("ActionExecutor", self.world),
            workers=self.workers,
            nominal_s=self.transaction_s,
        )
        self.session = CallSession(
            line=self.line,
            clock=self.clock,
            now=self._now,
            caller=self.caller,
            log=log,
            talk=self.talk,
            playout=self.playout,
            conversation=self.conversation,
            ears=CallerSide(
                turns=TurnMachine(self.settings),
                hearing=self.hearing,
                talk=self.talk,
                playout=self.playout,
                conversation=self.conversation,
                log=log,
                now=self._now,
            ),
            human=HumanSide(
                attend=lambda: self.desk,
                conversation=self.conversation,
                talk=self.talk,
                log=log,
                music=WaitingMusic(MUSIC, RATE_HZ),
                scribe=Scribe(hearing=self._human_hearing(), log=log) if self.transcribe_human else None,
                record=self.record_human,
                rate_hz=RATE_HZ,
            ),
            recording=Recording(self.recorder, log),
            tap=lambda caller, other: self.tapped.append((caller, other)),
        )

    def hold(self) -> CallEnd:
        """Run the call to its end."""
        return asyncio.run(self.session.run())

    def of(self, kind: EventKind) -> list[CallEvent]:
        return [event for event in self.events if event.kind is kind]

    def acts(self) -> list[str]:
        """Keys of the sentences said, in order."""
        return [str(event.data["act"]) for event in self.of(EventKind.BOT_SENTENCE)]

    def when(self, act: str) -> float:
        """Call time at which a sentence was first queued."""
        return next(event.t_s for event in self.of(EventKind.BOT_SENTENCE) if event.data["act"] == act)

    def heard(self, act: str) -> CallEvent:
        """How much of a sentence was played."""
        return self.of(EventKind.BOT_HEARD)[self.acts().index(act)]

    def texts(self) -> list[str]:
        """What the caller said, as committed."""
        return [str(event.data["text"]) for event in self.of(EventKind.CALLER_TURN)]

    def _now(self) -> datetime:
        return self.clock.wall().astimezone(ZoneInfo("Europe/Paris"))

    def _human_hearing(self) -> Hearing:
        """The human's hum is a sentence of its own, whenever it stops."""
        recognizer = FakeRecognizer(lambda _request: "bonjour, Sophie à l'appareil")
        return self._hearing(recognizer)

    def _hearing(self, recognizer: Recognizer | None = None) -> Hearing:
        def listening() -> Listening:
            return Listening(
                language=self.conversation.language,
                expectation=self.conversation.expectation,
                directory=self.conversation.directory,
                now=self._now(),
            )

        return Hearing(
            rate_hz=RATE_HZ,
            clock=self.clock,
            detector=self.detector,
            segmenter=Segmenter(),
            recognizer=recognizer or self.recognizer or FakeRecognizer(self.line.recognised),
            understander=self.understander,
            nominal_s=self.recognition_s,
            partial_deadline_s=1.0,
            listening=listening,
        )
