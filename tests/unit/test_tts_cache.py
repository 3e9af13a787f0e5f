from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from voicebot.core.audio import Samples
from voicebot.tts.cache import SpeechCache, cache_key


def key(spoken: str = "bonjour", *, synthesizer: str = "fake", rate_hz: int = 8000) -> str:
    return cache_key(synthesizer=synthesizer, spoken=spoken, rate_hz=rate_hz)


def audio(n_samples: int = 100) -> Samples:
    return np.arange(n_samples, dtype=np.int16)


def entry(folder: Path) -> Path:
    (path,) = folder.rglob("*.npy")
    return path


def test_the_key_depends_on_voice_words_and_rate() -> None:
    assert len({key(), key("au revoir"), key(synthesizer="other"), key(rate_hz=16000)}) == 4
    assert key() == key()


@pytest.mark.parametrize("on_disk", [False, True])
def test_what_was_put_is_got_back(tmp_path: Path, on_disk: bool) -> None:
    cache = SpeechCache(tmp_path if on_disk else None)
    assert cache.get(key()) is None
    cache.put(key(), audio())
    np.testing.assert_array_equal(cache.get(key()), audio())


def test_another_process_finds_it_on_disk_and_no_temporary_file_stays(tmp_path: Path) -> None:
    SpeechCache(tmp_path).put(key(), audio())
    found = SpeechCache(tmp_path).get(key())
    np.testing.assert_array_equal(found, audio())
    assert [path.suffix for path in tmp_path.rglob("*") if path.is_file()] == [".npy"]


def test_cached_audio_cannot_be_changed_by_who_got_it(tmp_path: Path) -> None:
    SpeechCache(tmp_path).put(key(), audio())
    for cache in (SpeechCache(tmp_path), SpeechCache(None)):
        cache.put(key(), audio())
        got = cache.get(key())
        assert got is not None
        with pytest.raises(ValueError, match="read-only"):
            got[0] = 1


@pytest.mark.parametrize("damage", [b"", b"x", None])
def test_a_damaged_entry_is_dropped_and_can_be_made_again(tmp_path: Path, damage: bytes | None) -> None:
    SpeechCache(tmp_path).put(key(), audio())
    path = entry(tmp_path)
    content = bytearray(path.read_bytes())
    content[-40] ^= 1
    path.write_bytes(bytes(content) if damage is None else damage)
    cache = SpeechCache(tmp_path)
    assert cache.get(key()) is None
    assert not path.exists()
    cache.put(key(), audio())
    np.testing.assert_array_equal(SpeechCache(tmp_path).get(key()), audio())


def test_a_folder_that_cannot_be_written_is_reported_once_and_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = SpeechCache(tmp_path / "file" / "cache")
    with capture_logs() as logs:
        cache.put(key("un"), audio())
        cache.put(key("deux"), audio())
    assert cache.get(key("un")) is not None
    assert [log["event"] for log in logs] == ["speech_cache_not_written"]


def test_a_full_disk_leaves_no_half_written_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = SpeechCache(tmp_path)

    def no_room(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", no_room)
    with capture_logs():
        cache.put(key(), audio())
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert cache.get(key()) is not None


def test_the_disk_stays_within_its_bound_and_loses_the_least_recently_used(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path, max_disk_bytes=10_000, memory_entries=0)
    for age, words in enumerate(["un", "deux", "trois"]):
        cache.put(key(words), audio(1500))
        path = tmp_path / key(words)[:2] / f"{key(words)}.npy"
        os.utime(path, (1000 + age, 1000 + age))
    assert cache.get(key("un")) is not None  # a use makes it the most recent
    cache.put(key("quatre"), audio(1500))
    assert cache.get(key("deux")) is None
    assert cache.get(key("un")) is not None
    assert sum(path.stat().st_size for path in tmp_path.rglob("*.npy")) <= 10_000


def test_memory_keeps_the_last_used_only() -> None:
    cache = SpeechCache(None, memory_entries=2)
    cache.put(key("un"), audio())
    cache.put(key("deux"), audio())
    assert cache.get(key("un")) is not None
    cache.put(key("trois"), audio())
    assert cache.get(key("deux")) is None
    assert cache.get(key("un")) is not None
