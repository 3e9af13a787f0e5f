from __future__ import annotations

import pytest

from accounts import refusals
from accounts.refusals import AccessError
from accounts.routes import FOLDER
from voicebot.web.texts import LANGUAGES, load_texts


def tree() -> list[type[AccessError]]:
    def below(kind: type[AccessError]) -> list[type[AccessError]]:
        return [kind, *(found for child in kind.__subclasses__() for found in below(child))]

    return [kind for kind in below(AccessError) if kind.__module__ == refusals.__name__]


def test_the_tree_at_the_top_of_the_file_names_every_refusal() -> None:
    drawn = {word for line in (refusals.__doc__ or "").splitlines() for word in line.split() if word.endswith("Error")}
    assert drawn == {kind.__name__ for kind in tree()}


def test_every_refusal_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in tree()]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_person_is_told_each_refusal_in_words(language: str) -> None:
    texts = load_texts(FOLDER / "texts")
    told = {kind.code for kind in tree()} - {"access", "not_signed_in"}
    assert {f"accounts.error.{code}" for code in told} <= {*texts["fr" if language == "fr" else "en"]}
