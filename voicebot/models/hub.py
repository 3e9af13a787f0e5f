"""Fetching models from the Hugging Face hub; the only importer of huggingface_hub.

Files are downloaded into a folder of their own, which the library resumes after an interruption, checked, and only then moved
to where `resolve` looks: a model is there whole, or not at all.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

from huggingface_hub import get_hf_file_metadata, hf_hub_download, hf_hub_url
from huggingface_hub.errors import (  # type: ignore[attr-defined] # HTTPError: the root of whichever HTTP library it uses
    EntryNotFoundError,
    HTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from voicebot.core.errors import ModelError
from voicebot.models.manifest import Manifest, ModelEntry, ModelFile, load_manifest
from voicebot.models.resolution import by_hand, default_data_dir, resolve
from voicebot.models.verifying import RECORD, PulledRecord, sha256, verify_folder

_STAGING = ".partial"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_ABSENT = (EntryNotFoundError, RepositoryNotFoundError, RevisionNotFoundError)


def pull(
    name: str,
    *,
    data_dir: Path | None = None,
    manifest: Manifest | None = None,
    endpoint: str | None = None,
    progress: type[Any] | None = None,
) -> Path:
    """Fetch a model of the manifest, or what is still missing of it, and verify it.

    Args:
        name: of the manifest; a bundled one is only looked up.
        data_dir: folder of pulled models; `default_data_dir()` when None.
        manifest: the bundled one when None.
        endpoint: address of the hub; the public one, or `$HF_ENDPOINT`, when None.
        progress: class with tqdm's interface that shows the bytes; the library's own bar when None.

    Returns:
        The model's folder.

    Raises:
        ModelError: no such name, no hub within reach, no such file there, no room, or damaged files; the message says what to do.
    """
    entry = (manifest or load_manifest()).entry(name)
    data_dir = data_dir or default_data_dir()
    if entry.bundled:
        return resolve(name, data_dir=data_dir, manifest=manifest)
    staging, target = data_dir / _STAGING / name, data_dir / name
    try:
        commit = _fetch_all(entry, staging, endpoint, progress)
        _install(entry, staging, target, commit)
    except _ABSENT as exc:
        raise ModelError(f"{entry.origin} at {entry.revision} has not all of {name}'s files: {_first_line(exc)}.") from exc
    except HTTPError as exc:
        raise ModelError(f"The hub cannot be reached ({_first_line(exc)}). {by_hand(entry, data_dir=data_dir)}") from exc
    except OSError as exc:
        raise ModelError(
            f"Fetching {name} into {data_dir} failed: {_first_line(exc)}. {by_hand(entry, data_dir=data_dir)}"
        ) from exc
    return target


def _fetch_all(entry: ModelEntry, staging: Path, endpoint: str | None, progress: type[Any] | None) -> str:
    """Download every file; the commit they come from."""
    revision = entry.revision or "main"
    for file in entry.files:
        about = get_hf_file_metadata(hf_hub_url(entry.origin, file.path, revision=revision, endpoint=endpoint), endpoint=endpoint)
        revision = about.commit_hash or revision  # the files after the first come from the same commit
        path = hf_hub_download(
            entry.origin, file.path, revision=revision, local_dir=staging, endpoint=endpoint, tqdm_class=progress
        )
        _check(entry, file, Path(path), etag=about.etag, staging=staging)
    return revision


def _check(entry: ModelEntry, file: ModelFile, path: Path, *, etag: str | None, staging: Path) -> None:
    """Compare with the manifest's hash, or with the hub's: the etag of a large file is its sha256."""
    expected = file.sha256 or (etag if etag and _SHA256.fullmatch(etag) else None)
    if expected is not None and sha256(path) != expected:
        shutil.rmtree(staging)
        raise ModelError(f"{file.path} of {entry.origin} arrived damaged: its sha256 is not {expected}. Fetch it again.")


def _install(entry: ModelEntry, staging: Path, target: Path, commit: str) -> None:
    """Move what was fetched to its place, with a note of what it is."""
    target.mkdir(parents=True, exist_ok=True)
    hashes = {file.name: sha256(staging / file.path) for file in entry.files}
    for file in entry.files:
        (staging / file.path).replace(target / file.name)
    record = PulledRecord(origin=entry.origin, revision=commit, sha256=hashes)
    (target / RECORD).write_text(record.model_dump_json(indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(staging)
    if problems := verify_folder(target, entry):
        raise ModelError(f"What was fetched of {entry.name} is not what the manifest says: {' '.join(problems)}")


def _first_line(exc: Exception) -> str:
    return str(exc).strip().split("\n", 1)[0].rstrip(".") or type(exc).__name__
