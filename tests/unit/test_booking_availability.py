from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.firms import PARIS, TWO_DOCTORS, a_firm, paris
from voicebot.booking.availability import BusyInterval, FoundSlots, find_slots
from voicebot.booking.hours import DAY_NAMES, day_hours
from voicebot.booking.proposals import half_day
from voicebot.booking.wishes import WishedTimes
from voicebot.core.ids import ActId, PersonId
from voicebot.nlu.slots import DateTimeWish, PartOfDay

NOW = paris(2027, 3, 23, 10, 0)
"""A Tuesday. Easter Monday is the 29th."""
SHORT = {"notice_min": 60, "horizon_days": 8, "step_min": 15}
"""A horizon short enough to try many wishes."""


def find(
    wish: DateTimeWish,
    *,
    act: str = "consultation",
    who: str | None = None,
    busy: tuple[BusyInterval, ...] = (),
    refused: tuple[datetime, ...] = (),
    limit: int = 2,
    now: datetime = NOW,
    **firm: object,
) -> FoundSlots:
    practitioner = None if who is None else PersonId(who)
    return find_slots(
        a_firm(**firm), act=ActId(act), practitioner=practitioner, wish=wish, now=now, busy=busy, refused=refused, limit=limit
    )


def starts(found: FoundSlots) -> list[str]:
    return [f"{slot.starts:%d %H:%M}" for slot in found.slots]


def taken(first: datetime, last: datetime, who: str | None = None) -> BusyInterval:
    return BusyInterval(practitioner=None if who is None else PersonId(who), starts=first, ends=last)


def test_a_day_and_time_that_are_free_are_proposed_alone() -> None:
    found = find(DateTimeWish(date=date(2027, 3, 25), time=time(10, 15)))
    assert (starts(found), found.exact, found.why_not) == (["25 10:15"], True, None)


def test_a_wide_wish_gets_two_different_half_days() -> None:
    assert starts(find(DateTimeWish(date_from=date(2027, 3, 25), date_to=date(2027, 3, 26)))) == ["25 09:00", "25 14:00"]


def test_within_one_half_day_proposals_are_an_hour_apart() -> None:
    assert starts(find(DateTimeWish(date=date(2027, 3, 25), part=PartOfDay.MORNING))) == ["25 09:00", "25 10:00"]


def test_two_proposals_of_one_half_day_come_close_only_without_a_choice() -> None:
    wish = DateTimeWish(date=date(2027, 3, 25), time_from=time(10, 0), time_to=time(10, 30))
    assert starts(find(wish)) == ["25 10:00", "25 10:15"]


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (DateTimeWish(date=date(2027, 3, 25), part=PartOfDay.AFTERNOON), ["25 14:00", "25 15:00"]),
        (DateTimeWish(date=date(2027, 3, 25), part=PartOfDay.LATE_MORNING), ["25 10:30", "25 11:30"]),
        (DateTimeWish(dates=(date(2027, 3, 25), date(2027, 3, 26)), time=time(16, 0)), ["25 16:00", "26 16:00"]),
        (DateTimeWish(date=date(2027, 3, 25), time_from=time(17, 0)), ["25 17:00", "25 17:15"]),
        (DateTimeWish(date=date(2027, 3, 25), time_to=time(9, 30)), ["25 09:00", "25 09:15"]),
        (DateTimeWish(date=date(2027, 3, 25), time=time(16, 0), approx=True), ["25 16:00"]),
        (DateTimeWish(date=date(2027, 3, 25), time=time(18, 30), approx=True), ["25 17:30"]),
        (DateTimeWish(excluded=("tue", "wed")), ["25 09:00", "25 14:00"]),
        (DateTimeWish(asap=True), ["23 11:00", "23 14:00"]),
        (DateTimeWish(), ["23 11:00", "23 14:00"]),
        (DateTimeWish(date=date(2027, 3, 25), time=time(15, 0), part=PartOfDay.MORNING), ["25 15:00"]),
    ],
)
def test_every_kind_of_wish_is_met_exactly(wish: DateTimeWish, expected: list[str]) -> None:
    found = find(wish)
    assert (starts(found), found.exact) == (expected, True)


@pytest.mark.parametrize(
    ("wish", "why_not", "expected"),
    [
        (DateTimeWish(date=date(2027, 3, 29)), "closed", ["30 09:00", "30 14:00"]),
        (DateTimeWish(date=date(2027, 3, 25), time=time(13, 0)), "closed", ["25 11:30", "25 14:00"]),
        (DateTimeWish(date=date(2027, 3, 24), part=PartOfDay.EVENING), "closed", ["24 11:30", "24 17:30"]),
        (DateTimeWish(date=date(2027, 3, 22)), "past", ["23 11:00", "23 14:00"]),
        (DateTimeWish(date=date(2027, 3, 23), time=time(9, 0)), "past", ["23 11:00", "24 09:00"]),
        (DateTimeWish(date=date(2027, 3, 23), time=time(10, 30)), "too_soon", ["23 11:00", "24 10:30"]),
        (DateTimeWish(date=date(2027, 6, 1)), "too_far", ["22 11:30", "22 17:30"]),
        (DateTimeWish(date=date(2027, 3, 25), time=time(10, 10)), "full", ["25 10:15", "25 14:00"]),
    ],
)
def test_a_wish_that_cannot_be_met_says_why_and_gets_the_nearest(wish: DateTimeWish, why_not: str, expected: list[str]) -> None:
    found = find(wish)
    assert (found.exact, found.why_not) == (False, why_not)
    assert starts(found) == expected


def test_a_full_day_gets_the_next_days() -> None:
    busy = (taken(paris(2027, 3, 25, 9, 0), paris(2027, 3, 25, 18, 0)),)
    found = find(DateTimeWish(date=date(2027, 3, 25)), busy=busy)
    assert (starts(found), found.exact, found.why_not) == (["26 09:00", "26 14:00"], False, "full")


def test_a_taken_time_gets_the_same_day_and_the_same_time_another_day() -> None:
    busy = (taken(paris(2027, 3, 25, 10, 0), paris(2027, 3, 25, 10, 30)),)
    found = find(DateTimeWish(date=date(2027, 3, 25), time=time(10, 0)), busy=busy)
    assert (starts(found), found.why_not) == (["25 09:30", "26 10:00"], "full")


def test_today_after_closing_is_closed_not_past() -> None:
    assert find(DateTimeWish(date=date(2027, 3, 23)), now=paris(2027, 3, 23, 19, 0)).why_not == "closed"


def test_refused_starts_do_not_come_back_and_other_half_days_come_first() -> None:
    first = find(DateTimeWish(asap=True))
    again = find(DateTimeWish(asap=True), refused=tuple(slot.starts for slot in first.slots))
    assert starts(again) == ["24 09:00", "24 14:00"]


def test_excluded_weekdays_stay_excluded_in_alternatives() -> None:
    found = find(DateTimeWish(date=date(2027, 3, 29), excluded=("tue",)))
    assert all(DAY_NAMES[slot.starts.weekday()] != "tue" for slot in found.slots)


def test_nothing_free_within_the_horizon_is_told_as_full() -> None:
    busy = (taken(paris(2027, 3, 1, 0, 0), paris(2027, 6, 1, 0, 0)),)
    assert find(DateTimeWish(asap=True), busy=busy) == FoundSlots(slots=(), exact=False, why_not="full")


def test_the_buffer_after_an_act_is_kept_free() -> None:
    busy = (taken(paris(2027, 3, 25, 11, 0), paris(2027, 3, 25, 12, 0)),)
    at = DateTimeWish(date=date(2027, 3, 25), time=time(10, 0))
    assert not find(at, act="visite", busy=busy).exact
    assert find(DateTimeWish(date=date(2027, 3, 25), time=time(9, 45)), act="visite", busy=busy).exact


def test_an_act_must_end_before_the_firm_closes() -> None:
    assert not find(DateTimeWish(date=date(2027, 3, 25), time=time(11, 15)), act="visite").exact
    assert find(DateTimeWish(date=date(2027, 3, 25), time=time(11, 0)), act="visite").exact


def test_anybody_free_will_do_when_nobody_was_named() -> None:
    busy = (taken(paris(2027, 3, 25, 9, 0), paris(2027, 3, 25, 12, 0), "martin"),)
    found = find(DateTimeWish(date=date(2027, 3, 25), time=time(10, 0)), busy=busy, people=TWO_DOCTORS)
    assert [slot.practitioner for slot in found.slots] == ["bernard"]


def test_who_was_named_is_the_only_one_proposed() -> None:
    busy = (taken(paris(2027, 3, 25, 9, 0), paris(2027, 3, 25, 12, 0), "martin"),)
    found = find(DateTimeWish(date=date(2027, 3, 25), time=time(10, 0)), who="martin", busy=busy, people=TWO_DOCTORS)
    assert not found.exact
    assert {slot.practitioner for slot in found.slots} == {"martin"}


def test_an_act_is_only_given_by_who_performs_it() -> None:
    acts = [{"id": "vaccin", "label": "un vaccin", "duration_min": 15, "practitioners": ["bernard"]}]
    assert {s.practitioner for s in find(DateTimeWish(), act="vaccin", people=TWO_DOCTORS, acts=acts).slots} == {"bernard"}
    refused = find(DateTimeWish(), act="vaccin", who="martin", people=TWO_DOCTORS, acts=acts)
    assert refused == FoundSlots(slots=(), exact=False, why_not="closed")


def test_what_is_taken_for_everybody_is_taken_for_each() -> None:
    busy = (taken(paris(2027, 3, 25, 10, 0), paris(2027, 3, 25, 11, 0)),)
    assert not find(DateTimeWish(date=date(2027, 3, 25), time=time(10, 0)), busy=busy, people=TWO_DOCTORS).exact


moments = st.datetimes(datetime(2027, 3, 22), datetime(2027, 4, 20)).map(lambda moment: moment.replace(tzinfo=PARIS))  # noqa: DTZ001
days = st.dates(date(2027, 3, 15), date(2027, 5, 10))
clock = st.times().map(lambda t: t.replace(minute=t.minute // 15 * 15, second=0, microsecond=0))
wishes = st.builds(
    DateTimeWish,
    date=st.none() | days,
    time=st.none() | clock,
    approx=st.booleans(),
    part=st.none() | st.sampled_from(PartOfDay),
    time_from=st.none() | clock,
    date_from=st.none() | days,
    excluded=st.lists(st.sampled_from(DAY_NAMES), max_size=3).map(tuple),
    asap=st.booleans(),
)
busies = st.lists(
    st.builds(
        lambda start, minutes, who: BusyInterval(practitioner=who, starts=start, ends=start + timedelta(minutes=minutes)),
        moments.map(lambda moment: moment.astimezone(UTC)),
        st.integers(10, 2000),
        st.sampled_from([None, PersonId("martin"), PersonId("bernard")]),
    ),
    max_size=12,
).map(tuple)


@settings(deadline=None, max_examples=80)
@given(wish=wishes, busy=busies, now=moments, act=st.sampled_from(["consultation", "visite"]), limit=st.integers(1, 4))
def test_whatever_the_wish_proposals_keep_the_rules_of_the_agenda(
    wish: DateTimeWish, busy: tuple[BusyInterval, ...], now: datetime, act: str, limit: int
) -> None:
    firm = a_firm(people=TWO_DOCTORS, booking=SHORT)
    found = find(wish, act=act, busy=busy, now=now, limit=limit, people=TWO_DOCTORS, booking=SHORT)
    assert len(found.slots) <= limit
    assert list(found.slots) == sorted(found.slots, key=lambda slot: slot.starts.astimezone(UTC))
    assert (found.why_not is None) == found.exact
    assert bool(found.slots) or not found.exact
    for slot in found.slots:
        begin, end = slot.starts.astimezone(UTC), slot.ends.astimezone(UTC)
        assert begin >= now.astimezone(UTC) + timedelta(minutes=firm.booking.notice_min)
        assert slot.starts.date() <= now.date() + timedelta(days=firm.booking.horizon_days)
        assert end - begin == timedelta(minutes=firm.act(ActId(act)).duration_min)
        intervals = day_hours(firm, slot.starts.date()).intervals
        assert any(i.starts <= slot.starts and slot.ends <= i.ends for i in intervals)
        busy_to = end + timedelta(minutes=firm.act(ActId(act)).buffer_min)
        assert not any(b.starts < busy_to and begin < b.ends for b in busy if b.practitioner in {None, slot.practitioner})
        assert WishedTimes(wish).allows_weekday(slot.starts.date())
        assert not found.exact or WishedTimes(wish).allows(slot.starts)


@settings(deadline=None, max_examples=25)
@given(busy=busies, now=moments)
def test_two_proposals_for_no_particular_time_are_of_two_half_days_when_both_are_free(
    busy: tuple[BusyInterval, ...], now: datetime
) -> None:
    halves = (DateTimeWish(time_to=time(13, 0)), DateTimeWish(time_from=time(13, 0)))
    found = find(DateTimeWish(), busy=busy, now=now, booking=SHORT)
    if all(find(half, busy=busy, now=now, booking=SHORT).exact for half in halves):
        assert len({half_day(slot.starts) for slot in found.slots}) == 2
