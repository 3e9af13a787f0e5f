from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.fakes.firms import a_firm
from voicebot.audio.wav import write_wav
from voicebot.bootstrap.music import MusicLibrary, house_music
from voicebot.clients.consignes import Consignes, Queue
from voicebot.core.audio import Samples
from voicebot.core.errors import AudioFileError


def humming(seconds: float, amplitude: int, rate_hz: int = 16000) -> Samples:
    return np.full(round(seconds * rate_hz), amplitude, np.int16)


def wav_bytes(folder: Path, seconds: float, amplitude: int = 100) -> bytes:
    write_wav(folder / "made.wav", humming(seconds, amplitude), 16000)
    return (folder / "made.wav").read_bytes()


@pytest.fixture
def library(tmp_path: Path) -> MusicLibrary:
    (tmp_path / "clients").mkdir()
    return MusicLibrary(tmp_path / "clients", tmp_path / "uploads")


@pytest.fixture
def own(tmp_path: Path, library: MusicLibrary) -> Consignes:
    write_wav(tmp_path / "clients" / "harp.wav", humming(4.0, 500), 16000)
    return a_firm(queue=Queue(hold_music="harp.wav"))


def test_a_client_without_a_file_has_the_music_of_the_house(library: MusicLibrary) -> None:
    firm = a_firm()
    assert library.source(firm) == "house"
    assert library.loop(firm, 8000) is house_music(8000)


def test_a_file_named_in_the_consignes_is_played_at_the_rate_of_the_call(library: MusicLibrary, own: Consignes) -> None:
    library.check(own)
    loop = library.loop(own, 8000)
    assert library.source(own) == "consignes"
    assert loop.size == 4 * 8000
    assert abs(int(np.median(loop)) - 500) < 5
    assert library.loop(own, 8000) is loop


def test_an_uploaded_file_wins_until_it_is_taken_away(tmp_path: Path, library: MusicLibrary, own: Consignes) -> None:
    before = library.loop(own, 16000)
    library.keep(own.id, wav_bytes(tmp_path, 5.0))
    assert library.source(own) == "uploaded"
    assert library.loop(own, 16000).size == 5 * 16000
    library.keep(own.id, wav_bytes(tmp_path, 6.0))
    assert library.loop(own, 16000).size == 6 * 16000
    library.remove(own.id)
    assert np.array_equal(library.loop(own, 16000), before)


@pytest.mark.parametrize("sent", [b"", b"RIFF but no more", "short", "long"])
def test_a_file_that_will_not_do_changes_nothing(tmp_path: Path, library: MusicLibrary, sent: bytes | str) -> None:
    firm = a_firm()
    library.keep(firm.id, wav_bytes(tmp_path, 5.0))
    with pytest.raises(AudioFileError):
        library.keep(firm.id, sent if isinstance(sent, bytes) else wav_bytes(tmp_path, 1.0 if sent == "short" else 601.0))
    assert library.loop(firm, 16000).size == 5 * 16000
    assert [file.name for file in (tmp_path / "uploads").iterdir()] == [f"{firm.id}.wav"]


def test_a_file_that_is_gone_stops_the_start_but_not_a_waiting_caller(
    tmp_path: Path, library: MusicLibrary, own: Consignes
) -> None:
    (tmp_path / "clients" / "harp.wav").unlink()
    with pytest.raises(AudioFileError, match=r"harp\.wav"):
        library.check(own)
    assert library.loop(own, 8000) is house_music(8000)
