"""The bot's side of a session: the conversation pumped into playback and into the world."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections import deque
from collections.abc import Callable
from datetime import datetime

from voicebot.call.action_events import public_action
from voicebot.call.conversation import NOTICES, Conversation, Sentence
from voicebot.call.event_log import EventLog
from voicebot.call.executor import ActionExecutor
from voicebot.call.inputs_json import input_to_json
from voicebot.call.playout import Playout
from voicebot.call.playout import Sentence as Playing
from voicebot.core.clock import Clock, Job
from voicebot.core.events import EventKind
from voicebot.dialog.actions import EndCall, EndReason, WorldAction
from voicebot.dialog.inputs import Input, Result
from voicebot.tts.synthesizer import Speaker


class Talk:
    """Feeds inputs to the conversation one at a time, and carries out what comes of them in order."""

    def __init__(
        self,
        *,
        rate_hz: int,
        clock: Clock,
        log: EventLog,
        conversation: Conversation,
        playout: Playout,
        speaker: Speaker,
        executor: ActionExecutor,
        workers: concurrent.futures.Executor,
        nominal_s: float,
    ) -> None:
        self._rate_hz = rate_hz
        self._clock = clock
        self._log = log
        self._conversation = conversation
        self._playout = playout
        self._speaker = speaker
        self._executor = executor
        self._workers = workers
        self._nominal_s = nominal_s
        self._inputs: deque[Input] = deque()
        self._pending: tuple[WorldAction, Job[Result | None]] | None = None
        self.ending: EndReason | None = None
        """Set once the policy has ended the call; it is over when everything said has been played."""

    @property
    def busy(self) -> bool:
        """Whether an action or an input is still to be dealt with."""
        return self._pending is not None or bool(self._inputs)

    def take(self, event: Input) -> None:
        """Queue an input for the policy; nothing is heard any more once the call is ending."""
        if self.ending is None:
            self._inputs.append(event)

    def prepare(self, event: Input) -> None:
        """Synthesise ahead what this input would be answered with."""
        if not self.busy:
            for sentence in self._conversation.preview(event):
                self._speaker.speak(sentence.text, language=sentence.language, rate_hz=self._rate_hz)

    async def pump(self, t_s: float, now: Callable[[], datetime]) -> None:
        """Go on as far as possible without waiting; `now` gives the local time for actions that begin."""
        while True:
            if self._pending is not None:
                action, job = self._pending
                if not await self._clock.is_ready(job):
                    return
                self._pending = None
                self._finish(action, job.future.result(), t_s)
            step = self._conversation.next()
            match step:
                case Sentence():
                    self._say(step, t_s)
                case EndCall():
                    self.ending = step.reason
                    self._inputs.clear()
                case None:
                    if not self._inputs:
                        return
                    self._conversation.feed(self._inputs.popleft())
                case _:
                    self._log.add(t_s, EventKind.ACTION, name=type(step).__name__)
                    future = self._workers.submit(self._executor.perform, step, now())
                    self._pending = step, Job(future=future, started_s=self._clock.now_s(), nominal_s=self._nominal_s)

    async def keep_unfinished(self, t_s: float, now: datetime) -> None:
        """The caller has hung up: finish what is under way, keep a half-taken message."""
        if self._pending is not None:
            action, job = self._pending
            self._pending = None
            self._finish(action, await asyncio.wrap_future(job.future), t_s)
        for left in self._conversation.unfinished():
            self._log.add(t_s, EventKind.ACTION, name=type(left).__name__)
            self._finish(left, await asyncio.wrap_future(self._workers.submit(self._executor.perform, left, now)), t_s)

    def apologise(self, t_s: float) -> None:
        """Say that the call cannot go on, instead of everything else."""
        self._inputs.clear()
        self._say(self._conversation.apology(), t_s)

    def heard(self, sentences: list[Playing], t_s: float) -> None:
        """Record how much of each sentence was played, once that is final."""
        for sentence in sentences:
            complete = sentence.heard == len(sentence.clauses)
            self._log.add(t_s, EventKind.BOT_HEARD, heard=sentence.heard_text, complete=complete)
            if complete and sentence.key in NOTICES:
                self._log.add(t_s, EventKind.NOTICE_PLAYED, text=sentence.text)

    def _say(self, sentence: Sentence, t_s: float) -> None:
        clauses = self._speaker.speak(sentence.text, language=sentence.language, rate_hz=self._rate_hz)
        self._playout.say(sentence.key, sentence.text, clauses, protected=sentence.protected)
        self._log.add(t_s, EventKind.BOT_SENTENCE, text=sentence.text, act=sentence.key, language=sentence.language)

    def _finish(self, action: WorldAction, result: Result | None, t_s: float) -> None:
        if result is None:
            return
        self._log.add(t_s, EventKind.ACTION_RESULT, input=input_to_json(result), shown=public_action(action, result))
        self._conversation.feed(result)
