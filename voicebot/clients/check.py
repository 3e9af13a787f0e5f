"""What the shape of the consignes cannot say: hours that overlap, names that nobody bears, texts not translated. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from voicebot.clients.check_hours import booking_hours, closures, hours, zone
from voicebot.clients.check_texts import texts, unfinished, wordings
from voicebot.clients.consignes import Consignes
from voicebot.clients.problems import Problem
from voicebot.clients.yaml_source import Path


def check_consignes(consignes: Consignes) -> tuple[Problem, ...]:
    """Every problem at once, errors first."""
    rules: tuple[Callable[[Consignes], Iterator[Problem]], ...] = (
        zone, _numbers, _emails, hours, booking_hours, closures, _ids, _references, _default_act, texts, wordings,
        _booking_sense, _urgencies, _destinations, unfinished,
    )  # fmt: skip
    found = list(chain.from_iterable(rule(consignes) for rule in rules))
    return tuple(sorted(found, key=lambda problem: problem.severity != "error"))


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


def _twice(what: str, values: Sequence[str], path: Callable[[int], Path]) -> Iterator[Problem]:
    counts = Counter(values)
    for i, value in enumerate(values):
        if counts[value] > 1 and value in values[:i]:
            yield Problem(path=path(i), sentence=f"{value!r} is there twice in {what}")


def _listed(known: Iterable[str]) -> str:
    return ", ".join(sorted(known)) or "none"
