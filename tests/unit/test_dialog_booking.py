from __future__ import annotations

from datetime import date, time

import pytest

from tests.fakes.dialogue import CALLER, Caller, clinic, slot
from tests.fakes.understanding import no, turn, wish, yes
from voicebot.core.ids import ActId
from voicebot.dialog.actions import Book, EndReason, FindSlots, HoldSlot, Outcome, ReleaseHold, Say
from voicebot.dialog.inputs import ActionFailed, SlotGone
from voicebot.dialog.state import Question
from voicebot.nlu.slots import PartOfDay

TUESDAY, THURSDAY = date(2026, 11, 24), date(2026, 11, 26)


def at_proposals() -> Caller:
    caller = Caller()
    caller.says(turn("je voudrais un rendez-vous mardi", "book_appointment", wishes=(wish(TUESDAY),)))
    caller.finds(slot(24, 9), slot(24, 10, 30))
    return caller


def at_recap() -> Caller:
    caller = Caller()
    caller.says(turn("mardi à 14 h 30", "book_appointment", wishes=(wish(TUESDAY, time(14, 30)),)))
    caller.finds(slot(24, 14, 30))
    caller.holds(slot(24, 14, 30))
    caller.gives_name()
    caller.says(yes())
    return caller


def test_a_whole_booking_is_said_done_only_once_committed() -> None:
    caller = at_recap()
    assert caller.spoken[-1] == (
        "Je récapitule : une consultation, mardi 24 novembre à 14 h 30, au nom de Jean Martin, au 06 12 34 56 78. C'est bien ça ?"
    )
    book = caller.says(yes())[-1]
    assert isinstance(book, Book)
    assert (book.person, book.phone) == ("Jean Martin", CALLER)
    assert "booking.done" not in caller.keys_said()
    caller.books(slot(24, 14, 30))
    assert caller.spoken[-2].startswith("C'est noté")
    caller.says(no())
    end = caller.ended()
    assert end is not None
    assert end.reason is EndReason.CALLER_GOODBYE
    assert caller.state.outcome is Outcome.BOOKED


def test_a_named_act_and_day_are_not_asked_again() -> None:
    caller = Caller()
    actions = caller.says(turn("un bilan mardi", "book_appointment", act="bilan", wishes=(wish(TUESDAY),)))
    assert actions == (FindSlots(act=ActId("bilan"), practitioner=None, wish=wish(TUESDAY)),)


def test_several_matching_acts_are_put_to_the_caller() -> None:
    caller = Caller()
    caller.says(turn("rendez-vous", "book_appointment", acts=("consultation", "bilan")))
    assert caller.spoken[-1] == "Est-ce pour une consultation ou un bilan ?"
    caller.presses("2")
    assert caller.state.booking is not None
    assert caller.state.booking.act == "bilan"


def test_an_exact_free_wish_is_held_at_once() -> None:
    caller = Caller()
    caller.says(turn("mardi à 14 h 30", "book_appointment", wishes=(wish(TUESDAY, time(14, 30)),)))
    assert caller.finds(slot(24, 14, 30))[-1] == HoldSlot(slot=slot(24, 14, 30))


def test_an_ambiguous_day_is_said_back_with_full_dates() -> None:
    caller = Caller()
    readings = (wish(date(2026, 11, 27)), wish(date(2026, 12, 4)))
    caller.says(turn("vendredi prochain", "book_appointment", wishes=readings))
    assert caller.spoken[-1] == "Vous voulez dire vendredi 27 novembre ou vendredi 4 décembre ?"
    search = caller.presses("2")[-1]
    assert isinstance(search, FindSlots)
    assert search.wish.date == date(2026, 12, 4)


def test_a_no_brings_the_next_ones_without_those_refused() -> None:
    search = at_proposals().says(no())[-1]
    assert isinstance(search, FindSlots)
    assert search.refused == (slot(24, 9).starts, slot(24, 10, 30).starts)


def test_another_part_of_the_day_keeps_the_day() -> None:
    search = at_proposals().says(turn("plutôt l'après-midi", "no", score=0.4, wishes=(wish(part=PartOfDay.AFTERNOON),)))[-1]
    assert isinstance(search, FindSlots)
    assert (search.wish.date, search.wish.part) == (TUESDAY, PartOfDay.AFTERNOON)


def test_opening_hours_in_the_middle_come_back_to_the_proposals_in_other_words() -> None:
    caller = at_proposals()
    before = caller.spoken[-1]
    caller.says(turn("vous fermez à quelle heure", "opening_hours"))
    assert caller.keys_said()[-2:] == ["questions.hours", "booking.propose_two"]
    assert caller.spoken[-1] != before


def test_the_keypad_books_alone_but_for_the_name() -> None:
    caller = at_proposals()
    caller.presses("2")
    caller.holds(slot(24, 10, 30))
    caller.gives_name()
    caller.presses("2")
    caller.presses("0198765432")
    caller.presses("1")
    book = caller.presses("1")[-1]
    assert isinstance(book, Book)
    assert (book.slot, book.phone) == (slot(24, 10, 30), "+33198765432")


def test_a_corrected_day_at_the_read_back_gives_the_hold_back_and_searches_again() -> None:
    caller = at_recap()
    actions = caller.says(turn("non, jeudi pas mardi", "no", yes_no="no", wishes=(wish(THURSDAY),)))
    assert [type(action) for action in actions] == [ReleaseHold, FindSlots]
    assert caller.state.contact.name == "Jean Martin"


def test_a_corrected_name_is_read_back() -> None:
    caller = at_recap()
    caller.says(turn("non c'est Martind avec un d", "no", yes_no="no", spelled="MARTIND"))
    assert "Jean Martind" in caller.spoken[-1]


def test_a_bare_no_asks_what_is_wrong() -> None:
    caller = at_recap()
    caller.says(no())
    assert caller.question() is Question.FIX
    caller.says(turn("le numéro", "out_of_scope", score=0.2))
    assert caller.question() is Question.PHONE


def test_two_readings_of_a_number_are_never_stored() -> None:
    caller = Caller(number=None)
    caller.says(turn("mardi", "book_appointment", wishes=(wish(TUESDAY, time(9)),)))
    caller.finds(slot(24, 9))
    caller.holds(slot(24, 9))
    caller.gives_name()
    caller.says(turn("06 …", phones=("+33654220000", "+33650820000")))
    assert caller.question() is Question.DIGITS
    assert caller.state.contact.phone is None


def test_a_slot_taken_meanwhile_is_told_and_others_are_sought() -> None:
    caller = at_recap()
    caller.says(yes())
    actions = caller.feed(SlotGone(slot=slot(24, 14, 30)))
    assert caller.keys_said()[-1] == "booking.gone"
    assert isinstance(actions[-1], FindSlots)


@pytest.mark.parametrize("action", ["find_slots", "hold_slot", "book"])
def test_a_failing_agenda_becomes_an_unconfirmed_request(action: str) -> None:
    caller = Caller()
    caller.says(turn("rendez-vous mardi", "book_appointment", wishes=(wish(TUESDAY),)))
    caller.feed(ActionFailed(action=action))  # type: ignore[arg-type]
    assert "booking.failed" in caller.keys_said()
    assert caller.state.message is not None
    assert caller.state.message.kind == "request"


def test_an_act_that_cannot_be_booked_becomes_a_request() -> None:
    caller = Caller()
    caller.says(turn("une intervention", "book_appointment", act="chirurgie"))
    assert "pas encore confirmée" in caller.spoken[-2]
    assert caller.state.message is not None


def test_a_client_without_agenda_takes_a_request() -> None:
    caller = Caller(clinic(booking={"enabled": False}))
    caller.says(turn("un rendez-vous", "book_appointment"))
    assert "request.no_agenda" in caller.keys_said()


def test_never_more_than_two_proposals_are_said() -> None:
    caller = Caller()
    caller.says(turn("rendez-vous mardi", "book_appointment", wishes=(wish(TUESDAY),)))
    caller.finds(slot(24, 9), slot(24, 10), slot(24, 11))
    said = caller.last(Say)
    assert isinstance(said, Say)
    assert said.params["slots"] == (slot(24, 9).starts, slot(24, 10).starts)


def test_asking_whether_the_firm_is_open_on_a_day_is_not_a_change_of_day() -> None:
    caller = at_recap()
    actions = caller.says(turn("vous êtes ouverts le samedi ?", "opening_hours", wishes=(wish(date(2026, 11, 28)),)))
    assert {type(action) for action in actions} == {Say}
    assert caller.question() is Question.RECAP


def test_a_part_of_the_day_narrows_both_readings_of_an_ambiguous_day() -> None:
    caller = Caller()
    caller.says(turn("vendredi", "book_appointment", wishes=(wish(date(2026, 11, 27)), wish(date(2026, 12, 4)))))
    caller.says(turn("plutôt l'après-midi", "out_of_scope", score=0.2, wishes=(wish(part=PartOfDay.AFTERNOON),)))
    search = caller.presses("1")[-1]
    assert isinstance(search, FindSlots)
    assert (search.wish.date, search.wish.part) == (date(2026, 11, 27), PartOfDay.AFTERNOON)


def test_a_goodbye_to_proposals_ends_the_call_and_a_mere_no_thanks_does_not() -> None:
    staying, leaving = at_proposals(), at_proposals()
    staying.says(turn("non merci", "thanks_bye", yes_no="no"))
    leaving.says(turn("non merci au revoir", "thanks_bye", yes_no="no"))
    assert staying.ended() is None
    assert leaving.ended() is not None


def test_a_yes_to_two_proposals_asks_which() -> None:
    caller = at_proposals()
    caller.says(yes())
    assert caller.question() is Question.PROPOSAL
    assert caller.keys_said()[-1] == "booking.propose_two"
