"""Where a model lies: an explicit path, else what was pulled, else what is bundled."""

from __future__ import annotations

import os
from pathlib import Path

from voicebot.core.errors import ModelError
from voicebot.models.manifest import Manifest, ModelEntry, RecognitionTraits, bundled_dir, load_manifest

DATA_DIR_VARIABLE = "VOICEBOT_MODELS_DIR"
"""Environment variable that names the folder of pulled models."""


def default_data_dir() -> Path:
    """Folder of pulled models: `$VOICEBOT_MODELS_DIR`, else `$XDG_DATA_HOME` or `~/.local/share`, then `permanence/models`."""
    if chosen := os.environ.get(DATA_DIR_VARIABLE):
        return Path(chosen).expanduser()
    base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base).expanduser() / "permanence" / "models"


def missing_files(folder: Path, entry: ModelEntry) -> tuple[str, ...]:
    """Names of the entry's files that `folder` lacks."""
    return tuple(file.name for file in entry.files if not (folder / file.name).is_file())


def find(entry: ModelEntry, *, data_dir: Path | None = None) -> Path | None:
    """Folder of a manifest's model when all its files are there, pulled or bundled, else None."""
    folders = (data_dir or default_data_dir(), bundled_dir())
    return next((folder / entry.name for folder in folders if not missing_files(folder / entry.name, entry)), None)


def resolve(name_or_path: str | Path, *, data_dir: Path | None = None, manifest: Manifest | None = None) -> Path:
    """Folder of a model.

    Args:
        name_or_path: an existing folder, or a name of the manifest.
        data_dir: folder of pulled models; `default_data_dir()` when None.
        manifest: the bundled one when None.

    Raises:
        ModelError: no such folder and no such name, or the model's files are not there; the message says what to do.
    """
    path = Path(name_or_path).expanduser()
    if path.is_dir():
        return path
    manifest = manifest or load_manifest()
    name = str(name_or_path)
    if name not in manifest.model:
        raise ModelError(f"{name} is neither a folder nor a model of the manifest ({', '.join(manifest.model)}).")
    entry = manifest.entry(name)
    if found := find(entry, data_dir=data_dir):
        return found
    raise ModelError(f"Model {name} is not on this machine. {by_hand(entry, data_dir=data_dir)}")


def by_hand(entry: ModelEntry, *, data_dir: Path | None = None) -> str:
    """Sentence that says how to get a model, with and without a hub."""
    files = ", ".join(file.path for file in entry.files)
    folder = (data_dir or default_data_dir()) / entry.name
    if entry.bundled:
        return f"It comes with the software: {files} belong in {bundled_dir() / entry.name}."
    return f"Fetch it with `voicebot models pull {entry.name}`, or put {files} of {entry.origin} into {folder}."


def traits_of(folder: Path, *, manifest: Manifest | None = None) -> RecognitionTraits:
    """How to feed the recogniser in `folder`: by the manifest's entry of the same name, else as any Whisper."""
    entry = (manifest or load_manifest()).model.get(folder.resolve().name)
    return (entry.recognition if entry else None) or RecognitionTraits()
