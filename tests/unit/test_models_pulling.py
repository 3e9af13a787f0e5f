from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from voicebot.core.errors import ModelError
from voicebot.models.hub import pull
from voicebot.models.manifest import Manifest, ModelEntry, ModelFile, Purpose
from voicebot.models.resolution import resolve
from voicebot.models.verifying import verify

COMMIT = "c" * 40
FILES = {"config.json": b"{}", "deep/er/model.bin": b"weights" * 1000}


@dataclass
class FakeHub:
    """What the hub answers, and what it was asked."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=lambda: dict(FILES))
    declared: dict[str, str] = field(default_factory=dict)
    """sha256 told instead of the true one, by path."""
    ranges: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    state = FakeHub()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self, *, body: bool) -> None:
            path = self.path.split("/resolve/", 1)[-1].split("/", 1)[-1].split("?")[0]
            content = state.files.get(path)
            if content is None:
                self.send_response(404)
                self.send_header("X-Error-Code", "EntryNotFound")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            asked = self.headers.get("Range")
            start = int(asked.removeprefix("bytes=").split("-")[0]) if asked and body else 0
            if asked and body:
                state.ranges.append(asked)
            self.send_response(206 if start else 200)
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("ETag", f'"{state.declared.get(path, hashlib.sha256(content).hexdigest())}"')
            self.send_header("Content-Length", str(len(content) - start))
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
            self.end_headers()
            if body:
                state.fetched.append(path)
                self.wfile.write(content[start:])

        def do_HEAD(self) -> None:
            self._answer(body=False)

        def do_GET(self) -> None:
            self._answer(body=True)

        def log_message(self, *args: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


def manifest(sha256: str | None = None) -> Manifest:
    entry = ModelEntry(
        name="some",
        purpose=Purpose.RECOGNITION,
        languages=("*",),
        origin="some/repo",
        revision="main",
        licence="MIT",
        size_mb=1,
        sample_rate_hz=16000,
        summary="For this test.",
        files=(ModelFile(path="config.json"), ModelFile(path="deep/er/model.bin", sha256=sha256)),
    )
    return Manifest(model={"some": entry})


def test_a_pulled_model_lies_flat_where_resolution_looks_and_verifies(hub: FakeHub, tmp_path: Path) -> None:
    folder = pull("some", data_dir=tmp_path, manifest=manifest(), endpoint=hub.url)
    assert folder == resolve("some", data_dir=tmp_path, manifest=manifest())
    assert (folder / "model.bin").read_bytes() == FILES["deep/er/model.bin"]
    assert verify("some", data_dir=tmp_path, manifest=manifest()) == ()


def test_a_file_changed_after_pulling_is_found(hub: FakeHub, tmp_path: Path) -> None:
    folder = pull("some", data_dir=tmp_path, manifest=manifest(), endpoint=hub.url)
    (folder / "model.bin").write_bytes(b"Weights" + FILES["deep/er/model.bin"][7:])
    assert ["model.bin" in problem for problem in verify("some", data_dir=tmp_path, manifest=manifest())] == [True]


@pytest.mark.parametrize("told_by", ["hub", "manifest"])
def test_a_damaged_file_is_not_installed_and_the_next_pull_starts_clean(hub: FakeHub, tmp_path: Path, told_by: str) -> None:
    truth = hashlib.sha256(FILES["deep/er/model.bin"]).hexdigest()
    hub.files["deep/er/model.bin"] = b"garbage" * 1000
    hub.declared = {"deep/er/model.bin": truth} if told_by == "hub" else {}
    asked = manifest(truth if told_by == "manifest" else None)
    with pytest.raises(ModelError, match="damaged"):
        pull("some", data_dir=tmp_path, manifest=asked, endpoint=hub.url)
    with pytest.raises(ModelError, match="not on this machine"):
        resolve("some", data_dir=tmp_path, manifest=asked)
    hub.files = dict(FILES)
    pull("some", data_dir=tmp_path, manifest=asked, endpoint=hub.url)
    assert verify("some", data_dir=tmp_path, manifest=asked) == ()


def test_an_interrupted_pull_does_not_fetch_again_what_it_has(hub: FakeHub, tmp_path: Path) -> None:
    del hub.files["deep/er/model.bin"]
    with pytest.raises(ModelError, match="has not all of some's files"):
        pull("some", data_dir=tmp_path, manifest=manifest(), endpoint=hub.url)
    hub.files = dict(FILES)
    pull("some", data_dir=tmp_path, manifest=manifest(), endpoint=hub.url)
    assert hub.fetched.count("config.json") == 1


def test_without_a_hub_one_sentence_says_where_the_files_belong(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        pull("some", data_dir=tmp_path, manifest=manifest(), endpoint="http://127.0.0.1:9")
    message = str(caught.value)
    assert "\n" not in message
    assert all(part in message for part in ("cannot be reached", "config.json", "some/repo", str(tmp_path / "some")))
