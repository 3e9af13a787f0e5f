from __future__ import annotations

import pytest

from voicebot.nlu.catalogue import CATALOGUE, load_examples
from voicebot.nlu.intent_model import CALM
from voicebot.nlu.normalise import normalise
from voicebot.nlu.understanding import Urgency, UrgencyKind
from voicebot.nlu.urgency import Lexicon, load_lexicon, read_urgency

UNSURE = {CALM: 0.9, "general": 0.1}
"""A model without an opinion: below what makes it ask, above what makes it veto."""
LEXICON_FALSE_ALARM_CEILING = 0.01


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(CATALOGUE, "fr")


def read(lexicon: Lexicon, text: str) -> Urgency:
    return read_urgency(lexicon, normalise(text), UNSURE)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("mon mari a une douleur dans la poitrine", "medical"),
        ("il ne respire plus", "medical"),
        ("mon père ne répond plus", "medical"),
        ("je veux mourir", "medical"),
        ("ma fille a avalé de la javel", "medical"),
        ("ça sent le gaz", "technical"),
        ("c'est la fin pour moi j'en peux plus", "medical"),
        ("j'ai peur qu'il fasse une bêtise", "medical"),
        ("venez vite il y a le feu", "technical"),
    ],
)
def test_wording_that_puts_a_life_at_stake_is_vital(lexicon: Lexicon, text: str, kind: UrgencyKind) -> None:
    assert read(lexicon, text) == Urgency(level="urgent", kind=kind, vital=True)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("on n'a plus de chauffage", "technical"),
        ("un tuyau a éclaté", "technical"),
        ("nos serveurs sont en panne", "technical"),
        ("mon fils est en garde à vue", "legal"),
        ("l'huissier est devant ma porte", "legal"),
        ("j'ai une rage de dents", "medical"),
        ("mon chien s'est fait renverser il saigne", "medical"),
        ("c'est urgent", "general"),
        ("au secours", "general"),
    ],
)
def test_urgent_wording_takes_the_urgent_path_at_once(lexicon: Lexicon, text: str, kind: UrgencyKind) -> None:
    assert read(lexicon, text) == Urgency(level="urgent", kind=kind)


@pytest.mark.parametrize(
    "text",
    [
        "ce n'est pas urgent",
        "rien de grave",
        "il n'y a pas le feu",
        "c'est la fin du mois",
        "ça ne presse pas",
        "quand il aura le temps",
        "il n'a plus de fièvre",
        "il respire bien",
        "la fuite est réparée",
        "mon père a fait un infarctus le mois dernier",
        "je suis sorti des urgences hier",
        "vous faites les urgences ?",
        "c'est pour la facture de l'intervention d'urgence",
        "il y a urgence à faire vérifier votre toiture",
        "dans le film il fait une crise cardiaque",
        "c'est fermé le lundi",
    ],
)
def test_what_only_sounds_urgent_is_not(lexicon: Lexicon, text: str) -> None:
    assert read(lexicon, text) == Urgency()


@pytest.mark.parametrize(
    "text",
    [
        "il ne respire plus mais ce n'est pas urgent",
        "je n'ai pas mal à la poitrine",
        "une douleur à la poitrine mais rien de grave",
    ],
)
def test_a_negation_lowers_a_vital_symptom_to_a_question_and_never_to_silence(lexicon: Lexicon, text: str) -> None:
    assert read(lexicon, text).level == "ask"


def test_the_model_alone_asks_and_when_sure_takes_the_urgent_path(lexicon: Lexicon) -> None:
    line = "une tournure que personne avait prévue"
    assert read_urgency(lexicon, line, {CALM: 0.7, "legal": 0.3}) == Urgency(level="ask", kind="legal")
    assert read_urgency(lexicon, line, {CALM: 0.2, "medical_vital": 0.8}) == Urgency(level="urgent", kind="medical", vital=True)
    assert read_urgency(lexicon, line, {CALM: 0.9, "legal": 0.1}) == Urgency()


def test_a_clients_own_words_are_urgent(lexicon: Lexicon) -> None:
    own: tuple[tuple[str, UrgencyKind], ...] = (("moteur bloqué", "technical"),)
    assert read_urgency(lexicon, "mon moteur bloqué fait du bruit", UNSURE, own) == Urgency(level="urgent", kind="technical")


def test_the_lexicon_hardly_ever_wakes_for_other_sentences_of_the_catalogue(lexicon: Lexicon) -> None:
    calm = [e.text for e in load_examples("fr") if e.intent != "urgent"]
    false = [t for t in calm if read(lexicon, t).level == "urgent"]
    assert len(false) / len(calm) < LEXICON_FALSE_ALARM_CEILING, false
