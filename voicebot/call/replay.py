"""The same decisions again, from a call's stored events; also to go on with a call whose process has died."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from voicebot.call.conversation import Conversation, Sentence
from voicebot.call.inputs_json import input_from_json
from voicebot.core.events import CallEvent, EventKind, JsonValue
from voicebot.dialog.actions import EndCall, ReleaseHold, WorldAction
from voicebot.dialog.inputs import (
    CallerKeys,
    CallerSilent,
    CallerTurn,
    CallStarted,
    HearingFailed,
    Hinted,
    Input,
    Result,
    Resumed,
    Stopping,
    TimeLimit,
    TurnTooLong,
)
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
    log = _whole(events)
    return Replay(
        stored=tuple(_decision(e) for e in log if e.kind in {EventKind.BOT_SENTENCE, EventKind.ACTION}),
        again=tuple(_Replayer(conversation, understander).run(log)),
    )


def rebuilt(events: Iterable[CallEvent], *, conversation: Conversation, understander: Understander) -> Conversation:
    """Bring a fresh conversation to where the stored one stood when its process died; feed it `Resumed` next.

    What was still to be said and done is dropped: `Resumed` puts the open question again. Where the result of an action is not
    stored, `awaiting` names the action; what the database tells of it may go with `Resumed`.

    Raises:
        ValueError: the events do not start with `call_started`.
    """
    _Replayer(conversation, understander).run(_whole(events))
    conversation.forget()
    return conversation


def _whole(events: Iterable[CallEvent]) -> list[CallEvent]:
    log = list(events)
    if not log or log[0].kind is not EventKind.CALL_STARTED:
        raise ValueError("a call's events start with call_started")
    return log


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
            match event.kind:
                case EventKind.ACTION_RESULT:
                    self._acting = False
                    self._conversation.feed(input_from_json(_stored(event)))
                    self._drain()
                case EventKind.RESUMED:  # what the dead process had under way was dropped
                    self._acting = False
                    self._waiting.clear()
                    self._conversation.forget()
                    self._waiting.append(event)
                case _:
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
                return [_started(data)]
            case EventKind.CALLER_TURN:
                turn = self._turn(data["text"], datetime.fromisoformat(data["now"]))
                return [turn, TurnTooLong()] if data["cut"] else [turn]
            case EventKind.KEYS:
                return [CallerKeys(keys=data["keys"], now=datetime.fromisoformat(data["now"]))]
            case EventKind.SILENCE:
                return [CallerSilent(level=data["level"])]
            case EventKind.TIME_LIMIT:
                return [TimeLimit(final=data["final"])]
            case EventKind.HANDOFF:
                return [input_from_json(_stored(event))]
            case EventKind.HINT:
                return [Hinted(text=data["text"])]
            case EventKind.RESUMED:
                return [_resumed(event)]
            case EventKind.STOPPING:
                return [Stopping(now=datetime.fromisoformat(data["now"]))]
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


def _started(data: Any) -> CallStarted:
    return CallStarted(
        caller=data["caller"],
        now=datetime.fromisoformat(data["now"]),
        recorded=data["recorded"],
        returning=data.get("returning", False),
    )


def _resumed(event: CallEvent) -> Resumed:
    data: Any = event.data
    found = None if data.get("input") is None else input_from_json(_stored(event))
    return Resumed(
        now=datetime.fromisoformat(data["now"]),
        noticed=data.get("noticed", True),
        result=found if isinstance(found, Result) else None,
    )


def _stored(event: CallEvent) -> dict[str, JsonValue]:
    data: Any = event.data["input"]
    return dict(data)
