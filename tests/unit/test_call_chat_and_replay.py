"""Typed calls, the log they leave, and the same decisions again from that log."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import cast

import pytest

from tests.fakes.calls import FakeUnderstander, FakeWorld, Said, Scene
from tests.fakes.dialogue import CALLER, NOW, SENTENCES, clinic
from tests.fakes.understanding import no, turn, wish, yes
from voicebot.call.chat import ChatSession
from voicebot.call.conversation import Conversation
from voicebot.call.event_log import EventLog
from voicebot.call.executor import ActionExecutor
from voicebot.call.playout import SPEAKING_RATE_CHARS_PER_S
from voicebot.call.public_lines import public_line
from voicebot.call.replay import Replay, replay
from voicebot.core.events import CallEvent, EventKind
from voicebot.core.ids import CallId
from voicebot.dialog.actions import EndReason, Outcome, ReleaseHold, TakeMessage

TURNS = (
    turn("rendez-vous", "book_appointment", wishes=(wish(date(2026, 11, 24), time(14, 30)),)),
    turn("Jean Martin", "out_of_scope", score=0.3, person="Jean Martin"),
    turn("dites-lui que mon traitement ne marche pas", "leave_message"),
    yes(),
    no(),
)
BOOKING = ("rendez-vous", "Jean Martin", "oui", "oui", "non")


class Typed:
    """A chat and what it left."""

    def __init__(self, *lines: str) -> None:
        self.events: list[CallEvent] = []
        self.world = FakeWorld()
        self.log = EventLog(self.events.append)
        self.chat = ChatSession(
            conversation=a_conversation(),
            understander=FakeUnderstander(TURNS),
            executor=cast("ActionExecutor", self.world),
            log=self.log,
            answered=NOW,
        )
        self.chat.start(CALLER)
        for line in lines:
            self.chat.say(line)

    def acts(self) -> list[object]:
        return [event.data["act"] for event in self.events if event.kind is EventKind.BOT_SENTENCE]


def a_conversation() -> Conversation:
    return Conversation(consignes=clinic(), sentences=SENTENCES)


def again(events: list[CallEvent], *turns: object) -> Replay:
    understander = FakeUnderstander(turns or TURNS)  # type: ignore[arg-type]
    return replay(events, conversation=a_conversation(), understander=understander)


def test_a_typed_call_says_and_does_what_a_spoken_one_does() -> None:
    typed, spoken = Typed(*BOOKING), Scene(said=[Said(text=text) for text in BOOKING], turns=TURNS)
    spoken.hold()
    assert typed.acts() == spoken.acts()
    assert typed.world.done == spoken.world.done
    assert typed.chat.ended is not None
    assert (typed.chat.ended.reason, typed.chat.ended.outcome) == (EndReason.CALLER_GOODBYE, Outcome.BOOKED)


def test_a_typed_call_takes_the_time_that_its_words_would() -> None:
    typed = Typed(*BOOKING)
    characters = sum(len(str(e.data["text"])) for e in typed.events if e.kind in {EventKind.BOT_SENTENCE, EventKind.CALLER_TURN})
    assert typed.chat.ended is not None
    assert typed.chat.ended.duration_s == pytest.approx(characters / SPEAKING_RATE_CHARS_PER_S)


def test_leaving_a_typed_call_gives_the_slot_back_once() -> None:
    typed = Typed(*BOOKING[:2])
    typed.chat.hang_up()
    typed.chat.hang_up()
    assert isinstance(typed.world.done[-1], ReleaseHold)
    assert [event.kind for event in typed.events].count(EventKind.CALL_ENDED) == 1


def test_leaving_a_typed_call_keeps_the_half_taken_message() -> None:
    typed = Typed("dites-lui que mon traitement ne marche pas", "Jean Martin")
    typed.chat.hang_up()
    assert isinstance(typed.world.done[-1], TakeMessage)
    assert typed.chat.ended is not None
    assert typed.chat.ended.outcome is Outcome.MESSAGE


def test_every_event_goes_to_every_sink_in_order_and_the_turns_make_the_transcript() -> None:
    first, second = list[CallEvent](), list[CallEvent]()
    log = EventLog(first.append, second.append)
    log.add(0.12345, EventKind.BOT_SENTENCE, text="Bonjour.", act="opening.greeting", language="fr")
    log.add(1.0, EventKind.SPEECH_STARTED, start_s=0.8)
    log.add(2.0, EventKind.CALLER_TURN, text="oui")
    assert first == second
    assert [event.t_s for event in first] == [0.123, 1.0, 2.0]
    assert log.transcript == ("assistant : Bonjour.", "appelant : oui")


def test_public_lines_are_turns_done_actions_and_the_end() -> None:
    lines = [line for event in Typed(*BOOKING).events if (line := public_line(event, CallId("c"))) is not None]
    assert [line["name"] for line in lines if line["type"] == "action"] == ["book"]
    assert {line["type"] for line in lines} == {"bot", "caller", "action", "end"}
    assert lines[-1] == {"type": "end", "t": lines[-1]["t"], "reason": "caller_goodbye", "outcome": "booked", "call_id": "c"}


@pytest.mark.parametrize("transaction_s", [0.05, 5.0])
def test_a_spoken_call_replays_to_the_same_decisions(transaction_s: float) -> None:
    said = [Said(text=text) for text in BOOKING]
    scene = Scene(said=said, turns=TURNS, keys={26.0: "1"}, transaction_s=transaction_s)
    scene.hold()
    result = again(scene.events)
    assert result.identical
    assert len(result.stored) > 8


def test_a_replay_differs_when_what_was_understood_differs() -> None:
    events = Typed(*BOOKING).events
    other = replace(TURNS[1], slots=replace(TURNS[1].slots, person="Anne Petit"))
    result = again(events, TURNS[0], other, *TURNS[2:])
    assert not result.identical
    assert any("Anne Petit" in decision for decision in result.again)


def test_a_replay_differs_when_an_event_is_changed() -> None:
    events = Typed(*BOOKING).events
    changed = [replace(e, data={**e.data, "text": "non"}) if e.data.get("text") == "oui" else e for e in events]
    assert not again(changed).identical


def test_only_a_call_from_its_start_is_replayed() -> None:
    with pytest.raises(ValueError, match="call_started"):
        again(Typed(*BOOKING).events[1:])
    with pytest.raises(ValueError, match="call_started"):
        again([])
