"""The answer that each question calls for."""

from __future__ import annotations

from voicebot.clients.consignes import Consignes, in_language
from voicebot.core.expected import Expectation, ExpectedAnswer
from voicebot.core.language import Language
from voicebot.dialog.state import Question

_KINDS = {
    Question.URGENT: ExpectedAnswer.YES_NO,
    Question.CONFIRM: ExpectedAnswer.YES_NO,
    Question.OFFER_MESSAGE: ExpectedAnswer.YES_NO,
    Question.OWN_NUMBER: ExpectedAnswer.YES_NO,
    Question.PHONE_CHECK: ExpectedAnswer.YES_NO,
    Question.RECAP: ExpectedAnswer.YES_NO,
    Question.MENU: ExpectedAnswer.CHOICE,
    Question.HELP: ExpectedAnswer.CHOICE,
    Question.PRICE_ACT: ExpectedAnswer.CHOICE,
    Question.ACT: ExpectedAnswer.CHOICE,
    Question.READING: ExpectedAnswer.CHOICE,
    Question.PROPOSAL: ExpectedAnswer.CHOICE,
    Question.FIX: ExpectedAnswer.CHOICE,
    Question.HOLD_CHOICE: ExpectedAnswer.CHOICE,
    Question.WISH: ExpectedAnswer.DATETIME,
    Question.NAME: ExpectedAnswer.PERSON,
    Question.SPELLING: ExpectedAnswer.SPELLING,
    Question.PHONE: ExpectedAnswer.PHONE,
    Question.DIGITS: ExpectedAnswer.PHONE,
}
_NAMING_ACTS = frozenset({Question.OPEN, Question.ANYTHING_ELSE, Question.MENU, Question.ACT, Question.PRICE_ACT})
_NAMING_PEOPLE = frozenset({Question.OPEN, Question.ANYTHING_ELSE, Question.MENU, Question.REASON})


def expectation(question: Question, consignes: Consignes, language: Language) -> Expectation:
    """Kind of answer to `question`, with the client's words that it is likely to hold."""
    words: list[str] = []
    if question in _NAMING_ACTS:
        words += [in_language(act.label, language) for act in consignes.acts]
    if question in _NAMING_PEOPLE:
        words += [person.name for person in consignes.people]
    return Expectation(kind=_KINDS.get(question, ExpectedAnswer.OPEN), words=tuple(words))
