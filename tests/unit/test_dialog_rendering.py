from __future__ import annotations

import re
from datetime import date, datetime, time
from pathlib import Path

import pytest

from tests.fakes.dialogue import PARIS_WINTER, SENTENCES, clinic
from voicebot.core.errors import ConsignesError
from voicebot.core.language import Language
from voicebot.dialog import formatting
from voicebot.dialog.actions import Say
from voicebot.dialog.hours import weekly_hours
from voicebot.dialog.intents import CONFIRMABLE
from voicebot.dialog.message import REQUESTS
from voicebot.dialog.rendering import Sentences
from voicebot.dialog.vocabulary import directory_of, holds_reason

CLINIC = clinic()
SOURCES = Path(formatting.__file__).parent
FIRST = datetime(2026, 11, 24, 14, 30, tzinfo=PARIS_WINTER)
SECOND = datetime(2026, 11, 24, 16, 0, tzinfo=PARIS_WINTER)


def keys_of_the_policy() -> set[str]:
    """Keys written in the policy's sources, those put together from parts included."""
    prefixes = (
        "opening|safety|urgency|handoff|hold|repair|closing|client|questions|booking|contact|recap|message|callback|request"
    )
    found = {key for path in SOURCES.glob("*.py") for key in re.findall(rf'"((?:{prefixes})\.[a-z_]+)"', path.read_text("utf-8"))}
    built = {f"confirm.{intent}" for intent in CONFIRMABLE} | {f"message.reason_{intent}" for intent in REQUESTS}
    built |= {f"safety.{danger}" for danger in ("suicide", "fire", "assault", "medical")}
    built |= {f"booking.why_{why}" for why in ("closed", "full", "past", "too_far", "too_soon")}
    return found | built | {f"{kind}.taken" for kind in ("message", "callback", "request")}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_key_of_the_policy_is_written_and_every_written_key_is_used(language: Language) -> None:
    assert SENTENCES.say_keys(language) == keys_of_the_policy()


def test_both_languages_take_the_same_parameters() -> None:
    for key in SENTENCES.say_keys("fr"):
        assert SENTENCES.params(key, "fr") == SENTENCES.params(key, "en"), key


def test_what_may_be_asked_again_has_at_least_three_wordings() -> None:
    for key in SENTENCES.varied - {"reprise", "opening.greeting", "handoff.what_about"}:
        assert all(len(set(texts[key])) >= 3 for texts in SENTENCES.texts.values()), key


def test_a_question_asked_many_times_never_comes_back_in_the_same_words() -> None:
    said = [SENTENCES.render(Say(key="booking.ask_wish", params={"variant": n}), "fr", CLINIC) for n in range(25)]
    assert len(set(said)) == 25


def test_what_is_told_to_who_waits_takes_its_wordings_in_turn() -> None:
    said = [SENTENCES.render(Say(key="hold.next", params={"variant": n}), "fr", CLINIC) for n in range(6)]
    assert said[:3] == said[3:]
    assert len(set(said)) == 3


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (formatting.write_moment(FIRST, "fr"), "mardi 24 novembre à 14 h 30"),
        (formatting.write_moment(FIRST, "en"), "Tuesday 24 November at 2:30 pm"),
        (formatting.write_day(date(2026, 12, 1), "fr"), "mardi 1er décembre"),
        (formatting.write_day(date(2026, 12, 11), "fr"), "vendredi 11 décembre"),
        (formatting.write_time(time(9, 5), "fr"), "9 h 05"),
        (formatting.write_time(time(0, 0), "en"), "12 am"),
        (formatting.write_phone("+33612345678"), "06 12 34 56 78"),
        (formatting.write_phone("+3221234567"), "+32 21 23 45 67"),
        (formatting.write_of("Élise Roy", "fr"), "d'Élise Roy"),
        (formatting.write_of("Jean Martin", "fr"), "de Jean Martin"),
        (formatting.write_euros(25.0, "fr"), "25 €"),
        (formatting.write_euros(26.5, "fr"), "26,50 €"),
        (formatting.write_euros(26.5, "en"), "€26.50"),
        (formatting.enumeration(["A", "B", "C"], "fr"), "A, B et C"),
        (formatting.alternatives(["A"], "fr"), "A"),
        (formatting.write_moments([FIRST, SECOND], "fr"), "mardi 24 novembre à 14 h 30 ou à 16 h"),
    ],
)
def test_values_are_written_as_one_writes_them(written: str, expected: str) -> None:
    assert written == expected


def test_a_week_with_a_shorter_day_is_told_in_one_sentence() -> None:
    hours = clinic(
        hours={
            **{day: [{"opens": "09:00", "closes": "18:00"}] for day in ("mon", "tue", "wed", "thu", "fri")},
            "sat": [{"opens": "09:00", "closes": "12:00"}],
        }
    ).hours
    assert weekly_hours(hours, "fr") == "du lundi au vendredi de 9 h à 18 h, et le samedi de 9 h à 12 h"
    assert weekly_hours(hours, "en") == "from Monday to Friday from 9 am to 6 pm, and on Saturday from 9 am to 12 pm"


def test_parts_without_their_parameter_are_left_out() -> None:
    say = Say(key="booking.recap", params={"act": "une consultation", "slot": FIRST, "person": "Jean Martin"})
    assert SENTENCES.render(say, "fr", CLINIC) == (
        "Je récapitule : une consultation, mardi 24 novembre à 14 h 30, au nom de Jean Martin. C'est bien ça ?"
    )


def test_what_a_caller_says_is_not_taken_for_a_template() -> None:
    say = Say(key="message.recap", params={"reason": "{client} [rien]"})
    assert "« {client} [rien] »" in SENTENCES.render(say, "fr", CLINIC)


def test_an_unknown_sentence_is_named() -> None:
    with pytest.raises(ConsignesError, match=r"booking\.unheard_of"):
        SENTENCES.render(Say(key="booking.unheard_of"), "fr", CLINIC)


def test_a_missing_catalogue_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConsignesError, match=r"fr\.yaml"):
        Sentences.load(tmp_path)


def test_the_fixed_sentences_begin_with_notice_and_greeting() -> None:
    fixed = SENTENCES.fixed_sentences(CLINIC, "fr")
    assert fixed[0].endswith("cet appel est transcrit.")
    assert fixed[2] == CLINIC.greeting["fr"]
    assert "Oui, nous la prenons." in fixed
    assert not any("{" in text for text in fixed)
    assert "Nous déménageons." in SENTENCES.fixed_sentences(clinic(pre_answer="Nous déménageons."), "fr")


def test_the_directory_holds_the_clients_own_words() -> None:
    directory = directory_of(CLINIC, "fr")
    assert directory.people[0] == ("martin", ("docteur Martin",))
    assert directory.urgent_words == (("plâtre cassé", "medical"),)
    assert directory.acts[1] == ("bilan", ("un bilan",))


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("bonjour je voudrais laisser un message pour le docteur Martin", False),
        ("est-ce que quelqu'un peut me rappeler s'il vous plaît", False),
        ("dites au docteur Martin que mon traitement ne marche pas", True),
    ],
)
def test_a_reason_is_told_from_the_mere_wish_to_leave_one(text: str, known: bool) -> None:
    assert holds_reason(text, "fr", ("docteur Martin",)) is known
