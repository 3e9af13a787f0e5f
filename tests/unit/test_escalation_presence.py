"""What a secretary declares, what is derived, and what offers do to her."""

from __future__ import annotations

from datetime import timedelta

import pytest

from escalation.board import derived
from escalation.desk_events import (
    Accepted,
    AudioConnected,
    AudioLost,
    CallbackTaken,
    CallerGone,
    CallerLeft,
    ConnectionFailed,
    ConsoleClosed,
    ConsoleOpened,
    Declares,
    Declined,
    Forced,
    Offered,
    OfferExpired,
    TalkEnded,
    WrapUpEnded,
)
from tests.fakes.desk import ANNE, BERTHE, CHIEF, NOW, FakeDesk, secretary, ticket
from voicebot.clients.consignes import Queue
from voicebot.core.ids import TicketId
from voicebot.core.secretaries import Declared, Derived
from voicebot.core.tickets import TicketState

T = TicketId(1)
OFFER = Offered(ticket=T, user=ANNE)
ACCEPT = Accepted(ticket=T, user=ANNE)
BREAK = Declares(user=ANNE, declared=Declared.BREAK, reason="lunch")
BACK = Declares(user=ANNE, declared=Declared.AVAILABLE)


def desk(**rules: float) -> FakeDesk:
    return FakeDesk(secretary(ANNE), secretary(BERTHE), tickets=[ticket(1)], queue=Queue.model_validate(rules))


def misses(d: FakeDesk) -> None:
    """An offer rings out at Anne's."""
    d.does(OFFER)
    d.now += timedelta(seconds=15)
    d.does(OfferExpired(ticket=T))


def test_what_she_does_is_read_off_her_ticket() -> None:
    d = desk()
    seen = [derived(d.board, ANNE)]
    for event in (
        OFFER,
        ACCEPT,
        AudioConnected(ticket=T, user=ANNE),
        TalkEnded(ticket=T, user=ANNE),
        WrapUpEnded(ticket=T, user=ANNE),
    ):
        d.does(event)
        seen.append(derived(d.board, ANNE))
    assert seen == [Derived.IDLE, Derived.OFFERED, Derived.ON_CALL, Derived.ON_CALL, Derived.WRAP_UP, Derived.IDLE]


def test_who_rings_a_call_back_is_on_a_call() -> None:
    d = desk()
    d.does(CallerLeft(ticket=T, how="callback"), CallbackTaken(ticket=T, user=ANNE))
    assert derived(d.board, ANNE) is Derived.ON_CALL


def test_the_second_unanswered_offer_in_a_row_is_a_break_that_shows_and_the_ticket_goes_on() -> None:
    d = desk()
    misses(d)
    assert (d.secretary().missed_offers, d.secretary().declared, d.secretary().alert) == (1, Declared.AVAILABLE, False)
    misses(d)
    s = d.secretary()
    assert (s.declared, s.break_reason, s.alert, s.idle_since) == (Declared.BREAK, "missed_offers", True, None)
    d.does(Offered(ticket=T, user=BERTHE))


def test_the_client_says_how_many_offers_may_be_missed() -> None:
    d = desk(missed_offers=1)
    misses(d)
    assert d.secretary().alert


def test_an_answer_between_begins_the_row_anew() -> None:
    d = desk()
    misses(d)
    d.does(OFFER, ACCEPT)
    assert d.secretary().missed_offers == 0
    d.does(ConnectionFailed(ticket=T))
    misses(d)
    assert not d.secretary().alert
    d.does(OFFER, Declined(ticket=T, user=ANNE, why="lunch"))
    misses(d)
    assert not d.secretary().alert


@pytest.mark.parametrize("event", [BACK, BREAK, Forced(user=ANNE, declared=Declared.AVAILABLE, by=CHIEF)])
def test_whatever_is_declared_clears_the_alert(event: Declares | Forced) -> None:
    d = desk()
    misses(d)
    misses(d)
    d.does(event)
    s = d.secretary()
    assert (s.alert, s.missed_offers, s.declared) == (False, 0, event.declared)
    assert s.break_reason == ("lunch" if event is BREAK else None)


def test_a_supervisor_sets_a_status() -> None:
    d = desk()
    d.does(Forced(user=ANNE, declared=Declared.BREAK, by=CHIEF))
    assert (d.secretary().declared, d.secretary().break_reason) == (Declared.BREAK, "supervisor")


def test_after_a_refusal_she_is_left_alone_for_a_while() -> None:
    d = desk()
    d.does(OFFER, Declined(ticket=T, user=ANNE, why="lunch"))
    assert d.secretary().cooldown_until == d.now + timedelta(seconds=10)


@pytest.mark.parametrize(
    ("event", "why", "by"),
    [
        (ConsoleClosed(user=ANNE), "console_closed", ANNE),
        (BREAK, "declared", ANNE),
        (Forced(user=ANNE, declared=Declared.OFFLINE, by=CHIEF), "declared", CHIEF),
    ],
)
def test_who_goes_away_gives_her_offer_back_without_blame(event: ConsoleClosed | Declares | Forced, why: str, by: int) -> None:
    d = desk()
    d.does(OFFER)
    (fact,) = d.stores(event)
    assert (fact.kind, fact.data["why"], fact.user) == ("withdrawn", why, by)
    assert (d.ticket().state, d.ticket().refused_by) == (TicketState.WAITING, ())
    assert (d.secretary().missed_offers, d.secretary().cooldown_until) == (0, None)


def test_a_console_that_closes_in_a_talk_leaves_it_to_the_audio() -> None:
    d = desk()
    d.does(OFFER, ACCEPT)
    for state in (TicketState.CONNECTING, TicketState.TALKING):
        d.does(ConsoleClosed(user=ANNE))
        assert (d.ticket().state, d.ticket().secretary) == (state, ANNE)
        d.does(ConsoleOpened(user=ANNE))
        if state is TicketState.CONNECTING:
            d.does(AudioConnected(ticket=T, user=ANNE))


def test_a_break_declared_in_a_talk_begins_after_it() -> None:
    d = desk()
    d.does(OFFER, ACCEPT, AudioConnected(ticket=T, user=ANNE), BREAK)
    assert d.ticket().state is TicketState.TALKING
    d.does(TalkEnded(ticket=T, user=ANNE), WrapUpEnded(ticket=T, user=ANNE))
    assert (d.secretary().declared, d.secretary().idle_since) == (Declared.BREAK, None)


def test_her_turn_counts_from_the_moment_she_has_nothing_in_hand() -> None:
    d = desk()
    d.does(OFFER, ACCEPT)
    assert d.secretary().idle_since is None
    d.does(AudioConnected(ticket=T, user=ANNE), TalkEnded(ticket=T, user=ANNE))
    d.now += timedelta(seconds=20)
    d.does(WrapUpEnded(ticket=T, user=ANNE))
    assert d.secretary().idle_since == d.now


@pytest.mark.parametrize("event", [CallerGone(ticket=T), ConnectionFailed(ticket=T), AudioLost(ticket=T)])
def test_who_loses_her_ticket_is_idle_from_then(event: CallerGone | ConnectionFailed | AudioLost) -> None:
    d = desk()
    d.does(OFFER, ACCEPT)
    if isinstance(event, AudioLost):
        d.does(AudioConnected(ticket=T, user=ANNE))
    d.now += timedelta(seconds=5)
    d.does(event)
    assert d.secretary().idle_since == d.now


def test_an_offer_taken_back_costs_no_turn_but_one_refused_or_missed_does() -> None:
    d = desk()
    before = d.secretary().idle_since
    d.does(OFFER)
    d.now += timedelta(seconds=1)
    d.does(ConsoleClosed(user=ANNE), ConsoleOpened(user=ANNE))
    assert d.secretary().idle_since == before
    d.does(OFFER, Declined(ticket=T, user=ANNE, why="lunch"))
    assert d.secretary().idle_since == d.now
    misses(d)
    assert d.secretary().idle_since == d.now


def test_who_comes_back_from_a_break_begins_a_new_turn() -> None:
    d = desk()
    d.does(BREAK)
    d.now += timedelta(hours=1)
    d.does(BACK)
    assert d.secretary().idle_since == d.now


def test_saying_what_is_so_already_changes_nothing() -> None:
    d = desk()
    for event in (BACK, ConsoleOpened(user=ANNE), Forced(user=ANNE, declared=Declared.AVAILABLE, by=CHIEF)):
        d.now += timedelta(seconds=5)
        d.does(event)
        assert d.secretary() == secretary(ANNE)
    d.does(BREAK, ConsoleClosed(user=ANNE))
    version = d.secretary().version
    d.does(BREAK, ConsoleClosed(user=ANNE))
    assert d.secretary().version == version


def test_who_opens_her_console_after_a_restart_is_as_she_declared() -> None:
    d = FakeDesk(secretary(ANNE, connected=False, idle_since=None, declared=Declared.OFFLINE))
    d.does(ConsoleOpened(user=ANNE))
    assert (d.secretary().declared, d.secretary().idle_since) == (Declared.OFFLINE, None)
    d.does(BACK)
    assert d.secretary().idle_since == NOW
