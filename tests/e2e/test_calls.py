"""Recorded callers, in voices that training never heard, answered end to end by the real stages on the virtual clock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import speak
from tests.e2e.calls import MONDAY, NUMBER, hold, read_stereo
from voicebot.audio.levels import clipped_samples, rms_db, speech_spans
from voicebot.audio.tones import white_noise
from voicebot.audio.turn_gaps import turn_gaps
from voicebot.booking.agenda import Agenda
from voicebot.bootstrap.runtime import Runtime
from voicebot.call.clocks import RealClock, VirtualClock
from voicebot.call.replay import replay
from voicebot.core.audio import chunk_samples
from voicebot.core.events import EventKind
from voicebot.nlu.engine import NluEngine
from voicebot.records.calls import read_call

BOOKING = (
    "bonjour je voudrais prendre rendez-vous mardi matin",
    "non plutôt jeudi après-midi",
    "le premier",
    "je m'appelle marie lambert",
    "oui",
    "oui c'est ça",
    "merci au revoir",
)


def said(*texts: str, variant: str = "m8", rate_hz: int = 8000) -> list[np.ndarray[tuple[int], np.dtype[np.int16]]]:
    return [speak(text, variant=variant, rate_hz=rate_hz) for text in texts]


@pytest.mark.parametrize(("variant", "rate_hz"), [("m8", 8000), ("Henrique", 16000)])
def test_a_booking_with_a_correction_ends_in_one_appointment(runtime: Runtime, variant: str, rate_hz: int) -> None:
    call = hold(runtime, said(*BOOKING, variant=variant, rate_hz=rate_hz), rate_hz=rate_hz)
    (appointment,) = Agenda(runtime.database).appointments(
        runtime.clients.by_id("cabinet-lilas"), MONDAY, datetime(2027, 1, 1, tzinfo=UTC)
    )
    assert appointment.act == "consultation"
    assert appointment.starts == datetime(2026, 11, 26, 13, 0, tzinfo=UTC)
    assert (appointment.booking.person, appointment.booking.phone) == ("Marie Lambert", NUMBER)
    assert (call.end.reason, call.end.outcome) == ("caller_goodbye", "booked")


def test_it_is_said_to_be_noted_only_after_the_row_is_committed(runtime: Runtime) -> None:
    call = hold(runtime, said(*BOOKING))
    shown = next(e for e in call.of(EventKind.ACTION_RESULT) if e.data["shown"])
    confirmed = next(e for e in call.of(EventKind.BOT_SENTENCE) if e.data["act"] == "booking.done")
    assert call.events.index(shown) < call.events.index(confirmed)


def test_the_recording_holds_both_sides_aligned_without_clipping_or_overlap(runtime: Runtime, tmp_path: Path) -> None:
    call = hold(runtime, said(*BOOKING), recordings=tmp_path)
    stereo, rate_hz = read_stereo(tmp_path / f"{call.id}.wav")
    caller, bot = (np.ascontiguousarray(stereo[:, side]) for side in (0, 1))
    assert len(stereo) / rate_hz == pytest.approx(call.end.duration_s, abs=0.021)
    assert clipped_samples(bot) == 0
    assert -26 < rms_db(np.concatenate([bot[int(a * rate_hz) : int(b * rate_hz)] for a, b in speech_spans(bot, rate_hz)])) < -16
    for start_s, end_s in speech_spans(caller, rate_hz):
        assert rms_db(bot[int(start_s * rate_hz) : int(end_s * rate_hz)]) < -60
    assert len(turn_gaps(stereo, rate_hz)) == len(BOOKING)


def test_every_sentence_of_the_bot_is_in_the_recording_to_the_sample(runtime: Runtime, tmp_path: Path) -> None:
    call = hold(runtime, said(*BOOKING), recordings=tmp_path)
    stereo, rate_hz = read_stereo(tmp_path / f"{call.id}.wav")
    bot, position, chunk = np.ascontiguousarray(stereo[:, 1]), 0, chunk_samples(rate_hz)
    starts_s, spoken_s = list[float](), list[float]()
    for text in call.texts(EventKind.BOT_SENTENCE):
        sentence_at = len(starts_s)
        for clause in runtime.speaker.speak(text, language="fr", rate_hz=rate_hz):
            audio = clause.audio.result()
            starts = range(position, len(bot) - len(audio) + 1, chunk)
            found = next((at for at in starts if np.array_equal(bot[at : at + len(audio)], audio)), None)
            assert found is not None, f"{clause.text!r} was not played in full and in order"
            starts_s.append(found / rate_hz)
            position = found + -(-len(audio) // chunk) * chunk
        spoken_s.append(starts_s[sentence_at])
    assert [e.t_s for e in call.of(EventKind.BOT_STARTED)] == pytest.approx([s + 0.02 for s in spoken_s])


def test_the_notice_comes_first_lasts_at_most_9_s_and_its_playing_is_recorded(runtime: Runtime) -> None:
    call = hold(runtime, [])
    assert call.acts()[:2] == ["opening.notice", "opening.greeting"]
    (played,) = call.of(EventKind.NOTICE_PLAYED)
    greeting = call.of(EventKind.BOT_HEARD)[1]
    assert played.t_s <= greeting.t_s <= 9.0
    stored = read_call(runtime.database, call.id)
    assert stored is not None
    assert stored.call.notice is not None
    assert stored.call.notice["t_s"] == played.t_s


def test_opening_hours_in_the_middle_of_a_booking_do_not_lose_it(runtime: Runtime) -> None:
    texts = ("bonjour je voudrais prendre rendez-vous pour un devis", "à quelle heure vous fermez", "jeudi matin", "le premier")
    call = hold(runtime, said(*texts), client="chauffage-duval")
    acts = call.acts()
    assert acts.index("booking.ask_wish") < acts.index("questions.hours") < acts.index("booking.propose_two")
    assert acts.count("booking.ask_wish") == 2
    assert len(set(call.texts(EventKind.BOT_SENTENCE))) == len(acts)


def test_a_message_with_a_dictated_number_is_stored_as_confirmed(runtime: Runtime) -> None:
    texts = (
        "je voudrais laisser un message",
        "je rappelle au sujet d'une succession",
        "non",
        "je m'appelle paul martin",
        "zéro six quatorze vingt-deux trente-trois quarante-quatre",
        "oui c'est ça",
        "oui c'est ça",
        "merci au revoir",
    )
    call = hold(runtime, said(*texts), client="maitre-roche", number=None)
    shown = [e.data["shown"] for e in call.of(EventKind.ACTION_RESULT)]
    assert [s["name"] for s in shown if isinstance(s, dict)] == ["message"]
    (message,) = [s for s in shown if isinstance(s, dict)]
    assert (message["person"], message["phone"]) == ("Paul Martin", "+33614223344")
    assert "succession" in str(message["reason"])
    assert call.end.outcome == "message"


@pytest.mark.parametrize(
    ("client", "number", "text", "reason"),
    [
        ("cabinet-lilas", NUMBER, "c'est urgent mon fils a de la fièvre", "urgent"),
        ("maitre-roche", "vip", None, "vip"),
        ("cabinet-lilas", NUMBER, "je voudrais parler à une vraie personne", "asked"),
    ],
)
def test_urgent_vip_and_asked_for_calls_open_a_ticket_with_the_transcript(
    runtime: Runtime, client: str, number: str, text: str | None, reason: str
) -> None:
    calling = runtime.clients.by_id(client).vip[0].number if number == "vip" else number
    call = hold(runtime, said(*([text, "un devis"] if text else [])), client=client, number=calling)
    (shown,) = [e.data["shown"] for e in call.of(EventKind.ACTION_RESULT)]
    assert isinstance(shown, dict)
    assert (shown["name"], shown["reason"]) == ("escalate", reason)
    assert call.acts()[-1] == "handoff.waiting"
    assert call.end.outcome == "escalated"


def test_a_solicitor_is_turned_away_and_nothing_is_stored_for_the_client(runtime: Runtime) -> None:
    call = hold(runtime, said("je vous appelle de la société durand pour vous proposer une offre"))
    assert (call.end.reason, call.end.outcome) == ("refused", "refused")
    assert not call.of(EventKind.ACTION)


def test_noise_alone_is_never_words(runtime: Runtime) -> None:
    noise = (white_noise(20.0, 8000, random=np.random.default_rng(1)).astype(np.float32) * 0.1).astype(np.int16)
    call = hold(runtime, [np.zeros(8000 * 25, np.int16)], background=noise)
    assert not call.of(EventKind.CALLER_TURN)
    assert [e.data["level"] for e in call.of(EventKind.SILENCE)] == [1, 2, 3]
    assert call.end.reason == "silence"


def test_the_same_call_twice_on_the_virtual_clock_is_identical(runtime: Runtime) -> None:
    utterances = said(*BOOKING[:4])
    first, second = (hold(runtime, utterances, clock=VirtualClock(MONDAY)) for _ in range(2))
    assert [e for e in first.events if e.kind is not EventKind.ACTION_RESULT] == [
        e for e in second.events if e.kind is not EventKind.ACTION_RESULT
    ]


def test_real_time_and_virtual_time_agree(runtime: Runtime) -> None:
    utterances = said("je vous appelle de la société durand pour vous proposer une offre")
    virtual, real = (hold(runtime, utterances, clock=clock) for clock in (VirtualClock(MONDAY), RealClock(MONDAY)))
    kinds = (EventKind.BOT_SENTENCE, EventKind.CALLER_TURN)
    assert [virtual.texts(k) for k in kinds] == [real.texts(k) for k in kinds]
    assert virtual.end.duration_s == pytest.approx(real.end.duration_s, abs=1.0)


def test_a_stored_call_replays_to_the_same_decisions(runtime: Runtime, understanding: NluEngine) -> None:
    call = hold(runtime, said(*BOOKING))
    stored = read_call(runtime.database, call.id)
    assert stored is not None
    conversation = runtime.conversation(runtime.clients.by_id("cabinet-lilas"))
    again = replay(stored.events, conversation=conversation, understander=understanding)
    assert again.identical
    assert len(again.stored) > 10


def test_every_event_and_turn_is_stored_in_order(runtime: Runtime) -> None:
    call = hold(runtime, said(*BOOKING))
    stored = read_call(runtime.database, call.id)
    assert stored is not None
    assert [e.kind for e in stored.events] == [e.kind for e in call.events]
    assert [t.text for t in stored.turns if t.speaker == "caller"] == call.texts(EventKind.CALLER_TURN)
    assert [t.text for t in stored.turns if t.speaker == "bot"] == call.texts(EventKind.BOT_SENTENCE)
    assert stored.call.end_reason == "caller_goodbye"


def test_the_command_prints_json_lines_and_leaves_recording_and_transcript(
    wavs: Callable[..., list[str]], tmp_path: Path
) -> None:
    """The command as an operator runs it, in a process of its own."""
    out = tmp_path / "out"
    command = [
        sys.executable,
        "-m",
        "voicebot",
        "call",
        *wavs(*BOOKING),
        "--client",
        "cabinet-lilas",
        "--caller",
        "06 39 98 00 21",
    ]
    done = subprocess.run(
        [*command, "--out", str(out), "--json"],
        env={**os.environ, "VOICEBOT_DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    (booked,) = [line for line in lines if line["type"] == "action"]
    assert (booked["name"], booked["act"], booked["starts"]) == ("book", "consultation", "2026-11-26T14:00:00+01:00")
    assert (booked["person"], booked["phone"]) == ("Marie Lambert", "+33639980021")
    assert (lines[-1]["type"], lines[-1]["outcome"]) == ("end", "booked")
    assert sorted(file.suffix for file in out.iterdir()) == [".jsonl", ".wav"]
    assert "not people" in done.stderr
