"""What the shape of the consignes cannot say: hours that overlap, names that nobody bears, texts not translated. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from voicebot.clients.consignes import Consignes, DayName, Hours
from voicebot.clients.yaml_source import Path
from voicebot.core.language import Language

MIN_WORDINGS = 3
"""Ways of asking below which a prepared question is not found reliably."""
TO_COMPLETE = "À COMPLÉTER"
"""Mark that templates leave where only the firm knows."""
_Texts = Mapping[Language, str] | Mapping[Language, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong, or doubtful, in a client's consignes."""

    path: Path
    sentence: str
    severity: Literal["error", "warning"] = "error"


def check_consignes(consignes: Consignes) -> tuple[Problem, ...]:
    """Every problem at once, errors first."""
    rules: tuple[Callable[[Consignes], Iterator[Problem]], ...] = (
        _zone, _numbers, _emails, _hours, _booking_hours, _closures, _ids, _references, _default_act, _texts, _wordings,
        _booking_sense, _urgencies, _destinations, _unfinished,
    )  # fmt: skip
    found = list(chain.from_iterable(rule(consignes) for rule in rules))
    return tuple(sorted(found, key=lambda problem: problem.severity != "error"))


def _zone(consignes: Consignes) -> Iterator[Problem]:
    try:
        ZoneInfo(consignes.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        sentence = f"unknown time zone {consignes.timezone!r}, expected a name such as Europe/Paris"
        yield Problem(path=("timezone",), sentence=sentence)


def _numbers(consignes: Consignes) -> Iterator[Problem]:
    numbers: list[tuple[Path, str]] = [(("lines", i), number) for i, number in enumerate(consignes.lines)]
    numbers += [(("vip", i, "number"), known.number) for i, known in enumerate(consignes.vip)]
    numbers += [(("blocked", i, "number"), known.number) for i, known in enumerate(consignes.blocked)]
    numbers += [(("messages", "sms", i), number) for i, number in enumerate(consignes.messages.sms)]
    numbers += [(("phone",), consignes.phone)] if consignes.phone else []
    for path, number in numbers:
        if not is_e164(number):
            sentence = f"expected a phone number with its country, such as +33199001234, found {number!r}"
            yield Problem(path=path, sentence=sentence)
    if not consignes.lines:
        yield Problem(path=("lines",), sentence="expected at least one dialled number")
    yield from _twice("lines", consignes.lines, lambda i: ("lines", i))
    vip = {known.number for known in consignes.vip}
    for i, known in enumerate(consignes.blocked):
        if known.number in vip:
            yield Problem(path=("blocked", i, "number"), sentence=f"{known.number} is also a VIP: it cannot be both")


def is_e164(number: str) -> bool:
    """Whether a number is written as +33199001234 and has a possible length."""
    if not number.startswith("+") or not number[1:].isdigit():
        return False
    try:
        return bool(phonenumbers.is_possible_number(phonenumbers.parse(number, None)))
    except phonenumbers.NumberParseException:
        return False


def _emails(consignes: Consignes) -> Iterator[Problem]:
    emails: list[tuple[Path, str]] = [(("messages", "email", i), email) for i, email in enumerate(consignes.messages.email)]
    emails += [(("messages", "urgent_email", i), email) for i, email in enumerate(consignes.messages.urgent_email)]
    emails += [(("people", i, "email"), person.email) for i, person in enumerate(consignes.people) if person.email]
    emails += [(("email",), consignes.email)] if consignes.email else []
    for path, email in emails:
        try:
            validate_email(email, check_deliverability=False)
        except EmailNotValidError:
            yield Problem(path=path, sentence=f"expected an e-mail address, found {email!r}")


def _hours(consignes: Consignes) -> Iterator[Problem]:
    yield from _weekly(consignes.hours, ("hours",))
    if not any(consignes.hours.values()):
        yield Problem(path=("hours",), sentence="the firm is never open, expected hours on at least one day")


def _booking_hours(consignes: Consignes) -> Iterator[Problem]:
    weekly = consignes.booking.hours or {}
    yield from _weekly(weekly, ("booking", "hours"))
    for day, intervals in weekly.items():
        for i, given in enumerate(intervals):
            if not any(open_.opens <= given.opens and given.closes <= open_.closes for open_ in consignes.hours.get(day, ())):
                sentence = f"{_span(given)} is outside the opening hours of that day"
                yield Problem(path=("booking", "hours", day, i), sentence=sentence, severity="warning")


def _weekly(weekly: Mapping[DayName, Sequence[Hours]], base: Path) -> Iterator[Problem]:
    for day, intervals in weekly.items():
        for i, hours in enumerate(intervals):
            if hours.opens.tzinfo or hours.closes.tzinfo:
                yield Problem(path=(*base, day, i), sentence="a local time has no zone, expected times such as 08:30")
            elif hours.opens >= hours.closes:
                sentence = f"opens at {hours.opens:%H:%M} and closes at {hours.closes:%H:%M}: it must close later than it opens"
                yield Problem(path=(*base, day, i), sentence=sentence)
        plain = [(i, hours) for i, hours in enumerate(intervals) if not (hours.opens.tzinfo or hours.closes.tzinfo)]
        for (_, before), (i, after) in pairwise(sorted(plain, key=lambda pair: pair[1].opens)):
            if after.opens < before.closes:
                yield Problem(path=(*base, day, i), sentence=f"{_span(after)} overlaps {_span(before)}")


def _closures(consignes: Consignes) -> Iterator[Problem]:
    for i, closure in enumerate(consignes.closures):
        if closure.last < closure.first:
            sentence = f"ends on {closure.last}, before it begins on {closure.first}"
            yield Problem(path=("closures", i, "last"), sentence=sentence)


def _ids(consignes: Consignes) -> Iterator[Problem]:
    yield from _twice("acts", [act.id for act in consignes.acts], lambda i: ("acts", i, "id"))
    yield from _twice("people", [person.id for person in consignes.people], lambda i: ("people", i, "id"))
    yield from _twice("questions", [question.id for question in consignes.questions], lambda i: ("questions", i, "id"))


def _references(consignes: Consignes) -> Iterator[Problem]:
    takes = {person.id: person.takes_appointments for person in consignes.people}
    for i, act in enumerate(consignes.acts):
        for j, person in enumerate(act.practitioners):
            path: Path = ("acts", i, "practitioners", j)
            if person not in takes:
                yield Problem(path=path, sentence=f"nobody has the id {person!r}, expected one of {_listed(takes)}")
            elif not takes[person]:
                yield Problem(path=path, sentence=f"{person!r} takes no appointments (takes_appointments is false)")


def _default_act(consignes: Consignes) -> Iterator[Problem]:
    default = consignes.booking.default_act
    bookable = {act.id: act.bookable for act in consignes.acts}
    if default is None:
        return
    if default not in bookable:
        sentence = f"no act has the id {default!r}, expected one of {_listed(bookable)}"
        yield Problem(path=("booking", "default_act"), sentence=sentence)
    elif not bookable[default]:
        yield Problem(path=("booking", "default_act"), sentence=f"act {default!r} cannot be booked (bookable is false)")


def _texts(consignes: Consignes) -> Iterator[Problem]:
    if not consignes.languages:
        yield Problem(path=("languages",), sentence="expected at least one language")
    for path, texts in _local_texts(consignes):
        for language in consignes.languages:
            if not texts.get(language):
                yield Problem(path=path, sentence=f"no text in language {language!r}, which the client speaks")
        for other in texts:
            if other not in consignes.languages:
                sentence = f"text in language {other!r}, which is not in languages: it is never said"
                yield Problem(path=path, sentence=sentence, severity="warning")


def _local_texts(consignes: Consignes) -> Iterator[tuple[Path, _Texts]]:
    yield from _present((("name",), consignes.name), (("greeting",), consignes.greeting), (("address",), consignes.address))
    yield from _present((("access",), consignes.access))
    for i, closure in enumerate(consignes.closures):
        yield from _present((("closures", i, "reason"), closure.reason))
    for i, act in enumerate(consignes.acts):
        yield from _present((("acts", i, "label"), act.label), (("acts", i, "price_note"), act.price_note))
    for i, person in enumerate(consignes.people):
        yield from _present((("people", i, "role"), person.role))
    for i, question in enumerate(consignes.questions):
        yield from _present((("questions", i, "asked"), question.asked), (("questions", i, "answer"), question.answer))
    for i, rule in enumerate(consignes.urgencies):
        yield from _present((("urgencies", i, "say"), rule.say))


def _present(*optional: tuple[Path, _Texts | None]) -> Iterator[tuple[Path, _Texts]]:
    return ((path, texts) for path, texts in optional if texts is not None)


def _wordings(consignes: Consignes) -> Iterator[Problem]:
    asked_by: dict[str, int] = {}
    for i, question in enumerate(consignes.questions):
        for language in consignes.languages:
            wordings = question.asked.get(language, ())
            if 0 < len(wordings) < MIN_WORDINGS:
                sentence = f"{len(wordings)} ways of asking in {language!r}, expected at least {MIN_WORDINGS}"
                yield Problem(path=("questions", i, "asked"), sentence=sentence)
            for wording in wordings:
                other = asked_by.setdefault(wording.casefold(), i)
                if other != i:
                    sentence = f"{wording!r} also asks question {consignes.questions[other].id!r}"
                    yield Problem(path=("questions", i, "asked"), sentence=sentence, severity="warning")


def _booking_sense(consignes: Consignes) -> Iterator[Problem]:
    if consignes.booking.enabled and not any(act.bookable for act in consignes.acts):
        sentence = "booking is enabled but no act can be booked"
        yield Problem(path=("booking", "enabled"), sentence=sentence, severity="warning")


def _urgencies(consignes: Consignes) -> Iterator[Problem]:
    for i, rule in enumerate(consignes.urgencies):
        if not any(word.strip() for word in rule.words):
            yield Problem(path=("urgencies", i, "words"), sentence="expected at least one wording")


def _destinations(consignes: Consignes) -> Iterator[Problem]:
    if not (consignes.messages.email or consignes.messages.sms):
        sentence = "no e-mail or SMS: messages are only seen by whoever looks for them"
        yield Problem(path=("messages",), sentence=sentence, severity="warning")


def _unfinished(consignes: Consignes) -> Iterator[Problem]:
    for path, texts in _local_texts(consignes):
        if any(TO_COMPLETE in str(text) for text in texts.values()):
            yield Problem(path=path, sentence=f"still holds {TO_COMPLETE!r} from the template", severity="warning")


def _twice(what: str, values: Sequence[str], path: Callable[[int], Path]) -> Iterator[Problem]:
    counts = Counter(values)
    for i, value in enumerate(values):
        if counts[value] > 1 and value in values[:i]:
            yield Problem(path=path(i), sentence=f"{value!r} is there twice in {what}")


def _span(hours: Hours) -> str:
    return f"{hours.opens:%H:%M}-{hours.closes:%H:%M}"


def _listed(known: Iterable[str]) -> str:
    return ", ".join(sorted(known)) or "none"
