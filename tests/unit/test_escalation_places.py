"""What a waiting caller is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from escalation.board import Board, estimate_s, places, position, staffed
from escalation.places import TYPICAL_TALK_S
from tests.fakes.desk import ANNE, BERTHE, CLARA, FIRM, NOW, OTHER_FIRM, board, secretary, ticket
from voicebot.clients.consignes import Queue
from voicebot.core.ids import TicketId, UserId
from voicebot.core.secretaries import Declared
from voicebot.core.tickets import Ticket, TicketState

OURS, THEIRS = frozenset({FIRM}), frozenset({OTHER_FIRM})
TURN_S = TYPICAL_TALK_S + 30


def rules(_client: object) -> Queue:
    return Queue()


def talking(number: int, user: UserId, **facts: object) -> Ticket:
    return ticket(number, state=TicketState.TALKING, secretary=user, accepted_at=NOW, connected_at=NOW, **facts)


def ranks(some: Board) -> list[int]:
    return [position(some, t, NOW) for t in some.tickets.values()]


def wait_s(some: Board, number: int) -> float | None:
    return estimate_s(some, some.tickets[TicketId(number)], now=NOW, rules=rules)


def test_the_rank_is_by_score_and_counts_what_is_being_offered() -> None:
    waiting = [
        ticket(1),
        ticket(2, base_score=600),
        ticket(3, base_score=0, waiting_since=NOW - timedelta(seconds=121)),
        ticket(4, base_score=900, state=TicketState.OFFERED, secretary=ANNE, deadline=NOW),
        talking(5, BERTHE, base_score=10_000),
    ]
    assert ranks(board(secretary(ANNE), secretary(BERTHE), tickets=waiting))[:4] == [4, 2, 3, 1]


def test_tickets_of_strangers_do_not_stand_before_it() -> None:
    waiting = [ticket(1, base_score=600, client=OTHER_FIRM), ticket(2), ticket(3, base_score=0)]
    assert ranks(board(secretary(ANNE, clients=OURS), secretary(BERTHE, clients=THEIRS), tickets=waiting)) == [1, 1, 2]


def test_tickets_that_one_of_its_secretaries_could_take_do() -> None:
    waiting = [ticket(1, base_score=600, client=OTHER_FIRM), ticket(2)]
    assert ranks(board(secretary(ANNE, clients=OURS), secretary(BERTHE, clients=OURS | THEIRS), tickets=waiting)) == [1, 2]


def test_who_is_away_makes_no_rivals_of_strangers_unless_nobody_else_would_come() -> None:
    waiting = [ticket(1, base_score=600, client=OTHER_FIRM), ticket(2)]
    both_but_away = secretary(CLARA, connected=False)
    assert ranks(board(secretary(ANNE, clients=OURS), both_but_away, tickets=waiting)) == [1, 1]
    assert ranks(board(both_but_away, tickets=waiting)) == [1, 2]


def test_a_language_that_nobody_shares_makes_strangers_too() -> None:
    waiting = [ticket(1, base_score=600, language="en"), ticket(2)]
    french, english = secretary(ANNE, languages=frozenset({"fr"})), secretary(BERTHE, languages=frozenset({"en"}))
    assert ranks(board(french, english, tickets=waiting)) == [1, 1]


@pytest.mark.parametrize(
    ("facts", "there"),
    [
        ({}, True),
        ({"connected": False}, False),
        ({"declared": Declared.BREAK}, False),
        ({"declared": Declared.OFFLINE}, False),
        ({"clients": THEIRS}, False),
        ({"languages": frozenset({"en"})}, False),
    ],
)
def test_somebody_is_there_when_she_is_able_connected_and_available(facts: dict[str, object], there: bool) -> None:
    some = board(secretary(ANNE, **facts), tickets=[ticket(1)])
    assert staffed(some, some.tickets[TicketId(1)]) is there
    assert (wait_s(some, 1) is not None) is there


def test_who_is_busy_is_there() -> None:
    some = board(secretary(ANNE), tickets=[ticket(1), talking(2, ANNE)])
    assert staffed(some, some.tickets[TicketId(1)])


def test_whoever_finds_somebody_free_does_not_wait() -> None:
    some = board(secretary(ANNE), secretary(BERTHE), tickets=[ticket(1), ticket(2), ticket(3)])
    assert [wait_s(some, number) for number in (1, 2, 3)] == [0, 0, TURN_S / 2]


def test_the_wait_is_one_turn_a_rank_shared_by_those_who_are_there() -> None:
    some = board(secretary(ANNE), secretary(BERTHE), tickets=[ticket(1), ticket(2), talking(3, ANNE), talking(4, BERTHE)])
    assert [wait_s(some, number) for number in (1, 2)] == [TURN_S / 2, TURN_S]


def test_recent_talks_correct_the_wait() -> None:
    over = ticket(
        3,
        state=TicketState.WRAP_UP,
        secretary=ANNE,
        deadline=NOW,
        accepted_at=NOW - timedelta(seconds=50),
        released_at=NOW,
    )
    assert wait_s(board(secretary(ANNE), tickets=[ticket(1), over]), 1) == (TYPICAL_TALK_S + 50) / 2 + 30


def test_all_places_at_once_are_the_places_one_by_one() -> None:
    clients, languages = (FIRM, OTHER_FIRM, None), ("fr", "en")
    waiting = [ticket(n, client=clients[n % 3], language=languages[n % 2], base_score=n * 37 % 11) for n in range(1, 20)]
    some = board(
        secretary(ANNE, clients=OURS),
        secretary(BERTHE, languages=frozenset({"fr"})),
        secretary(CLARA, connected=False),
        tickets=[*waiting, talking(99, ANNE)],
    )
    at_once = places(some, now=NOW, rules=rules)
    assert set(at_once) == {t.id for t in waiting}
    for t in waiting:
        place = at_once[t.id]
        assert place.position == position(some, t, NOW)
        assert place.estimate_s == estimate_s(some, t, now=NOW, rules=rules)
        assert place.staffed is staffed(some, t)


def test_a_ticket_that_is_not_in_the_queue_yet_is_told_the_rank_that_it_would_have() -> None:
    assert position(board(secretary(ANNE), tickets=[ticket(1), ticket(2)]), ticket(3), NOW) == 3
