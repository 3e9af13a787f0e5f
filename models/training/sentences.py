"""Sentences of callers to a receptionist, spoken form: lower case, numbers in words, no punctuation."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

from faker import Faker
from num2words import num2words

SEED = 77
_DAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
_MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
_MINUTES = ("", "", "", " trente", " et quart", " quinze", " quarante-cinq", " moins le quart", " dix", " vingt")
_OPENINGS = ("euh ", "alors ", "bonjour ", "oui ", "non ", "ben ", "écoutez ", "voilà ")
_DOMAINS = ("gmail point com", "orange point fr", "free point fr", "wanadoo point fr", "hotmail point com")
_OPENING_SHARE = 0.15

_DATA = Path(__file__).parent / "data"


class SentenceMaker:
    """An endless source of sentences, the same ones for the same seed."""

    def __init__(self, seed: int = SEED) -> None:
        self._fake = Faker("fr_FR")
        self._fake.seed_instance(seed)
        self._chance = random.Random(seed)
        self._templates = _lines("templates_fr.txt")
        self._reasons = _lines("reasons_fr.txt")
        self._slots: dict[str, Callable[[], str]] = {
            "date": self._date,
            "heure": self._hour,
            "tel": self._phone,
            "nom": self._fake.last_name,
            "prenom": self._fake.first_name,
            "motif": lambda: self._chance.choice(self._reasons),
            "spell": self._spelled,
            "ville": self._fake.city,
            "rue": lambda: f"{_words(self._chance.randint(1, 120))} {self._fake.street_name()}",
            "societe": self._fake.company,
            "n": lambda: _words(self._chance.choice((self._chance.randint(1, 99), self._chance.randint(100, 999)))),
            "dom": lambda: self._chance.choice(_DOMAINS),
        }

    def sentence(self) -> str:
        """One sentence."""
        template = self._chance.choice(self._templates)
        text = re.sub(r"\{(\w+)\}", lambda slot: self._slots[slot[1]](), template)
        if self._chance.random() < _OPENING_SHARE:
            text = self._chance.choice(_OPENINGS) + text
        text = text.lower().replace("’", "'").replace(".", "")
        return re.sub(r"\s+", " ", re.sub(r"[^a-zàâäçéèêëîïôöùûüÿœæ' -]", " ", text)).strip()

    def _hour(self) -> str:
        return f"{_words(self._chance.randint(7, 20))} heures{self._chance.choice(_MINUTES)}"

    def _phone(self) -> str:
        pairs = [_words(self._chance.randint(0, 99)) for _ in range(4)]
        return " ".join([f"zéro {_words(self._chance.choice((1, 2, 3, 4, 5, 6, 7, 9)))}", *pairs])

    def _date(self) -> str:
        chance = self._chance
        day_of_month = "premier" if chance.random() < 0.1 else _words(chance.randint(2, 31))
        return chance.choice(
            (
                chance.choice(_DAYS) + chance.choice((" prochain", "", " matin", " après-midi", " en fin de journée")),
                "demain" + chance.choice((" matin", " après-midi", "")),
                f"le {day_of_month} {chance.choice(_MONTHS)}",
                "la semaine prochaine",
                f"dans {_words(chance.randint(2, 20))} jours",
                "après-demain",
                "aujourd'hui",
            )
        )

    def _spelled(self) -> str:
        return " ".join(self._chance.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(self._chance.randint(3, 6)))


def write(train: Path, test: Path, *, train_count: int, test_count: int) -> None:
    """Write distinct sentences, one a line; no test sentence is among those of training."""
    maker = SentenceMaker()
    unique: dict[str, None] = {}
    while len(unique) < train_count + test_count:
        unique[maker.sentence()] = None
    lines = list(unique)
    test.write_text("\n".join(lines[:test_count]) + "\n", encoding="utf-8")
    train.write_text("\n".join(lines[test_count:]) + "\n", encoding="utf-8")


def _words(number: int) -> str:
    return str(num2words(number, lang="fr"))


def _lines(name: str) -> list[str]:
    return (_DATA / name).read_text(encoding="utf-8").splitlines()
