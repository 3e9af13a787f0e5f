"""Checks of what is said: languages, ways of asking, marks left by templates. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from voicebot.clients.consignes import Consignes
from voicebot.clients.problems import Problem
from voicebot.clients.yaml_source import Path
from voicebot.core.language import Language

MIN_WORDINGS = 3
"""Ways of asking below which a prepared question is not found reliably."""
TO_COMPLETE = "À COMPLÉTER"
"""Mark that templates leave where only the firm knows."""
_Texts = Mapping[Language, str] | Mapping[Language, tuple[str, ...]]


def texts(consignes: Consignes) -> Iterator[Problem]:
    """Every text exists in each language that the client speaks."""
    if not consignes.languages:
        yield Problem(path=("languages",), sentence="expected at least one language")
    for path, said in _local_texts(consignes):
        for language in consignes.languages:
            if not said.get(language):
                yield Problem(path=path, sentence=f"no text in language {language!r}, which the client speaks")
        for other in said:
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


def wordings(consignes: Consignes) -> Iterator[Problem]:
    """A question is asked in enough ways, none of which asks another."""
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


def unfinished(consignes: Consignes) -> Iterator[Problem]:
    """Nothing is left of the template's marks."""
    for path, said in _local_texts(consignes):
        if any(TO_COMPLETE in str(text) for text in said.values()):
            yield Problem(path=path, sentence=f"still holds {TO_COMPLETE!r} from the template", severity="warning")
