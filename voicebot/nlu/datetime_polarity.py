"""What is wished for and what is refused: negations, exceptions, corrections, appointments that are being moved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from voicebot.nlu.datetime_mentions import (
    WEEKDAYS,
    AsapMention,
    DayMention,
    HourMention,
    HoursMention,
    Mention,
    PartMention,
    SpanMention,
)
from voicebot.nlu.slots import Weekday

_EXCEPT = re.compile(
    r"\b(?:sauf|excepte|hormis|hors|a part|en dehors|except|but not|apart from)(?: (?:le|la|les|l|du|de|si|c est|que|on|the"
    r"|for))* $"
)
_REFUSED = re.compile(
    r"(?:\b(?:pas|jamais|ni|impossible|not|never|nor)\b)(?: (?:forcement|le|la|les|l|du|ce|cet|cette|pour|a|trop|libres?"
    r"|dispo\w*|possible|venir|etre"
    r"|en|au|presente?|vers|attendre|de venir|d etre|revenir|passer|sur|ici|on|the|this|for|available|free|at))* $"
)
_POLITE = re.compile(
    r"\b(?:auriez|avez|aurait|serait|seriez|pourrait|pourriez|pourquoi|y a t il|auriez vous|pouvez|peut on|wouldn|couldn"
    r"|don|why)(?: vous| il| on| t)? pas(?: \w+){0,6} $"
    r"|\bwhy not(?: \w+){0,2} $"
)
_REFUSED_AFTER = re.compile(
    r"^ ?,? ?(?:par contre |alors |malheureusement |mais )?(?:(?:je|j|ca|c|ce|on|nous|cela)(?: (?:ne|n|me|m|nous|y|l))* )?"
    r"(?:peux|peut|pourrai|pourrais|pourra|va|vais|ira|convient|marche|arrange|suis|serai|est|sera|colle)(?: (?:me|m|nous|y"
    r"|vraiment|toujours|etre))*"
    r" pas\b(?! (?:mal|de|avant|apres|sur|cher|grave|urgent|loin))"
    r"|^ ?,? ?(?:c est |ca va etre |ce sera |est |je suis |je serai |i am |is |i m )?(?:impossible|exclu|complique|pris"
    r"|occupee?|absente?|en deplacement|busy|not possible)\b"
    r"|^ ?,? (?:i )?(?:can t|cannot|won t|doesn t|isn t)\b"
)
_NO_AT_THE_END = re.compile(r"^ ?,? non(?: merci)? ?[.!]?$")
_CORRECTED = re.compile(
    r"\b(?:non|pardon|plutot|enfin|finalement|je veux dire|je voulais dire|excusez moi|correction|je me trompe|desolee?"
    r"|sorry|i mean|no|rather|actually)\b"
)
_INSTEAD_OF = re.compile(
    r"\b(?:au lieu d\w?|a la place d\w?|plutot qu\w?|et non|et pas|mais pas|rather than|instead of|not)(?: (?:le|la|l|de|du"
    r"|on|the))* $"
)
_THAN = re.compile(r"^ ?(?:\w+ ){0,2}que(?: le| la| l)? $")
_APPOINTMENT = re.compile(
    r"\b(?:rdv|consultation|seance|reunion|visite|intervention|creneau|appointment|meeting|dit|avais"
    r"|etait|devais|prevue?)\b(?: \w+){0,4}? ?"
    r"(?:de|du|d|le|prevue?|pour|a|on|for|from|etait|est|avait|s etait dit|dit)?(?: le| la)? $"
)
_MOVED = re.compile(
    r"\b(?:deplac|decal|report|repouss|avanc|recul|chang|remett|remis|bascul|mieux|plutot|annul|prefer|mettre|passer|move"
    r"|reschedul|postpone|change|instead|peux|pourrais|voudrais|aimerais|possible)\w*"
)
_COORDINATION = re.compile(r"^ ?(?:(?:et|ou|ni|and|or|nor)(?: (?:le|la|l|aussi|non|plus|on|the))*) $|^ ?$")
_LIST = re.compile(r"^ ?(?:,|et|ou|ni|and|or)+(?: (?:le|la|l|et|ou|ni|on|and|or))* ?$|^ ?(?:le|la)? ?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """Mentions that are wished for, and the days that are refused."""

    wished: tuple[Mention, ...]
    excluded: tuple[Weekday, ...]


def sort_out(line: str, mentions: Sequence[Mention]) -> Sorted:
    """Separate what is wished for from what is refused or taken back."""
    refused = _refusals(line, mentions)
    dropped = {i for i in refused if refused[i]} | _taken_back(line, mentions, refused) | _moved_from(line, mentions)
    wished = tuple(m for i, m in enumerate(mentions) if i not in dropped)
    wished = _without_past(wished)
    has_day = any(isinstance(m, DayMention) for m in wished)
    excluded = [
        WEEKDAYS[m.weekday]
        for i, m in enumerate(mentions)
        if isinstance(m, DayMention) and m.weekday is not None and refused.get(i) and (refused[i] == "except" or not has_day)
        if not _narrowed(line, mentions, i)
    ]
    return Sorted(wished=wished, excluded=tuple(dict.fromkeys(excluded)))


def _gap(line: str, mentions: Sequence[Mention], at: int) -> str:
    """Words between the mention before and this one."""
    return line[mentions[at - 1].end if at else 0 : mentions[at].start]


def _refusals(line: str, mentions: Sequence[Mention]) -> dict[int, str]:
    """How each refused mention is refused: `except`, `not`."""
    found: dict[int, str] = {}
    for at, mention in enumerate(mentions):
        gap = _gap(line, mentions, at)
        before = found.get(at - 1)
        if _EXCEPT.search(gap):
            found[at] = "except"
        elif _REFUSED.search(gap) and not _POLITE.search(line[: mention.start]):
            found[at] = "not"
        elif (
            before
            and (_LIST if before == "except" else _COORDINATION).match(gap)
            and (_kind(mention) == _kind(mentions[at - 1]) or not gap.strip(" l"))
        ) or (
            before
            and not isinstance(mention, DayMention | SpanMention)
            and gap.strip() in {"", "a", "en", "vers", "dans", "l", "le"}
        ):
            found[at] = before
        elif isinstance(mention, DayMention | SpanMention) and _refused_after(line, mentions, at):
            found[at] = "not"
    return found


def _refused_after(line: str, mentions: Sequence[Mention], at: int) -> bool:
    later = mentions[at + 1] if at + 1 < len(mentions) else None
    after = line[mentions[at].end : later.start if later else len(line)]
    found = _REFUSED_AFTER.match(after)
    if not found:
        return later is None and _NO_AT_THE_END.match(after) is not None
    direct = (
        later is not None
        and not isinstance(later, DayMention | SpanMention)
        and after[found.end() :].strip() in {"", "a", "le", "l", "avant", "apres"}
    )
    return not direct


def _narrowed(line: str, mentions: Sequence[Mention], at: int) -> bool:
    """« sauf le jeudi matin » does not refuse the whole day."""
    if at + 1 >= len(mentions) or not isinstance(mentions[at + 1], PartMention | HourMention | HoursMention):
        return False
    return _gap(line, mentions, at + 1).strip() in {"", "a", "en", "vers", "dans", "l", "le", "avant", "apres"}


def _kind(mention: Mention) -> str:
    match mention:
        case DayMention() | SpanMention():
            return "day"
        case HourMention() | HoursMention():
            return "hour"
        case PartMention():
            return "part"
        case AsapMention():
            return "asap"
        case _:
            return "other"


def _taken_back(line: str, mentions: Sequence[Mention], refused: dict[int, str]) -> set[int]:
    """Mentions that a later one replaces (« mardi non jeudi »), or that an earlier one is preferred to."""
    dropped: set[int] = set()
    for at in range(1, len(mentions)):
        gap = _gap(line, mentions, at)
        if _INSTEAD_OF.search(gap) or (_THAN.match(gap) and re.search(r"\bplutot\b", line[: mentions[at - 1].start])):
            dropped.add(at)
            continue
        if not _CORRECTED.search(gap) or at in refused:
            continue
        kind = _kind(mentions[at])
        earlier = [i for i in range(at) if _kind(mentions[i]) == kind and i not in refused and i not in dropped]
        if not earlier or _week_then_day(mentions[earlier[-1]], mentions[at]):
            continue
        dropped.add(earlier[-1])
        if kind == "day":
            dropped |= _details_replaced(mentions, earlier[-1], at)
    return dropped


def _week_then_day(first: Mention, second: Mention) -> bool:
    """« la semaine prochaine, plutôt jeudi » narrows, it does not replace."""
    return isinstance(first, SpanMention) and isinstance(second, DayMention)


def _details_replaced(mentions: Sequence[Mention], old: int, new: int) -> set[int]:
    later = {_kind(m) for m in mentions[new + 1 :]}
    return {i for i in range(old + 1, new) if _kind(mentions[i]) in later}


def _moved_from(line: str, mentions: Sequence[Mention]) -> set[int]:
    """The day an appointment is moved away from, when the new one is said too."""
    days = [i for i, m in enumerate(mentions) if isinstance(m, DayMention | SpanMention)]
    if len(days) < 2 or not _MOVED.search(line):
        return set()
    first = days[0]
    between = line[mentions[first].end : mentions[days[1]].start]
    if not _APPOINTMENT.search(line[: mentions[first].start]) or re.search(r"\b(?:ou|et|sinon|or|and)\b", between):
        return set()
    return {i for i in range(first, days[1]) if i == first or not isinstance(mentions[i], AsapMention)}


def _without_past(wished: tuple[Mention, ...]) -> tuple[Mention, ...]:
    others = [m for m in wished if not (isinstance(m, DayMention) and m.past)]
    return tuple(others) if any(isinstance(m, DayMention | SpanMention) for m in others) else wished
