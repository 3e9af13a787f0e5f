"""What a console is told: in order, bounded, each text made once."""

from __future__ import annotations

import json

from accounts.users import Role, User
from escalation.updates import CAPACITY, RELOAD, Subscription, Update
from voicebot.core.ids import UserId

ALICE = User(id=UserId(1), login="alice", name="Alice", role=Role.SECRETARY, language="fr")


def subscription(*, opened: list[str] | None = None) -> Subscription:
    seen = [] if opened is None else opened
    return Subscription(ALICE, opened=lambda _: seen.append("opened"), closed=lambda _: seen.append("closed"))


def update(number: int) -> Update:
    return Update("turn", {"number": number})


async def test_news_come_in_order_and_end_with_the_subscription() -> None:
    seen: list[str] = []
    async with subscription(opened=seen) as news:
        for number in range(3):
            news.tell(update(number))
        news.close()
        assert [one.data["number"] async for told in news for one in told] == [0, 1, 2]
    assert seen == ["opened", "closed"]


async def test_what_happened_at_once_is_told_at_once() -> None:
    news = subscription()
    for number in range(3):
        news.tell(update(number))
    assert len(await anext(news)) == 3
    news.tell(update(3))
    assert [one.data["number"] for one in await anext(news)] == [3]


async def test_a_console_that_does_not_read_is_told_to_begin_again_from_a_snapshot() -> None:
    news = subscription()
    for number in range(CAPACITY + 5):
        news.tell(update(number))
    news.close()
    told = [one async for all_of_it in news for one in all_of_it]
    assert told[0] is RELOAD
    assert [one.data["number"] for one in told[1:]] == [CAPACITY + 1, CAPACITY + 2, CAPACITY + 3, CAPACITY + 4]


def test_the_same_news_is_written_once_however_many_are_told() -> None:
    shared = Update("ticket", {"id": 1, "person": "Zoé"})
    texts = [shared.event for _ in range(3)]
    kind, data = texts[0].decode().removesuffix("\n\n").split("\n")
    assert kind == "event: ticket"
    assert json.loads(data.removeprefix("data: ")) == {"id": 1, "person": "Zoé"}
    assert texts[0] is texts[1] is texts[2]
