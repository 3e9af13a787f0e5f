"""Wiring: the only place, with the command line, that knows concrete adapters."""

from __future__ import annotations

import asyncio
import concurrent.futures
import math
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from voicebot.adapters import load_recognition_engine, open_database, voices_for
from voicebot.asr.host import RecognitionHost
from voicebot.asr.recognizer import Recognizer
from voicebot.audio.recorder import StereoRecorder
from voicebot.booking.agenda import Agenda
from voicebot.call.chat import ChatSession
from voicebot.call.clocks import VirtualClock
from voicebot.call.conversation import Conversation
from voicebot.call.event_log import EventLog, EventSink
from voicebot.call.executor import ActionExecutor, Services
from voicebot.call.hearing import Hearing, Listening
from voicebot.call.keeper import CallKeeper
from voicebot.call.line import Line
from voicebot.call.playout import Playout
from voicebot.call.session import CallEnd, CallSession
from voicebot.call.talk import Talk
from voicebot.call.turn_settings import TurnSettings
from voicebot.call.turns import TurnMachine
from voicebot.clients.catalogue import ClientCatalogue
from voicebot.clients.consignes import Consignes
from voicebot.clients.registration import register_clients
from voicebot.config import Settings
from voicebot.core.clock import Clock
from voicebot.core.errors import RecordsError
from voicebot.core.ids import CallId
from voicebot.core.language import Language
from voicebot.dialog.rendering import Sentences
from voicebot.handoff.ticket_rows import TicketRows
from voicebot.nlu.engine import load_engine
from voicebot.nlu.understanding import Understander
from voicebot.records.calls import start_call
from voicebot.records.group_commit import EventWriter
from voicebot.tts.cache import SpeechCache
from voicebot.tts.speaker import CachedSpeaker
from voicebot.vad.segmenter import Segmenter
from voicebot.vad.two_stage import TwoStageDetector

WORKERS = 4
"""Threads for transactions of all calls."""


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


class Runtime:
    """What one process holds for all its calls; models load when first used. Close it when done."""

    def __init__(self, settings: Settings, *, new_id: Callable[[], str] = lambda: uuid.uuid4().hex) -> None:
        """Open the database and the clients.

        Raises:
            RecordsError: the database cannot be opened.
            InputError: the clients do not pass the check.
        """
        self._settings = settings
        self._new_id = new_id
        self._stack = ExitStack()
        self.clients = ClientCatalogue.load(settings.clients_dir or settings.catalogue_dir / "clients")
        self.database = open_database(settings)
        self._stack.callback(self.database.close)
        self._writer = self._stack.enter_context(EventWriter(self.database))
        self._workers = self._stack.enter_context(concurrent.futures.ThreadPoolExecutor(WORKERS, thread_name_prefix="actions"))

    def close(self) -> None:
        """Write what is left, stop the threads."""
        self._stack.close()

    @cached_property
    def understander(self) -> Understander:
        """Understanding, trained from the catalogue."""
        directory = self._settings.nlu_dir
        return load_engine() if directory is None else load_engine(directory)

    @cached_property
    def recognizer(self) -> Recognizer:
        """The process's one recogniser."""
        host = RecognitionHost(load_recognition_engine(self._settings.asr_model, threads=self._settings.asr_threads))
        self._stack.callback(host.close)
        return host

    @cached_property
    def speaker(self) -> CachedSpeaker:
        """The bot's voices, one cache for all calls."""
        names: dict[Language, str] = {"fr": self._settings.voice_fr, "en": self._settings.voice_en}
        voices = {language: voices_for(name, language) for language, name in names.items()}
        speaker = CachedSpeaker(voices, SpeechCache(self._settings.data_dir / "speech"))
        self._stack.callback(speaker.close)
        return speaker

    @cached_property
    def _sentences(self) -> Sentences:
        return Sentences.load(self._settings.catalogue_dir / "sentences")

    def conversation(self, consignes: Consignes) -> Conversation:
        """A fresh dialogue for one call of that client."""
        return Conversation(consignes=consignes, sentences=self._sentences)

    def prewarm(
        self, consignes: Consignes, *, rate_hz: int, progress: Callable[[int, int], None] = lambda _done, _total: None
    ) -> None:
        """Put everything that is said to any caller of a client in the cache of spoken prompts; blocks until done.

        Raises:
            SynthesisError: no voice could say a sentence.
        """
        speaker = self.speaker.with_lexicon(consignes.lexicon)
        for language in consignes.languages:
            sentences = self._sentences.fixed_sentences(consignes, language)
            speaker.prewarm(sentences, language=language, rate_hz=rate_hz, progress=progress)

    async def answer(
        self,
        line: Line,
        caller: Caller,
        *,
        clock: Clock,
        sink: Callable[[CallId], EventSink],
        recordings: Path | None = None,
        turns: TurnSettings | None = None,
    ) -> tuple[CallId, CallEnd]:
        """Answer one call and hold it to its end; everything is stored on return.

        Args:
            line: its audio.
            caller: who rings whom.
            clock: real or virtual.
            sink: makes, for the call's id, what else takes its events.
            recordings: folder for the stereo recording, which the notice then announces; None records nothing.
            turns: durations of turn-taking.

        Raises:
            RecordsError: the call cannot be stored.
        """
        _ = self.recognizer, self.understander, self.speaker, self._sentences  # what is missing leaves no call behind
        call = CallId(self._new_id())
        await asyncio.to_thread(self._store_start, call, caller, clock.wall())
        keeper = CallKeeper(database=self.database, writer=self._writer, call=call, language=caller.consignes.languages[0])
        log = EventLog(keeper.take, sink(call))
        recorder = None if recordings is None else _recorder(recordings / f"{call}.wav", line.rate_hz)
        session = self._session(line, caller, clock, log, call, recorder, turns or TurnSettings())
        try:
            return call, await session.run()
        finally:
            if session.ended is not None:
                kept = recorder if isinstance(recorder, StereoRecorder) else None
                await asyncio.to_thread(keeper.end, session.ended, now=clock.wall(), recording=kept)

    @contextmanager
    def chat(self, caller: Caller, *, answered: datetime, sink: Callable[[CallId], EventSink]) -> Iterator[ChatSession]:
        """A call by text; stored like any other when the block ends.

        Raises:
            RecordsError: the call cannot be stored.
        """
        understander, conversation = self.understander, self.conversation(caller.consignes)
        call = CallId(self._new_id())
        self._store_start(call, caller, answered)
        keeper = CallKeeper(database=self.database, writer=self._writer, call=call, language=caller.consignes.languages[0])
        log = EventLog(keeper.take, sink(call))
        session = ChatSession(
            conversation=conversation,
            understander=understander,
            executor=self._executor(call, caller.consignes, log),
            log=log,
            answered=answered.astimezone(caller.zone),
        )
        try:
            yield session
        finally:
            session.hang_up()
            if session.ended is not None:
                keeper.end(session.ended, now=answered, recording=None)

    def _store_start(self, call: CallId, caller: Caller, now: datetime) -> None:
        consignes = caller.consignes
        register_clients(self.database, self.clients, now=now)
        start_call(
            self.database,
            call=call,
            client=consignes.id,
            line=caller.line,
            caller=caller.number,
            started_at=now,
            zone=consignes.timezone,
            language=consignes.languages[0],
            consignes_version=self.clients.version(consignes.id),
        )

    def _executor(self, call: CallId, consignes: Consignes, log: EventLog) -> ActionExecutor:
        services = Services(agenda=Agenda(self.database), database=self.database, handoff=TicketRows(self.database))
        return ActionExecutor(call=call, consignes=consignes, services=services, transcript=lambda: log.transcript)

    def _session(
        self,
        line: Line,
        caller: Caller,
        clock: Clock,
        log: EventLog,
        call: CallId,
        recorder: StereoRecorder | RecordsError | None,
        turns: TurnSettings,
    ) -> CallSession:
        settings, consignes = self._settings, caller.consignes
        conversation = self.conversation(consignes)
        playout = Playout(rate_hz=line.rate_hz, clock=clock, synthesis_nominal_s=settings.virtual_synthesis_s)

        def listening() -> Listening:
            return Listening(
                language=conversation.language,
                expectation=conversation.expectation,
                directory=conversation.directory,
                now=clock.wall().astimezone(caller.zone),
            )

        hearing = Hearing(
            rate_hz=line.rate_hz,
            clock=clock,
            detector=TwoStageDetector(),
            segmenter=Segmenter(),
            recognizer=self.recognizer,
            understander=self.understander,
            nominal_s=settings.virtual_recognition_s,
            partial_deadline_s=math.inf if isinstance(clock, VirtualClock) else 1.0,
            listening=listening,
        )
        talk = Talk(
            rate_hz=line.rate_hz,
            clock=clock,
            log=log,
            conversation=conversation,
            playout=playout,
            speaker=self.speaker.with_lexicon(consignes.lexicon),
            executor=self._executor(call, consignes, log),
            workers=self._workers,
            nominal_s=settings.virtual_transaction_s,
        )
        return CallSession(
            line=line,
            clock=clock,
            zone=caller.zone,
            caller=caller.number,
            log=log,
            turns=TurnMachine(turns),
            hearing=hearing,
            talk=talk,
            playout=playout,
            conversation=conversation,
            recorder=recorder if isinstance(recorder, StereoRecorder) else None,
            unrecorded=recorder if isinstance(recorder, RecordsError) else None,
        )


def _recorder(path: Path, rate_hz: int) -> StereoRecorder | RecordsError:
    """The recorder, or why there is none: the call is answered all the same."""
    try:
        return StereoRecorder(path, rate_hz)
    except RecordsError as failure:
        return failure
