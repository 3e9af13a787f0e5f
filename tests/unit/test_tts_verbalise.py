from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.core.language import Language
from voicebot.tts.verbalise import verbalise

FRENCH = {
    "06 12 34 56 78": "zéro six, douze, trente-quatre, cinquante-six, soixante-dix-huit",
    "+33612345678": "zéro six, douze, trente-quatre, cinquante-six, soixante-dix-huit",
    "+33 (0)6 12 34 56 78": "zéro six, douze, trente-quatre, cinquante-six, soixante-dix-huit",
    "01.23.45.67.89": "zéro un, vingt-trois, quarante-cinq, soixante-sept, quatre-vingt-neuf",
    "01 00 10 71 80": "zéro un, zéro zéro, dix, soixante et onze, quatre-vingts",
    "0800 123 456": "zéro huit cents, cent vingt-trois, quatre cent cinquante-six",
    "+44 20 7946 0958": "plus quarante-quatre, vingt, soixante-dix-neuf, quarante-six, zéro neuf, cinquante-huit",
    "Appelez le 3949.": "Appelez le trente-neuf quarante-neuf.",
    "le 15 ou le 112": "le quinze ou le cent douze",
    "à 14 h 30": "à quatorze heures trente",
    "à 9 h": "à neuf heures",
    "à 9h30 ou 14:30": "à neuf heures trente ou quatorze heures trente",
    "12 h": "midi",
    "12 h 30": "midi trente",
    "0 h": "minuit",
    "1 h": "une heure",
    "21 h": "vingt et une heures",
    "de 9 h – 12 h": "de neuf heures à midi",
    "sous 12 h": "sous douze heures",
    "24 h/24": "vingt-quatre heures sur vingt-quatre",
    "à 9 h, 3 rue Haute": "à neuf heures, trois rue Haute",
    "mardi 24 novembre 2026": "mardi vingt-quatre novembre deux mille vingt-six",
    "le 1er mars": "le premier mars",
    "le 1 mars": "le premier mars",
    "le 24/11/2026": "le vingt-quatre novembre deux mille vingt-six",
    "le 24/11": "le vingt-quatre novembre",
    "2026-11-24": "vingt-quatre novembre deux mille vingt-six",
    "25 €": "vingt-cinq euros",
    "1 €": "un euro",
    "49,90 €": "quarante-neuf euros quatre-vingt-dix",
    "1 250,50 €": "mille deux cent cinquante euros cinquante",
    "1 000 000 €": "un million d’euros",
    "20 %": "vingt pour cent",
    "2,5 %": "deux virgule cinq pour cent",
    "3,05": "trois virgule zéro cinq",
    "2e étage": "deuxième étage",
    "1re fois": "première fois",
    "3ème": "troisième",
    "2nd": "second",
    "la 80e": "la quatre-vingtième",
    "la SNCF": "la esse enne cé effe",
    "l'EHPAD": "l'épade",
    "le SAMU": "le samu",
    "J.-P. Martin": "ji pé Martin",
    "M-A-R-T-I-N": "aime a erre té i enne",
    "Dr Martin": "docteur Martin",
    "Me Durand": "maître Durand",
    "Me voici": "Me voici",
    "M. Dupont et Mme Durand": "monsieur Dupont et madame Durand",
    "n° 12": "numéro douze",
    "12 bis rue de la Paix, 75011 Paris": "douze bis rue de la Paix, soixante-quinze zéro onze Paris",
    "01000 Bourg": "zéro un mille Bourg",
    "10 000 habitants": "dix mille habitants",
    "jean-paul.martin75@gmail.com": "jean tiret paul point martin soixante-quinze arobase gmail point com",
    "contact@durand.fr": "contact arobase durand point effe erre",
    "www.exemple.fr": "trois double vé point exemple point effe erre",
    "« Bonjour », dit-il (hier).": "Bonjour, dit-il, hier.",
    "RDV à 10 h svp.": "rendez-vous à dix heures s’il vous plaît.",
    "Tapez 1, # ou *": "Tapez un, dièse ou étoile",
    "100 m²": "cent mètres carrés",
    "4G": "quatre gé",
    "-5 °C": "moins cinq degrés cé",
    "21 personnes": "vingt et une personnes",
    "J'arrive, c'est sûr.": "J'arrive, c'est sûr.",
    "A bientôt !": "A bientôt!",
}
ENGLISH = {
    "06 12 34 56 78": "zero six, one two, three four, five six, seven eight",
    "+33612345678": "zero six, one two, three four, five six, seven eight",
    "+44 20 7946 0958": "plus four four, two zero, seven nine, four six, zero nine, five eight",
    "at 14:30": "at two thirty p m",
    "at 14 h 30": "at two thirty p m",
    "9 a.m. sharp": "nine eigh m sharp",
    "12:00": "noon",
    "0:00": "midnight",
    "Tuesday 24 November 2026": "Tuesday the twenty-fourth of November twenty twenty-six",
    "November 1st": "the first of November",
    "24/11/2026": "the twenty-fourth of November twenty twenty-six",
    "€25": "twenty-five euros",
    "49.90 €": "forty-nine euros ninety",
    "1 €": "one euro",
    "20%": "twenty percent",
    "2nd floor": "second floor",
    "Dr Martin": "doctor Martin",
    "75011 Paris": "seven five zero one one Paris",
    "john.smith7@gmail.com": "john dot smith seven at gmail dot com",
    "the SNCF": "the S N C F",
    "the RATP": "the R eigh T P",
    "9 a.m.-5 p.m": "nine eigh m to five p m",
    "1,250 people": "one thousand two hundred and fifty people",
    "3.14": "three point one four",
}
WRITTEN = "aàbcéèêîôùç dhjlmnrstA'BCDJMSNF0123456789 .,;:!?-/%€@+&#()«»°²½…\n\t’"


@pytest.mark.parametrize(("written", "spoken"), FRENCH.items())
def test_french_is_said_as_a_receptionist_says_it(written: str, spoken: str) -> None:
    assert verbalise(written, "fr") == spoken


@pytest.mark.parametrize(("written", "spoken"), ENGLISH.items())
def test_english_is_said_as_a_receptionist_says_it(written: str, spoken: str) -> None:
    assert verbalise(written, "en") == spoken


@pytest.mark.parametrize("language", ["fr", "en"])
@given(text=st.one_of(st.text(max_size=60), st.text(alphabet=WRITTEN, max_size=60)))
def test_no_digit_and_no_symbol_is_ever_left(language: Language, text: str) -> None:
    spoken = verbalise(text, language)
    assert not any(character.isdigit() for character in spoken)
    assert not re.search(r"[^\w \-.,;:!?'’]|_", spoken)
    assert spoken == spoken.strip()


@pytest.mark.parametrize("language", ["fr", "en"])
@given(parts=st.lists(st.sampled_from([*FRENCH, *ENGLISH]), min_size=1, max_size=4))
def test_words_already_spoken_stay_as_they_are(language: Language, parts: list[str]) -> None:
    spoken = verbalise(" ; ".join(parts), language)
    assert verbalise(spoken, language) == spoken


@given(rest=st.integers(0, 99_999_999), first=st.integers(1, 9), separator=st.sampled_from(["", " ", "."]))
def test_a_phone_number_is_five_pairs_however_it_is_written(rest: int, first: int, separator: str) -> None:
    digits = f"0{first}{rest:08d}"
    pairs = [digits[i : i + 2] for i in range(0, 10, 2)]
    expected = ", ".join(verbalise(pair, "fr") for pair in pairs)
    assert verbalise(separator.join(pairs), "fr") == expected
    assert verbalise(f"+33{digits[1:]}", "fr") == expected


@given(hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_every_hour_is_the_same_however_it_is_written(hour: int, minute: int) -> None:
    spoken = verbalise(f"à {hour} h {minute:02d}", "fr")
    assert verbalise(f"à {hour}h{minute:02d}", "fr") == spoken
    assert verbalise(f"à {hour:02d}:{minute:02d}", "fr") == spoken


def test_the_lexicon_comes_first_and_takes_whole_words_only() -> None:
    lexicon = {"SNCF": "senneceffe", "Huynh": "ouine", "Me": "me"}
    assert verbalise("la sncf de M. HUYNH, Me Huynhette", "fr", lexicon) == "la senneceffe de monsieur ouine, me Huynhette"


def test_the_lexicon_takes_the_longest_entry() -> None:
    assert verbalise("le scanner 3D", "fr", {"scanner": "scanère", "scanner 3D": "scanère en relief"}) == "le scanère en relief"
