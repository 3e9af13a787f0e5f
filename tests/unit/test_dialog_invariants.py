"""Rules that hold whatever happens in a call."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.dialogue import NOW, SENTENCES, Caller, clinic, slot
from tests.fakes.understanding import mumble, no, turn, wish, yes
from voicebot.core.ids import AppointmentId, HoldId, MessageId, TicketId
from voicebot.core.tickets import Leaving
from voicebot.dialog.actions import EndCall, LeaveQueue, RequestHuman, Say
from voicebot.dialog.inputs import (
    ActionFailed,
    Booked,
    CallerKeys,
    CallerSilent,
    CallerTurn,
    HearingFailed,
    Hinted,
    HumanRequested,
    Input,
    LeftQueue,
    MessageTaken,
    Resumed,
    SlotGone,
    SlotHeld,
    SlotsFound,
    Stopping,
    TimeLimit,
    TurnTooLong,
)
from voicebot.dialog.policy import step
from voicebot.dialog.state import DialogState, Question
from voicebot.handoff.events import HumanComing, HumanConnected, HumanLeft, PlaceChanged, Waited
from voicebot.nlu.understanding import Understanding

CLINIC = clinic()
INTENTS = (
    "greeting",
    "book_appointment",
    "reschedule",
    "cancel",
    "confirm_appointment",
    "opening_hours",
    "address_access",
    "price",
    "services_info",
    "leave_message",
    "callback_request",
    "speak_to_person",
    "urgent",
    "complaint",
    "solicitation",
    "wrong_number",
    "job_application",
    "supplier_delivery",
    "invoice_payment",
    "repeat",
    "yes",
    "no",
    "thanks_bye",
    "out_of_scope",
    "noise",
)
SLOTS = (slot(24, 9), slot(24, 14, 30), slot(26, 10))
WISHES = (
    (),
    (wish(date(2026, 11, 24)),),
    (wish(date(2026, 11, 24), time(14, 30)),),
    (wish(date(2026, 11, 27)), wish(date(2026, 12, 4))),
)
turns = st.builds(
    turn,
    st.sampled_from(["", "bonjour", "le premier", "je voudrais quelque chose de précis demain", "le numéro"]),
    st.sampled_from(INTENTS),
    st.sampled_from(INTENTS),
    score=st.sampled_from([0.2, 0.5, 0.9]),
    wishes=st.sampled_from(WISHES),
    phones=st.sampled_from([(), ("+33612345678",), ("+33654220000", "+33650820000")]),
    person=st.sampled_from([None, "Jean Martin"]),
    spelled=st.sampled_from([None, None, "MARTIN"]),
    yes_no=st.sampled_from([None, "yes", "no"]),
    act=st.sampled_from([None, "consultation", "chirurgie"]),
    person_asked=st.sampled_from([None, "martin"]),
    question=st.sampled_from([None, None, "vitale"]),
    urgency=st.sampled_from(["none", "none", "none", "ask", "urgent"]),
    vital=st.booleans(),
    language_request=st.sampled_from([None, None, "en", "fr"]),
)
actions_that_fail = st.sampled_from(["find_slots", "hold_slot", "book", "take_message", "request_human", "leave_queue"])
whys = st.sampled_from([None, "closed", "full", "past", "too_far", "too_soon"])
events: st.SearchStrategy[Input] = st.one_of(
    st.builds(CallerTurn, understanding=turns, now=st.just(NOW)),
    st.builds(CallerKeys, keys=st.sampled_from(["0", "1", "2", "9", "#", "*", "06", "0612345678", ""]), now=st.just(NOW)),
    st.builds(CallerSilent, level=st.sampled_from([1, 2, 3])),
    st.builds(SlotsFound, slots=st.sampled_from([(), SLOTS[:1], SLOTS[:2], SLOTS]), exact=st.booleans(), why_not=whys),
    st.builds(SlotHeld, hold=st.just(HoldId(1)), slot=st.sampled_from(SLOTS)),
    st.builds(SlotGone, slot=st.sampled_from(SLOTS)),
    st.builds(Booked, appointment=st.just(AppointmentId(1)), slot=st.sampled_from(SLOTS)),
    st.builds(MessageTaken, message=st.just(MessageId(1))),
    st.builds(HumanRequested, ticket=st.just(TicketId(1))),
    st.builds(ActionFailed, action=actions_that_fail),
    st.builds(TimeLimit, final=st.booleans()),
    st.just(TurnTooLong()),
    st.just(HearingFailed()),
)
positions = st.integers(1, 4)
waits = st.sampled_from([None, 30.0, 200.0])
hows: tuple[Leaving, ...] = ("hung_up", "callback", "message", "answered", "cut")
queue: st.SearchStrategy[Input] = st.one_of(
    st.builds(HumanRequested, ticket=st.just(TicketId(1)), live=st.just(True), staffed=st.booleans(), position=positions),
    st.builds(PlaceChanged, position=positions, estimate_s=waits, staffed=st.booleans()),
    st.builds(Waited, level=st.sampled_from([1, 2, 3])),
    st.builds(HumanComing, name=st.just("Claire")),
    st.builds(HumanConnected, name=st.just("Claire")),
    st.builds(HumanLeft, how=st.sampled_from(["ended", "given_back", "lost"])),
    st.builds(LeftQueue, how=st.sampled_from(hows)),
    st.builds(Hinted, text=st.just("Le docteur est en retard.")),
    st.builds(Resumed, now=st.just(NOW), noticed=st.booleans()),
)
asked = st.just(CallerTurn(understanding=turn("une secrétaire", "speak_to_person"), now=NOW))
stops = st.just(Stopping(now=NOW))
lives = st.lists(st.one_of(events, queue, asked, stops), max_size=25)
"""Events of a call at a served desk, in any order."""
TALK = settings(max_examples=60, deadline=None)


def states(happened: list[Input]) -> DialogState:
    """Where a call stands after these events."""
    caller = Caller(CLINIC)
    for event in happened:
        caller.feed(event)
    return caller.state


@TALK
@given(lives)
def test_no_sequence_of_events_raises_and_every_sentence_can_be_written(happened: list[Input]) -> None:
    caller = Caller(CLINIC)
    for event in happened:
        for action in caller.feed(event):
            if isinstance(action, Say):
                assert SENTENCES.render(action, "en", CLINIC)


@TALK
@given(lives)
def test_booked_and_taken_and_waiting_are_said_only_after_their_results(happened: list[Input]) -> None:
    caller = Caller(CLINIC)
    taken = dict.fromkeys(("message.taken", "callback.taken", "request.taken"), MessageTaken)
    kept = {"hold.callback": LeftQueue, "hold.kept": LeftQueue, "closing.kept": LeftQueue | MessageTaken}
    needed = {"booking.done": Booked, "handoff.waiting": HumanRequested, **taken, **kept}
    seen: list[Input] = []
    for event in happened:
        seen.append(event)
        for action in caller.feed(event):
            if isinstance(action, Say) and action.key in needed:
                assert any(isinstance(past, needed[action.key]) for past in seen)


@TALK
@given(lives)
def test_never_more_than_two_proposals(happened: list[Input]) -> None:
    caller = Caller(CLINIC)
    for event in happened:
        for action in caller.feed(event):
            if isinstance(action, Say) and action.key.startswith("booking.propose"):
                slots = action.params.get("slots", ())
                assert isinstance(slots, tuple)
                assert len(slots) <= 2


@TALK
@given(lives)
def test_a_person_is_reached_in_at_most_two_turns_from_every_state(happened: list[Input]) -> None:
    state = states(happened)
    if state.ended or state.handoff is not None or state.hold is not None or state.stopping:
        return
    asking = CallerTurn(understanding=turn("une secrétaire", "speak_to_person"), now=NOW)
    after_one, first = step(state, asking, CLINIC)
    _, second = step(after_one, asking, CLINIC)
    assert any(isinstance(action, RequestHuman) for action in (*first, *second))


@TALK
@given(lives)
def test_vital_words_get_the_safety_sentence_in_every_state(happened: list[Input]) -> None:
    state = states(happened)
    if state.ended or state.with_human:
        return
    vital = turn("mon mari ne respire plus", "out_of_scope", urgency="urgent", vital=True, kind="medical")
    _, actions = step(state, CallerTurn(understanding=vital, now=NOW), CLINIC)
    assert isinstance(actions[0], Say)
    assert actions[0].key == "safety.medical"


@TALK
@given(
    st.lists(st.one_of(events, queue, asked), max_size=12),
    st.lists(st.sampled_from(["mumble", "silence", "deaf", "long"]), min_size=24, max_size=24),
)
def test_a_call_that_does_not_get_on_ends_or_goes_to_a_human(happened: list[Input], troubles: list[str]) -> None:
    caller = Caller(CLINIC)
    for event in happened:
        caller.feed(event)
    trouble: dict[str, Input] = {
        "mumble": CallerTurn(understanding=mumble(), now=NOW),
        "silence": CallerSilent(level=1),
        "deaf": HearingFailed(),
        "long": TurnTooLong(),
    }
    for name in troubles:
        caller.feed(trouble[name])
    assert caller.state.ended or caller.state.handoff is not None or caller.state.hold is not None


@TALK
@given(lives)
def test_no_prompt_is_said_twice_in_the_same_words_unless_asked_to_repeat(happened: list[Input]) -> None:
    caller = Caller(CLINIC)
    for event in happened:
        caller.feed(event)
    prompts = [(a.key, a.params["variant"]) for a in caller.actions if isinstance(a, Say) and a.key in SENTENCES.varied]
    repeats = any(
        (isinstance(e, CallerKeys) and "*" in e.keys) or (isinstance(e, CallerTurn) and e.understanding.has("repeat"))
        for e in happened
    )
    assert repeats or len(set(prompts)) == len(prompts)


@TALK
@given(lives)
def test_the_same_events_give_the_same_actions(happened: list[Input]) -> None:
    first, second = Caller(CLINIC), Caller(CLINIC)
    assert [first.feed(event) for event in happened] == [second.feed(event) for event in happened]


@TALK
@given(lives)
def test_nothing_is_done_after_the_end(happened: list[Input]) -> None:
    caller = Caller(CLINIC)
    for event in happened:
        ended = caller.state.ended
        actions = caller.feed(event)
        assert not ended or all(isinstance(action, EndCall) and isinstance(event, Resumed) for action in actions)


@TALK
@given(lives)
def test_a_call_ends_once_and_comes_to_one_thing(happened: list[Input]) -> None:
    caller = Caller(CLINIC)
    for event in happened:
        if not isinstance(event, Resumed):
            caller.feed(event)
    ends = [action for action in caller.actions if isinstance(action, EndCall)]
    assert len(ends) == caller.state.ended
    assert caller.state.outcome


@TALK
@given(lives)
def test_the_bot_is_mute_with_a_human_unless_she_goes_or_the_line_was_cut_or_the_server_stops(happened: list[Input]) -> None:
    caller = Caller(CLINIC)
    for event in happened:
        mute = caller.state.with_human
        said = [action for action in caller.feed(event) if isinstance(action, Say)]
        interrupts = isinstance(event, HumanLeft | Resumed | Stopping)
        assert not (mute and said and not interrupts)


@TALK
@given(lives)
def test_a_caller_in_the_queue_is_let_out_of_it_at_the_last_limit(happened: list[Input]) -> None:
    caller = Caller(CLINIC)
    for event in happened:
        if not isinstance(event, Waited):
            caller.feed(event)
    if not caller.state.in_queue or caller.question() is Question.RESULT:
        return
    caller.feed(PlaceChanged(position=1, estimate_s=None, staffed=True))
    leaving = caller.feed(Waited(level=3))[-1]
    assert isinstance(leaving, LeaveQueue)
    caller.leaves(leaving.how)
    assert not caller.state.in_queue
    assert caller.state.ended or caller.question() not in {Question.NONE, Question.RESULT, Question.ON_HOLD, Question.HOLD_CHOICE}


@TALK
@given(lives)
def test_a_call_never_stands_still_without_a_question_a_result_or_a_human(happened: list[Input]) -> None:
    state = states(happened)
    waits_for_nothing = state.question in {Question.NONE, Question.ON_HOLD, Question.HOLD_CHOICE}
    assert state.ended or state.hold is not None or state.handoff is not None or not waits_for_nothing
    assert not (state.on_hold and state.with_human)


@TALK
@given(lives)
def test_the_queue_is_only_left_from_within(happened: list[Input]) -> None:
    caller = Caller(CLINIC)
    for event in happened:
        before = caller.state
        left = [action for action in caller.feed(event) if isinstance(action, LeaveQueue)]
        assert not left or before.in_queue or caller.state.in_queue


@pytest.mark.parametrize("answer", [yes(), no(), mumble()])
def test_an_answer_to_nothing_does_no_harm(answer: Understanding) -> None:
    caller = Caller(CLINIC)
    caller.says(answer)
    assert not caller.state.ended
