from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from tests.fakes.firms import a_firm, paris
from voicebot.booking.hours import day_hours, is_open, next_opening


def test_a_weekday_has_its_intervals_in_local_time() -> None:
    found = day_hours(a_firm(), date(2027, 3, 30))
    assert [(i.starts, i.ends) for i in found.intervals] == [
        (paris(2027, 3, 30, 9, 0), paris(2027, 3, 30, 12, 0)),
        (paris(2027, 3, 30, 14, 0), paris(2027, 3, 30, 18, 0)),
    ]
    assert found.closed is None


def test_why_a_day_is_closed_is_told() -> None:
    firm = a_firm(closures=[{"first": "2027-08-02", "last": "2027-08-15"}])
    assert day_hours(firm, date(2027, 3, 27)).closed == "weekly"
    assert day_hours(firm, date(2027, 8, 2)).closed == "closure"
    assert day_hours(firm, date(2027, 8, 15)).closed == "closure"
    assert day_hours(firm, date(2027, 8, 16)).closed is None
    assert day_hours(firm, date(2027, 5, 6)).closed == "holiday", "Ascension"
    assert day_hours(firm, date(2027, 7, 14)).closed == "holiday"


def test_a_firm_may_open_on_public_holidays() -> None:
    assert day_hours(a_firm(closed_on_public_holidays=False), date(2027, 7, 14)).closed is None


def test_appointments_may_have_hours_of_their_own() -> None:
    firm = a_firm(booking={"hours": {"tue": [{"opens": "10:00", "closes": "11:00"}]}})
    assert len(day_hours(firm, date(2027, 3, 30)).intervals) == 2
    assert [i.starts.hour for i in day_hours(firm, date(2027, 3, 30), booking=True).intervals] == [10]
    assert day_hours(firm, date(2027, 3, 31), booking=True).closed == "weekly"


def test_hours_are_those_of_the_wall_clock_on_both_sides_of_a_change_of_clocks() -> None:
    firm = a_firm()
    for before_it, after_it in ((date(2027, 3, 26), date(2027, 3, 30)), (date(2027, 10, 29), date(2027, 11, 2))):
        for day in (before_it, after_it):
            assert day_hours(firm, day).intervals[0].starts.strftime("%H:%M") == "09:00"
    before, after = (
        day_hours(firm, day).intervals[0].starts.astimezone(UTC).hour for day in (date(2027, 3, 26), date(2027, 3, 30))
    )
    assert (before, after) == (8, 7)


def test_an_interval_across_the_change_of_clocks_has_its_real_length() -> None:
    night = a_firm(hours={"sun": [{"opens": "01:00", "closes": "05:00"}]})
    lengths = []
    for day in (date(2027, 3, 28), date(2027, 10, 31)):
        (interval,) = day_hours(night, day).intervals
        lengths.append(interval.ends.astimezone(UTC) - interval.starts.astimezone(UTC))
    assert lengths == [timedelta(hours=3), timedelta(hours=5)]


def test_open_means_between_opening_and_closing_in_whatever_zone_the_time_is_given() -> None:
    assert is_open(a_firm(), paris(2027, 3, 30, 9, 0))
    assert not is_open(a_firm(), paris(2027, 3, 30, 12, 0))
    assert is_open(a_firm(), datetime(2027, 3, 30, 7, 30, tzinfo=UTC))
    assert not is_open(a_firm(), datetime(2027, 3, 30, 6, 30, tzinfo=UTC))


def test_the_next_opening_skips_lunch_nights_and_closed_days() -> None:
    assert next_opening(a_firm(), paris(2027, 3, 30, 12, 30)) == paris(2027, 3, 30, 14, 0)
    assert next_opening(a_firm(), paris(2027, 3, 26, 18, 30)) == paris(2027, 3, 30, 9, 0), "29 March 2027 is Easter Monday"
    closed = a_firm(closures=[{"first": "2027-01-01", "last": "2027-12-31"}])
    assert next_opening(closed, paris(2027, 3, 26, 18, 30)) is None
