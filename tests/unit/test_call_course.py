"""The course of whole calls on the virtual clock: actions, failures, keys, silence, endings."""

from __future__ import annotations

import asyncio
import concurrent.futures
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.calls import RATE_HZ, FakeSpeaker, FakeWorld, Said, Scene
from tests.fakes.dialogue import NOW
from tests.fakes.understanding import no, turn, wish, yes
from voicebot.audio.recorder import StereoRecorder
from voicebot.call.clocks import VirtualClock
from voicebot.call.hearing import KEEP_QUIET_S
from voicebot.call.session import HANG_UP_TAIL_S, CallEnd
from voicebot.call.turn_settings import TurnSettings
from voicebot.core.errors import StorageFullError, TransportError
from voicebot.core.events import EventKind
from voicebot.dialog.actions import Book, EndReason, Outcome, ReleaseHold, TakeMessage, WorldAction
from voicebot.dialog.inputs import Result

TURNS = (
    turn("rendez-vous", "book_appointment", wishes=(wish(date(2026, 11, 24), time(14, 30)),)),
    turn("Jean Martin", "out_of_scope", score=0.3, person="Jean Martin"),
    turn("dites-lui que mon traitement ne marche pas", "leave_message"),
    turn("vos horaires", "opening_hours"),
    yes(),
    no(),
)
BOOKING = [Said(text=text) for text in ("rendez-vous", "Jean Martin", "oui", "oui", "non")]


def held(**parts: Any) -> Scene:
    scene = Scene(turns=TURNS, **parts)
    scene.hold()
    return scene


def test_a_slow_transaction_is_not_said_to_be_done_before_it_is() -> None:
    scene = held(said=BOOKING, transaction_s=5.0)
    asked, done = scene.of(EventKind.ACTION)[-1], scene.of(EventKind.ACTION_RESULT)[-1]
    assert asked.data["name"] == "Book"
    assert done.t_s - asked.t_s == pytest.approx(5.0, abs=0.021)
    assert scene.when("booking.done") == done.t_s
    assert not any(scene.line.loud()[round(asked.t_s / 0.02) + 1 : round(done.t_s / 0.02) - 1])


def test_nobody_is_asked_whether_they_are_there_while_the_bot_works() -> None:
    scene = held(said=BOOKING[:1], transaction_s=20.0, hangs_up_s=49.0)
    assert not scene.of(EventKind.SILENCE)
    assert scene.acts()[2:4] == ["booking.exact", "contact.name"][: len(scene.acts()) - 2]


def test_words_said_while_an_action_is_under_way_are_answered_after_it() -> None:
    scene = held(said=[*BOOKING[:1], Said(text="vos horaires", at_s=12.0)], transaction_s=5.0, hangs_up_s=30.0)
    order = [e.kind if e.kind is not EventKind.BOT_SENTENCE else e.data["act"] for e in scene.events]
    spoken = [event.t_s for event in scene.of(EventKind.CALLER_TURN)][1]
    found = scene.of(EventKind.ACTION_RESULT)[0].t_s
    assert spoken < found <= scene.when("questions.hours")
    assert order.index(EventKind.ACTION_RESULT) < order.index("questions.hours")


def test_a_caller_who_hangs_up_in_the_middle_of_a_booking_gives_the_slot_back() -> None:
    scene = held(said=BOOKING[:2], hangs_up_s=20.0)
    assert isinstance(scene.world.done[-1], ReleaseHold)
    assert scene.of(EventKind.CALL_ENDED)[0].data == {"reason": EndReason.CALLER_HUNG_UP, "outcome": Outcome.NOTHING}


def test_a_caller_who_hangs_up_while_the_slot_is_being_held_gives_it_back() -> None:
    scene = held(said=BOOKING[:1], transaction_s=2.0, hangs_up_s=13.5)
    assert [type(action).__name__ for action in scene.world.done] == ["FindSlots", "HoldSlot", "ReleaseHold"]


def test_a_booking_under_way_when_the_caller_hangs_up_is_counted() -> None:
    scene = Scene(said=BOOKING[:4], turns=TURNS, transaction_s=5.0, hangs_up_s=48.0)
    end = scene.hold()
    assert isinstance(scene.world.done[-1], Book)
    assert (end.reason, end.outcome) == (EndReason.CALLER_HUNG_UP, Outcome.BOOKED)


def test_a_half_taken_message_is_kept_as_unsure() -> None:
    scene = held(said=[Said(text="dites-lui que mon traitement ne marche pas"), Said(text="Jean Martin")], hangs_up_s=20.0)
    (kept,) = scene.world.done
    assert isinstance(kept, TakeMessage)
    assert (kept.person, kept.unsure) == ("Jean Martin", ("person", "phone"))
    assert scene.of(EventKind.CALL_ENDED)[0].data["outcome"] == Outcome.MESSAGE


def test_a_sentence_that_no_voice_can_speak_is_logged_and_the_next_one_is_said() -> None:
    scene = held(speaker=FakeSpeaker("assistant automatique"), hangs_up_s=8.0)
    assert [event.data["code"] for event in scene.of(EventKind.FAILURE)] == ["synthesis"]
    assert scene.heard("opening.notice").data["complete"] is False
    assert scene.heard("opening.greeting").data["complete"] is True
    assert not scene.of(EventKind.NOTICE_PLAYED)


def test_a_call_whose_voice_is_gone_still_ends() -> None:
    scene = Scene(speaker=FakeSpeaker(""), turns=TURNS)
    end = scene.hold()
    assert end.reason is EndReason.SILENCE
    assert len(scene.of(EventKind.FAILURE)) == len(scene.acts())


def test_the_goodbye_is_played_out_before_the_line_drops() -> None:
    scene = Scene(said=BOOKING, turns=TURNS)
    end = scene.hold()
    loud = scene.line.loud()
    last = max(n for n, heard in enumerate(loud) if heard)
    assert (len(loud) - 1 - last) * 0.02 == pytest.approx(HANG_UP_TAIL_S, abs=1e-9)
    assert scene.heard("closing.goodbye").data["complete"] is True
    assert scene.line.hung_up
    assert end.duration_s == pytest.approx(len(loud) * 0.02)


def test_the_call_is_warned_of_its_end_and_then_ended() -> None:
    settings = TurnSettings(max_call_s=20.0, warn_before_end_s=10.0)
    said = [Said(text="vos horaires") for _ in range(9)]
    scene = Scene(said=said, turns=TURNS, settings=settings)
    end = scene.hold()
    assert [(event.t_s, event.data["final"]) for event in scene.of(EventKind.TIME_LIMIT)] == [(10.0, False), (20.0, True)]
    assert end.reason is EndReason.TIME_LIMIT
    assert scene.acts()[-1] == "closing.time_over"
    assert "closing.time_warning" in scene.acts()


def test_silence_is_prompted_after_6_and_12_s_in_other_words_and_ends_the_call_by_20_s() -> None:
    scene = Scene()
    end = scene.hold()
    quiet_s = scene.heard("opening.greeting").t_s
    prompts = [event.t_s - quiet_s for event in scene.of(EventKind.SILENCE)]
    assert prompts == pytest.approx([6.0, 12.0, 17.5], abs=0.05)
    assert end.reason is EndReason.SILENCE
    sentences = [event.data["text"] for event in scene.of(EventKind.BOT_SENTENCE)]
    assert len(set(sentences)) == len(sentences)


def test_keys_answer_questions() -> None:
    scene = held(said=BOOKING[:2], keys={24.0: "1", 40.0: "1"}, hangs_up_s=60.0)
    assert [event.data["keys"] for event in scene.of(EventKind.KEYS)] == ["1", "1"]
    assert isinstance(scene.world.done[-1], Book)


class BrokenWorld(FakeWorld):
    """Holds a slot, then breaks down in a way that nobody foresaw."""

    def perform(self, action: WorldAction, now: datetime) -> Result | None:
        if isinstance(action, Book):
            raise ZeroDivisionError
        return super().perform(action, now)


def test_a_call_that_breaks_down_apologises_gives_back_what_it_holds_and_ends_as_an_error(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    scene = Scene(said=BOOKING, turns=TURNS, world=BrokenWorld(), recorder=StereoRecorder(path, RATE_HZ))
    end = scene.hold()
    assert (end.reason, end.outcome) == (EndReason.ERROR, Outcome.NOTHING)
    assert [event.data for event in scene.of(EventKind.FAILURE)] == [{"code": "internal", "error": "ZeroDivisionError"}]
    assert scene.acts()[-1] == "closing.technical"
    assert scene.heard("closing.technical").data["complete"] is True
    assert isinstance(scene.world.done[-1], ReleaseHold)
    assert scene.line.hung_up
    assert scene.events[-1].kind is EventKind.CALL_ENDED
    assert recorded_s(path) == pytest.approx(end.duration_s, abs=0.021)


def test_a_line_that_breaks_is_a_caller_who_left() -> None:
    scene = Scene(said=BOOKING[:2], turns=TURNS)

    def broken() -> None:
        if scene.line.t_s >= 20.0:
            raise TransportError("told to fail")

    scene.line.pressed_keys = lambda: broken() or ""  # type: ignore[method-assign, func-returns-value]
    assert scene.hold().reason is EndReason.CALLER_HUNG_UP
    assert [event.data["code"] for event in scene.of(EventKind.FAILURE)] == ["transport"]
    assert isinstance(scene.world.done[-1], ReleaseHold)


class DeadSpeaker(FakeSpeaker):
    """Cannot even start."""

    def speak(self, text: str, **how: Any) -> Any:
        raise RuntimeError


def test_a_call_that_cannot_even_apologise_ends_all_the_same() -> None:
    scene = Scene(speaker=DeadSpeaker())
    assert scene.hold().reason is EndReason.ERROR
    assert len(scene.of(EventKind.FAILURE)) == 2
    assert scene.line.hung_up


def recorded_s(path: Path) -> float:
    return (path.stat().st_size - 44) / 4 / RATE_HZ


def test_a_cancelled_call_closes_its_recording_its_line_and_its_recognition(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    scene = Scene(said=[Said(text="vos horaires")], turns=TURNS, recognition_s=60.0, recorder=StereoRecorder(path, RATE_HZ))

    async def stopped() -> CallEnd | None:
        task = asyncio.create_task(scene.session.run())
        async with scene.clock.joined():
            await scene.clock.sleep_until(10.5)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        return scene.session.ended

    end = asyncio.run(stopped())
    assert end is not None
    assert end.reason is EndReason.ERROR
    assert scene.events[-1].kind is EventKind.CALL_ENDED
    assert scene.hearing._jobs == {}
    assert scene.line.hung_up
    assert recorded_s(path) == pytest.approx(end.duration_s, abs=0.021)


class FullDisk(StereoRecorder):
    """No room is left after the header."""

    def flush(self) -> None:
        raise StorageFullError("told to fail")


def test_a_recording_that_fails_is_closed_and_the_call_goes_on(tmp_path: Path) -> None:
    recorder = FullDisk(tmp_path / "call.wav", RATE_HZ)
    scene = Scene(recorder=recorder, hangs_up_s=5.0)
    assert scene.hold().reason is EndReason.CALLER_HUNG_UP
    assert [event.data["code"] for event in scene.of(EventKind.FAILURE)] == ["storage_full"]
    assert recorder._file.closed


def test_many_calls_on_one_clock_are_each_what_they_are_alone() -> None:
    kinds: list[dict[str, Any]] = [
        {"said": BOOKING},
        {"said": BOOKING[:2], "hangs_up_s": 20.0},
        {"keys": {7.5: "0"}, "hangs_up_s": 15.0},
        {"said": [Said(text="vos horaires", at_s=2.0)], "hangs_up_s": 12.0},
        {},
    ]
    alone = []
    for parts in kinds:
        scene = Scene(turns=TURNS, **parts)
        scene.hold()
        alone.append(scene.events)
    clock = VirtualClock(NOW)
    together = [Scene(turns=TURNS, clock=clock, **kinds[n % len(kinds)]) for n in range(20)]

    async def hold_all() -> None:
        async with asyncio.TaskGroup() as group:
            for scene in together:
                group.create_task(scene.session.run())

    asyncio.run(asyncio.wait_for(hold_all(), 60))
    for number, scene in enumerate(together):
        assert scene.events == alone[number % len(kinds)]


def test_what_a_long_call_keeps_does_not_grow() -> None:
    scene = held(said=[Said(text="vos horaires") for _ in range(30)], settings=TurnSettings(max_call_s=240.0))
    assert scene.events[-1].t_s > 60.0
    assert scene.hearing._jobs == {}
    assert scene.hearing._partial is None
    assert scene.playout.idle
    assert not scene.talk._inputs
    assert len(scene.hearing._audio._chunks) <= KEEP_QUIET_S / 0.02 + 1


def test_a_transaction_in_a_thread_gives_the_same_events_as_one_at_once() -> None:
    with concurrent.futures.ThreadPoolExecutor(2) as workers:
        threaded = held(said=BOOKING, workers=workers)
    assert threaded.events == held(said=BOOKING).events
    assert timedelta(seconds=threaded.events[-1].t_s) > timedelta(seconds=30)
