"""A call from its stored events: the same decisions again, and on from where its process died."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.fakes.calls import FakeUnderstander, Said, Scene
from tests.fakes.dialogue import NOW, SENTENCES, clinic
from tests.fakes.handoff import FakeHandoffLine
from tests.fakes.understanding import turn, yes
from voicebot.call.conversation import Conversation, Sentence
from voicebot.call.inputs_json import input_from_json, input_to_json
from voicebot.call.replay import Replay, rebuilt, replay
from voicebot.core.events import CallEvent, EventKind, JsonValue
from voicebot.core.ids import MessageId, TicketId
from voicebot.dialog.actions import EndCall, EndReason, RequestHuman, TakeMessage
from voicebot.dialog.inputs import ActionFailed, HumanRequested, LeftQueue, MessageTaken, Resumed
from voicebot.handoff.events import HandoffEvent, HumanComing, HumanConnected, HumanLeft, PlaceChanged, Waited

TURNS = (
    turn("une secrétaire", "speak_to_person"),
    turn("ma facture", "out_of_scope"),
    turn("dites-lui que mon traitement ne marche pas", "leave_message"),
    turn("Jean Martin", "out_of_scope", score=0.3, person="Jean Martin"),
    yes(),
    turn("au revoir", "thanks_bye"),
)
ASKS = (Said(text="une secrétaire"), Said(text="ma facture"))
TOLD: Mapping[float, HandoffEvent] = {
    0.0: PlaceChanged(position=2, estimate_s=90.0, staffed=True),
    5.0: PlaceChanged(position=1, estimate_s=None, staffed=True),
    60.0: Waited(level=1),
    80.0: HumanComing(name="Claire"),
    85.0: HumanConnected(name="Claire"),
    95.0: HumanLeft(how="given_back"),
}


def fresh() -> Conversation:
    return Conversation(consignes=clinic(), sentences=SENTENCES)


def again(events: list[CallEvent]) -> Replay:
    return replay(events, conversation=fresh(), understander=FakeUnderstander(TURNS))


def taken_up(events: list[CallEvent]) -> Conversation:
    return rebuilt(events, conversation=fresh(), understander=FakeUnderstander(TURNS))


def a_wait(hangs_up_s: float = 130.0) -> Scene:
    scene = Scene(said=ASKS, turns=TURNS, desk=FakeHandoffLine(TOLD), hangs_up_s=hangs_up_s)
    scene.hold()
    return scene


def until(events: list[CallEvent], kind: EventKind, number: int = 0) -> list[CallEvent]:
    """The events up to, and with, the n-th of a kind."""
    index = [i for i, event in enumerate(events) if event.kind is kind][number]
    return events[: index + 1]


def said(conversation: Conversation) -> list[str]:
    keys = []
    while (step := conversation.next()) is not None:
        assert isinstance(step, Sentence)
        keys.append(step.key)
    return keys


def event(kind: EventKind, **data: JsonValue) -> CallEvent:
    return CallEvent(t_s=0.0, kind=kind, data=data)


@pytest.mark.parametrize(
    "stored",
    [
        HumanRequested(ticket=TicketId(1), live=True, staffed=True, position=2, estimate_s=90.5),
        LeftQueue(how="callback"),
        ActionFailed(action="leave_queue"),
        *TOLD.values(),
    ],
)
def test_what_is_stored_of_an_input_reads_back_the_same(stored: HumanRequested | LeftQueue | ActionFailed | HandoffEvent) -> None:
    assert input_from_json(input_to_json(stored)) == stored


def test_a_ticket_stored_before_callers_waited_on_the_line_still_reads() -> None:
    assert input_from_json({"type": "HumanRequested", "ticket": 7}) == HumanRequested(ticket=TicketId(7), live=False)


def test_a_call_that_waited_and_was_given_back_replays_to_the_same_decisions() -> None:
    events = a_wait().events
    assert [e for e in events if e.kind is EventKind.HANDOFF]
    result = again(events)
    assert result.identical
    assert any("Je vous passe Claire." in decision for decision in result.again)


def test_a_call_stored_before_callers_could_come_back_still_replays() -> None:
    events = a_wait().events
    first = replace(events[0], data={key: value for key, value in events[0].data.items() if key != "returning"})
    assert again([first, *events[1:]]).identical


def test_hints_and_a_server_that_stops_are_replayed() -> None:
    log = until(a_wait().events, EventKind.BOT_SENTENCE, 1)
    hint, stop = event(EventKind.HINT, text="J'arrive."), event(EventKind.STOPPING, now=NOW.isoformat())
    decisions = again([*log, hint, stop]).again
    assert "say J'arrive." in decisions
    assert decisions[-1] == "say Merci de rappeler dans quelques minutes. Au revoir."


def test_a_call_that_died_in_the_queue_is_taken_up_in_the_queue() -> None:
    conversation = taken_up(until(a_wait().events, EventKind.HANDOFF, 1))
    assert conversation.on_hold
    assert conversation.awaiting is None
    assert conversation.next() is None
    conversation.feed(Resumed(now=NOW))
    assert said(conversation) == ["opening.resumed", "hold.kept_place"]


def test_a_call_that_died_with_a_human_waits_again() -> None:
    conversation = taken_up(until(a_wait().events, EventKind.HANDOFF, 4))
    assert conversation.with_human
    conversation.feed(Resumed(now=NOW))
    assert conversation.on_hold


def test_an_action_whose_result_is_not_stored_is_named() -> None:
    conversation = taken_up(until(a_wait().events, EventKind.ACTION))
    assert isinstance(conversation.awaiting, RequestHuman)
    conversation.feed(Resumed(now=NOW, result=HumanRequested(ticket=TicketId(1), live=True, staffed=True, position=1)))
    assert said(conversation) == ["opening.resumed", "handoff.waiting", "hold.next"]
    assert conversation.awaiting is None
    assert conversation.on_hold


def a_message_that_died_while_it_was_stored() -> list[CallEvent]:
    scene = Scene(said=[Said(text=TURNS[index].text) for index in (2, 3, 4, 4)], turns=TURNS)
    scene.hold()
    return until(scene.events, EventKind.ACTION)


def test_a_message_that_is_found_stored_is_said_stored_after_the_cut() -> None:
    conversation = taken_up(a_message_that_died_while_it_was_stored())
    assert isinstance(conversation.awaiting, TakeMessage)
    conversation.feed(Resumed(now=NOW, result=MessageTaken(message=MessageId(1))))
    assert said(conversation) == ["opening.resumed", "message.taken", "closing.anything_else"]


def test_a_message_that_is_not_found_is_read_back_again() -> None:
    conversation = taken_up(a_message_that_died_while_it_was_stored())
    conversation.feed(Resumed(now=NOW))
    assert said(conversation) == ["opening.resumed", "message.recap"]


def test_a_call_that_died_while_it_ended_ends_at_once() -> None:
    scene = Scene(said=[Said(text=TURNS[2].text), Said(text="au revoir")], turns=TURNS)
    scene.hold()
    log = until(scene.events, EventKind.ACTION)
    conversation = taken_up(log)
    assert conversation.next() is None
    conversation.feed(Resumed(now=NOW))
    assert conversation.next() == EndCall(reason=EndReason.CALLER_GOODBYE)
    assert again([*log, event(EventKind.RESUMED, now=NOW.isoformat())]).again[-1] == "do TakeMessage"


@pytest.mark.parametrize("found", [True, False])
def test_a_call_with_a_cut_in_it_replays_as_it_went(found: bool) -> None:
    log = a_message_that_died_while_it_was_stored()
    silent_before = event(EventKind.SILENCE, level=1)
    result = input_to_json(MessageTaken(message=MessageId(1))) if found else None
    resumed = event(EventKind.RESUMED, now=NOW.isoformat(), noticed=True, input=result)
    decisions = again([*log, silent_before, resumed]).again
    after = decisions[decisions.index("say Nous avons été coupés, je vous retrouve.") :]
    assert ("votre message est enregistré" in after[1]) is found
    assert not any("toujours là" in decision for decision in decisions)


def test_the_oldest_form_of_a_cut_replays() -> None:
    log = [*until(a_wait().events, EventKind.HANDOFF), event(EventKind.RESUMED, now=NOW.isoformat())]
    assert again(log).again[-1] == "say Vous gardez votre place dans la file."


def test_only_a_call_from_its_start_is_taken_up() -> None:
    with pytest.raises(ValueError, match="call_started"):
        taken_up([])
