"""Yes and no, or neither: a mixed or hedged answer is neither."""

from __future__ import annotations

import re
from typing import Literal

from voicebot.core.language import Language
from voicebot.nlu.numbers import fold

YesNo = Literal["yes", "no"]

_NO: dict[Language, str] = {
    "fr": r"""(?:je )?(?:crois|pense|dis|dirais)? ?(?:bien sur )?que non|non(?: non)*(?: merci)?|nan|non plus|negatif
|jamais(?: de la vie)?|sans facon
|(?:vraiment pas|toujours pas|plutot pas|surtout pas|certainement pas|absolument pas|sûrement pas
|surement pas)(?= *$)
|(?:surtout|certainement|absolument|surement|vraiment|plutot|carrement|exactement) pas
|pas (?:du tout|vraiment|question|d'accord|la peine|exactement|tout a fait|trop|encore|possible|bon|forcement
|interesse\w*|correct|exact|maintenant)
|hors de question|c'est (?:faux|inutile|errone|une erreur|incorrect|trop (?:tot|tard))|incorrect|faux|je refuse
|(?:c'est|ce n'est|c'etait|est) pas (?:ca|cela|exact|correct|bon|juste|le bon|la bonne|possible|necessaire|moi
|vrai|la peine)
|(?:ca|cela|c'est|ce) (?:ne |n')?(?:me |m'|nous )?(?:va|convient|vont|arrange|marche|colle
|interesse) pas(?: du tout)?
|(?:je |j')(?:ne |n')?(?:le |la |y |en |l')?(?:prefere|crois|pense|veux|souhaite|peux|confirme|aime mieux
|aimerais|voudrais) pas(?: d'accord)?
|(?:j'aime|j'aimerais|je prefere|je prefererais) (?:mieux|autant) pas|je ne prefere pas
|vous (?:vous )?(?:trompez|faites erreur)""",
    "en": r"""no(?: no)*(?: thank(?:s| you))?|nope|nah|not (?:at all|really|exactly|quite|now|yet)|never|that's (?:wrong
|not right|not it|incorrect)
|incorrect|wrong|i'd rather not|i (?:can't|cannot|don't|do not|won't)(?: think so| want to| want)?
|that (?:doesn't|does not|won't) (?:work|suit)[a-z ]*
|it (?:isn't|is not|'s not)|of course not|absolutely not|definitely not|certainly not""",
}
_YES: dict[Language, str] = {
    "fr": r"""(?:je )?(?:crois|pense|dis|dirais)? ?(?:bien sur )?que oui|oui(?: oui)*|ouais|ouaip|ouai|yes|tout a fait
|exactement|exact|absolument
|parfait(?:ement)?|d'accord|ok(?:ay)?|volontiers|avec (?:grand )?plaisir|bien (?:sur|entendu|volontiers)
|evidemment|carrement|certainement
|effectivement|en effet|affirmatif|entendu|correct|c'est (?:bien |tout a fait )?(?:ca|cela|exact|correct|juste
|bon|parfait|bien|moi|vrai|note|d'accord|entendu|ok|super|impeccable|nickel)
|(?:ca|cela) (?:me |nous )?(?:va|convient|marche|roule|joue|m'arrange|ira)(?: bien| tres bien| parfaitement)?
|ca m'(?:arrange|irait|interesse)
|je (?:confirme|veux bien|prends|le veux|accepte)|va pour|allez-y|allez y|pourquoi pas|pas de (?:probleme|souci
|soucis)|sans (?:probleme|souci)
|impeccable|nickel|super|tres bien|avec joie|si si|mais si|bien sur que si|je crois que si|^si(?= *(?:$|,))
|comme convenu|voila c'est ca|^voila$""",
    "en": r"""yes(?: yes)*|yeah|yep|yup|sure|of course|absolutely|correct|that's (?:right|correct|it|fine|good|perfect|great)
|exactly|ok(?:ay)?
|fine|definitely|certainly|perfect|sounds good|that works|right|indeed|i do|i would|i confirm|please do
|go ahead|no problem""",
}
_HEDGES: dict[Language, str] = {
    "fr": r"""\b(?:oui|ouais|d'accord|ok|parfait|c'est bon|non) ?,? (?:mais|enfin|sauf)\b|\boui (?:et|ou) non\b|\bpeut etre\b
|\bca depend\b|\bsais pas\b|\bpas sur\w*
|\bon verra\b|\boui (?:bonjour|bonsoir|allo)\b|\ballo oui\b|\bc'est pas sur\b|\bhesite\b|\b(?:faut|vais
|dois) (?:que je )?(?:voir|reflechi)""",
    "en": r"\b(?:yes|yeah|ok|okay) but\b|\bmaybe\b|\bperhaps\b|\bit depends\b|\bdon't know\b|\bnot sure\b|\byes and no\b",
}
_OPENING = r"^(?:(?:ah|oh|euh|heu|hum|ben|bah|eh|he|bon|alors|mais|et|donc|ecoutez|well|um|uh|so|merci|voila) )*"


def read_yes_no(text: str, *, asked: bool = False, language: Language = "fr") -> YesNo | None:
    """The answer that `text` gives, or None when there is none or it is mixed (« oui enfin non »).

    Args:
        text: What was said.
        asked: Whether a yes/no question was just asked; otherwise only a short answer counts.
        language: Language of the call.
    """
    line = _line(text)
    if re.search(_pattern(_HEDGES[language]), line):
        return None
    no_at, rest = _find(_NO[language], line)
    yes_at, rest = _find(_YES[language], rest)
    if (no_at is None) == (yes_at is None):
        return None
    start = no_at if no_at is not None else yes_at
    if not _counts(line, start or 0, rest, asked=asked):
        return None
    return "no" if no_at is not None else "yes"


def _counts(line: str, start: int, rest: str, *, asked: bool) -> bool:
    opening = re.match(_OPENING, line)
    leads = opening is not None and start <= opening.end()
    others = len(rest.split())
    if asked:
        return leads or others <= 5
    plain = re.match(r"(?:oui|ouais|non|nan|yes|yeah|no)\b", line[start:]) is not None
    return leads and others <= (4 if plain else 1)


def _line(text: str) -> str:
    line = re.sub(r"[^\w', ]", " ", fold(text).replace("peut-etre", "peut etre").replace("-", " "))
    line = re.sub(r"\bn'(?=est|ai|y|aime)", "", re.sub(r"\bne ", "", line))
    return re.sub(r" +", " ", re.sub(r" *, *", ", ", line)).strip(" ,")


def _pattern(source: str) -> str:
    return source.replace("\n", "")


def _find(source: str, line: str) -> tuple[int | None, str]:
    """Where the first of the wordings stands, and the line without any of them."""
    pattern = re.compile(rf"(?<![\w'])(?:{_pattern(source)})(?![\w'])")
    found = pattern.search(line)
    return (found.start() if found else None), pattern.sub(" ", line).replace(",", " ")
