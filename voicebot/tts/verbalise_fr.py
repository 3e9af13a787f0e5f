"""French: what is written in digits, symbols and abbreviations, as it is said on the telephone in France."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from num2words import num2words

from voicebot.tts.spoken_rules import Rule, SpokenGrammar, only_digits, pairs, rule

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
# « aime », « ku »: spelled as French voices read them right (espeak-ng, and Piper through it, read « emme » as « amme »)
_LETTERS = dict(zip(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    ("a", "bé", "cé", "dé", "e", "effe", "gé", "hache", "i", "ji", "ka", "elle", "aime", "enne", "o", "pé", "ku", "erre", "esse",
     "té", "u", "vé", "double vé", "ixe", "i grec", "zède"),
    strict=True,
)) | {"É": "e accent aigu", "È": "e accent grave", "Ç": "cé cédille"}  # fmt: skip
_SAID_AS_WORDS: Mapping[str, str] = MappingProxyType(
    {"CAF": "caf", "EHPAD": "épade", "PACS": "pacs", "SMUR": "smur", "ONU": "onu", "SIRET": "siret", "SIREN": "siren",
     "SMIC": "smic", "LED": "led", "RIB": "rib"}
)  # fmt: skip
_SYLLABLES = re.compile(r"(?:[BCDFGHJKLMNPQRSTVWXZ]?[AEIOUYÉÈ]{1,2}){2,}[BCDFGHJKLMNPQRSTVWXZ]?")

_TITLES: Mapping[str, str] = MappingProxyType(
    {"M.": "monsieur", "MM.": "messieurs", "Mme": "madame", "Mmes": "mesdames", "Mlle": "mademoiselle",
     "Mlles": "mesdemoiselles", "Dr": "docteur", "Drs": "docteurs", "Pr": "professeur", "Me": "maître", "Mes": "maîtres",
     "Mgr": "monseigneur", "St": "saint", "Ste": "sainte"}
)  # fmt: skip
_ABBREVIATIONS: Mapping[str, str] = MappingProxyType(
    {"rdv": "rendez-vous", "tél": "téléphone", "tel": "téléphone", "svp": "s’il vous plaît", "etc": "et cetera",
     "bd": "boulevard", "bld": "boulevard", "av": "avenue", "appt": "appartement", "bât": "bâtiment", "env": "environ",
     "cie": "compagnie", "sté": "société", "réf": "référence"}
)  # fmt: skip
_UNITS: Mapping[str, str] = MappingProxyType(
    {"km": "kilomètre", "kg": "kilo", "m2": "mètre carré", "m3": "mètre cube", "cm": "centimètre", "mm": "millimètre",
     "m": "mètre", "g": "gramme", "l": "litre", "min": "minute", "mn": "minute", "s": "seconde", "j": "jour"}
)  # fmt: skip
_FEMININE = r"heures?|minutes?|secondes?|semaines?|journées?|personnes?|places?|fois|séances?|nuits?|rues?|chambres?"

_NUMBER = r"\d{1,3}(?: \d{3})+|\d+"
_DAY_OF_MONTH = rf"(?={'|'.join(MONTHS)})"


def cardinal(value: int) -> str:
    """`80` -> « quatre-vingts », `21` -> « vingt et un »."""
    return str(num2words(value, lang="fr"))


def ordinal(value: int, *, feminine: bool = False) -> str:
    """`1` -> « premier » or « première », `80` -> « quatre-vingtième »."""
    if value == 1:
        return "première" if feminine else "premier"
    return str(num2words(value, lang="fr", to="ordinal")).replace("vingtsième", "vingtième").replace("centsième", "centième")


def feminine(value: int) -> str:
    """Cardinal before a feminine noun: `21` -> « vingt et une »."""
    return re.sub(r"\bun$", "une", cardinal(value))


def code(digits: str) -> str:
    """Digits said as they stand, zeros in front included: `06` -> « zéro six », `011` -> « zéro onze », `00` -> « zéro zéro »."""
    zeros = len(digits) - len(digits.lstrip("0"))
    rest = digits[zeros:]
    return " ".join(["zéro"] * zeros + ([cardinal(int(rest))] if rest else []))


def in_pairs(digits: str) -> str:
    """`0612345678` -> « zéro six, douze, trente-quatre, cinquante-six, soixante-dix-huit »."""
    return ", ".join(code(pair) for pair in pairs(digits))


def clock_time(hour: int, minute: int, *, duration: bool = False) -> str:
    """`(14, 30)` -> « quatorze heures trente », `(12, 0)` -> « midi », `(0, 15)` -> « minuit quinze »."""
    if hour in {0, 12} and not duration:
        hours = "midi" if hour else "minuit"
    else:
        hours = f"{feminine(hour)} {'heure' if hour < 2 else 'heures'}"
    return f"{hours} {feminine(minute) if duration else cardinal(minute)}" if minute else hours


def date(day: int, month: int, year: str = "") -> str:
    """`(1, 3, "2026")` -> « premier mars deux mille vingt-six »."""
    spoken_day = "premier" if day == 1 else cardinal(day)
    spoken_year = f" {cardinal(_year(year))}" if year else ""
    return f"{spoken_day} {MONTHS[month - 1]}{spoken_year}"


def spelled(letters: str) -> str:
    """`SNCF` -> « esse enne cé effe »; a character without a letter name stays."""
    return " ".join(_LETTERS.get(letter.upper(), letter) for letter in letters)


def number(text: str) -> str:
    """A plain number of digits: grouped thousands as one number, zeros in front and 7 digits or more in a row as a code."""
    digits = only_digits(text)
    if " " in text and len(digits) <= 12:
        return cardinal(int(digits))
    if len(digits) > 6:
        return in_pairs(digits)
    return code(digits)


def _year(text: str) -> int:
    return int(text) + 2000 if len(text) == 2 else int(text)


def _address(match: re.Match[str]) -> str:
    spoken = {"@": "arobase", ".": "point", "-": "tiret", "_": "tiret bas", "+": "plus", "/": "slash", ":": "deux points"}
    parts = re.findall(r"[^\W\d_]+|\d+|[^\w\s]|_", re.sub(r"(?i)^https?://", "", match[0]))
    return " ".join(_address_part(part, spoken) for part in parts)


def _address_part(part: str, symbols: Mapping[str, str]) -> str:
    if part.isdigit():
        return code(part) if len(part) <= 4 else in_pairs(part)
    if part.lower() == "www":
        return "trois double vé"
    return spelled(part) if len(part) <= 2 and part.isalpha() else symbols.get(part, part.lower())


def _phone(match: re.Match[str]) -> str:
    return in_pairs("0" + only_digits(match["rest"]))


def _free_phone(match: re.Match[str]) -> str:
    return ", ".join(code(group) for group in (only_digits(match["head"]), *match["tail"].split()))


def _foreign_phone(match: re.Match[str]) -> str:
    import phonenumbers  # slow to import, and most sentences hold no foreign number

    try:
        number = phonenumbers.parse(match[0])
    except phonenumbers.NumberParseException:
        return in_pairs(only_digits(match[0]))
    national = phonenumbers.national_significant_number(number)
    if number.country_code == 33:
        return in_pairs("0" + national)
    return f"plus {cardinal(number.country_code or 0)}, {in_pairs(national)}"


def _date(match: re.Match[str]) -> str:
    day, month = int(match["d"]), int(match["m"])
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return match[0].replace("/", " ")
    return date(day, month, match.groupdict().get("y") or "")


def _time(match: re.Match[str]) -> str:
    hour, minute = int(match["h"]), int(match["m"] or 0)
    return f"{match['before'] or ''}{clock_time(hour, minute, duration=bool(match['before']) or hour > 23)}"


def _amount(match: re.Match[str]) -> str:
    currency: Literal["euro", "dollar", "livre"] = "euro"
    if match["unit"] in "$£":
        currency = "dollar" if match["unit"] == "$" else "livre"
    whole = int(only_digits(match["n"]))
    words = feminine(whole) if currency == "livre" else cardinal(whole)
    linked = f"d’{currency}" if currency == "euro" and re.search(r"illi(?:on|ard)s?$", words) else currency
    cents = int((match["c"] or "0").ljust(2, "0"))
    return f"{words} {linked}{'s' if whole >= 2 else ''}" + (f" {cardinal(cents)}" if cents else "")


def _decimal(match: re.Match[str]) -> str:
    return f"{number(match['n'])} virgule {code(match['c'])}"


def _unit(match: re.Match[str]) -> str:
    name, value = _UNITS[match["unit"]], int(only_digits(match["n"]))
    plural = " ".join(word + "s" for word in name.split()) if value >= 2 else name
    return f"{feminine(value) if name in {'minute', 'seconde'} else cardinal(value)} {plural}"


def _postal_code(match: re.Match[str]) -> str:
    department, rest = match[0][:2], match[0][2:]
    return f"{code(department)} {'mille' if rest == '000' else code(rest)}"


def _acronym(match: re.Match[str]) -> str:
    letters = match[0].replace(".", "")
    if letters in _SAID_AS_WORDS:
        return _SAID_AS_WORDS[letters]
    said_as_word = len(letters) > 5 or (len(letters) > 3 and _SYLLABLES.fullmatch(letters))
    return letters.lower() if said_as_word and letters.isalpha() else spelled(letters)


def _abbreviation(match: re.Match[str]) -> str:
    return _ABBREVIATIONS[match[0].rstrip(".").lower()]


def _initials(match: re.Match[str]) -> str:
    return spelled(re.sub(r"[^\w]", "", match[0]))


def _ordinal(match: re.Match[str]) -> str:
    return ordinal(int(match["n"]), feminine=match["suffix"] in {"re", "ère"})


_I = re.IGNORECASE
_RULES: tuple[Rule, ...] = (
    rule(r"(?:https?://|www\.)[\w./:-]*\w|[\w.+-]*\w@[\w-]+(?:\.[\w-]+)*", _address, _I),
    # telephone numbers
    rule(r"(?<![\d+])(?:\+33|0033) ?(?:\(0\) ?)?(?P<rest>[1-9](?:[ .-]?\d\d){4})(?!\d)", _phone),
    rule(r"(?<![\d+])0(?P<rest>[1-9](?:[ .-]?\d\d){4})(?!\d)", _phone),
    rule(r"(?<![\d+])(?P<head>0 ?8\d\d) (?P<tail>\d{3} \d{3})(?!\d)", _free_phone),
    rule(r"(?<![\w+])\+\d(?:[ .()-]{0,2}\d){6,14}(?!\d)", _foreign_phone),
    rule(r"(?<=\bau )3\d{3}(?!\d)|(?<=\ble )3\d{3}(?!\d)", lambda match: " ".join(code(pair) for pair in pairs(match[0]))),
    # dates
    rule(r"(?<!\d)(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})(?!\d)", _date),
    rule(r"(?<!\d)(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)", _date),
    rule(r"(?<=\ble )(?P<d>\d{1,2})/(?P<m>\d{1,2})(?![\d/])", _date),
    rule(rf"(?<!\d)0?1(?:er)? (?={_DAY_OF_MONTH})", "premier ", _I),
    rule(rf"(?<!\d)0(?P<n>[2-9]) (?={_DAY_OF_MONTH})", lambda match: f"{cardinal(int(match['n']))} ", _I),
    # hours
    rule(r"\b24 ?h ?/ ?24\b", "vingt-quatre heures sur vingt-quatre", _I),
    rule(r"\b7 ?j ?/ ?7\b", "sept jours sur sept", _I),
    rule(
        r"(?P<before>\b(?:dans|pendant|durant|sous|d['’]ici|moins de|plus de|les) )?"
        r"(?<!\d)(?P<h>[01]?\d|2[0-4]) ?(?:h|heures?)\b ?(?:(?P<m>[0-5]\d)(?![\d/]|[ ,.]?\d)(?: ?(?:min|mn)\b)?)?(?<! )",
        _time,
        _I,
    ),
    rule(r"(?<!\d)(?P<h>[01]?\d|2[0-4])h(?P<m>[0-5]\d)(?!\d)(?P<before>)", _time, _I),
    rule(r"(?<![\d:])(?P<h>[01]?\d|2[0-3]):(?P<m>[0-5]\d)(?![\d:])(?P<before>)", _time),
    rule(r"(?<=\d) ?- ?(?=\d)|(?<=heures) ?- ?(?=\w)|(?<=midi) ?- ?(?=\w)|(?<=minuit) ?- ?(?=\w)", " à "),
    # sums, shares, ranks, measures
    rule(rf"(?P<n>{_NUMBER})(?:[,.](?P<c>\d{{1,2}}))? ?(?P<unit>€|\$|£|euros?\b|EUR\b)(?: ?TTC\b| ?HT\b)?", _amount),
    rule(r"(?<!\w)(?P<n>\d{1,4})(?P<suffix>er|re|ère|e|è|ème|eme|ième)(?!\w)", _ordinal),
    rule(r"(?<!\w)2nde?(?!\w)", lambda match: "seconde" if match[0].endswith("e") else "second"),
    rule(r"\b[nN](?:°|o\b\.?|º) ?(?=\d)", "numéro "),
    rule(r"\bn°", "numéro", _I),
    rule(rf"(?P<n>{_NUMBER}) ?(?P<unit>km|kg|m2|m3|cm|mm|min|mn|m|g|l|s|j)(?![\w’'])", _unit),
    rule(rf"(?P<n>{_NUMBER}),(?P<c>\d+)", _decimal),
    rule(rf"(?P<n>{_NUMBER})\.(?P<c>\d+)(?![.\d])", lambda match: f"{number(match['n'])} point {code(match['c'])}"),
    rule(rf"(?<![\w,])-(?={_NUMBER})", "moins "),
    rule(r"(?<![\w ])\b\d{5}(?!\d)|(?<=[^\d] )\d{5}(?!\d)(?! \d{3})", _postal_code),
    rule(rf"(?P<n>{_NUMBER})(?= (?:{_FEMININE})\b)", lambda match: feminine(int(only_digits(match["n"])))),
    rule(rf"(?<!\d)(?:{_NUMBER})(?!\d)", lambda match: number(match[0])),
    # titles, abbreviations, acronyms, initials
    rule(r"(?<![\w.])(?:M|MM)\.(?= ?[^\W\d_])", lambda match: _TITLES[match[0]]),
    rule(r"(?<![\w.])(?:Mmes?|Mlles?|Drs?|Pr|Mgr)\b\.?", lambda match: _TITLES[match[0].rstrip(".")]),
    rule(r"(?<![\w.])(?:Mes?|Ste?)\b(?=[ -][A-ZÀ-Ý])", lambda match: _TITLES[match[0]]),
    rule(r"(?<![\w.])c\.-à-d\.", "c’est-à-dire", _I),
    rule(r"(?<![\w’'-])(?:rdv|svp|bld|appt|env|cie|sté|etc)\b(?:\.(?= [a-zà-ÿ]|,))?", _abbreviation, _I),
    rule(r"(?<![\w’'-])(?:tél|tel|bd|av|bât|réf)\.", _abbreviation, _I),
    rule(r"(?<![\w’'-])(?:bd|av)(?= [A-ZÀ-Ý])", _abbreviation, _I),
    rule(r"(?<!\w)(?:[A-ZÀ-Ý]\.){2,}(?!\w)", _initials),
    rule(r"(?<!\w)[A-ZÀ-Ý]\.?(?:-[A-ZÀ-Ý]\.?)+(?![\w’'])", _initials),
    rule(r"(?<![\w’'-])[B-XZÇÉÈ]\.(?= [A-ZÀ-Ý])", _initials),
    rule(r"(?<!\w)(?:[A-Z]&[A-Z]+|[A-ZÀ-Ý]{2,})(?![\w’'])", _acronym),
    rule(r"(?<![\w’'-])[B-XZÇÉÈ](?![\w’'-])", _initials),
)

FRENCH = SpokenGrammar(
    rules=_RULES,
    symbols=MappingProxyType(
        {"%": "pour cent", "‰": "pour mille", "€": "euros", "$": "dollars", "£": "livres", "&": "et", "+": "plus", "=": "égale",
         "@": "arobase", "°": "degrés", "#": "dièse", "*": "étoile", "/": " ", "×": "fois", "÷": "divisé par", "§": "paragraphe"}
    ),
    digit=number,
)  # fmt: skip
"""Spoken French of France (« soixante-dix », « quatre-vingt-dix »)."""
