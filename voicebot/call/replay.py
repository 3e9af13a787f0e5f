"""The same decisions again, from a call's stored events."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from voicebot.call.conversation import Conversation, Sentence
from voicebot.call.inputs_json import result_from_json
from voicebot.core.events import CallEvent, EventKind
from voicebot.dialog.actions import EndCall, ReleaseHold, WorldAction
from voicebot.dialog.inputs import CallerKeys, CallerSilent, CallerTurn, CallStarted, HearingFailed, Input, TimeLimit, TurnTooLong
from voicebot.nlu.understanding import Understander


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """Decisions of a call, as stored and as they come out now: sentences said and actions asked for, in order."""

    stored: tuple[str, ...]
    again: tuple[str, ...]

    @property
    def identical(self) -> bool:
        """Whether nothing differs."""
        return self.stored == self.again


def replay(events: Iterable[CallEvent], *, conversation: Conversation, understander: Understander) -> Replay:
    """Feed a fresh conversation what the stored one was fed.

    Raises:
        ValueError: the events do not start with `call_started`.
    """
    log = list(events)
    if not log or log[0].kind is not EventKind.CALL_STARTED:
        raise ValueError("a call's events start with call_started")
    return Replay(
        stored=tuple(_decision(e) for e in log if e.kind in {EventKind.BOT_SENTENCE, EventKind.ACTION}),
        again=tuple(_Replayer(conversation, understander).run(log)),
    )


def _decision(event: CallEvent) -> str:
    data = event.data
    return f"say {data['text']}" if event.kind is EventKind.BOT_SENTENCE else f"do {data['name']}"


class _Replayer:
    def __init__(self, conversation: Conversation, understander: Understander) -> None:
        self._conversation = conversation
        self._understander = understander
        self._waiting: deque[CallEvent] = deque()
        self._acting = False
        self._decisions: list[str] = []

    def run(self, events: list[CallEvent]) -> list[str]:
        for event in events:
            if event.kind is EventKind.ACTION_RESULT:
                self._acting = False
                self._conversation.feed(result_from_json(dict(event.data["input"])))  # type: ignore[arg-type]
                self._drain()
            else:
                self._waiting.append(event)
            self._go_on()
        return self._decisions

    def _go_on(self) -> None:
        while self._waiting and not self._acting:
            for event in self._inputs(self._waiting.popleft()):
                self._conversation.feed(event)
                self._drain()

    def _drain(self) -> None:
        while not self._acting and (step := self._conversation.next()) is not None:
            self._note(step)

    def _note(self, step: Sentence | EndCall | WorldAction) -> None:
        if isinstance(step, Sentence):
            self._decisions.append(f"say {step.text}")
        elif isinstance(step, EndCall):
            return
        else:
            self._decisions.append(f"do {type(step).__name__}")
            self._acting = not isinstance(step, ReleaseHold)

    def _inputs(self, event: CallEvent) -> list[Input]:
        data: Any = event.data
        match event.kind:
            case EventKind.CALL_STARTED:
                return [CallStarted(caller=data["caller"], now=datetime.fromisoformat(data["now"]), recorded=data["recorded"])]
            case EventKind.CALLER_TURN:
                turn = self._turn(data["text"], datetime.fromisoformat(data["now"]))
                return [turn, TurnTooLong()] if data["cut"] else [turn]
            case EventKind.KEYS:
                return [CallerKeys(keys=data["keys"], now=datetime.fromisoformat(data["now"]))]
            case EventKind.SILENCE:
                return [CallerSilent(level=data["level"])]
            case EventKind.TIME_LIMIT:
                return [TimeLimit(final=data["final"])]
            case EventKind.FAILURE if data["code"] == "recognition":
                return [HearingFailed()]
            case _:
                return []

    def _turn(self, text: str, now: datetime) -> CallerTurn:
        conversation = self._conversation
        understanding = self._understander.understand(
            text,
            language=conversation.language,
            now=now,
            expectation=conversation.expectation,
            directory=conversation.directory,
        )
        return CallerTurn(understanding=understanding, now=now)
