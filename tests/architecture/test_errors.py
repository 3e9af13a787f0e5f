from __future__ import annotations

import sqlite3
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture.source import ROOT
from voicebot.asr.faster_whisper import FasterWhisperEngine
from voicebot.audio.recorder import StereoRecorder
from voicebot.audio.wav import read_wav, write_wav
from voicebot.clients.loader import load_consignes
from voicebot.core import errors
from voicebot.core.audio import silence
from voicebot.core.errors import PermanenceError
from voicebot.dialog.failures import HEARD
from voicebot.dialog.rendering import Sentences
from voicebot.models.hub import pull
from voicebot.models.manifest import load_manifest
from voicebot.models.resolution import resolve
from voicebot.nlu.engine import load_engine
from voicebot.records.database import Database
from voicebot.tts.espeak import EspeakSynthesizer
from voicebot.tts.piper import PiperSynthesizer


def tree() -> list[type[PermanenceError]]:
    """Errors that a call may meet; those of the pages are no caller's business, and have trees of their own."""

    def below(kind: type[PermanenceError]) -> list[type[PermanenceError]]:
        return [kind, *(found for child in kind.__subclasses__() for found in below(child))]

    return [kind for kind in below(PermanenceError) if kind.__module__.startswith("voicebot.")]


def test_the_tree_at_the_top_of_the_file_names_every_error() -> None:
    drawn = {word for line in (errors.__doc__ or "").splitlines() for word in line.split() if word.endswith("Error")}
    assert drawn == {kind.__name__ for kind in tree()}


def test_every_error_has_a_code_of_its_own_and_a_line_in_the_table_of_what_is_heard() -> None:
    codes = [kind.code for kind in tree()]
    assert len(set(codes)) == len(codes)
    assert set(HEARD) == set(codes)


def test_what_is_heard_is_in_the_catalogue_in_every_language() -> None:
    sentences = Sentences.load(ROOT / "scripts_catalog" / "sentences")
    said = {key for keys in HEARD.values() for key in keys}
    assert said <= sentences.say_keys("fr") & sentences.say_keys("en")


def full_disk(_folder: Path) -> None:
    recorder = StereoRecorder(Path("/dev/full"), 8000)
    for _ in range(60):
        recorder.write(silence(8000), silence(8000))
    recorder.close()


def not_a_database(folder: Path) -> None:
    (folder / "x.db").write_bytes(b"nothing of the kind" * 100)
    Database.open(f"sqlite:///{folder / 'x.db'}")


def broken_model(folder: Path) -> None:
    for name in ("config.json", "model.bin", "tokenizer.json", "vocabulary.json"):
        (folder / name).write_text("{}", encoding="utf-8")
    FasterWhisperEngine.load(folder)


def broken_yaml(folder: Path) -> None:
    (folder / "client.yaml").write_text("id: [unclosed\n", encoding="utf-8")
    load_consignes(folder / "client.yaml")


def eight_bits(folder: Path) -> None:
    with wave.open(str(folder / "a.wav"), "wb") as file:
        file.setparams((1, 1, 8000, 0, "NONE", ""))
        file.writeframes(b"\x80" * 800)
    read_wav(folder / "a.wav")


FOREIGN: dict[str, tuple[Callable[[Path], object], type[PermanenceError]]] = {
    "OSError of a missing recording": (lambda folder: read_wav(folder / "none.wav"), errors.AudioFileError),
    "encoding of a recording": (eight_bits, errors.AudioFileError),
    "OSError of a full disk": (full_disk, errors.StorageFullError),
    "yaml.YAMLError": (broken_yaml, errors.ConsignesError),
    "sqlalchemy's OperationalError, no folder": (
        lambda folder: Database.open(f"sqlite:///{folder / 'none' / 'x.db'}"),
        errors.RecordsError,
    ),
    "sqlalchemy's DatabaseError, not a database": (not_a_database, errors.RecordsError),
    "sqlalchemy's ArgumentError": (lambda _: Database.open("nonsense"), errors.PermanenceError),
    "ctranslate2's RuntimeError": (broken_model, errors.ModelError),
    "a model folder without its files": (FasterWhisperEngine.load, errors.ModelError),
    "spacy's OSError": (load_engine, errors.ModelError),
    "piper's missing voice": (lambda folder: PiperSynthesizer(folder / "voice.onnx"), errors.ModelError),
    "espeak's unknown voice": (lambda _: EspeakSynthesizer("zz-nowhere"), errors.ModelError),
    "tomllib.TOMLDecodeError": (lambda folder: load_manifest(_broken_toml(folder)), errors.ModelError),
    "a model that nobody knows": (lambda _: resolve("nope"), errors.ModelError),
    "huggingface_hub, nobody answers": (
        lambda folder: pull("tiny", data_dir=folder, endpoint="http://127.0.0.1:9"),
        errors.ModelError,
    ),
    "OSError of a folder that is a file": (
        lambda folder: write_wav(_file(folder) / "a.wav", silence(8000).samples, 8000),
        PermanenceError,
    ),
}


def _broken_toml(folder: Path) -> Path:
    (folder / "manifest.toml").write_text("[model", encoding="utf-8")
    return folder / "manifest.toml"


def _file(folder: Path) -> Path:
    (folder / "file").touch()
    return folder / "file"


@pytest.mark.parametrize("case", FOREIGN)
def test_no_foreign_exception_leaves_an_adapter(case: str, tmp_path: Path) -> None:
    work, expected = FOREIGN[case]
    with pytest.raises(expected) as raised:
        work(tmp_path)
    assert isinstance(raised.value, PermanenceError)
    assert not isinstance(raised.value, sqlite3.Error)
    assert "\n" not in str(raised.value).strip()
