from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from voicebot.nlu.choice import choose

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2027, 3, 10, 10, tzinfo=PARIS)
OPTIONS = (datetime(2027, 3, 11, 14, tzinfo=PARIS), datetime(2027, 3, 12, 9, 30, tzinfo=PARIS))


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("le premier", 0),
        ("la deuxième", 1),
        ("le second", 1),
        ("le dernier", 1),
        ("celui de jeudi", 0),
        ("à quatorze heures", 0),
        ("jeudi", 0),
        ("vendredi matin", 1),
        ("neuf heures trente", 1),
        ("pas le premier", 1),
        ("le matin", 1),
        ("plutôt celui de vendredi", 1),
        ("demain", 0),
        ("le plus tôt", 0),
        ("les deux", None),
        ("samedi", None),
        ("oui", None),
        ("le troisième", None),
        ("jeudi ou vendredi", None),
    ],
)
def test_one_of_the_proposals_is_picked_or_none(text: str, index: int | None) -> None:
    assert choose(text, OPTIONS, NOW) == index


def test_two_proposals_on_one_day_are_not_told_apart_by_the_day() -> None:
    same_day = (OPTIONS[0], OPTIONS[0].replace(hour=16))
    assert choose("jeudi", same_day, NOW) is None
    assert choose("jeudi à seize heures", same_day, NOW) == 1
