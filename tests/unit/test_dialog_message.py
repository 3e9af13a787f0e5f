from __future__ import annotations

import pytest

from tests.fakes.dialogue import CALLER, Caller, clinic
from tests.fakes.understanding import no, turn, wish, yes
from voicebot.dialog.actions import EndReason, Outcome, RequestHuman, TakeMessage
from voicebot.dialog.inputs import ActionFailed
from voicebot.dialog.state import Question


def taken(caller: Caller) -> TakeMessage:
    message = caller.last(TakeMessage)
    assert isinstance(message, TakeMessage)
    return message


def test_a_message_is_read_back_then_stored_then_said_stored() -> None:
    caller = Caller()
    caller.says(turn("un message pour le docteur Martin", "leave_message", person_asked="martin"))
    caller.says(turn("mon ordonnance est périmée", "out_of_scope"))
    caller.gives_name("Paul Durand")
    caller.says(yes())
    assert caller.spoken[-1] == (
        "Je récapitule : un message pour le docteur Martin, de la part de Paul Durand, au 06 12 34 56 78 : "
        "« mon ordonnance est périmée ». C'est bien ça ?"
    )
    caller.says(yes())
    message = taken(caller)
    assert (message.person, message.phone, message.reason) == ("Paul Durand", CALLER, "mon ordonnance est périmée")
    assert message.for_person == "martin"
    assert "message.taken" not in caller.keys_said()
    caller.stores()
    assert "message.taken" in caller.keys_said()
    assert caller.state.outcome is Outcome.MESSAGE


def test_a_reason_given_in_the_first_sentence_is_not_asked_again() -> None:
    caller = Caller()
    caller.says(turn("dites au docteur Martin que mon traitement ne marche pas", "leave_message", person_asked="martin"))
    assert caller.question() is Question.NAME


def test_a_message_may_be_corrected_at_the_read_back() -> None:
    caller = Caller()
    caller.says(turn("dites-lui que mon traitement ne marche pas", "leave_message"))
    caller.gives_name()
    caller.says(yes())
    caller.says(no())
    caller.says(turn("le message", "leave_message", score=0.3))
    assert caller.question() is Question.REASON
    caller.says(turn("mon traitement marche bien", "out_of_scope"))
    assert "mon traitement marche bien" in caller.spoken[-1]


@pytest.mark.parametrize("intent", ["reschedule", "cancel", "confirm_appointment"])
def test_requests_about_an_appointment_are_said_unconfirmed_and_disclose_nothing(intent: str) -> None:
    caller = Caller()
    caller.says(turn("mon rendez-vous", intent))
    assert caller.keys_said()[-2:] == ["request.unconfirmed", f"message.reason_{intent}"]
    caller.says(turn("celui de mardi", "out_of_scope", wishes=(wish(),)))
    caller.gives_name()
    caller.says(yes())
    caller.says(yes())
    assert taken(caller).kind == "request"
    caller.stores()
    assert "pas encore confirmée" in caller.spoken[-2]


def test_a_call_back_is_stored_as_one() -> None:
    caller = Caller()
    caller.says(turn("rappelez-moi au sujet de mes résultats d'analyse", "callback_request"))
    caller.gives_name()
    caller.says(yes())
    caller.says(yes())
    assert taken(caller).kind == "callback"


def test_a_failing_store_goes_to_a_human() -> None:
    caller = Caller()
    caller.says(turn("dites-lui que mon traitement ne marche pas", "leave_message"))
    caller.gives_name()
    caller.says(yes())
    caller.says(yes())
    assert isinstance(caller.feed(ActionFailed(action="take_message"))[-1], RequestHuman)
    assert "message.taken" not in caller.keys_said()


def test_a_goodbye_before_the_read_back_keeps_the_message_as_unsure() -> None:
    caller = Caller()
    caller.says(turn("dites-lui que mon traitement ne marche pas", "leave_message"))
    caller.says(turn("merci au revoir", "thanks_bye"))
    assert taken(caller).unsure == ("person", "phone")


@pytest.mark.parametrize(("setting", "refused"), [("refuse", True), ("message", False), ("off", False)])
def test_solicitors_are_treated_as_the_client_wants(setting: str, refused: bool) -> None:
    caller = Caller(clinic(solicitors=setting))
    caller.says(turn("je vous propose des panneaux solaires", "solicitation"))
    end = caller.ended()
    assert (end is not None and end.reason is EndReason.REFUSED) is refused
    assert (caller.state.message is not None) is not refused


def test_a_request_keeps_what_was_asked_for_beside_the_detail() -> None:
    caller = Caller()
    caller.says(turn("je voudrais annuler mon rendez-vous", "cancel"))
    caller.says(turn("celui de vendredi", "out_of_scope", score=0.2))
    assert caller.state.message is not None
    assert caller.state.message.reason == "je voudrais annuler mon rendez-vous : celui de vendredi"
