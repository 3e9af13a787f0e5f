from __future__ import annotations

import random

import phonenumbers
import pytest
from num2words import num2words

from voicebot.nlu.phone import digits_heard, read_phones


def _readings(text: str) -> list[list[str]]:
    return [list(phone.readings) for phone in read_phones(text)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("zéro six douze trente-quatre cinquante-six soixante-dix-huit", "+33612345678"),
        ("zero six douze trente quatre cinquante six soixante dix huit", "+33612345678"),
        ("c'est le 06 12 34 56 78 merci", "+33612345678"),
        ("0612345678", "+33612345678"),
        ("06.12.34.56.78", "+33612345678"),
        ("06-12-34-60-18", "+33612346018"),
        ("06 12 34 4 20 12 60 18", "+33612349278"),
        ("zéro six 12 trente-quatre 56 78", "+33612345678"),
        ("6, 12, 34, 56, 78", "+33612345678"),
        ("zéro six, euh, douze, trente-quatre, cinquante-six, soixante-dix-huit", "+33612345678"),
        ("zéro six douze double zéro cinquante-six soixante-dix-huit", "+33612005678"),
        ("zéro huit cent douze trente-quatre cinquante-six", "+33800123456"),
        ("zéro six septante huitante nonante douze", "+33670809012"),
        ("zéro six douze trente-quatre non pardon trente-cinq cinquante-six soixante-dix-huit", "+33612355678"),
        ("06 12 34 56 78, non pardon c'est le 06 12 34 56 79", "+33612345679"),
        ("plus trente-trois six douze trente-quatre cinquante-six soixante-dix-huit", "+33612345678"),
        ("double zéro trente-trois six douze trente-quatre cinquante-six soixante-dix-huit", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "+33612345678"),
        ("plus trente-deux quatre cent soixante-quinze douze trente-quatre cinquante-six", "+32475123456"),
        ("0041 79 123 45 67", "+41791234567"),
        ("oh six one two three four five six seven eight", "+33612345678"),
        ("zéro-six douze trente-quatre cinquante-six soixante-dix-huit", "+33612345678"),
    ],
)
def test_a_dictated_number_is_read(text: str, number: str) -> None:
    assert _readings(text) == [[number]]


def test_words_without_hyphens_that_mean_two_numbers_give_both() -> None:
    (readings,) = _readings("zéro six douze trente quatre cinquante quatre vingt deux")
    assert set(readings) == {"+33612345422", "+33612345082"}


def test_hyphens_settle_the_same_words() -> None:
    assert _readings("zéro six douze trente-quatre cinquante-quatre vingt-deux") == [["+33612345422"]]
    assert _readings("zéro six douze trente-quatre cinquante quatre-vingt-deux") == [["+33612345082"]]


def test_two_numbers_in_one_sentence_are_two() -> None:
    assert _readings("le 06 12 34 56 78 ou le 01 42 36 58 79") == [["+33612345678"], ["+33142365879"]]
    assert _readings("06 12 34 56 78 et 01 42 36 58 79") == [["+33612345678"], ["+33142365879"]]


@pytest.mark.parametrize(
    "text",
    [
        "je paie 1 200 euros le 16 03 2027",
        "le 16 mars à quatorze heures trente",
        "j'habite 12 rue de la Paix 75002 Paris",
        "zéro six douze trente-quatre",
        "06 12 34 56 7",
        "zéro quatre quatre-vingt et un quinze trente-sept trois",
        "zéro six vingt deux trente quatre douze",
        "zéro six soixante-dix-huit douze trente-quatre",
        "06 12 34 56 78 9",
        "mon numéro de dossier est le 06 12 34 56 78",
        "numéro de sécu 1 85 12 75 108 123 45",
        "le quinze",
        "",
    ],
)
def test_what_is_no_whole_telephone_number_gives_nothing(text: str) -> None:
    assert _readings(text) == []


@pytest.mark.parametrize("hyphens", [True, False])
@pytest.mark.parametrize("separator", [" ", ", "])
@pytest.mark.parametrize("language", ["fr", "fr_BE", "fr_CH"])
@pytest.mark.parametrize("shape", [(2, 2, 2, 2, 2), (1, 3, 3, 3), (2, 2, 3, 3), (1,) * 10])
def test_the_number_said_is_always_among_the_readings(
    shape: tuple[int, ...], language: str, separator: str, hyphens: bool
) -> None:
    draw = random.Random(f"{shape}{language}{separator}{hyphens}")
    for _ in range(40):
        digits = _valid_number(draw)
        said = separator.join(_in_words(group, language) for group in _groups(digits, shape))
        phones = read_phones(said if hyphens else said.replace("-", " "))
        assert len(phones) == 1, said
        assert "+33" + digits[1:] in phones[0].readings, said


def test_pairs_with_hyphens_are_asked_again_in_at_most_five_percent() -> None:
    draw = random.Random(7)
    numbers = [_valid_number(draw) for _ in range(300)]
    several = sum(len(read_phones(" ".join(_in_words(g, "fr") for g in _groups(n, (2,) * 5)))[0].readings) > 1 for n in numbers)
    assert several <= 15


def test_digits_are_counted_while_a_number_is_being_dictated() -> None:
    assert digits_heard("zéro six douze trente-quatre") == 6
    assert digits_heard("bonjour madame") == 0


def _valid_number(draw: random.Random) -> str:
    while True:
        digits = draw.choice(["01", "02", "03", "04", "05", "06", "07", "09"]) + f"{draw.randrange(10**8):08}"
        if phonenumbers.is_valid_number(phonenumbers.parse(digits, "FR")):
            return digits


def _groups(digits: str, shape: tuple[int, ...]) -> list[str]:
    groups, at = [], 0
    for length in shape:
        groups.append(digits[at : at + length])
        at += length
    return groups


def _in_words(group: str, language: str) -> str:
    zeros = len(group) - len(group.lstrip("0")) if group.strip("0") else len(group) - 1
    return " ".join(["zéro"] * zeros + [num2words(int(group), lang=language)])
