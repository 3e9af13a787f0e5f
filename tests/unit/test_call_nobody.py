"""A caller asks for a person and nobody is at the desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import pytest

from tests.fakes.calls import FakeWorld, Said, Scene
from tests.fakes.handoff import FakeHandoffLine
from tests.fakes.understanding import turn
from voicebot.core.events import EventKind
from voicebot.core.ids import TicketId
from voicebot.dialog.actions import EndReason, LeaveQueue, Outcome, RequestHuman, WorldAction
from voicebot.dialog.inputs import HumanRequested, Result
from voicebot.handoff.events import HandoffEvent, PlaceChanged

ASKS = ("une secrétaire", "ma facture")
TURNS = (
    turn("une secrétaire", "speak_to_person"),
    turn("ma facture", "out_of_scope"),
    turn("dites-lui que mon traitement ne marche pas", "leave_message"),
)
EMPTY, MANNED = (PlaceChanged(position=1, estimate_s=None, staffed=staffed) for staffed in (False, True))


class EmptyDesk(FakeWorld):
    """A desk is served, and nobody is logged in."""

    def perform(self, action: WorldAction, now: datetime) -> Result | None:
        if isinstance(action, RequestHuman):
            self.done.append(action)
            return HumanRequested(ticket=TicketId(1), live=True, staffed=False, position=1)
        return super().perform(action, now)


def asked(told: Mapping[float, HandoffEvent], *, said: Sequence[str] = ASKS, hangs_up_s: float | None = None) -> Scene:
    """A call whose caller asks for a person."""
    return Scene(
        said=[Said(text=text) for text in said], turns=TURNS, world=EmptyDesk(), desk=FakeHandoffLine(told), hangs_up_s=hangs_up_s
    )


def test_nobody_there_is_heard_within_two_seconds() -> None:
    scene = asked({0.0: EMPTY})
    scene.hold()
    request_s = next(event.t_s for event in scene.of(EventKind.ACTION) if event.data["name"] == "RequestHuman")
    heard_s = next(event.t_s for event in scene.of(EventKind.BOT_STARTED) if event.data["act"] == "handoff.nobody")
    assert heard_s - request_s < 2.0


def test_who_does_not_answer_the_offer_is_asked_again_and_called_back() -> None:
    scene = asked({0.0: EMPTY})
    end = scene.hold()
    assert scene.acts().count("handoff.offer") == 3
    assert scene.world.done[-1] == LeaveQueue(how="callback")
    assert scene.acts()[-2:] == ["hold.callback", "repair.nobody"]
    assert (end.reason, end.outcome) == (EndReason.SILENCE, Outcome.MESSAGE)
    offered_s = scene.heard("handoff.offer").t_s
    assert scene.when("hold.callback") - offered_s == pytest.approx(20.0, abs=8.0)


def test_who_hangs_up_in_the_queue_leaves_no_message_beside_the_call_back() -> None:
    scene = asked({0.0: EMPTY}, said=("dites-lui que mon traitement ne marche pas", "une secrétaire"), hangs_up_s=20.0)
    scene.hold()
    assert [type(action) for action in scene.world.done] == [RequestHuman]


def test_a_secretary_who_logs_in_meanwhile_is_told_to_the_caller() -> None:
    scene = asked({0.0: EMPTY, 8.0: MANNED}, hangs_up_s=60.0)
    scene.hold()
    assert "hold.staffed" in scene.acts()
