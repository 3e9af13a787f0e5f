from __future__ import annotations

from pathlib import Path

import pytest

from voicebot.core.errors import InputError
from voicebot.core.expected import ExpectedAnswer
from voicebot.nlu.catalogue import CATALOGUE, intent_files, load_examples
from voicebot.nlu.contrast import rewrite_contrast
from voicebot.nlu.normalise import fold, normalise
from voicebot.nlu.rules import Rule, load_rules
from voicebot.nlu.scoring import damp_answer, merge, probabilities
from voicebot.nlu.training import load_labelled

PRECISION = 0.9
DEV = load_labelled(Path(__file__).parents[1] / "data" / "utterances_dev_fr.jsonl")
HEARD = [(fold(rewrite_contrast(normalise(e.text))), (e.intent,)) for e in load_examples("fr")] + [
    (fold(rewrite_contrast(normalise(x.text))), x.accepted) for x in DEV
]
INTENTS = {path.stem for path in intent_files("fr")}


@pytest.mark.parametrize("rule", load_rules(CATALOGUE, "fr"), ids=lambda rule: f"{rule.intent}:{rule.pattern.pattern[:24]}")
def test_every_rule_is_right_nine_times_in_ten(rule: Rule) -> None:
    right = [rule.intent in accepted for line, accepted in HEARD if rule.pattern.search(line)]
    assert right
    assert sum(right) / len(right) >= PRECISION


def test_rules_name_known_intents_and_both_languages_have_the_same() -> None:
    assert {r.intent for r in load_rules(CATALOGUE, "fr")} <= INTENTS
    assert {path.stem for path in intent_files("en")} == INTENTS


def test_the_development_set_is_not_trained_on() -> None:
    trained = {normalise(e.text) for e in load_examples("fr")}
    # « hmm » is a sound, not a sentence: it is in both.
    assert {x.text for x in DEV if normalise(x.text) in trained} <= {"hmm", "[Bruit]"}


def test_a_wrong_catalogue_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "intents").mkdir()
    (tmp_path / "intents" / "yes.yaml").write_text("utterances: [yes]\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"yes\.yaml.*utterances"):
        load_examples("fr", tmp_path)


def test_two_things_at_once_come_in_the_order_said() -> None:
    whole = {"cancel": 0.6, "opening_hours": 0.3, "price": 0.1}
    parts = [{"opening_hours": 0.7, "cancel": 0.3}, {"cancel": 0.9, "price": 0.1}]
    assert [(i.name, i.score) for i in merge(whole, parts)] == [("opening_hours", 0.7), ("cancel", 0.7), ("price", 0.1)]


def test_after_a_yes_no_question_yes_and_no_weigh_more() -> None:
    logits = {"yes": 0.0, "book_appointment": 0.5}
    assert probabilities(logits, {}, ExpectedAnswer.OPEN)["yes"] < 0.5
    assert probabilities(logits, {}, ExpectedAnswer.YES_NO)["yes"] > 0.5


def test_an_answered_question_keeps_other_intents_low() -> None:
    assert damp_answer({"out_of_scope": 0.8, "yes": 0.2}, answered=True)["out_of_scope"] < 0.35
    assert damp_answer({"cancel": 0.95, "yes": 0.05}, answered=True)["cancel"] == 0.95
