"""What callers say before, instead of, or beside what they are asked for."""

from __future__ import annotations

from datetime import date, time

import pytest

from tests.fakes.dialogue import CALLER, Caller, clinic, slot
from tests.fakes.understanding import no, turn, wish, yes
from voicebot.dialog.actions import Book, FindSlots, TakeMessage
from voicebot.dialog.answers import beyond, yes_no
from voicebot.dialog.state import Question
from voicebot.dialog.vocabulary import asks, holds_reason, is_plain

TUESDAY = date(2026, 11, 24)


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
    caller.gives_name("Jean Martin")
    caller.says(yes())
    return caller


def test_a_number_said_at_the_start_is_read_back_in_place_of_the_calling_one() -> None:
    caller = Caller()
    phones = ("+33611223344",)
    caller.says(
        turn("c'est Jean Petit", "book_appointment", person="Jean Petit", phones=phones, wishes=(wish(TUESDAY, time(9)),))
    )
    caller.finds(slot(24, 9))
    caller.holds(slot(24, 9))
    assert caller.question() is Question.PHONE_CHECK
    caller.says(yes())
    book = caller.says(yes())[-1]
    assert isinstance(book, Book)
    assert (book.person, book.phone) == ("Jean Petit", "+33611223344")


def test_the_calling_number_said_at_the_start_needs_no_question() -> None:
    caller = Caller()
    said = turn("c'est Jean Petit", "book_appointment", person="Jean Petit", phones=(CALLER,), wishes=(wish(TUESDAY, time(9)),))
    caller.says(said)
    caller.finds(slot(24, 9))
    caller.holds(slot(24, 9))
    assert caller.question() is Question.RECAP


def test_a_name_said_at_the_proposals_is_kept_and_the_proposals_are_put_again() -> None:
    caller = at_proposals()
    caller.says(turn("je m'appelle Sophie Durand", "callback_request", person="Sophie Durand"))
    assert caller.question() is Question.PROPOSAL
    assert caller.state.contact.name == "Sophie Durand"
    assert "repair.sorry" not in caller.keys_said()


def test_the_same_name_again_with_a_no_is_asked_letter_by_letter() -> None:
    caller = at_recap()
    caller.says(turn("non c'est Martin avec un d", "no", yes_no="no", person="Jean Martin"))
    assert caller.question() is Question.SPELLING


def test_a_value_alone_is_never_taken_for_a_yes() -> None:
    assert yes_no(turn("Luc Roussel", "yes", person="Luc Roussel")) is None
    assert yes_no(turn("mardi", "yes", wishes=(wish(TUESDAY),))) is None
    assert yes_no(turn("tout à fait", "yes")) == "yes"


def test_what_a_no_is_said_with_is_followed() -> None:
    assert beyond(no()) is None
    caller = Caller()
    caller.says(turn("quel âge a le docteur Martin", "out_of_scope"))
    assert caller.question() is Question.OFFER_MESSAGE
    caller.says(turn("non je voudrais un rendez-vous", "no", "book_appointment", yes_no="no", score=0.6))
    assert caller.question() is Question.WISH


def test_a_day_in_answer_to_a_guess_confirms_it() -> None:
    caller = Caller()
    caller.says(turn("voir quelqu'un", "book_appointment", score=0.5))
    assert caller.question() is Question.CONFIRM
    actions = caller.says(turn("mardi", "out_of_scope", score=0.3, wishes=(wish(TUESDAY),)))
    assert isinstance(actions[-1], FindSlots)
    assert actions[-1].wish == wish(TUESDAY)


@pytest.mark.parametrize("dropped", ["laissez tomber", "non tant pis"])
def test_dropping_an_appointment_books_nothing_and_goes_on(dropped: str) -> None:
    caller = at_recap()
    caller.says(turn(dropped, "no", score=0.5))
    assert caller.question() is Question.ANYTHING_ELSE
    assert not any(isinstance(action, Book) for action in caller.actions)


def test_a_plain_value_is_not_asked_about_urgency_but_words_are() -> None:
    caller = at_proposals()
    caller.says(turn("demain matin", "urgent", urgency="ask", wishes=(wish(date(2026, 11, 24)),)))
    assert "urgency.ask" not in caller.keys_said()
    caller.finds(slot(24, 9))
    caller.says(turn("demain ma fille saigne", "urgent", urgency="ask", wishes=(wish(date(2026, 11, 24)),)))
    assert caller.question() is Question.URGENT


def test_a_practitioner_named_on_the_way_is_looked_for_and_not_fetched() -> None:
    caller = at_proposals()
    actions = caller.says(turn("plutôt avec le docteur Petit", "speak_to_person", person_asked="petit"))
    assert isinstance(actions[-1], FindSlots)
    assert actions[-1].practitioner == "petit"
    caller.finds(slot(24, 9))
    caller.says(turn("passez-moi le docteur Petit", "speak_to_person", person_asked="petit"))
    assert caller.state.handoff is not None


def test_more_of_a_message_is_added_once_in_a_row() -> None:
    caller = Caller()
    caller.says(turn("dites que la livraison du lit médical aura du retard", "leave_message"))
    assert caller.question() is Question.NAME
    caller.says(turn("elle arrivera par camion bleu", "out_of_scope", score=0.4))
    assert caller.keys_said()[-2:] == ["message.added", "contact.name"]
    caller.says(turn("enfin sauf grosse neige bien sûr", "out_of_scope", score=0.4))
    assert "repair.sorry" in caller.keys_said()
    caller.gives_name()
    caller.says(yes())
    stored = caller.says(yes())[-1]
    assert isinstance(stored, TakeMessage)
    assert stored.reason.endswith("retard. elle arrivera par camion bleu")


def test_a_yes_is_no_message() -> None:
    caller = Caller()
    caller.says(turn("je voudrais laisser un message", "leave_message"))
    caller.says(yes())
    assert caller.question() is Question.REASON


def test_an_act_that_is_free_is_said_to_be_free() -> None:
    acts = [{"id": "devis", "label": "un devis", "duration_min": 60, "price_eur": 0}]
    caller = Caller(clinic(acts=acts, booking={"default_act": "devis"}))
    caller.says(turn("combien coûte un devis", "price", act="devis"))
    assert "Un devis : c'est gratuit." in caller.spoken


def test_words_of_asking_and_of_dates_are_no_reason() -> None:
    assert not holds_reason("pouvez-vous me rappeler demain après 18 heures", "fr")
    assert holds_reason("rappelez-moi pour le devis de la pompe à chaleur", "fr")
    assert is_plain("mon nom est Jean Petit", "fr", ("Jean Petit",))
    assert asks("est-ce que vous faites des infiltrations", "fr")
    assert not asks("plutôt le matin", "fr")
