"""Mentions put together into wishes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import product

from voicebot.nlu.datetime_calendar import DAY
from voicebot.nlu.datetime_mentions import AsapMention, DayMention, HourMention, HoursMention, Mention, PartMention, SpanMention
from voicebot.nlu.datetime_polarity import Sorted
from voicebot.nlu.slots import DateTimeWish, PartOfDay

_FROM = re.compile(
    r"\b(?:a partir (?:de|du|d)|a compter (?:de|du|d)|des|pas avant|from|starting|not before|since)(?: (?:le|la|l|on))? ?$"
)
_AFTER = re.compile(r"\b(?:apres|passe|after)(?: (?:le|la|l|on))? ?$")
_UNTIL = re.compile(
    r"\b(?:jusqu (?:a|au|en)|jusque|d ici(?: a| au)?|au plus tard|pas apres|pas plus tard que|until|till|by)(?: (?:le|la|l"
    r"|on))? ?$"
)
_BEFORE = re.compile(r"\b(?:avant|before)(?: (?:le|la|l|on))? ?$")
_ABOUT = re.compile(r"\b(?:vers|autour d[eu]|aux? alentours? d[eu]|environ|aux environs d[eu]|around|about)(?: le)? ?$")
_ALTERNATIVE = re.compile(
    r"^ ?(?: ?(?:ou|et|,|le|la|l|bien|alors|sinon|soit|meme|peutetre|encore|a la limite|au|eventuellement|aussi|de|pour|or"
    r"|and|on|either|maybe|else) ?)*$"
)
_SEPARATED = re.compile(r"\b(?:ou|sinon|mais|non|or|but)\b")
_SAME = re.compile(r"^ ?,? ?(?:donc |c est a dire |soit )?,? ?(?:le )?$")
_EVE = re.compile(r"\b(veille|lendemain|surlendemain) (?:de |du |d )(?:la |l |le )?$")
_MOST_WISHES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Segment:
    """A day or range of days with the hours and parts said for it; `day` is None when only these were said."""

    day: DayMention | SpanMention | None = None
    details: tuple[Mention, ...] = ()
    leading: bool = False
    """The details were said before the day: they hold for every alternative."""
    bounds: tuple[DayMention, ...] = field(default=())


def compose(line: str, said: Sorted) -> tuple[DateTimeWish, ...]:
    """Wishes for the mentions that stand; one with the refused days alone when nothing else was said."""
    asap = any(isinstance(m, AsapMention) for m in said.wished)
    mentions = _merged(line, [m for m in said.wished if not isinstance(m, AsapMention)])
    segments = _segments(_bounded(line, mentions))
    wishes = list(_wishes(line, segments))
    if not wishes and (asap or said.excluded):
        wishes = [DateTimeWish()]
    found = [replace(w, asap=asap, excluded=said.excluded) for w in wishes]
    return tuple(dict.fromkeys(w for w in found if w != DateTimeWish()))[:_MOST_WISHES]


def _merged(line: str, mentions: list[Mention]) -> list[Mention]:
    """Days of the week moved into the week said beside them; a day said twice is one day; contradictions are dropped."""
    weeks = [m for m in mentions if isinstance(m, SpanMention) and m.week]
    days = [m for m in mentions if isinstance(m, DayMention) and m.weekday is not None]
    if len(weeks) == 1 and days and not _apart(line, weeks[0], days):
        mentions = [_within(m, weeks[0]) for m in mentions if m is not weeks[0]]
    return _ranges(line, _without_doubles(line, mentions))


def _ranges(line: str, mentions: list[Mention]) -> list[Mention]:
    """« entre Noël et le jour de l'an » is one range."""
    kept: list[Mention] = []
    for mention in mentions:
        first = kept[-1] if kept else None
        if isinstance(first, DayMention) and isinstance(mention, DayMention) and _between(line, first, mention):
            last = next((d for d in mention.readings if d > first.readings[0]), None)
            kept[-1] = SpanMention(start=first.start, end=mention.end, readings=((first.readings[0], last),))
        else:
            kept.append(mention)
    return kept


def _between(line: str, first: Mention, last: Mention) -> bool:
    opened = re.search(r"\b(?:entre|between)(?: (?:le|la|l))? $", line[: first.start])
    return opened is not None and re.match(r"^ (?:et|and)(?: (?:le|la|l))? $", line[first.end : last.start]) is not None


def _apart(line: str, week: SpanMention, days: Sequence[DayMention]) -> bool:
    nearest = min(days, key=lambda d: min(abs(d.start - week.end), abs(week.start - d.end)))
    between = line[min(nearest.end, week.end) : max(nearest.start, week.start)]
    return bool(_SEPARATED.search(between)) or bool(_BEFORE.search(line[: week.start]) or _AFTER.search(line[: week.start]))


def _within(mention: Mention, week: SpanMention) -> Mention:
    last = week.readings[0][1]
    if not isinstance(mention, DayMention) or mention.weekday is None or last is None:
        return mention
    return replace(mention, readings=(last - timedelta(days=6 - mention.weekday),))


def _without_doubles(line: str, mentions: list[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for mention in mentions:
        before = kept[-1] if kept else None
        if not isinstance(before, DayMention | SpanMention) or not isinstance(mention, DayMention):
            if isinstance(before, DayMention) and isinstance(mention, SpanMention) and _covers(mention, before):
                continue
            kept.append(mention)
            continue
        between = line[before.end : mention.start]
        if isinstance(before, SpanMention):
            if _covers(before, mention):
                kept[-1] = mention
            elif _SEPARATED.search(between) or _bound_word(line, mention):
                kept.append(mention)
            continue
        common = tuple(d for d in mention.readings if d in before.readings)
        if _SAME.match(between) and common:
            kept[-1] = replace(before, readings=common, end=mention.end)
        elif between.strip() in {"", "le"} and (before.weekday is None or mention.weekday is None):
            kept.pop()
        else:
            kept.append(mention)
    return kept


def _bound_word(line: str, mention: Mention) -> bool:
    before = line[: mention.start]
    return any(p.search(before) for p in (_FROM, _AFTER, _UNTIL, _BEFORE))


def _covers(span: SpanMention, day: DayMention) -> bool:
    return any(a is not None and b is not None and a <= d <= b for a, b in span.readings for d in day.readings)


def _bounded(line: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Days after « à partir de », « avant », … become open ranges."""
    return [_as_bound(line, m) if isinstance(m, DayMention | SpanMention) else m for m in _with_eves(line, mentions)]


def _with_eves(line: str, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """« la veille du 15 août », « le lendemain de … » are the day before and the day after."""
    for mention in mentions:
        eve = _EVE.search(line[: mention.start]) if isinstance(mention, DayMention) else None
        if eve is None or not isinstance(mention, DayMention):
            yield mention
        else:
            shift = timedelta(days={"veille": -1, "lendemain": 1}.get(eve[1], 2))
            yield replace(mention, readings=tuple(day + shift for day in mention.readings))


def _as_bound(line: str, mention: DayMention | SpanMention) -> Mention:
    before = line[: mention.start]
    ends: Sequence[tuple[date | None, date | None]] = (
        [(d, d) for d in mention.readings] if isinstance(mention, DayMention) else list(mention.readings)
    )
    to_the_end = isinstance(mention, SpanMention) and "fin" in line[mention.start : mention.end].split()
    after = line[mention.end :]
    if re.match(r" (?:au plus tard|maximum|grand maximum|at the latest)\b", after):
        bounds: list[tuple[date | None, date | None]] = [(None, b) for _, b in ends]
    elif _FROM.search(before):
        bounds = [(a, None) for a, _ in ends]
    elif _UNTIL.search(before) or (to_the_end and _BEFORE.search(before)):
        bounds = [(None, b) for _, b in ends]
    elif _BEFORE.search(before):
        whole = not line[mention.start :].startswith(("ce soir", "cet ", "ce midi", "ce matin"))
        bounds = [(None, a - DAY * whole if a else None) for a, _ in ends]
    elif _AFTER.search(before):
        bounds = [(b + DAY if b else None, None) for _, b in ends]
    else:
        return mention
    return SpanMention(start=mention.start, end=mention.end, readings=tuple(bounds))


def _segments(mentions: Sequence[Mention]) -> list[_Segment]:
    segments: list[_Segment] = []
    waiting: list[Mention] = []
    for mention in mentions:
        if isinstance(mention, DayMention | SpanMention):
            joined = segments and isinstance(mention, SpanMention) and _joined_span(segments[-1].day, mention)
            if joined:
                segments[-1] = replace(segments[-1], day=joined)
            else:
                segments.append(_Segment(day=mention, details=tuple(waiting), leading=bool(waiting)))
                waiting = []
        elif segments:
            segments[-1] = replace(segments[-1], details=(*segments[-1].details, mention))
        else:
            waiting.append(mention)
    return segments or [_Segment(details=tuple(waiting))]


def _joined_span(first: DayMention | SpanMention | None, second: SpanMention) -> SpanMention | None:
    """« à partir de lundi … jusqu'à jeudi » is one range."""
    if not isinstance(first, SpanMention) or len(first.readings) > 1 or len(second.readings) > 1:
        return None
    (a, b), (c, d) = first.readings[0], second.readings[0]
    if a and b is None and c is None and d and d >= a:
        return replace(first, readings=((a, d),))
    return None


def _wishes(line: str, segments: Sequence[_Segment]) -> Iterator[DateTimeWish]:
    days = [s.day for s in segments if isinstance(s.day, DayMention)]
    if len(days) == len(segments) > 1 and _alternatives(line, segments) and _shared(segments):
        details = tuple(m for s in segments for m in s.details)
        for chosen in product(*(d.readings for d in days)):
            approx = _ABOUT.search(line[: days[0].start]) is not None
            for wish in _detailed(details):
                yield replace(wish, dates=tuple(dict.fromkeys(chosen)), approx=wish.approx or approx)
        return
    for segment in segments:
        yield from _of_segment(line, segment)


def _alternatives(line: str, segments: Sequence[_Segment]) -> bool:
    ends = [max(m.end for m in (*s.details, s.day) if m) for s in segments]
    starts = [s.day.start for s in segments if s.day]
    return all(_ALTERNATIVE.match(line[end:start]) for end, start in zip(ends, starts[1:], strict=False))


def _shared(segments: Sequence[_Segment]) -> bool:
    """Whether the details hold for all days: said once, before the first or after the last."""
    with_details = [i for i, s in enumerate(segments) if s.details]
    return not with_details or with_details == [len(segments) - 1] or (with_details == [0] and segments[0].leading)


def _of_segment(line: str, segment: _Segment) -> Iterator[DateTimeWish]:
    for wish in _detailed(segment.details):
        match segment.day:
            case None:
                yield wish
            case DayMention(readings=readings, start=start):
                about = _ABOUT.search(line[:start]) is not None
                for day in readings:
                    yield replace(wish, date=day, approx=wish.approx or about)
            case SpanMention(readings=spans):
                for first, last in spans:
                    yield replace(wish, date_from=first, date_to=last)


def _detailed(details: Sequence[Mention]) -> Iterator[DateTimeWish]:
    """Every wish that the hours and parts give: several parts or hours are alternatives."""
    parts: list[PartOfDay | None] = list(dict.fromkeys(m.part for m in details if isinstance(m, PartMention))) or [None]
    for part in parts:
        wish = _ranged(DateTimeWish(part=part), details, part)
        if wish is None:
            continue
        hours = [m for m in details if isinstance(m, HourMention) and m.role == "at"]
        if not hours:
            yield wish
        for hour in hours:
            yield replace(wish, time=hour.clock.at(part), approx=hour.approx)


def _ranged(wish: DateTimeWish, details: Sequence[Mention], part: PartOfDay | None) -> DateTimeWish | None:
    """With the range of hours; None when it is upside down."""
    for mention in details:
        match mention:
            case HoursMention(first=first, last=last):
                wish = replace(wish, time_from=first.at(part), time_to=last.at(part))
            case HourMention(role="from", clock=clock):
                wish = replace(wish, time_from=clock.at(part))
            case HourMention(role="to", clock=clock):
                wish = replace(wish, time_to=clock.at(part))
            case _:
                pass
    upside_down = wish.time_from and wish.time_to and wish.time_from >= wish.time_to
    return None if upside_down else wish
