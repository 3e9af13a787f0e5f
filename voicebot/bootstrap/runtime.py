"""What one process holds for all its calls, and the calls themselves from answer to stored end."""

from __future__ import annotations

import asyncio
import concurrent.futures
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path

from voicebot.adapters import load_recognition_engine, open_database, voices_for
from voicebot.asr.host import RecognitionHost
from voicebot.asr.recognizer import Recognizer
from voicebot.audio.recorder import StereoRecorder
from voicebot.bootstrap.call_parts import Caller, CallPlan, Shared, executor_of, session_of
from voicebot.bootstrap.music import MusicLibrary
from voicebot.bootstrap.resumption import resumption_of
from voicebot.call.chat import ChatSession
from voicebot.call.conversation import Conversation
from voicebot.call.event_log import EventLog, EventSink
from voicebot.call.keeper import CallKeeper
from voicebot.call.line import Line
from voicebot.call.live import LiveCall, LiveCalls, Tap
from voicebot.call.replay import rebuilt
from voicebot.call.session import CallEnd
from voicebot.call.turn_settings import TurnSettings
from voicebot.clients.catalogue import ClientCatalogue
from voicebot.clients.consignes import Consignes, Queue
from voicebot.clients.registration import register_clients
from voicebot.config import Settings
from voicebot.core.audio import AudioChunk
from voicebot.core.clock import Clock
from voicebot.core.errors import RecordsError
from voicebot.core.ids import CallId, ClientId
from voicebot.core.language import Language
from voicebot.core.tickets import Leaving
from voicebot.dialog.actions import EndReason
from voicebot.dialog.rendering import Sentences
from voicebot.handoff.protocol import Handoff
from voicebot.handoff.ticket_rows import TicketRows
from voicebot.nlu.engine import load_engine
from voicebot.nlu.understanding import Understander
from voicebot.records.calls import CallFile, start_call
from voicebot.records.group_commit import EventWriter
from voicebot.tts.cache import SpeechCache
from voicebot.tts.speaker import CachedSpeaker
from voicebot.vad.silero import load_session

WORKERS = 4
"""Threads for transactions of all calls."""


class Runtime:
    """The process's models, database and live calls; models load when first used. Close it when done."""

    def __init__(self, settings: Settings, *, new_id: Callable[[], str] = lambda: uuid.uuid4().hex) -> None:
        """Open the database and the clients.

        Raises:
            RecordsError: the database cannot be opened.
            InputError: the clients do not pass the check.
        """
        self._settings = settings
        self._new_id = new_id
        self._stack = ExitStack()
        clients_dir = settings.clients_dir or settings.catalogue_dir / "clients"
        self.clients = ClientCatalogue.load(clients_dir)
        self.music = MusicLibrary(clients_dir, settings.data_dir / "hold_music")
        self.database = open_database(settings)
        self._stack.callback(self.database.close)
        self.events = self._stack.enter_context(EventWriter(self.database))
        """Stores what happens in calls."""
        self._workers = self._stack.enter_context(concurrent.futures.ThreadPoolExecutor(WORKERS, thread_name_prefix="actions"))
        self.handoff: Handoff = TicketRows(self.database, rules=self.queue_rules)
        """How calls reach a human; a server with a desk puts its own here before the first call."""
        self.calls = LiveCalls()
        """Calls under way."""

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

    def load(self) -> None:
        """Load every model now: what is missing leaves no call behind.

        Raises:
            ModelError: one is missing, incomplete or does not load.
        """
        _ = self.recognizer, self.understander, self.speaker, self._sentences, load_session()

    def register_clients(self, now: datetime) -> None:
        """Tell the database which clients and lines there are.

        Raises:
            RecordsError: a line belongs to a client that is not in the catalogue, or the database refuses.
        """
        register_clients(self.database, self.clients, now=now)

    def queue_rules(self, client: ClientId | None) -> Queue:
        """How calls of a client reach a human; the rules of the house for a line of nobody."""
        return Queue() if client is None else self.clients.by_id(client).queue

    def conversation(self, consignes: Consignes) -> Conversation:
        """A fresh dialogue for one call of that client."""
        return Conversation(consignes=consignes, sentences=self._sentences)

    def prewarm(
        self, consignes: Consignes, *, rate_hz: int, progress: Callable[[int, int], None] = lambda _done, _total: None
    ) -> None:
        """Put everything that is said to any caller of a client in the cache of spoken prompts, and its music in memory.

        Blocks until done.

        Raises:
            SynthesisError: no voice could say a sentence.
        """
        self.music.loop(consignes, rate_hz)
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
        self.load()
        call = CallId(self._new_id())
        answered = clock.wall()
        returning = await asyncio.to_thread(self.store_start, call, caller, answered)
        keeper = self.keeper(call, caller.consignes.languages[0])
        plan = CallPlan(
            call=call,
            line=line,
            caller=caller,
            clock=clock,
            conversation=self.conversation(caller.consignes),
            log=EventLog(keeper.take, sink(call)),
            recorder=None if recordings is None else _recorder(recordings / f"{call}.wav", line.rate_hz),
            turns=turns or TurnSettings(),
            tap=self._live_tap(call),
            returning=returning,
        )
        return call, await self._hold(plan, keeper, answered)

    async def resume(
        self, line: Line, file: CallFile, *, clock: Clock, sink: Callable[[CallId], EventSink], recordings: Path | None = None
    ) -> CallEnd:
        """Take up a call whose process died: the dialogue is rebuilt from its stored events; held to its end.

        Args:
            line: the caller's new connection.
            file: what is stored of the call.
            clock: real.
            sink: makes, for the call's id, what else takes its events.
            recordings: folder for what is recorded from now on; None records nothing.

        Raises:
            InputError: its client is no longer there.
            RecordsError: the end cannot be stored.
        """
        stored = file.call
        caller = Caller(consignes=self.clients.by_id(stored.client or ""), number=stored.caller, line=stored.line or "")
        keeper = self.keeper(stored.id, stored.language)
        keeper.recall(file)
        log = EventLog(keeper.take, sink(stored.id))
        log.recall(file.events)
        conversation = await asyncio.to_thread(self.rebuilt, file)
        executor = executor_of(stored.id, caller.consignes, log, self.database, self.handoff)
        plan = CallPlan(
            call=stored.id,
            line=line,
            caller=caller,
            clock=clock,
            conversation=conversation,
            log=log,
            recorder=None if recordings is None else _recorder(recordings / f"{stored.id}.{len(file.events)}.wav", line.rate_hz),
            turns=TurnSettings(),
            tap=self._live_tap(stored.id),
            resumption=await asyncio.to_thread(resumption_of, file, conversation, executor, self.database, now=clock.wall()),
        )
        return await self._hold(plan, keeper, stored.started_at)

    async def _hold(self, plan: CallPlan, keeper: CallKeeper, answered: datetime) -> CallEnd:
        session = session_of(self._shared(), plan)
        live = LiveCall(
            id=plan.call,
            client=plan.caller.consignes.id,
            line=plan.caller.line,
            caller=plan.caller.number,
            answered_at=answered,
            hint=session.hint,
            stop=session.stop,
            with_human=lambda: plan.conversation.with_human,
        )
        self.calls.add(live)
        try:
            return await session.run()
        finally:
            self.calls.remove(plan.call)
            if session.ended is not None:
                kept = plan.recorder if isinstance(plan.recorder, StereoRecorder) else None
                await asyncio.to_thread(self._store_end, keeper, plan, session.ended, kept)

    def _store_end(self, keeper: CallKeeper, plan: CallPlan, ended: CallEnd, kept: StereoRecorder | None) -> None:
        now = plan.clock.wall()
        keeper.end(ended, now=now, recording=kept)
        how: Leaving = "hung_up" if ended.reason is EndReason.CALLER_HUNG_UP else "cut"
        self.handoff.leave(plan.call, how, phone=None, now=now)  # whoever is still in the queue is not on the line any more

    @contextmanager
    def chat(self, caller: Caller, *, answered: datetime, sink: Callable[[CallId], EventSink]) -> Iterator[ChatSession]:
        """A call by text; stored like any other when the block ends.

        Raises:
            RecordsError: the call cannot be stored.
        """
        understander, conversation = self.understander, self.conversation(caller.consignes)
        call = CallId(self._new_id())
        self.store_start(call, caller, answered)
        keeper = self.keeper(call, caller.consignes.languages[0])
        log = EventLog(keeper.take, sink(call))
        session = ChatSession(
            conversation=conversation,
            understander=understander,
            executor=executor_of(call, caller.consignes, log, self.database, self.handoff),
            log=log,
            answered=answered.astimezone(caller.zone),
        )
        try:
            yield session
        finally:
            session.hang_up()
            if session.ended is not None:
                keeper.end(session.ended, now=answered, recording=None)
                self.handoff.leave(call, "hung_up", phone=None, now=answered)

    def store_start(self, call: CallId, caller: Caller, now: datetime) -> bool:
        """Store the start; whether the caller left this client's queue a moment ago."""
        consignes = caller.consignes
        self.register_clients(now)
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
        return caller.number is not None and self.handoff.returning(ClientId(consignes.id), caller.number, now=now)

    def _live_tap(self, call: CallId) -> Tap:
        def tap(caller: AudioChunk, other: AudioChunk) -> None:
            live = self.calls.get(call)
            if live is not None:
                live.heard(caller, other)

        return tap

    def rebuilt(self, file: CallFile) -> Conversation:
        """The dialogue of a stored call as its last event left it.

        Raises:
            InputError: its client is no longer there.
            ValueError: nothing is stored but that it began.
        """
        fresh = self.conversation(self.clients.by_id(file.call.client or ""))
        return rebuilt(file.events, conversation=fresh, understander=self.understander)

    def keeper(self, call: CallId, language: Language) -> CallKeeper:
        """Who stores a call."""
        return CallKeeper(database=self.database, writer=self.events, call=call, language=language)

    def _shared(self) -> Shared:
        return Shared(
            settings=self._settings,
            database=self.database,
            recognizer=self.recognizer,
            understander=self.understander,
            speaker=self.speaker,
            workers=self._workers,
            handoff=self.handoff,
            music=self.music.loop,
        )


def _recorder(path: Path, rate_hz: int) -> StereoRecorder | RecordsError:
    """The recorder, or why there is none: the call is answered all the same."""
    try:
        return StereoRecorder(path, rate_hz)
    except RecordsError as failure:
        return failure
