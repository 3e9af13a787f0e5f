"""All slots of one utterance, read in the light of what was just asked."""

from __future__ import annotations

from datetime import datetime

from voicebot.core.expected import ExpectedAnswer
from voicebot.core.language import Language
from voicebot.nlu.datetime_grammar import read_datetimes
from voicebot.nlu.email import read_email
from voicebot.nlu.lexicon import first_names, not_names
from voicebot.nlu.person import read_person
from voicebot.nlu.phone import read_phones
from voicebot.nlu.slots import Slots
from voicebot.nlu.spelling import read_spelling
from voicebot.nlu.yes_no import read_yes_no


def read_slots(text: str, now: datetime, expectation: ExpectedAnswer = ExpectedAnswer.OPEN, language: Language = "fr") -> Slots:
    """Everything found in `text`, said at local wall time `now` (aware).

    Raises:
        InputError: when the lists of names cannot be read.
    """
    phones = read_phones(text, asked=expectation is ExpectedAnswer.PHONE)
    email = read_email(text)
    dictated = bool(phones) or email is not None
    named = ExpectedAnswer.PERSON, ExpectedAnswer.SPELLING
    person = read_person(text, asked=expectation is ExpectedAnswer.PERSON, first_names=first_names(), not_names=not_names())
    return Slots(
        phones=phones,
        datetimes=()
        if expectation in named or (dictated and expectation is not ExpectedAnswer.OPEN)
        else read_datetimes(text, now, language=language),
        email=email,
        spelled=None if dictated else read_spelling(text, asked=expectation in named),
        person=person,
        yes_no=read_yes_no(text, asked=expectation is ExpectedAnswer.YES_NO, language=language),
    )
