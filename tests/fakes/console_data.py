"""An invented morning at a desk, in the shapes that consoles are shown. The words are in `tests/data/desk_morning.yaml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

Json = dict[str, Any]
MORNING: Json = yaml.safe_load((Path(__file__).parents[1] / "data" / "desk_morning.yaml").read_text(encoding="utf-8"))
FIRMS: Mapping[str, str] = MORNING["firms"]
LILAS, ROCHE = "cabinet-lilas", "maitre-roche"
TURN_S = 7.5
"""From one turn to the next."""


def morning(now: datetime) -> tuple[list[Json], list[Json]]:
    """Tickets, and the live calls of those who wait, and one more."""
    tickets, calls = [], []
    for number, row in enumerate(MORNING["waiting"], start=1):
        waited_s = row["waited_s"]
        facts = {key: row[key] for key in ("person", "reason", "urgency_kind", "base_score", "summary")}
        language = "en" if row["client"] == ROCHE else "fr"
        since = ago(now, waited_s)
        tickets.append(ticket(number, now, row["client"], **facts, language=language, waiting_since=since))
        calls.append(call(f"call-{number}", ago(now, waited_s + 45), row, ticket=number, person=row["person"]))
    alone = MORNING["with_the_assistant"]
    calls.append(call("call-bot", ago(now, alone["answered_s"]), alone))
    return [*tickets, *callbacks(now)], calls


def callbacks(now: datetime) -> list[Json]:
    """Callers to be called back."""
    names = {row["id"]: row["name"] for row in MORNING["colleagues"]}
    tickets = []
    for number, row in enumerate(MORNING["callbacks"], start=20):
        facts = {key: row[key] for key in ("person", "left", "attempts", "summary")}
        owner = {"secretary": row.get("secretary"), "secretary_name": names.get(row.get("secretary"))}
        due = {"due_at": ago(now, -row["due_in_s"]), "waiting_since": ago(now, 1500)}
        tickets.append(ticket(number, now, row["client"], state="callback_due", **facts, **owner, **due))
    return tickets


def crowd(now: datetime, count: int) -> list[Json]:
    """As many waiting tickets."""
    reasons = (("asked", None, 120), ("failed", None, 0), ("vip", None, 300), ("asked", None, 120), ("urgent", "medical", 600))
    firms, people = list(FIRMS), MORNING["crowd_of"]
    tickets = []
    for number in range(1000, 1000 + count):
        reason, kind, score = reasons[number * 7 % len(reasons)]
        facts = {"reason": reason, "urgency_kind": kind, "base_score": score, "person": people[number % len(people)]}
        since = ago(now, number * 37 % 400)
        summary = "Demande à parler à une secrétaire."
        tickets.append(ticket(number, now, firms[number % len(firms)], **facts, waiting_since=since, summary=summary))
    return tickets


def ticket(number: int, now: datetime, client: str = LILAS, **facts: Any) -> Json:
    """A ticket as a list shows it: waiting for half a minute."""
    return {
        "id": number, "version": 1, "state": "waiting", "client": client, "client_name": FIRMS[client],
        "caller": f"+3363998{number % 10_000:04}", "person": None, "language": "fr", "reason": "asked", "urgency_kind": None,
        "base_score": 120, "waiting_since": ago(now, 30), "summary": "", "secretary": None, "secretary_name": None,
        "deadline": None, "widened": False, "accepted_at": None, "connected_at": None, "extended": False, "left": None,
        "due_at": None, "attempts": 0, "call": f"call-{number}", **facts,
    }  # fmt: skip


def call(name: str, answered_at: str, row: Json, **facts: Any) -> Json:
    """A live call."""
    said = [next(iter(turn.items())) for turn in row["said"]]
    turns = [{"speaker": speaker, "text": text, "t": 2.0 + TURN_S * index} for index, (speaker, text) in enumerate(said)]
    return {
        "id": name, "client": row["client"], "client_name": FIRMS[row["client"]], "line": "+33199001001",
        "caller": "+33639980044", "person": None, "language": "fr", "answered_at": answered_at, "ticket": None, "turns": turns,
        **facts,
    }  # fmt: skip


def colleague(row: Json, now: datetime) -> Json:
    """A secretary as lists show her."""
    return {
        "derived": "idle", "break_reason": None, "alert": False, "connected": row["declared"] != "offline",
        "idle_since": ago(now, 60 * (row["id"] % 9)), "missed_offers": 0, "ticket": None, **row,
    }  # fmt: skip


def file(shown: Json, now: datetime, said: Sequence[Json]) -> Json:
    """Everything of a ticket on one screen."""
    words: Json = MORNING["file"]
    name = shown["client_name"]
    opens = [["08:30", "12:30"], ["14:00", "19:00"]]
    hours = [{"day": day, "opens": opens} for day in ("mon", "tue", "wed", "thu", "fri", "sat")]
    history = [{"at": ago(now, 86_400 * row.pop("days_ago")), **row} for row in map(dict, words["history"])]
    heard = {"person": shown["person"], "phone": shown["caller"], "reason": shown["summary"], "intent": "urgent"}
    return {
        "ticket": shown,
        "greeting": f"{name[:1].upper()}{name[1:]}, bonjour. Que puis-je faire pour vous ?",
        "client": {**words["client"], "id": shown["client"], "name": name, "hours": [*hours, {"day": "sun", "opens": []}]},
        "consignes": words["consignes"],
        "transfers": words["transfers"],
        "agenda": [_appointment(row, now) for row in words["agenda"]],
        "history": history,
        "transcript": list(said),
        "notes": [],
        "proposed": {**heard, "outcome": "handled", "note": ""},
        "wrap_up": None,
    }


def ago(now: datetime, seconds: float) -> str:
    """A moment before now (after it, when negative), as written."""
    return (now - timedelta(seconds=seconds)).isoformat()


def _appointment(row: Json, now: datetime) -> Json:
    one_o_clock = now.replace(hour=13, minute=0, second=0, microsecond=0)
    starts = one_o_clock + timedelta(days=row["day"], minutes=row["minutes"])
    ends = starts + timedelta(minutes=20)
    what = {key: row[key] for key in ("person", "act", "practitioner")}
    return {"starts": starts.isoformat(), "ends": ends.isoformat(), **what}
