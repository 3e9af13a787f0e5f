"""What other programs rely on: the lines of `--json`, the files of `--out`, and a call that survives a full disk."""

from __future__ import annotations

import io
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.e2e.calls import MONDAY, NUMBER, read_stereo
from voicebot.asr.host import RecognitionHost
from voicebot.booking.agenda import Agenda
from voicebot.bootstrap.call_parts import Caller
from voicebot.bootstrap.runtime import Runtime
from voicebot.cli.main import main
from voicebot.config import Settings
from voicebot.core.events import CallEvent, EventKind
from voicebot.nlu.engine import NluEngine
from voicebot.records import engines

BOOKING = (
    "je voudrais un rendez-vous mardi matin",
    "le premier",
    "je m'appelle marie lambert",
    "oui",
    "oui c'est ça",
    "non merci",
)
RING = ("--client", "cabinet-lilas", "--caller", NUMBER, "--now", MONDAY.isoformat())
FIELDS = {
    "bot": {"type", "t", "text", "act"},
    "caller": {"type", "t", "text", "intent", "urgent"},
    "end": {"type", "t", "reason", "outcome", "call_id"},
}
ACTIONS = {"book", "move", "cancel", "message", "escalate", "transfer", "end"}


@pytest.fixture
def run(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    recognition: RecognitionHost,
    understanding: NluEngine,
) -> Callable[..., tuple[int, str, str]]:
    """The command line with the models that are loaded already."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Runtime, "recognizer", recognition)
    monkeypatch.setattr(Runtime, "understander", understanding)

    def run(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["voicebot", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        status: object = 0
        try:
            main()
        except SystemExit as end:
            status = end.code
        return int(str(status or 0)), *capsys.readouterr()

    return run


def _rows(query: str) -> list[tuple[object, ...]]:
    base = sqlite3.connect("var/permanence.db")
    try:
        return base.execute(query).fetchall()
    finally:
        base.close()


def _check_lines(out: str) -> list[dict[str, object]]:
    lines: list[dict[str, object]] = [json.loads(line) for line in out.splitlines()]
    for line in lines:
        kind = str(line["type"])
        assert set(line) == FIELDS[kind] if kind in FIELDS else line["name"] in ACTIONS, line
    times = [float(str(line["t"])) for line in lines]
    assert times == sorted(times)
    assert [line["type"] for line in lines].count("end") == 1
    assert lines[-1]["type"] == "end"
    return lines


def test_chat_prints_only_the_promised_lines_and_ends_with_the_stored_end(run: Callable[..., tuple[int, str, str]]) -> None:
    status, out, err = run("chat", *RING, "--json", stdin="\n".join(BOOKING))
    lines = _check_lines(out)
    assert (status, err) == (0, "")
    assert [line["name"] for line in lines if line["type"] == "action"] == ["book"]
    assert _rows("select id, end_reason, outcome from calls") == [
        (lines[-1]["call_id"], lines[-1]["reason"], lines[-1]["outcome"])
    ]


def test_call_prints_the_same_lines_and_keeps_recording_and_transcript(
    run: Callable[..., tuple[int, str, str]], wavs: Callable[..., list[str]]
) -> None:
    status, out, err = run("call", *wavs(*BOOKING), *RING, "--json", "--out", "kept")
    lines = _check_lines(out)
    assert status == 0
    assert all(line.startswith("The recogniser") for line in err.splitlines())
    call = lines[-1]["call_id"]
    assert {file.name for file in Path("kept").iterdir()} == {f"{call}.wav", f"{call}.jsonl"}
    assert Path(f"kept/{call}.jsonl").read_text(encoding="utf-8") == out


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KiB: two seconds of recording."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)],  # noqa: S607 - wherever the system has it
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk is not permitted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)  # noqa: S607 - likewise


def _is_told(err: str, path: Path) -> bool:
    (line,) = [line for line in err.splitlines() if not line.startswith("The recogniser")]
    return str(path) in line and "The call went on and is stored" in line


def test_a_disk_that_fills_up_ends_the_recording_not_the_call(
    run: Callable[..., tuple[int, str, str]], wavs: Callable[..., list[str]], small_disk: Path
) -> None:
    status, out, err = run("call", *wavs(*BOOKING), *RING, "--json", "--out", str(small_disk))
    lines = _check_lines(out)
    assert status == 1
    assert _is_told(err, small_disk)
    assert lines[-1]["outcome"] == "booked"
    assert len(_rows("select id from appointments")) == 1
    stereo, rate_hz = read_stereo(small_disk / f"{lines[-1]['call_id']}.wav")
    assert stereo.any()
    assert _rows("select duration_s from recordings") == [(len(stereo) / rate_hz,)]
    assert _rows("select outcome from calls") == [("booked",)]


def test_a_disk_that_is_full_from_the_start_leaves_the_call_unrecorded_and_unannounced(
    run: Callable[..., tuple[int, str, str]], wavs: Callable[..., list[str]], small_disk: Path
) -> None:
    with pytest.raises(OSError, match="No space"):
        (small_disk / "filler").write_bytes(bytes(100_000))
    status, out, err = run("call", *wavs(*BOOKING), *RING, "--json", "--out", str(small_disk))
    lines = _check_lines(out)
    assert status == 1
    assert _is_told(err, small_disk)
    assert lines[-1]["outcome"] == "booked"
    assert "enregistr" not in str(lines[0]["text"])
    assert _rows("select * from recordings") == []
    assert not list(small_disk.glob("*.wav"))


def test_a_database_that_is_locked_when_it_matters_is_told_to_the_caller(
    tmp_path: Path, understanding: NluEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "BUSY_TIMEOUT_MS", 50)
    runtime = Runtime(Settings(data_dir=tmp_path))
    runtime.__dict__["understander"] = understanding
    consignes = runtime.clients.by_id("cabinet-lilas")
    other = sqlite3.connect(tmp_path / "permanence.db", isolation_level=None)
    events: list[CallEvent] = []

    def lock_while_booking(event: CallEvent) -> None:
        events.append(event)
        if event.kind is EventKind.ACTION and event.data["name"] == "Book":
            other.execute("begin immediate")
        elif other.in_transaction and event.kind is EventKind.ACTION_RESULT:
            other.rollback()

    caller = Caller(consignes=consignes, number=NUMBER, line=consignes.lines[0])
    try:
        with runtime.chat(caller, answered=MONDAY, sink=lambda _call: lock_while_booking) as session:
            session.start(NUMBER)
            for text in BOOKING[:5]:
                session.say(text)
        said = [str(e.data["act"]) for e in events if e.kind is EventKind.BOT_SENTENCE]
        assert any(e.kind is EventKind.ACTION and e.data["name"] == "Book" for e in events)
        assert "booking.failed" in said
        assert "booking.done" not in said
        assert not Agenda(runtime.database).appointments(consignes, MONDAY, datetime(2027, 1, 1, tzinfo=UTC))
        assert events[-1].kind is EventKind.CALL_ENDED
    finally:
        runtime.close()
        other.close()
