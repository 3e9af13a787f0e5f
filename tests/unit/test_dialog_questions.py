from __future__ import annotations

from datetime import date

import pytest

from tests.fakes.dialogue import Caller, clinic
from tests.fakes.understanding import no, turn, wish, yes
from voicebot.dialog.actions import EndCall, EndReason, FindSlots, Outcome
from voicebot.dialog.state import Question


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        (date(2026, 11, 24), "Le mardi 24 novembre, nous sommes ouverts de 9 h à 12 h et de 14 h à 18 h."),
        (date(2026, 11, 28), "Le samedi 28 novembre, nous sommes fermés."),
        (date(2026, 12, 28), "Le lundi 28 décembre, nous sommes fermés. Congés de fin d'année."),
        (date(2027, 3, 29), "Le lundi 29 mars est un jour férié, nous sommes fermés."),
    ],
)
def test_a_day_is_answered_from_hours_closures_and_public_holidays(day: date, answer: str) -> None:
    caller = Caller()
    caller.says(turn("êtes-vous ouverts ce jour-là", "opening_hours", wishes=(wish(day),)))
    assert answer in caller.spoken


def test_a_closed_day_names_the_day_of_reopening() -> None:
    caller = Caller()
    caller.says(turn("le 25 décembre", "opening_hours", wishes=(wish(date(2026, 12, 25)),)))
    assert "Nous rouvrons lundi 4 janvier." in caller.spoken


def test_a_week_is_condensed() -> None:
    caller = Caller()
    caller.says(turn("vos horaires", "opening_hours"))
    assert "Nous sommes ouverts du lundi au vendredi de 9 h à 12 h et de 14 h à 18 h." in caller.spoken


def test_a_price_is_told_with_its_note() -> None:
    caller = Caller()
    caller.says(turn("combien coûte un bilan", "price", act="bilan"))
    assert "Un bilan : 26,50 €. Remboursé en partie." in caller.spoken


def test_a_price_of_nothing_named_asks_of_what() -> None:
    caller = Caller()
    caller.says(turn("c'est combien", "price"))
    assert caller.question() is Question.PRICE_ACT
    caller.presses("1")
    assert "Une consultation : 25 €." in caller.spoken


def test_a_prepared_question_gets_its_answer() -> None:
    caller = Caller()
    caller.says(turn("vous prenez la carte vitale", "services_info", question="vitale"))
    assert "Oui, nous la prenons." in caller.spoken
    assert caller.state.outcome is Outcome.ANSWERED


def test_what_is_not_covered_is_said_so_and_a_message_offered() -> None:
    caller = Caller(clinic(acts=[], booking={}))
    caller.says(turn("combien coûte un bilan", "price"))
    assert caller.question() is Question.OFFER_MESSAGE
    caller.says(yes())
    assert caller.state.message is not None
    assert caller.state.message.reason == "combien coûte un bilan"


def test_declining_the_message_goes_on() -> None:
    caller = Caller(clinic(acts=[], booking={}))
    caller.says(turn("combien coûte un bilan", "price"))
    caller.says(no())
    assert caller.question() is Question.ANYTHING_ELSE


def test_hours_and_a_booking_in_one_sentence_are_both_served() -> None:
    caller = Caller()
    actions = caller.says(turn("vos horaires et un rendez-vous mardi", "book_appointment", "opening_hours", wishes=(wish(),)))
    assert caller.keys_said()[-1].startswith("questions.")
    assert isinstance(actions[-1], FindSlots)


def test_a_wrong_number_hears_whose_line_it_is() -> None:
    caller = Caller()
    caller.says(turn("je cherche la pizzeria", "wrong_number"))
    assert "le cabinet médical des Lilas" in caller.spoken[-1]
    assert caller.actions[-1] == EndCall(reason=EndReason.BOT_GOODBYE)


def test_the_act_named_for_a_price_is_an_answer_even_when_it_sounds_like_a_question() -> None:
    caller = Caller()
    caller.says(turn("c'est combien", "price"))
    caller.says(turn("une consultation", "services_info", act="consultation"))
    assert "Une consultation : 25 €." in caller.spoken
