"""Whether a model's files are those that were meant: sizes and sha256 of the manifest, and those noted when it was pulled."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from voicebot.models.manifest import Manifest, ModelEntry, load_manifest
from voicebot.models.resolution import find, missing_files

RECORD = "pulled.json"
"""Beside pulled files: where they come from and what they were when they arrived."""

_BLOCK_BYTES = 1 << 20


class PulledRecord(BaseModel):
    """Content of `pulled.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    origin: str
    revision: str
    """Commit that the hub resolved the revision to."""
    sha256: Mapping[str, str]
    """Of each file, by name."""


def verify(name: str, *, data_dir: Path | None = None, manifest: Manifest | None = None) -> tuple[str, ...]:
    """Problems of a model, one sentence each; none when it is whole.

    Raises:
        ModelError: the manifest has no such model.
    """
    entry = (manifest or load_manifest()).entry(name)
    folder = find(entry, data_dir=data_dir)
    if folder is None:
        return (f"{name} is not on this machine, or not all of it.",)
    return verify_folder(folder, entry)


def verify_folder(folder: Path, entry: ModelEntry) -> tuple[str, ...]:
    """Problems of the files in one folder."""
    problems = [f"{folder / name} is missing." for name in missing_files(folder, entry)]
    record = _record(folder)
    for file in entry.files:
        path = folder / file.name
        if not path.is_file():
            continue
        size = path.stat().st_size
        if file.size_bytes is not None and size != file.size_bytes:
            problems.append(f"{path} has {size} bytes; the manifest says {file.size_bytes}.")
        expected = file.sha256 or (record.sha256.get(file.name) if record else None)
        if expected is not None and sha256(path) != expected:
            problems.append(f"{path} is damaged: its sha256 is not {expected}.")
    return tuple(problems)


def sha256(path: Path) -> str:
    """Hash of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _record(folder: Path) -> PulledRecord | None:
    """What was noted at pulling; None for files put there by hand."""
    try:
        return PulledRecord.model_validate(json.loads((folder / RECORD).read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError):
        return None
