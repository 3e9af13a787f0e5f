from __future__ import annotations

from pathlib import Path

import pytest

from voicebot.core.errors import ModelError
from voicebot.models.manifest import Purpose, bundled_dir, load_manifest
from voicebot.models.notices import notice
from voicebot.models.resolution import DATA_DIR_VARIABLE, default_data_dir, find, resolve, traits_of
from voicebot.models.verifying import verify


def test_the_bundled_recogniser_is_whole() -> None:
    assert verify("compact-fr") == ()


def test_every_recogniser_has_traits_and_every_hub_model_a_revision() -> None:
    for entry in load_manifest().entries():
        assert (entry.recognition is not None) == (entry.purpose is Purpose.RECOGNITION)
        assert entry.bundled or entry.revision


def test_only_a_model_of_synthetic_voices_carries_a_warning_and_it_names_the_remedy() -> None:
    manifest = load_manifest()
    assert "voicebot models pull small" in (notice(manifest.entry("compact-fr")) or "")
    assert "small" in manifest.model
    assert notice(manifest.entry("small")) is None
    assert notice(manifest.entry("fr_FR-siwis-medium")) is None


def test_resolution_prefers_a_path_then_pulled_then_bundled(tmp_path: Path) -> None:
    assert resolve("compact-fr", data_dir=tmp_path) == bundled_dir() / "compact-fr"
    pulled = tmp_path / "compact-fr"
    pulled.mkdir()
    assert resolve("compact-fr", data_dir=tmp_path) == bundled_dir() / "compact-fr", "an incomplete folder does not count"
    for file in load_manifest().entry("compact-fr").files:
        (pulled / file.name).touch()
    assert resolve("compact-fr", data_dir=tmp_path) == pulled
    assert resolve(tmp_path, data_dir=tmp_path) == tmp_path


def test_an_absent_model_is_refused_with_the_command_and_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"voicebot models pull small.*model\.bin.*Systran/faster-whisper-small"):
        resolve("small", data_dir=tmp_path)
    assert find(load_manifest().entry("small"), data_dir=tmp_path) is None
    assert verify("small", data_dir=tmp_path) != ()


def test_an_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="compact-fr"):
        resolve("giant", data_dir=tmp_path)


def test_the_data_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(DATA_DIR_VARIABLE, str(tmp_path))
    assert default_data_dir() == tmp_path
    monkeypatch.delenv(DATA_DIR_VARIABLE)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_data_dir() == tmp_path / "permanence" / "models"


def test_a_folder_of_no_manifest_is_fed_like_any_whisper(tmp_path: Path) -> None:
    assert traits_of(tmp_path).margin_s == 1.3
    assert traits_of(bundled_dir() / "compact-fr").full_prompt


@pytest.mark.parametrize(
    ("content", "names"),
    [("not toml", "not TOML"), ('[model.x]\npurpose = "cooking"\n', "model.x.purpose"), ("[model.x]\nsecret = 1\n", "model.x")],
)
def test_a_wrong_manifest_is_refused_by_field(tmp_path: Path, content: str, names: str) -> None:
    path = tmp_path / "manifest.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=names):
        load_manifest(path)


def test_a_missing_manifest_is_a_model_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        load_manifest(tmp_path / "none.toml")
