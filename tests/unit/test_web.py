"""What all pages share: their language, their texts, the headers and limits that protect them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from starlette.testclient import TestClient

from voicebot.core.errors import InputError
from voicebot.web.pages import LANGUAGE_COOKIE, Pages, language_of
from voicebot.web.security import BodyLimit, SecurityHeaders
from voicebot.web.texts import load_texts


def request(query: str = "", **headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "path": "/", "query_string": query.encode(), "headers": raw})


@pytest.mark.parametrize(
    ("asked", "chosen", "language"),
    [
        (request("lang=en", cookie=f"{LANGUAGE_COOKIE}=fr", accept_language="fr"), "fr", "en"),
        (request("lang=de", cookie=f"{LANGUAGE_COOKIE}=en"), "fr", "en"),
        (request(accept_language="fr-FR,en;q=0.8"), "en", "en"),
        (request(accept_language="de-DE, en-GB;q=0.8, fr;q=0.5"), None, "en"),
        (request(accept_language="de"), None, "fr"),
        (request(), None, "fr"),
    ],
)
def test_the_language_is_asked_for_then_remembered_then_chosen_then_accepted_then_french(
    asked: Request, chosen: str | None, language: str
) -> None:
    assert language_of(asked, "en" if chosen == "en" else "fr" if chosen == "fr" else None) == language


def folder(path: Path, fr: str, en: str) -> Path:
    for name, text in (("fr", fr), ("en", en)):
        (path / "texts").mkdir(exist_ok=True)
        (path / "texts" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return path / "texts"


def test_a_text_that_one_language_lacks_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'a\.b' exists in one language only"):
        load_texts(folder(tmp_path, 'a.b: "x"', ""))


def test_texts_that_are_no_mapping_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a mapping"):
        load_texts(folder(tmp_path, "- a", "- a"))


def test_what_a_page_is_given_is_never_markup(tmp_path: Path) -> None:
    folder(tmp_path, 'hello: "Bonjour {name}"', 'hello: "Hello {name}"')
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.html").write_text("<p>{{ t('hello', name=name) }}</p>", encoding="utf-8")
    page = Pages.of(tmp_path).render(request("lang=en"), "a.html", name="<script>")
    assert page.body == b"<p>Hello &lt;script&gt;</p>"
    assert LANGUAGE_COOKIE in page.headers["set-cookie"]


def application() -> TestClient:
    app = FastAPI()
    app.add_middleware(BodyLimit, max_bytes=100, larger={"/big": 1000})
    app.add_middleware(SecurityHeaders)

    @app.post("/{path:path}")
    async def count(request: Request) -> int:
        return len(await request.body())

    return TestClient(app)


def test_every_answer_forbids_framing_and_foreign_scripts() -> None:
    headers = application().post("/small").headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"


def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not() -> None:
    def unannounced() -> Iterator[bytes]:
        yield from (b"x" * 60 for _ in range(10))

    client = application()
    assert client.post("/small", content=b"x" * 100).json() == 100
    assert client.post("/small", content=b"x" * 101).status_code == 413
    assert client.post("/small", content=unannounced()).status_code == 413
    assert client.post("/big/one", content=b"x" * 900).json() == 900
    assert client.post("/big/one", content=b"x" * 1001).status_code == 413
