"""Whatever a person gives, the command line answers one sentence, the right exit status, and never a traceback."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
import pytest

from voicebot.audio.wav import write_wav
from voicebot.cli.main import main
from voicebot.models.manifest import bundled_dir
from voicebot.nlu.engine import MODELS

PROGRAM = [sys.executable, "-c", "from voicebot.cli.main import main; main()"]
RING = ("--client", "cabinet-lilas")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a command left."""

    status: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The one line of stderr that is not the recogniser's notice."""
        lines = [line for line in self.err.splitlines() if not line.startswith("The recogniser compact-fr understands")]
        assert len(lines) == 1, self.err
        return lines[0]


Run = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty working folder, and no model but the bundled ones."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VOICEBOT_MODELS_DIR", str(tmp_path / "models"))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str, stdin: bytes = b"") -> Outcome:
        monkeypatch.setattr(sys, "argv", ["voicebot", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        try:
            main()
            status: object = 0
        except SystemExit as end:
            status = end.code
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return Outcome(status=int(str(status or 0)), out=out, err=err)

    return run


@pytest.fixture
def good(tmp_path: Path) -> str:
    write_wav(tmp_path / "good.wav", np.zeros(4000, np.int16), 8000)
    return "good.wav"


def _bad_wavs(folder: Path) -> dict[str, str]:
    """Name of each bad file, and what the sentence must say of it."""
    write_wav(folder / "stereo.wav", np.zeros((800, 2), np.int16), 8000)
    write_wav(folder / "cd.wav", np.zeros(800, np.int16), 44100)
    write_wav(folder / "header.wav", np.zeros(0, np.int16), 8000)
    write_wav(folder / "whole.wav", np.zeros(800, np.int16), 8000)
    (folder / "cut.wav").write_bytes((folder / "whole.wav").read_bytes()[:500])
    (folder / "cut-header.wav").write_bytes((folder / "whole.wav").read_bytes()[:30])
    (folder / "text.wav").write_text("bonjour", encoding="utf-8")
    (folder / "empty.wav").touch()
    (folder / "folder.wav").mkdir()
    return {
        "stereo.wav": "stereo",
        "cd.wav": "44100 Hz",
        "header.wav": "without any sample",
        "cut.wav": "promises 1600 bytes",
        "cut-header.wav": "header is incomplete",
        "text.wav": "not a WAV file",
        "empty.wav": "0 bytes",
        "folder.wav": "is a directory",
        "missing.wav": "does not exist",
    }


@pytest.mark.parametrize("command", [("transcribe",), ("call", *RING)])
def test_a_recording_that_cannot_be_used_is_named_with_its_fault(run: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    for name, fault in _bad_wavs(tmp_path).items():
        answer = run(*command, name)
        assert (answer.status, answer.out) == (2, "")
        assert name in answer.sentence
        assert fault in answer.sentence
    assert not Path("var").exists()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((), "--client"),
        (("--client", "nobody"), "'nobody', expected one of"),
        (("--line", "+33999999999"), "+33999999999"),
        (("--line", "12"), "--line '12'"),
        ((*RING, "--line", "+33199002001"), "not a line of cabinet-lilas"),
        ((*RING, "--caller", "abc"), "--caller 'abc'"),
        ((*RING, "--now", "yesterday"), "--now 'yesterday'"),
        ((*RING, "--out", "good.wav"), "good.wav"),
        ((*RING, "--out", "good.wav/deeper"), "good.wav/deeper"),
    ],
)
def test_an_argument_that_makes_no_sense_is_named(run: Run, good: str, arguments: tuple[str, ...], named: str) -> None:
    answer = run("call", good, *arguments)
    assert (answer.status, answer.out) == (2, "")
    assert named in answer.sentence


@pytest.mark.parametrize("arguments", [("call",), ("transcribe",), ("nlu", "--expect", "nonsense"), ("nonsense",)])
def test_wrong_usage_is_status_2(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).status == 2


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("languages:", "languages: [", "not valid YAML"),
        ("id: cabinet-lilas", "id: cabinet-lilas\nnonsense: 1", ":2: nonsense: "),
        ("id: cabinet-lilas", "id: [1]", ":1: id: "),
        ("id: cabinet-lilas", "id: cabinet-lilas\nid: other", ":2: id: written twice"),
    ],
)
def test_a_mistake_in_consignes_is_named_by_file_line_and_field(
    run: Run, good: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, named: str
) -> None:
    source = bundled_dir().parent / "scripts_catalog" / "clients" / "cabinet-lilas.yaml"
    text = source.read_text(encoding="utf-8")
    start = text.index("id: cabinet-lilas")
    folder = tmp_path / "clients"
    folder.mkdir()
    (folder / "lilas.yaml").write_text(text[start:].replace(old, new, 1), encoding="utf-8")
    monkeypatch.setenv("VOICEBOT_CLIENTS_DIR", str(folder))
    checked, rung = run("catalog", "check"), run("call", good, *RING)
    assert (checked.status, rung.status) == (1, 2)
    assert f"lilas.yaml{named}" in checked.err or named in checked.err
    assert "lilas.yaml:" in rung.err
    assert named in rung.err


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("sqlite:////nowhere/x.db", "the folder /nowhere does not exist"),
        ("sqlite:///junk.db", "not an SQLite database"),
        ("sqlite:///bare.db", "voicebot db upgrade"),
        ("sqlite:///good.wav/x.db", "good.wav"),
        ("nonsense", "expected sqlite:///file.db"),
        ("mysql://ann:secret@host/x", "expected sqlite:///file.db"),
        ("postgresql+psycopg://ann:secret@127.0.0.1:port/x", "expected sqlite:///file.db"),
    ],
)
def test_a_database_that_cannot_be_used_is_named_without_its_password(
    run: Run, good: str, monkeypatch: pytest.MonkeyPatch, url: str, named: str
) -> None:
    Path("junk.db").write_text("not a database" * 10, encoding="utf-8")
    bare = sqlite3.connect("bare.db")
    bare.execute("create table t (a)")
    bare.close()
    monkeypatch.setenv("VOICEBOT_DATABASE_URL", url)
    answer = run("call", good, *RING)
    assert (answer.status, answer.out) == (1, "")
    assert named in answer.sentence
    assert "secret" not in answer.err


def test_a_data_folder_that_cannot_be_made_is_named(run: Run, good: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEBOT_DATA_DIR", f"{good}/var")
    answer = run("call", good, *RING)
    assert answer.status == 1
    assert f"{good}/var" in answer.sentence


@pytest.mark.parametrize(
    ("content", "named"),
    [(b"asr_threads = [", "not valid TOML"), (b"nope = 1", "unknown setting nope"), (b"\xff\xfe", "not UTF-8")],
)
def test_a_broken_settings_file_is_named(run: Run, good: str, content: bytes, named: str) -> None:
    Path("voicebot.toml").write_bytes(content)
    answer = run("call", good, *RING)
    assert answer.status == 2
    assert answer.sentence.startswith("voicebot: voicebot.toml: ")
    assert named in answer.sentence


def test_a_setting_of_the_wrong_type_is_named(run: Run, good: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEBOT_ASR_THREADS", "abc")
    answer = run("call", good, *RING)
    assert answer.status == 2
    assert "VOICEBOT_ASR_THREADS" in answer.sentence


def _calls() -> list[tuple[str | None, str | None]]:
    base = sqlite3.connect("var/permanence.db")
    try:
        return base.execute("select end_reason, outcome from calls").fetchall()
    finally:
        base.close()


@pytest.mark.parametrize("setting", ["VOICEBOT_ASR_MODEL", "VOICEBOT_NLU_DIR"])
def test_a_model_folder_without_its_files_is_named_and_leaves_no_call(
    run: Run, good: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, setting: str
) -> None:
    (tmp_path / "hollow").mkdir()
    monkeypatch.setenv(setting, str(tmp_path / "hollow"))
    answer = run("call", good, *RING)
    assert answer.status == 1
    assert "hollow" in answer.sentence
    assert _calls() == []


@pytest.mark.parametrize(("name", "named"), [("nope", "nope"), ("small", "voicebot models pull small"), ("./broken", "broken")])
def test_a_recogniser_that_does_not_load_is_named(run: Run, good: str, name: str, named: str) -> None:
    shutil.copytree(bundled_dir() / "compact-fr", "broken")
    Path("broken/model.bin").write_bytes(Path("broken/model.bin").read_bytes()[:100_000])
    answer = run("transcribe", good, "--model", name)
    assert (answer.status, answer.out) == (1, "")
    assert named in answer.sentence


@pytest.mark.parametrize("kept_bytes", [0, 10, 5000])
def test_a_damaged_intent_model_is_named(run: Run, monkeypatch: pytest.MonkeyPatch, kept_bytes: int) -> None:
    shutil.copytree(MODELS, "nlu")
    weights = Path("nlu/fr/permanence_intents/weights.npz")
    weights.write_bytes(weights.read_bytes()[:kept_bytes])
    monkeypatch.setenv("VOICEBOT_NLU_DIR", "nlu")
    answer = run("nlu", "--json", stdin=b"bonjour\n")
    assert answer.status == 1
    assert "nlu/fr does not load" in answer.sentence


@pytest.mark.parametrize("arguments", [("path", "nope"), ("verify", "nope"), ("pull", "nope")])
def test_an_unknown_model_is_named_with_those_there_are(run: Run, arguments: tuple[str, ...]) -> None:
    answer = run("models", *arguments)
    assert answer.status == 1
    assert "nope" in answer.sentence
    assert "compact-fr" in answer.sentence


def test_pulling_without_a_network_says_where_files_go_by_hand(tmp_path: Path) -> None:
    answer = _program("models", "pull", "small", HF_ENDPOINT="http://127.0.0.1:9", VOICEBOT_MODELS_DIR=str(tmp_path / "m"))
    assert answer.status == 1
    assert str(tmp_path / "m" / "small") in answer.sentence
    assert "model.bin" in answer.sentence


@pytest.mark.parametrize(
    ("arguments", "status", "named"),
    [
        (("", "-o", "x.wav"), 2, "expected at least one word"),
        (("...", "-o", "x.wav"), 2, "expected at least one word"),
        (("bonjour", "-o", "x.wav", "--lang", "xx"), 2, "'xx'"),
        (("bonjour", "-o", "nowhere/x.wav"), 2, "nowhere/x.wav"),
        (("bonjour", "-o", "."), 2, "."),
        (("bonjour", "-o", "x.wav", "--voice", "nope"), 1, "nope"),
        (("bonjour", "-o", "x.wav", "--voice", "espeak:nope"), 1, "'nope'"),
        (("bonjour", "-o", "/dev/full"), 1, "/dev/full"),
    ],
)
def test_what_cannot_be_said_is_told(run: Run, arguments: tuple[str, ...], status: int, named: str) -> None:
    answer = run("say", *arguments)
    assert answer.status == status
    assert named in answer.sentence
    assert not Path("x.wav").exists()


STRANGE = b"\n \xff\xfe\x00bonjour\x07\x1b[31m\t\xc2\xa0oui\n" + b"zzz " * 900 + b"\n"


def test_strange_lines_are_read_as_text(run: Run) -> None:
    answer = run("nlu", "--json", stdin=STRANGE)
    texts = [json.loads(line)["text"] for line in answer.out.splitlines()]
    assert answer.status == 0
    assert [texts[0], len(texts)] == ["", 3]
    assert texts[1].endswith("oui")
    assert not any(ord(c) < 32 for c in texts[1])


def test_a_line_that_nobody_can_have_spoken_is_refused(run: Run) -> None:
    answer = run("nlu", "--json", stdin=b"bonjour\n" + b"z" * 300_000 + b"\n")
    assert answer.status == 2
    assert len(answer.out.splitlines()) == 1
    assert "line 2 of standard input is too long" in answer.sentence


@pytest.mark.parametrize("arguments", [("--lang", "xx"), ("--now", "x")])
def test_a_wrong_option_of_nlu_is_named(run: Run, arguments: tuple[str, ...]) -> None:
    answer = run("nlu", *arguments)
    assert answer.status == 2
    assert f"{arguments[0]} '{arguments[1]}'" in answer.sentence


@pytest.mark.parametrize("stdin", [b"", b"\n\n\n\n\n\n\n\n", STRANGE, b"z" * 300_000])
def test_whatever_is_typed_the_call_is_stored_with_its_end(run: Run, stdin: bytes) -> None:
    answer = run("chat", *RING, "--json", stdin=stdin)
    lines = [json.loads(line) for line in answer.out.splitlines()]
    assert answer.status == (2 if len(stdin) > 100_000 else 0)
    assert lines[-1]["type"] == "end"
    ((reason, outcome),) = _calls()
    assert (reason, outcome) == (lines[-1]["reason"], lines[-1]["outcome"])


def _program(*arguments: str, stdin: bytes = b"", stdout: int | IO[bytes] = subprocess.PIPE, **variables: str) -> Outcome:
    done = subprocess.run(
        [*PROGRAM, *arguments],
        input=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env=os.environ | variables,
        check=False,
        timeout=120,
    )
    return Outcome(status=done.returncode, out=(done.stdout or b"").decode(), err=done.stderr.decode())


@pytest.mark.parametrize("command", [("chat", *RING), ("call", "good.wav", *RING, "--json")])
def test_a_reader_that_leaves_ends_the_program_quietly_and_the_call_is_stored(good: str, command: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        answer = _program(*command, stdin=b"bonjour\n" * 5, stdout=writing)
    finally:
        os.close(writing)
    assert answer.status == 1
    assert [line for line in answer.err.splitlines() if "compact-fr" not in line] == []
    ((reason, _),) = _calls()
    assert reason == "caller_hung_up"


def test_a_full_output_is_one_sentence() -> None:
    with Path("/dev/full").open("wb") as full:
        answer = _program("nlu", stdin=b"bonjour\n", stdout=full)
    assert answer.status == 1
    assert answer.sentence == "voicebot: standard output: No space left on device"


def test_ctrl_c_ends_quietly_and_the_call_is_stored() -> None:
    chat = subprocess.Popen(
        [*PROGRAM, "chat", *RING, "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert chat.stdout is not None
    chat.stdout.readline()
    chat.send_signal(signal.SIGINT)
    out, err = chat.communicate(timeout=60)
    assert chat.returncode == 130
    assert err.decode().strip() == ""
    assert json.loads(out.splitlines()[-1])["type"] == "end"
    ((reason, _),) = _calls()
    assert reason == "caller_hung_up"
