"""Who is asked, when, and for how long."""

from __future__ import annotations

from datetime import timedelta

from escalation.board import Board, due
from escalation.desk_events import (
    Accepted,
    AudioConnected,
    CallerLeft,
    ConsoleClosed,
    Declares,
    Declined,
    Moved,
    Offered,
    OfferExpired,
    Widened,
)
from tests.fakes.desk import ANNE, BERTHE, CHIEF, CLARA, FIRM, NOW, OTHER_FIRM, FakeDesk, board, secretary, ticket
from voicebot.clients.consignes import Queue
from voicebot.core.ids import TicketId, UserId
from voicebot.core.secretaries import Declared, Secretary
from voicebot.core.tickets import Ticket, TicketState

T, U = TicketId(1), TicketId(2)


def idle_for(user: UserId, seconds: float, **facts: object) -> Secretary:
    return secretary(user, idle_since=NOW - timedelta(seconds=seconds), **facts)


def offered(d: FakeDesk) -> dict[int, int]:
    """Ticket -> who is being offered it."""
    return {t.id: t.secretary for t in d.board.tickets.values() if t.state is TicketState.OFFERED and t.secretary}


def test_the_highest_score_is_served_first() -> None:
    d = FakeDesk(
        secretary(ANNE),
        tickets=[
            ticket(1, base_score=120, waiting_since=NOW - timedelta(seconds=5)),
            ticket(2, base_score=600, reason="urgent"),
            ticket(3, base_score=300, reason="vip"),
        ],
    )
    d.settles()
    assert offered(d) == {2: ANNE}


def test_a_second_of_waiting_is_a_point() -> None:
    old = ticket(1, base_score=0, waiting_since=NOW - timedelta(seconds=17))
    d = FakeDesk(secretary(ANNE), tickets=[old, ticket(2, base_score=16)])
    d.settles()
    assert offered(d) == {1: ANNE}


def test_among_equals_who_waits_longer_then_who_came_first() -> None:
    longer = ticket(3, base_score=110, waiting_since=NOW - timedelta(seconds=10))
    d = FakeDesk(secretary(ANNE), secretary(BERTHE), tickets=[ticket(2), ticket(1), longer])
    d.settles()
    assert sorted(offered(d)) == [1, 3]


def test_the_longest_idle_is_asked_and_the_lower_id_among_equals() -> None:
    d = FakeDesk(idle_for(CLARA, 30), idle_for(ANNE, 20), idle_for(BERTHE, 30), tickets=[ticket(1)])
    d.settles()
    assert offered(d) == {1: BERTHE}


def test_each_free_secretary_is_offered_one_ticket() -> None:
    d = FakeDesk(idle_for(ANNE, 20), idle_for(BERTHE, 30), tickets=[ticket(1), ticket(2), ticket(3)])
    d.settles()
    assert offered(d) == {1: BERTHE, 2: ANNE}


def test_only_able_available_connected_idle_secretaries_are_asked() -> None:
    d = FakeDesk(
        secretary(UserId(11), clients=frozenset({OTHER_FIRM})),
        secretary(UserId(12), languages=frozenset({"en"})),
        secretary(UserId(13), declared=Declared.BREAK, idle_since=None),
        secretary(UserId(14), connected=False),
        secretary(UserId(15), cooldown_until=NOW + timedelta(seconds=1)),
        secretary(UserId(16)),
        tickets=[ticket(9, state=TicketState.TALKING, secretary=UserId(16), connected_at=NOW, accepted_at=NOW), ticket(1)],
    )
    assert due(d.board, now=d.now, rules=d.rules) == ()


def test_a_cool_down_ends() -> None:
    d = FakeDesk(secretary(ANNE, cooldown_until=NOW + timedelta(seconds=1)), tickets=[ticket(1)])
    d.now += timedelta(seconds=1)
    d.settles()
    assert offered(d) == {1: ANNE}


def test_the_usual_secretary_is_asked_before_who_is_idle_longer() -> None:
    d = FakeDesk(idle_for(ANNE, 500), idle_for(BERTHE, 1, usual_for=frozenset({FIRM})), tickets=[ticket(1)])
    d.settles()
    assert offered(d) == {1: BERTHE}


def test_a_busy_usual_secretary_is_waited_for_and_then_no_longer() -> None:
    d = FakeDesk(
        secretary(ANNE),
        secretary(BERTHE, usual_for=frozenset({FIRM}), clients=frozenset({FIRM})),
        tickets=[ticket(1), ticket(2, base_score=0)],
    )
    d.does(Accepted(ticket=U, user=BERTHE))
    assert d.passes(7.75) == []
    assert offered(d) == {}
    d.passes(0.25)
    assert offered(d) == {1: ANNE}


def test_who_is_usual_for_somebody_else_is_not_waited_for() -> None:
    d = FakeDesk(idle_for(ANNE, 500), idle_for(BERTHE, 1, usual_for=frozenset({OTHER_FIRM})), tickets=[ticket(1)])
    d.settles()
    assert offered(d) == {1: ANNE}


def test_an_absent_usual_secretary_and_one_who_has_refused_are_not_waited_for() -> None:
    usual = frozenset({FIRM})
    d = FakeDesk(secretary(ANNE), secretary(BERTHE, usual_for=usual, connected=False), tickets=[ticket(1)])
    d.settles()
    assert offered(d) == {1: ANNE}
    d = FakeDesk(secretary(ANNE), secretary(BERTHE, usual_for=usual), tickets=[ticket(1)])
    d.settles()
    d.does(Declined(ticket=T, user=BERTHE, why="lunch"))
    d.settles()
    assert offered(d) == {1: ANNE}


def test_who_refused_is_not_asked_again_while_another_able_one_is_there_though_busy() -> None:
    d = FakeDesk(secretary(ANNE), secretary(BERTHE), tickets=[ticket(1), ticket(2, base_score=0)])
    d.does(Accepted(ticket=U, user=BERTHE), AudioConnected(ticket=U, user=BERTHE))
    d.does(Offered(ticket=T, user=ANNE), Declined(ticket=T, user=ANNE, why="lunch"))
    d.passes(19)
    assert offered(d) == {}


def test_who_refused_is_asked_again_when_all_have() -> None:
    d = FakeDesk(secretary(ANNE), tickets=[ticket(1)])
    d.does(Offered(ticket=T, user=ANNE), Declined(ticket=T, user=ANNE, why="lunch"))
    assert d.passes(9.75) == []
    d.passes(0.25)
    assert offered(d) == {1: ANNE}


def test_an_unanswered_offer_goes_on_to_the_next_at_once() -> None:
    d = FakeDesk(idle_for(ANNE, 20), idle_for(BERTHE, 10), tickets=[ticket(1)])
    d.settles()
    assert d.passes(14.75) == []
    assert d.passes(0.25) == [OfferExpired(ticket=T), Offered(ticket=T, user=BERTHE)]


def test_a_ticket_that_nobody_took_is_widened_and_offered_to_nobody_in_particular() -> None:
    d = FakeDesk(tickets=[ticket(1)])
    assert d.passes(19.75) == []
    assert d.passes(0.25) == [Widened(ticket=T)]
    d.board = board(secretary(ANNE), secretary(BERTHE), tickets=d.board.tickets.values())
    assert d.passes(60) == []
    d.does(Accepted(ticket=T, user=BERTHE))


def test_a_ringing_offer_is_not_cut_short_by_widening() -> None:
    d = FakeDesk(idle_for(ANNE, 20), idle_for(BERTHE, 10), tickets=[ticket(1)])
    assert d.passes(29.75) == [Offered(ticket=T, user=ANNE), OfferExpired(ticket=T), Offered(ticket=T, user=BERTHE)]
    assert d.passes(0.25) == [OfferExpired(ticket=T), Widened(ticket=T)]


def test_a_supervisor_offers_a_widened_ticket_to_one() -> None:
    d = FakeDesk(secretary(ANNE), tickets=[ticket(1)])
    d.does(Offered(ticket=T, user=ANNE), Declined(ticket=T, user=ANNE, why="lunch"))
    d.now += timedelta(seconds=30)
    d.does(Widened(ticket=T), Moved(ticket=T, to_user=ANNE, by=CHIEF))
    assert offered(d) == {1: ANNE}


def test_the_durations_are_those_of_the_client() -> None:
    rules = {FIRM: Queue(widen_after_s=5.0), OTHER_FIRM: Queue(widen_after_s=50.0)}
    waited = board(tickets=[ticket(1), ticket(2, client=OTHER_FIRM), ticket(3, client=None)])
    events = due(waited, now=NOW + timedelta(seconds=6), rules=lambda client: rules.get(client or OTHER_FIRM, Queue()))
    assert events == (Widened(ticket=T),)


def test_a_line_that_belongs_to_nobody_is_answered_by_everybody() -> None:
    d = FakeDesk(secretary(ANNE, clients=frozenset({FIRM})), tickets=[ticket(1, client=None)])
    d.settles()
    assert offered(d) == {1: ANNE}


def test_who_becomes_free_and_who_misses_count_in_the_same_moment() -> None:
    d = FakeDesk(secretary(ANNE), tickets=[ticket(1), ticket(2, base_score=0)])
    d.does(Offered(ticket=U, user=ANNE))
    events = d.leaps(15)
    assert events == [OfferExpired(ticket=U), Offered(ticket=T, user=ANNE)]


def test_what_is_due_depends_on_nothing_but_the_board() -> None:
    who: list[Secretary] = [secretary(UserId(number)) for number in range(1, 8)]
    waiting: list[Ticket] = [ticket(number) for number in range(1, 8)]

    def offers(some: Board) -> list[object]:
        return list(due(some, now=NOW, rules=lambda _: Queue()))

    assert offers(board(*who, tickets=waiting)) == offers(board(*reversed(who), tickets=reversed(waiting)))


def test_who_left_or_went_away_is_not_routed() -> None:
    d = FakeDesk(secretary(ANNE), secretary(BERTHE), tickets=[ticket(1), ticket(2)])
    d.does(CallerLeft(ticket=T, how="hung_up"), ConsoleClosed(user=ANNE), Declares(user=BERTHE, declared=Declared.BREAK))
    assert d.settles() == []
