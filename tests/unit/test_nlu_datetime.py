"""Date and hour expressions, said on Wednesday 10 March 2027 at 10:00, in tests/data/nlu."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from num2words import num2words

from voicebot.nlu.datetime_days import DAYS, MONTHS
from voicebot.nlu.datetime_grammar import read_datetimes
from voicebot.nlu.slots_json import wish_to_json

NOW = datetime(2027, 3, 10, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))
TABLES = Path(__file__).parents[1] / "data" / "nlu"


def _rows(language: str) -> list[tuple[str, list[dict[str, Any]]]]:
    lines = (TABLES / f"datetimes_{language}.jsonl").read_text(encoding="utf-8").splitlines()
    return [(row["text"], row["wishes"]) for row in map(json.loads, lines)]


def _read(text: str, now: datetime = NOW) -> list[dict[str, Any]]:
    return [wish_to_json(wish) for wish in read_datetimes(text, now)]


@pytest.mark.parametrize(("text", "wishes"), _rows("fr"))
def test_a_french_expression_gives_its_value_or_nothing(text: str, wishes: list[dict[str, Any]]) -> None:
    assert _read(text) == wishes


@pytest.mark.parametrize(("text", "wishes"), _rows("en"))
def test_an_english_expression_gives_its_value_or_nothing(text: str, wishes: list[dict[str, Any]]) -> None:
    assert [wish_to_json(w) for w in read_datetimes(text, NOW, language="en")] == wishes


def test_next_weekday_is_divided_only_while_that_day_is_still_to_come_this_week() -> None:
    assert len(_read("vendredi prochain")) == 2
    assert _read("mardi prochain") == [{"date": "2027-03-16"}]


def test_a_weekday_that_contradicts_its_date_gives_no_date() -> None:
    assert _read("lundi 26 mars") == []


@settings(max_examples=150, deadline=None)
@given(day=st.dates(date(2027, 3, 11), date(2028, 3, 9)), hour=st.integers(8, 20), minute=st.integers(0, 59))
def test_any_coming_date_and_hour_said_in_words_is_read_back(day: date, hour: int, minute: int) -> None:
    number = "premier" if day.day == 1 else num2words(day.day, lang="fr")
    hours = num2words(hour, lang="fr", to="cardinal").replace("vingt et un", "vingt et une")
    minutes = "" if minute == 0 else f" {num2words(minute, lang='fr')}"
    text = f"{DAYS[day.weekday()]} {number} {MONTHS[day.month - 1]} à {hours} heures{minutes}"
    assert _read(text) == [{"date": day.isoformat(), "time": f"{hour:02}:{minute:02}"}]


@settings(max_examples=80, deadline=None)
@given(now=st.dates(date(2026, 1, 1), date(2030, 12, 31)), weekday=st.integers(0, 6))
def test_a_bare_weekday_is_the_next_to_come_and_en_huit_a_week_later(now: date, weekday: int) -> None:
    said_at = datetime(now.year, now.month, now.day, 9, tzinfo=ZoneInfo("Europe/Paris"))
    (wish,) = _read(DAYS[weekday], said_at)
    coming = date.fromisoformat(wish["date"])
    assert coming.weekday() == weekday
    assert timedelta(0) < coming - now <= timedelta(days=7)
    assert {"date": (coming + timedelta(days=7)).isoformat()} in _read(f"{DAYS[weekday]} en huit", said_at)


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet=st.sampled_from("abcdehimnorstuvz 0123456789'-,/:éà"), max_size=40))
def test_no_text_makes_the_grammar_fail(text: str) -> None:
    read_datetimes(text, NOW)
