"""Finished speech kept under a content hash: in memory for what was just said, on disk for what is said often.

The disk is a help, never a condition: an entry that does not read is dropped and made again, a folder that cannot be
written is reported once and done without.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import tempfile
import threading
from collections import OrderedDict
from pathlib import Path

import numpy as np
import structlog

from voicebot.core.audio import Samples

_FORMAT = "1"  # of the audio behind a key: raise it whenever trimming, level or resampling changes
_PRUNED_TO_RATIO = 0.9
_log = structlog.get_logger(__name__)


def cache_key(*, synthesizer: str, spoken: str, rate_hz: int) -> str:
    """Content hash of one finished clause, 64 hexadecimal digits.

    Args:
        synthesizer: `Synthesizer.name`.
        spoken: verbalised text.
        rate_hz: the call's sample rate.
    """
    return hashlib.sha256("\0".join((_FORMAT, synthesizer, str(rate_hz), spoken)).encode("utf-8", "replace")).hexdigest()


class SpeechCache:
    """Audio by key, on two levels. Safe to use from several threads, and the folder from several processes."""

    def __init__(self, folder: Path | None, *, max_disk_bytes: int = 500_000_000, memory_entries: int = 256) -> None:
        """Keep at most `max_disk_bytes` in `folder` (None for memory only) and `memory_entries` clauses in memory."""
        self._folder = folder
        self._max_disk_bytes = max_disk_bytes
        self._memory_entries = memory_entries
        self._memory: OrderedDict[str, Samples] = OrderedDict()
        self._lock = threading.Lock()
        self._disk_bytes: int | None = None  # unknown until the first write
        self._warned = False

    def get(self, key: str) -> Samples | None:
        """Audio under `key`, read-only, or None."""
        with self._lock:
            if key in self._memory:
                self._memory.move_to_end(key)
                return self._memory[key]
        samples = self._read(key)
        if samples is not None:
            self._remember(key, samples)
        return samples

    def put(self, key: str, samples: Samples) -> None:
        """Keep `samples`, int16 mono, under `key`; the least recently used entries make room."""
        kept = samples.copy()
        kept.flags.writeable = False
        self._remember(key, kept)
        if self._folder is not None:
            try:
                self._write(self._folder, key, kept)
            except OSError as exc:
                self._warn_once(exc)

    def _remember(self, key: str, samples: Samples) -> None:
        with self._lock:
            self._memory[key] = samples
            self._memory.move_to_end(key)
            while len(self._memory) > self._memory_entries:
                self._memory.popitem(last=False)

    def _read(self, key: str) -> Samples | None:
        if self._folder is None:
            return None
        path = _path(self._folder, key)
        try:
            samples = _decoded(path.read_bytes())
        except OSError:
            return None
        with contextlib.suppress(OSError):  # a read-only folder still serves what it holds
            if samples is None:
                path.unlink()
            else:
                os.utime(path)  # its age is what pruning goes by
        return samples

    def _write(self, folder: Path, key: str, samples: Samples) -> None:
        path, content = _path(folder, key), _encoded(samples)
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            Path(temporary).replace(path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise
        with self._lock:
            self._disk_bytes = _size_of(folder) if self._disk_bytes is None else self._disk_bytes + len(content)
            if self._disk_bytes > self._max_disk_bytes:
                self._disk_bytes = _prune(folder, int(self._max_disk_bytes * _PRUNED_TO_RATIO))

    def _warn_once(self, exc: OSError) -> None:
        if not self._warned:
            self._warned = True
            _log.warning("speech_cache_not_written", folder=str(self._folder), error=str(exc))


def _path(folder: Path, key: str) -> Path:
    return folder / key[:2] / f"{key}.npy"


def _encoded(samples: Samples) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, samples, allow_pickle=False)
    content = buffer.getvalue()
    return content + hashlib.sha256(content).digest()


def _decoded(content: bytes) -> Samples | None:
    """The array, or None when the entry is cut, altered or of another shape."""
    array, digest = content[:-32], content[-32:]
    if hashlib.sha256(array).digest() != digest:
        return None
    samples: Samples = np.load(io.BytesIO(array), allow_pickle=False)
    samples.flags.writeable = False
    return samples


def _entries(folder: Path) -> list[tuple[float, int, Path]]:
    """(time of last use, bytes, path) of every entry; those that another process removes meanwhile are left out."""
    entries = []
    for path in folder.glob("??/*.npy"):
        with contextlib.suppress(FileNotFoundError):
            stat = path.stat()
            entries.append((stat.st_mtime, stat.st_size, path))
    return entries


def _size_of(folder: Path) -> int:
    return sum(size for _, size, _ in _entries(folder))


def _prune(folder: Path, max_bytes: int) -> int:
    """Remove the least recently used entries until `max_bytes` are left; returns what is left."""
    entries = sorted(_entries(folder))
    total = sum(size for _, size, _ in entries)
    for _, size, path in entries:
        if total <= max_bytes:
            break
        path.unlink(missing_ok=True)
        total -= size
    return total
