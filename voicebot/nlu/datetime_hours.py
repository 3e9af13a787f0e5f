"""Rules for hours, parts of the day and « le plus tôt possible »."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Literal

from voicebot.nlu.datetime_days import Rule
from voicebot.nlu.datetime_mentions import AsapMention, Clock, DayMention, HourMention, HoursMention, Mention, PartMention
from voicebot.nlu.slots import PartOfDay

Found = list[Mention] | None
Role = Literal["at", "from", "to"]

_MINUTES = (
    r"(?:et )?(?:[0-5]?\d(?! ?heures)(?: minutes)?)|et demie?|et quart|et le quart|moins (?:le |1 |un )?quart"
    r"|moins \d\d?|trois quarts|3 quarts"
)
_HALF = r"du matin|du mat|de l apresmidi|du soir|de la nuit|le matin|le soir"


def _hour(number: str) -> str:
    return (
        rf"(?:(?P<h{number}>2[0-4]|1\d|0?\d) heures|(?P<n{number}>midi|minuit))(?: (?P<m{number}>{_MINUTES}))?"
        r"(?! (?:minutes|euros?))"
        rf"(?: (?P<p{number}>{_HALF}))?(?: (?:pile|precises?|environ))?"
    )


def _clock(m: re.Match[str], number: str) -> Clock | None:
    named = m[f"n{number}"]
    hour = {"midi": 12, "minuit": 0}[named] if named else int(m[f"h{number}"])
    minute, earlier = _minutes(m[f"m{number}"] or "")
    half = m[f"p{number}"] or ""
    if hour >= 24 or minute > 59:
        return None
    if ("soir" in half and 4 <= hour <= 11) or ("apresmidi" in half and 1 <= hour <= 7):
        hour += 12
    fixed = bool(named or (half and not half.startswith("le "))) or hour > 12 or hour == 0
    return Clock(hour=hour, minute=minute, fixed=fixed or half == "le matin", earlier_minutes=earlier)


def _minutes(said: str) -> tuple[int, int]:
    """Minutes after the hour, and minutes to subtract."""
    if said.startswith("moins"):
        number = re.search(r"\d\d", said) or re.search(r"\d(?! quart)", said)
        return 0, 15 if "quart" in said else int(number.group()) if number else 0
    if "demi" in said:
        return 30, 0
    if "quarts" in said:
        return 45, 0
    if "quart" in said:
        return 15, 0
    number = re.search(r"\d+", said)
    return (int(number.group()) if number else 0), 0


_FROM = re.compile(r"\b(?:a partir de|a partir|des|apres|pas avant|au plus tot|plus tard que|a compter de)(?: les)? ?$")
_TO = re.compile(
    r"\b(?:avant|jusqu a|jusque|pas apres|au plus tard|pas plus tard que|maximum|d ici|plus tot que)(?: a)?(?: les)? ?$"
)
_ABOUT = re.compile(
    r"\b(?:vers|vers les|autour de|alentours? de|environ|a peu pres(?: a)?|dans les|sur les|sur les coups de|plus ou moins"
    r"|aux environs de"
    r"|approximativement(?: a)?|genre|disons vers) ?$"
)
_DURATION = re.compile(
    r"\b(?:depuis|pendant|durant|il y a|y a|en|sous|toutes les|tous les|reste|dure\w*|duree de|attend\w*|fait|mis|perdu|travaille"
    r"|passe|presque|plus de|moins de|ca fait|encore|a|journal de|de|dans|dans les|bien|deja)(?: (?:deja|encore|presque"
    r"|plus de|bien|les))? ?$"
)
_SURELY_DURATION = re.compile(
    r"\b(?:depuis|pendant|durant|il y a|y a|il me reste|reste|dure\w*|duree de|attend\w*|fait|toutes les|sous|en|journal de"
    r"|mis|perdu|dans|dans les"
    r")(?: (?:deja|encore|presque|plus de|bien|environ|les|vers))? ?$"
)
_AFTER_DURATION = re.compile(
    r" (?:de retard|d attente|de route|avant|apres|plus tard|plus tot|par jour|par semaine|sur 24|que j|qu on|qu il"
    r"|de travail|de trajet"
    r"|de plus|de moins|d avance|de suite|de decalage|de consultation|de marche|de voiture|de train|a l avance|d affilee)\b"
)


def _single(m: re.Match[str], _today: date) -> Found:
    clock = _clock(m, "")
    before = m.string[: m.start()]
    if clock is None:
        return []
    about = (
        bool(_ABOUT.search(before))
        or m.group().endswith("environ")
        or bool(re.match(r" (?:environ|a peu pres)\b", m.string[m.end() :]))
    )
    named = m["n"] is not None
    if (
        not named
        and not re.search(r"\b(?:dans|sur) les $", before)
        and (_SURELY_DURATION.search(before) or _AFTER_DURATION.match(m.string, m.end()))
    ):
        return []
    if named and m["m"] is None and (part := _named_part(m, before)):
        return [part]
    role: Role = "at"
    if re.search(r"\bpas avant(?: les)? ?$", before) or (_FROM.search(before) and not re.search(r"\bpas apres ?$", before)):
        role = "from"
    elif _TO.search(before) or re.match(r" (?:maximum|maxi|au plus tard|grand maximum|dernier carat)\b", m.string[m.end() :]):
        role = "to"
    if re.match(r" au plus tot\b", m.string[m.end() :]):
        role = "from"
    return [HourMention(start=m.start(), end=m.end(), clock=clock, role=role, approx=about)]


def _named_part(m: re.Match[str], before: str) -> Mention | None:
    """« demain midi » is a part of the day, « à midi » an hour."""
    if m["n"] != "midi" or re.search(r"\b(?:a|pour|avant|apres|jusqu a|vers|de|et|des|partir de|environ|ou) $", before):
        return None
    return PartMention(start=m.start(), end=m.end(), part=PartOfDay.MIDDAY)


def _between(m: re.Match[str], _today: date) -> Found:
    first, last = _clock(m, "1"), _clock(m, "2")
    if first is None or last is None or (m["lead"] is None and m["link"] == "et"):
        return None
    return [HoursMention(start=m.start(), end=m.end(), first=first, last=last)]


def _bare_between(m: re.Match[str], _today: date) -> Found:
    """« entre deux et quatre », « de 14 à 16 h »: figures without « heures » on one side or both."""
    clocks = []
    for side in ("1", "2"):
        said = m[f"h{side}"]
        named = {"midi": 12, "minuit": 0}.get(said)
        minute, earlier = _minutes(m[f"m{side}"] or "")
        hour = named if named is not None else int(said)
        fixed = named is not None or hour > 12 or bool(m["half"] and "matin" in m["half"])
        evening = bool(m["half"] and "soir" in m["half"] and hour < 12)
        clocks.append(Clock(hour=hour + 12 * evening, minute=minute, fixed=fixed or evening, earlier_minutes=earlier))
    if m["lead"] == "de" and not m["unit"] and not m["unit1"]:
        return None
    if any(c.hour > 24 for c in clocks):
        return None
    return [HoursMention(start=m.start(), end=m.end(), first=clocks[0], last=clocks[1])]


def _short(m: re.Match[str], _today: date) -> Found:
    """« à quatorze trente »."""
    about = bool(_ABOUT.search(m.string[: m.start()]))
    clock = Clock(hour=int(m["h"]), minute=int(m["m"]), fixed=True)
    return [HourMention(start=m.start(), end=m.end(), clock=clock, approx=about)]


def _either(m: re.Match[str], _today: date) -> Found:
    """« 14 ou 15 heures » are two, « dix onze heures » is a range."""
    first, last = (
        Clock(hour=12 if said == "midi" else int(said), fixed=said == "midi" or int(said) > 12) for said in (m["a"], m["b"])
    )
    if last.hour != first.hour % 12 + 1 and last.hour != first.hour + 1:
        return None
    if " ou " not in m.group():
        return [HoursMention(start=m.start(), end=m.end(), first=first, last=last)]
    about = bool(_ABOUT.search(m.string[: m.start()]))
    return [HourMention(start=m.start(), end=m.end(), clock=clock, approx=about) for clock in (first, last)]


_PARTS = (
    (r"(?:en |a la |la )?fins? de (?:la )?matinees?|(?:en )?fin de matin", PartOfDay.LATE_MORNING),
    (r"(?:en |au |le )?debut d(?:e l)? apresmidi", PartOfDay.EARLY_AFTERNOON),
    (r"(?:en |a la |la )?fin d(?:e l)? apresmidi|tard (?:dans )?l apresmidi", PartOfDay.LATE_AFTERNOON),
    (r"(?:en |a la |la )?fin de (?:la )?journee|en sortant du travail|apres le travail|apres le boulot", PartOfDay.LATE_DAY),
    (
        r"(?:en |au )?(?:debut|milieu|courant|cours) d(?:e|e la|ans la) matinee|(?:dans |en |de )?(?:la )?matinee",
        PartOfDay.MORNING,
    ),
    (r"(?:en |au )?(?:debut|milieu|courant|fin) de (?:la )?soiree|(?:dans |en |de )?(?:la )?soiree", PartOfDay.EVENING),
    (r"(?:en |au )?milieu d(?:e l)? apresmidi", PartOfDay.AFTERNOON),
    (
        r"(?:a |pendant )?l heures du (?:dejeuner|repas de midi)|(?:a |pendant |sur )?(?:la )?pause (?:dejeuner|de midi)",
        PartOfDay.MIDDAY,
    ),
    (r"(?:le |dans l |l |cet |en |les )?apresmidi", PartOfDay.AFTERNOON),
    (r"(?:tot |tres tot )?(?:le |ce |de bon |les )?matin(?! (?:meme))", PartOfDay.MORNING),
    (r"(?:le |ce |les |tard le )?soir", PartOfDay.EVENING),
    (r"(?:dans |pendant |de )?(?:la |cette )nuit", PartOfDay.NIGHT),
)
_TODAY_PART = re.compile(r"\b(?:ce matin|cet apresmidi|ce soir|cette nuit|ce midi|cette apresmidi)\b")


def _part(part: PartOfDay) -> Callable[[re.Match[str], date], Found]:
    def read(m: re.Match[str], _today: date) -> Found:
        return [PartMention(start=m.start(), end=m.end(), part=part)]

    return read


def _today(m: re.Match[str], today: date) -> Found:
    parts = {"matin": PartOfDay.MORNING, "soir": PartOfDay.EVENING, "nuit": PartOfDay.NIGHT, "midi": PartOfDay.MIDDAY}
    part = parts.get(m.group().split()[-1], PartOfDay.AFTERNOON)
    return [
        DayMention(start=m.start(), end=m.start() + 2, readings=(today,)),
        PartMention(start=m.start() + 2, end=m.end(), part=part),
    ]


def _asap(m: re.Match[str], _today: date) -> Found:
    return [AsapMention(start=m.start(), end=m.end())]


_ASAP = (
    r"\b(?:le |au )?plus (?:tot|vite|rapidement) possible|\baussi(?:tot)? (?:vite |tot )?que (?:possible|vous pouvez)"
    r"|\b(?:des|aussitot) que possible"
    r"|\bdes que vous (?:pouvez|pourrez|avez)|\bau plus (?:vite|tot)\b(?! (?:a |le |\d|midi|vers))|\b(?:le |au )?(?:premier"
    r"|1er) (?:rdv|creneau|horaire|moment)"
    r" (?:disponible|possible|libre|que vous)|\bdans les (?:plus brefs|meilleurs) delais|\b(?:le )?plus tot (?:c est"
    r"|ce sera|sera) (?:le )?mieux"
)
_ONE = r"(?P<h{0}>2[0-4]|1\d|0?\d|midi|minuit)"

HOUR_RULES: tuple[Rule, ...] = (
    (re.compile(_ASAP), _asap),
    (_TODAY_PART, _today),
    (re.compile(r"(?:(?<=\ba )|(?<=\bvers )|(?<=\bpour )|^)(?P<h>[89]|1\d|20) (?P<m>00|15|30|45)(?= ?(?:$|[,.?!]))"), _short),
    (
        re.compile(rf"\b(?:(?P<lead>entre|de) )?{_hour('1')} (?P<link>et|a) {_hour('2')}(?! (?:jours|minutes|personnes))"),
        _between,
    ),
    (
        re.compile(
            rf"\b(?P<lead>entre|de) {_ONE.format(1)}(?P<unit1> heures)?(?: (?P<m1>et demie?|et quart|[0-5]\d))? (?:et"
            rf"|a) {_ONE.format(2)}"
            rf"(?P<unit> heures)?(?: (?P<m2>et demie?|et quart|[0-5]\d))?(?: (?P<half>{_HALF}))?"
            r"(?= ?(?:$|[,.;?!#]|(?:si|c|ca|ce|cet|demain|le|la|l|lundi|mardi|mercredi|jeudi|vendredi|samedi|pour|ou|mais"
            r"|environ|s|svp|merci|de l|du|je|plutot|aujourdhui|apresdemain)\b))"
        ),
        _bare_between,
    ),
    (re.compile(r"\b(?P<a>1?\d|2[0-3]|midi) (?:ou )?(?P<b>1?\d|2[0-3]) heures\b(?! \d)"), _either),
    (re.compile(rf"\b{_hour('')}"), _single),
    *((re.compile(rf"\b(?:{pattern})\b"), _part(part)) for pattern, part in _PARTS),
)
"""In the order in which they are tried, after the rules for days."""
