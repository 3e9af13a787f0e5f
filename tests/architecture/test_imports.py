from __future__ import annotations

import pytest
from importlinter.cli import lint_imports

from tests.architecture.source import ROOT, imported, modules

IMPORTERS = {
    "soxr": {"voicebot.audio.resample"},
    "webrtcvad": {"voicebot.vad.webrtc"},
    "faster_whisper": {"voicebot.asr.faster_whisper", "voicebot.vad.silero"},
    "ctranslate2": {"voicebot.asr.faster_whisper"},
    "onnxruntime": {"voicebot.vad.silero", "voicebot.tts.piper"},
    "piper": {"voicebot.tts.piper"},
    "espeakng_loader": {"voicebot.tts.espeak"},
    "huggingface_hub": {"voicebot.models.hub"},
    "torch": set(),
}


@pytest.mark.parametrize("library", IMPORTERS)
def test_a_heavy_library_has_one_importer_its_adapter(library: str) -> None:
    importers = {name for name, tree in modules() if any(i.split(".")[0] == library for i in imported(tree))}
    assert importers <= IMPORTERS[library]


@pytest.mark.parametrize(("library", "package"), [("sqlmodel", "records"), ("sqlalchemy", "records"), ("alembic", "records")])
def test_only_records_talks_to_the_database(library: str, package: str) -> None:
    importers = {name for name, tree in modules() if any(i.split(".")[0] == library for i in imported(tree))}
    assert {name for name in importers if not name.startswith(f"voicebot.{package}")} == set()


@pytest.mark.parametrize("library", ["sklearn"])
def test_what_only_training_needs_is_never_imported_at_run_time(library: str) -> None:
    importers = {name for name, tree in modules() if any(i.split(".")[0] == library for i in imported(tree))}
    assert importers <= {"voicebot.nlu.training"}


def test_no_module_is_called_utils() -> None:
    assert not [name for name, _ in modules() if name.split(".")[-1] in {"utils", "util", "helpers", "misc", "common"}]


def test_the_house_keeps_its_floors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True) == 0
