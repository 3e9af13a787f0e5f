"""The trained French model and the whole engine, on sentences that nobody trains on."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
import spacy

from voicebot.core.errors import ModelError
from voicebot.core.expected import Expectation, ExpectedAnswer
from voicebot.core.ids import ActId, PersonId
from voicebot.nlu.catalogue import Example, load_examples
from voicebot.nlu.engine import MODELS, NluEngine, load_engine
from voicebot.nlu.intent_model import FACTORY, IntentModel, load_intent_model
from voicebot.nlu.normalise import normalise
from voicebot.nlu.training import build, load_labelled, save, train
from voicebot.nlu.understanding import Directory, Understanding
from voicebot.nlu.understanding_json import understanding_to_json

DEV = load_labelled(Path(__file__).parents[1] / "data" / "utterances_dev_fr.jsonl")
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
ACCURACY_FLOOR = 0.92
URGENT_OR_ASK_FLOOR = 0.99
FALSE_ALARM_CEILING = 0.04
PROBE = [
    json.loads(line) for line in (Path(__file__).parents[1] / "data/nlu/urgent_probe_fr.jsonl").read_text("utf-8").splitlines()
]
"""Three wordings of each emergency of the catalogue, and as many sentences that only look alike; not trained on."""
PROBE_RECALL_FLOOR = 0.8
PROBE_FALSE_URGENT_CEILING = 0.15


@pytest.fixture(scope="module")
def engine() -> NluEngine:
    build("fr", MODELS / "fr")
    build("en", MODELS / "en")
    return load_engine()


def understand(
    engine: NluEngine, text: str, kind: ExpectedAnswer = ExpectedAnswer.OPEN, directory: Directory | None = None
) -> Understanding:
    return engine.understand(text, language="fr", now=NOW, expectation=Expectation(kind=kind), directory=directory or Directory())


def test_intents_of_the_development_set_are_mostly_right(engine: NluEngine) -> None:
    right = [understand(engine, x.text).intent in x.accepted for x in DEV]
    assert sum(right) / len(right) >= ACCURACY_FLOOR


def test_urgent_sentences_are_caught_or_asked_about(engine: NluEngine) -> None:
    caught = [understand(engine, x.text).urgency.level != "none" for x in DEV if x.urgent]
    assert sum(caught) / len(caught) >= URGENT_OR_ASK_FLOOR


def test_other_sentences_raise_few_alarms(engine: NluEngine) -> None:
    false = [x.text for x in DEV if not x.urgent and understand(engine, x.text).urgency.level != "none"]
    assert len(false) / len(DEV) <= FALSE_ALARM_CEILING, false


def test_unforeseen_wording_of_each_emergency_is_mostly_caught_or_asked_about(engine: NluEngine) -> None:
    caught = [understand(engine, x["text"]).urgency.level != "none" for x in PROBE if x["urgent"]]
    assert sum(caught) / len(caught) >= PROBE_RECALL_FLOOR


def test_sentences_that_look_like_emergencies_seldom_take_the_urgent_path(engine: NluEngine) -> None:
    alarmed = [understand(engine, x["text"]).urgency.level == "urgent" for x in PROBE if not x["urgent"]]
    assert sum(alarmed) / len(alarmed) <= PROBE_FALSE_URGENT_CEILING


def test_neither_probe_nor_its_normalised_form_is_trained_on() -> None:
    trained = {normalise(e.text) for e in load_examples("fr")}
    assert not {x["text"] for x in PROBE if normalise(x["text"]) in trained}


def test_several_intents_come_in_the_order_said(engine: NluEngine) -> None:
    heard = understand(engine, "je voudrais annuler mon rendez-vous de mardi et savoir vos horaires")
    assert [i.name for i in heard.intents[:2]] == ["cancel", "opening_hours"]
    assert heard.has("opening_hours")


def test_yes_and_no_prevail_after_a_yes_no_question(engine: NluEngine) -> None:
    assert understand(engine, "oui c'est ça", ExpectedAnswer.YES_NO).intent == "yes"
    assert understand(engine, "non pas du tout", ExpectedAnswer.YES_NO).intent == "no"


def test_a_bare_name_is_not_out_of_scope_when_a_name_was_asked(engine: NluEngine) -> None:
    heard = understand(engine, "Martin Dupont", ExpectedAnswer.PERSON)
    assert not heard.has("out_of_scope")


@pytest.mark.parametrize("text", ["le deuxième", "jeudi matin", "Paul Bernard", "06 12 34 56 78"])
def test_a_bare_value_is_neither_a_request_nor_alarming(engine: NluEngine, text: str) -> None:
    heard = understand(engine, text, ExpectedAnswer.CHOICE)
    assert heard.intents[0].score < 0.35
    assert heard.urgency.level == "none"


def test_a_sentence_in_the_other_language_is_understood_in_it(engine: NluEngine) -> None:
    heard = understand(engine, "Good morning, I'd like to leave a message for Maître Lambert")
    assert (heard.intent, heard.language_request) == ("leave_message", "en")


def test_plain_symptoms_are_no_emergencies(engine: NluEngine) -> None:
    heard = understand(engine, "j'ai mal au ventre")
    assert heard.intent == "book_appointment"
    assert heard.urgency.level != "urgent"


def test_silence_written_as_words_is_noise(engine: NluEngine) -> None:
    heard = understand(engine, "Sous-titrage ST' 501")
    assert heard.intent == "noise"
    assert heard.urgency.level == "none"


def test_acts_and_people_of_the_client_are_named(engine: NluEngine) -> None:
    directory = Directory(acts=((ActId("scaling"), ("détartrage",)),), people=((PersonId("roux"), ("docteur Roux",)),))
    heard = understand(engine, "un détartrage avec le docteur Roux", directory=directory)
    assert (heard.act, heard.person_asked) == ("scaling", "roux")


def test_the_public_json_has_its_five_fields(engine: NluEngine) -> None:
    told = understanding_to_json(understand(engine, "il ne respire plus"))
    assert list(told) == ["text", "lang", "intents", "urgency", "slots"]
    assert told["urgency"] == {"level": "urgent", "kind": "medical"}


def test_one_engine_serves_many_threads(engine: NluEngine) -> None:
    texts = [x.text for x in DEV[:20]]
    alone = [understand(engine, t).intent for t in texts]
    together: list[list[str]] = []
    threads = [threading.Thread(target=lambda: together.append([understand(engine, t).intent for t in texts])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == [alone] * 4


def test_a_saved_pipeline_answers_alike_through_spacy(tmp_path: Path) -> None:
    examples = [Example(text=t, intent="yes") for t in ("oui", "oui oui", "d'accord oui")]
    examples += [Example(text=t, intent="no") for t in ("non", "non merci", "non non")]
    examples += [Example(text=t, intent="urgent", urgency="general") for t in ("c'est urgent", "vite c'est urgent")]
    weights = train(examples, "fr")
    save(weights, "fr", tmp_path / "fr", "mark")
    loaded = spacy.load(tmp_path / "fr")
    assert loaded("oui").cats["yes"] == pytest.approx(max(loaded("oui").cats[i] for i in ("yes", "no", "urgent")))
    expected = IntentModel("fr", weights).predict(normalise("non")).intent_logits
    component = loaded.get_pipe(FACTORY)
    assert isinstance(component, IntentModel)
    assert component.predict(normalise("non")).intent_logits == pytest.approx(expected, abs=0.02)


def test_a_missing_model_says_how_to_build_it(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="make models"):
        load_intent_model(tmp_path / "fr")
