from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.firms import TWO_DOCTORS, a_firm
from voicebot.clients.check import check_consignes
from voicebot.clients.yaml_source import path_text

ACT = {"id": "a", "label": "un acte", "duration_min": 30}
QUESTION = {"id": "q", "asked": ["un", "deux", "trois"], "answer": "oui"}
KNOWN = {"number": "+33261911050"}


def found(severity: str, **changes: Any) -> list[tuple[str, str]]:
    return [(path_text(p.path), p.sentence) for p in check_consignes(a_firm(**changes)) if p.severity == severity]


def test_a_good_firm_has_no_problem() -> None:
    assert check_consignes(a_firm(people=TWO_DOCTORS, questions=[QUESTION], vip=[KNOWN])) == ()


@pytest.mark.parametrize(
    ("changes", "field", "part"),
    [
        ({"timezone": "Europe/Lyon"}, "timezone", "unknown time zone 'Europe/Lyon'"),
        ({"timezone": "../etc"}, "timezone", "unknown time zone"),
        ({"lines": []}, "lines", "at least one"),
        ({"lines": ["+33199001001", "+33199001001"]}, "lines[1]", "twice"),
        ({"lines": ["+3319900"]}, "lines[0]", "expected a phone number"),
        ({"lines": ["+33 1 99 00 10 01"]}, "lines[0]", "expected a phone number"),
        ({"vip": [{"number": "0612"}]}, "vip[0].number", "expected a phone number"),
        ({"vip": [KNOWN], "blocked": [KNOWN]}, "blocked[0].number", "cannot be both"),
        ({"messages": {"email": ["accueil"]}}, "messages.email[0]", "expected an e-mail"),
        ({"hours": {}}, "hours", "never open"),
        ({"hours": {"mon": [{"opens": "12:00", "closes": "09:00"}]}}, "hours.mon[0]", "close later"),
        ({"hours": {"mon": [{"opens": "09:00Z", "closes": "12:00Z"}]}}, "hours.mon[0]", "no zone"),
        ({"hours": {"mon": [{"opens": "09:00", "closes": "12:00"}, {"opens": "11:00", "closes": "18:00"}]}},
         "hours.mon[1]", "11:00-18:00 overlaps 09:00-12:00"),
        ({"booking": {"hours": {"mon": [{"opens": "09:00", "closes": "08:00"}]}}}, "booking.hours.mon[0]", "close later"),
        ({"closures": [{"first": "2027-08-15", "last": "2027-08-01"}]}, "closures[0].last", "before it begins"),
        ({"acts": [ACT, ACT]}, "acts[1].id", "twice"),
        ({"people": [TWO_DOCTORS[0], TWO_DOCTORS[0]]}, "people[1].id", "twice"),
        ({"acts": [{**ACT, "practitioners": ["dupont"]}], "people": TWO_DOCTORS}, "acts[0].practitioners[0]",
         "nobody has the id 'dupont', expected one of bernard, martin"),
        ({"acts": [{**ACT, "practitioners": ["nadia"]}], "people": [{"id": "nadia", "name": "Nadia"}]},
         "acts[0].practitioners[0]", "takes no appointments"),
        ({"booking": {"default_act": "z"}}, "booking.default_act", "expected one of consultation, visite"),
        ({"acts": [{**ACT, "bookable": False}], "booking": {"default_act": "a"}}, "booking.default_act", "cannot be booked"),
        ({"languages": []}, "languages", "at least one"),
        ({"questions": [{**QUESTION, "asked": ["un", "deux"]}]}, "questions[0].asked", "2 ways of asking"),
        ({"questions": [{**QUESTION, "asked": []}]}, "questions[0].asked", "no text in language 'fr'"),
        ({"urgencies": [{"words": [], "kind": "medical"}]}, "urgencies[0].words", "at least one"),
    ],
)  # fmt: skip
def test_each_error_of_meaning_is_told_at_its_field(changes: dict[str, Any], field: str, part: str) -> None:
    errors = found("error", **changes)
    assert len(errors) == 1, errors
    assert errors[0][0] == field
    assert part in errors[0][1]


def test_every_text_must_exist_in_each_language_of_the_client() -> None:
    fields = [field for field, _ in found("error", languages=["fr", "en"], questions=[QUESTION], acts=[ACT])]
    assert fields == ["name", "greeting", "address", "acts[0].label", "questions[0].asked", "questions[0].answer"]


@pytest.mark.parametrize(
    ("changes", "field", "part"),
    [
        ({"messages": {}}, "messages", "no e-mail or SMS"),
        ({"acts": [{**ACT, "bookable": False}]}, "booking.enabled", "no act can be booked"),
        ({"booking": {"hours": {"mon": [{"opens": "08:00", "closes": "10:00"}]}}}, "booking.hours.mon[0]", "outside the opening"),
        ({"name": {"fr": "le cabinet", "en": "the office"}}, "name", "never said"),
        ({"address": "À COMPLÉTER : rue"}, "address", "À COMPLÉTER"),
        (
            {"questions": [QUESTION, {**QUESTION, "id": "r", "asked": ["Un", "quatre", "cinq"]}]},
            "questions[1].asked",
            "also asks",
        ),
    ],
)
def test_what_is_doubtful_is_a_warning_and_no_error(changes: dict[str, Any], field: str, part: str) -> None:
    assert found("error", **changes) == []
    warnings = found("warning", **changes)
    assert len(warnings) == 1, warnings
    assert warnings[0][0] == field
    assert part in warnings[0][1]
