from __future__ import annotations

import errno
import struct
from pathlib import Path

import numpy as np
import pytest

from voicebot.audio.recorder import StereoRecorder
from voicebot.audio.wav import read_wav, write_wav
from voicebot.core.audio import AudioChunk
from voicebot.core.errors import AudioFileError, RecordsError, StorageFullError

TONE = np.arange(-400, 400, dtype=np.int16)


def wav(
    encoding: int = 1, channels: int = 1, rate_hz: int = 8000, bits: int = 16, extra: bytes = b"", promised: int = 4
) -> bytes:
    fmt = struct.pack("<HHIIHH", encoding, channels, rate_hz, rate_hz * 2, 2, bits) + extra
    body = b"WAVEfmt " + struct.pack("<I", len(fmt)) + fmt + b"data" + struct.pack("<I", promised) + b"\1\0\2\0"[:promised]
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize("rate_hz", [8000, 16000])
def test_what_is_written_is_read_back(tmp_path: Path, rate_hz: int) -> None:
    write_wav(tmp_path / "a.wav", TONE, rate_hz)
    samples, found_hz = read_wav(tmp_path / "a.wav")
    assert np.array_equal(samples, TONE)
    assert found_hz == rate_hz


def test_extensible_pcm_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(wav(0xFFFE, extra=struct.pack("<HHIH", 22, 16, 4, 1) + bytes(14)))
    assert read_wav(tmp_path / "a.wav")[0].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"ID3 not audio of ours", "not a WAV"),
        (wav(channels=2), "stereo, 16-bit PCM, 8000 Hz"),
        (wav(rate_hz=44100), "44100 Hz"),
        (wav(bits=8), "8-bit PCM"),
        (wav(encoding=3, bits=32), "32-bit float"),
        (wav(encoding=2, bits=4), "ADPCM"),
        (wav(promised=0), "without any sample"),
        (wav(promised=4000), "promises 4000 bytes"),
        (wav()[:30], "cut short"),
    ],
)
def test_an_unusable_file_gets_one_sentence_that_names_it(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(AudioFileError, match=words) as error:
        read_wav(tmp_path / "a.wav")
    assert str(tmp_path / "a.wav") in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_file_and_a_directory_are_named(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match="does not exist"):
        read_wav(tmp_path / "none.wav")
    with pytest.raises(AudioFileError, match="is a directory"):
        read_wav(tmp_path)


def test_the_wrong_shape_comes_with_the_command_that_converts_it(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(wav(channels=2))
    with pytest.raises(AudioFileError, match=r"sox .*-c 1"):
        read_wav(tmp_path / "a.wav")


def chunk(value: int) -> AudioChunk:
    return AudioChunk(samples=np.full(160, value, np.int16), rate_hz=8000)


def stereo(path: Path) -> list[list[int]]:
    content = path.read_bytes()
    assert struct.unpack_from("<I", content, 40)[0] == len(content) - 44
    assert struct.unpack_from("<I", content, 4)[0] == len(content) - 8
    return np.frombuffer(content[44:], "<i2").reshape(-1, 2)[::160].tolist()  # type: ignore[no-any-return]


def test_a_recording_is_valid_after_each_second_with_caller_left_and_bot_right(tmp_path: Path) -> None:
    recorder = StereoRecorder(tmp_path / "call.wav", 8000)
    assert stereo(tmp_path / "call.wav") == []
    for index in range(75):
        recorder.write(chunk(index), chunk(-index))
    assert stereo(tmp_path / "call.wav") == [[i, -i] for i in range(50)]
    recorder.close()
    recorder.close()
    assert stereo(tmp_path / "call.wav") == [[i, -i] for i in range(75)]


@pytest.mark.parametrize(
    ("code", "expected"), [(errno.ENOSPC, StorageFullError), (errno.EDQUOT, StorageFullError), (errno.EIO, RecordsError)]
)
def test_a_failing_disk_is_told_and_what_was_written_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, expected: type[RecordsError]
) -> None:
    recorder = StereoRecorder(tmp_path / "call.wav", 8000)
    recorder.write(chunk(1), chunk(2))
    recorder.flush()
    recorder.write(chunk(3), chunk(4))

    def refuse(position: int, content: bytes) -> None:
        raise OSError(code, "refused")

    monkeypatch.setattr(recorder, "_put", refuse)
    with pytest.raises(expected) as error:
        recorder.close()
    assert type(error.value) is expected
    assert stereo(tmp_path / "call.wav") == [[1, 2]]


def test_a_recording_in_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordsError):
        StereoRecorder(tmp_path / "none" / "call.wav", 8000)
