"""A call by text: the same dialogue, actions and records, without audio."""

from __future__ import annotations

from datetime import datetime, timedelta

from voicebot.call.action_events import public_action
from voicebot.call.conversation import NOTICES, Conversation, Sentence
from voicebot.call.event_log import EventLog
from voicebot.call.executor import ActionExecutor
from voicebot.call.inputs_json import input_to_json
from voicebot.call.playout import SPEAKING_RATE_CHARS_PER_S
from voicebot.call.session import CallEnd
from voicebot.core.events import EventKind
from voicebot.dialog.actions import EndCall, EndReason, WorldAction
from voicebot.dialog.inputs import CallerTurn, CallStarted, Input
from voicebot.nlu.understanding import Understander


class ChatSession:
    """One typed call. Time passes as fast as the words would be spoken."""

    def __init__(
        self,
        *,
        conversation: Conversation,
        understander: Understander,
        executor: ActionExecutor,
        log: EventLog,
        answered: datetime,
    ) -> None:
        self._conversation = conversation
        self._understander = understander
        self._executor = executor
        self._log = log
        self._answered = answered
        self._t_s = 0.0
        self.ended: CallEnd | None = None

    def start(self, caller: str | None) -> None:
        """Answer the call."""
        self._log.add(0.0, EventKind.CALL_STARTED, caller=caller, now=self._now().isoformat(), recorded=False)
        self._feed(CallStarted(caller=caller, now=self._now(), recorded=False))

    def say(self, text: str) -> None:
        """Take one line of the caller's."""
        now = self._now()
        understanding = self._understander.understand(
            text,
            language=self._conversation.language,
            now=now,
            expectation=self._conversation.expectation,
            directory=self._conversation.directory,
        )
        self._log.add(
            self._t_s,
            EventKind.CALLER_TURN,
            text=text,
            intent=understanding.intent,
            urgent=understanding.urgency.level == "urgent",
            cut=False,
            now=now.isoformat(),
        )
        self._pass(text)
        self._feed(CallerTurn(understanding=understanding, now=now))

    def hang_up(self) -> None:
        """The caller leaves."""
        if self.ended is not None:
            return
        for left in self._conversation.unfinished():
            self._act(left)
        self._end(EndReason.CALLER_HUNG_UP)

    def _feed(self, event: Input) -> None:
        self._conversation.feed(event)
        while self.ended is None and (step := self._conversation.next()) is not None:
            if isinstance(step, Sentence):
                self._speak(step)
            elif isinstance(step, EndCall):
                self._end(step.reason)
            else:
                self._act(step)

    def _act(self, action: WorldAction) -> None:
        self._log.add(self._t_s, EventKind.ACTION, name=type(action).__name__)
        result = self._executor.perform(action, self._now())
        if result is not None:
            self._log.add(self._t_s, EventKind.ACTION_RESULT, input=input_to_json(result), shown=public_action(action, result))
            self._conversation.feed(result)

    def _speak(self, sentence: Sentence) -> None:
        self._log.add(self._t_s, EventKind.BOT_SENTENCE, text=sentence.text, act=sentence.key, language=sentence.language)
        self._log.add(self._t_s, EventKind.BOT_STARTED, text=sentence.text, act=sentence.key)
        self._pass(sentence.text)
        self._log.add(self._t_s, EventKind.BOT_HEARD, heard=sentence.text, complete=True)
        if sentence.key in NOTICES:
            self._log.add(self._t_s, EventKind.NOTICE_PLAYED, text=sentence.text)

    def _end(self, reason: EndReason) -> None:
        self.ended = CallEnd(reason=reason, outcome=self._conversation.outcome, duration_s=self._t_s)
        self._log.add(self._t_s, EventKind.CALL_ENDED, reason=reason, outcome=self.ended.outcome)

    def _pass(self, text: str) -> None:
        self._t_s += len(text) / SPEAKING_RATE_CHARS_PER_S

    def _now(self) -> datetime:
        return self._answered + timedelta(seconds=self._t_s)
