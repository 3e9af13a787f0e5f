"""The client's own words for understanding, and the few words that the dialogue itself listens for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Literal

from voicebot.clients.consignes import Consignes, LocalList, LocalText, in_language
from voicebot.core.language import Language
from voicebot.nlu.understanding import Directory

Field = Literal["slot", "name", "phone", "reason"]

FIELD_WORDS: Mapping[Language, tuple[tuple[Field, tuple[str, ...]], ...]] = {
    "fr": (
        ("phone", ("numero", "telephone", "portable")),
        ("name", ("nom", "prenom")),
        ("slot", ("jour", "date", "heure", "creneau", "horaire", "rendez")),
        ("reason", ("motif", "message", "raison", "objet")),
    ),
    "en": (
        ("phone", ("number", "phone", "mobile")),
        ("name", ("name",)),
        ("slot", ("day", "date", "time", "slot", "appointment")),
        ("reason", ("reason", "message", "subject")),
    ),
}
"""Words that name what is wrong in a read-back."""

_FORMULAS_FR = """
bonjour bonsoir allo oui alors voila euh madame monsieur je j voudrais veux souhaite souhaiterais aimerais peux puis pourrais
pouvez vous pourriez est ce que c qu laisser prendre transmettre faire donner un une des le la l les du de d a au aux pour
message rappel rappeler rappelle rappelez me m moi etre on il elle lui s si te plait svp merci possible docteur maitre
service secretariat cabinet juste simplement appelle appel appelais suis quelqu oui non ok accord bien numero
demain aujourd hui soir matin midi apres avant vers heure heures h jour semaine prochain prochaine ce cette entre et dans minutes
lundi mardi mercredi jeudi vendredi samedi dimanche des que tot plus plutot fin debut journee matinee soiree nom prenom m
appelle mon en fait finalement prefere par avec chez premier premiere deuxieme second seconde dernier derniere
janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
"""
_FORMULAS_EN = """
hello hi good morning afternoon evening yes so well um madam sir i d would like want to wish can could may you please leave
take a an the message call back me my for doctor dr mr mrs ms with have him her is it possible just thanks thank am
calling someone somebody office no ok okay number
tomorrow today tonight after before around hour hours clock pm day week next this between and minutes as soon
monday tuesday wednesday thursday friday saturday sunday by rather late early name s one first second last actually prefer
january february march april june july august september october november december
"""
FORMULA_WORDS: Mapping[Language, frozenset[str]] = {
    "fr": frozenset(_FORMULAS_FR.split()),
    "en": frozenset(_FORMULAS_EN.split()),
}
"""Words of the asking itself: what is left tells whether a reason was given."""

_NO_PHONE = re.compile(
    r"\b(?:(?:pas|plus) (?:de|le)|aucun|sans|no|any|without(?: a)?) (?:telephone|numero|portable|mobile|phone|number)\b"
)

DANGERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "suicide",
        (
            *("suicid", "veux mourir", "veut mourir", "voudrais mourir", "envie de mourir", "prefere mourir", "en finir"),
            *("me tuer", "plus vivre", "fin pour moi", "assez de vivre", "marre de vivre"),
            *("force de vivre", "force de continuer", "quoi bon vivre", "envie de vivre", "gout a rien", "gout a la vie"),
            *("envie de rien", "une betise", "mes jours", "kill myself", "end my life", "want to die"),
        ),
    ),
    ("fire", ("feu", "incendie", "fumee", "gaz", "brule", "etincelle", "explos", "monoxyde", "fire", "smoke", "gas", "burning")),
    ("assault", ("agress", "frappe", "battu", "me bat", "menace", "couteau", "arme", "attack", "beat", "threat", "knife")),
)
"""Beginnings of words that choose the safety sentence; anything else is medical."""


_LEAVES = ("au revoir", "bonne journee", "bonne soiree", "a bientot", "bye", "goodbye", "good bye", "have a nice day")

_ABANDONS = ("laissez tomber", "laisse tomber", "tant pis", "oubliez", "never mind", "nevermind", "forget it")
_SETTLED = (
    *("c est regle", "est resolu", "plus la peine", "plus besoin", "j ai ma reponse", "j ai eu ma reponse", "j ai trouve"),
    *("it s sorted", "sorted it out", "all sorted", "no longer need", "don t need it any more", "found the answer"),
)
_WAITS = ("patiente", "attend", "reste en ligne", "quitte pas", "wait", "hold on", "keep holding", "stay on the line")
_ASKS_PLACE = (
    *("combien de personnes", "combien de gens", "combien de temps", "encore long", "encore longtemps", "quelle place"),
    *("how many people", "how long", "much longer"),
)
_ANY_TIME = (
    "n importe",
    "peu importe",
    "quand vous v",
    "comme vous v",
    "pas de preference",
    "m est egal",
    "any time",
    "anytime",
    "whenever",
)
_INSTEAD = frozenset({"prefere", "plutot", "finalement", "rather", "prefer", "instead"})


def plain(text: str) -> str:
    """Lower case without accents, apostrophes and hyphens as spaces."""
    lowered = unicodedata.normalize("NFD", text.lower().translate(str.maketrans("’'-", "   ")))
    return "".join(c for c in lowered if not unicodedata.combining(c))


def words(text: str) -> tuple[str, ...]:
    """Words of `text`, plain, without punctuation."""
    return tuple(w for w in (raw.strip('.,;:!?«»"()…') for raw in plain(text).split()) if w)


def field_named(text: str, language: Language) -> Field | None:
    """Which part of a read-back the caller names, if any."""
    heard = set(words(text))
    return next((name for name, listed in FIELD_WORDS[language] if heard.intersection(listed)), None)


def takes_leave(text: str) -> bool:
    """Whether a goodbye is said, more than thanks alone."""
    heard = f" {' '.join(words(text))} "
    return any(f" {leave} " in heard for leave in _LEAVES)


def abandons(text: str) -> bool:
    """Whether the caller drops what is under way: « laissez tomber »."""
    heard = f" {' '.join(words(text))} "
    return any(f" {drop} " in heard for drop in _ABANDONS)


def settled(text: str) -> bool:
    """Whether what the caller came for is settled meanwhile: « c'est réglé », « ce n'est plus la peine »."""
    heard = f" {' '.join(words(text))} "
    return any(f" {said} " in heard for said in _SETTLED)


def asks_place(text: str) -> bool:
    """Whether a waiting caller asks how long it takes: « il y a combien de personnes avant moi ? »."""
    heard = f" {' '.join(words(text))} "
    return any(f" {said} " in heard for said in _ASKS_PLACE)


def waits(text: str) -> bool:
    """Whether the caller goes on waiting: « j'attends », « je patiente »."""
    heard = f" {' '.join(words(text))}"
    return any(f" {said}" in heard for said in _WAITS)


def hesitates(text: str) -> bool:
    """« Je ne sais pas trop »."""
    heard = f" {' '.join(words(text))} "
    return any(f" {doubt} " in heard for doubt in ("sais pas", "sais plus", "don t know", "not sure"))


def any_time(text: str) -> bool:
    """« N'importe quand », « peu importe »: the first places free will do."""
    heard = f" {' '.join(words(text))} "
    return any(f" {said}" in heard for said in _ANY_TIME)


def asks_with(text: str) -> bool:
    """Whether somebody is named to be seen (« avec le docteur Martin »), and not to be spoken to."""
    heard = words(text)
    return not {"avec", "chez", "with"}.isdisjoint(heard) and not {"parler", "passez", "passer", "speak", "talk"} & {*heard}


def takes_instead(text: str) -> bool:
    """Whether what is asked for replaces what is under way: « finalement », « je préfère »."""
    return not _INSTEAD.isdisjoint(words(text))


def holds_reason(text: str, language: Language, names: tuple[str, ...] = ()) -> bool:
    """Whether a sentence says more than that a message is to be taken: at least three words of substance."""
    return len(_substance(text, language, names)) >= 3


def is_plain(text: str, language: Language, names: tuple[str, ...] = ()) -> bool:
    """Whether a sentence holds nothing but formulas, dates, figures and the `names`."""
    return not _substance(text, language, names)


def _substance(text: str, language: Language, names: tuple[str, ...]) -> tuple[str, ...]:
    own = {w for name in names for w in words(name)}
    return tuple(w for w in words(text) if not w.isdigit() and w not in FORMULA_WORDS[language] and w not in own)


_ASKING: Mapping[Language, tuple[str, ...]] = {
    "fr": (
        "est ce que",
        "quel",
        "comment",
        "combien",
        "pourquoi",
        "qui ",
        "avez vous",
        "faites vous",
        "pouvez vous me dire",
        "savoir",
        "ouvert",
        "ferme",
        "horaire",
        "vous avez",
        "vous faites",
        "vous prenez",
    ),
    "en": (
        "what",
        "which",
        "how",
        "why",
        "who ",
        "do you",
        "does ",
        "is there",
        "are there",
        "can you tell",
        "know ",
        "open",
        "closed",
    ),
}


def asks(text: str, language: Language) -> bool:
    """Whether a sentence has the form of a question."""
    heard = f" {' '.join(words(text))} "
    return any(f" {start}" in heard for start in _ASKING[language])


def has_no_phone(text: str) -> bool:
    """« Je n'ai pas de téléphone », « plus de portable »: there is no number to give."""
    return _NO_PHONE.search(" ".join(words(text))) is not None


def danger(text: str) -> str:
    """Which safety sentence fits: `suicide`, `fire`, `assault` or `medical`."""
    heard = " " + " ".join(words(text))
    return next((name for name, starts in DANGERS if any(f" {start}" in heard for start in starts)), "medical")


def directory_of(consignes: Consignes, language: Language) -> Directory:
    """The client's own words, in the language of the call."""
    return Directory(
        acts=tuple((act.id, _wordings(act.label, act.synonyms, language)) for act in consignes.acts),
        people=tuple((person.id, (person.name, *person.aliases)) for person in consignes.people),
        questions=tuple((q.id, _listed(q.asked, language)) for q in consignes.questions),
        urgent_words=tuple((word, rule.kind) for rule in consignes.urgencies for word in rule.words),
    )


def _wordings(label: LocalText, synonyms: LocalList, language: Language) -> tuple[str, ...]:
    return (in_language(label, language), *synonyms.get(language, ()))


def _listed(wordings: LocalList, language: Language) -> tuple[str, ...]:
    return wordings.get(language) or wordings.get("fr", ())
