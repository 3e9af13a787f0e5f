"""The routes of the console: who may, what reaches the desk, how a refusal reads, live events, audio."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from accounts.access import COOKIE, CSRF_HEADER
from escalation.console import live_events
from escalation.console.routes import FOLDER, STATIC
from tests.e2e.browser import served
from tests.fakes.console import FakeConsoleDesk
from tests.fakes.console_app import ConsoleApp, console_app
from voicebot.core.errors import RecordsError, RefusalError
from voicebot.core.ids import UserId
from voicebot.records.database import Database
from voicebot.records.wrap_ups import Correction, WrapUp
from voicebot.web.pages import Pages

LILAS_TICKET, ROCHE_TICKET, CALLBACK = 1, 3, 20
A_NUMBER = "donnez le numéro avec l’indicatif, comme +33612345678, ou commençant par 0."
SHEET = {
    "person": "Monique Perin",
    "phone": "06 39 98 00 01",
    "reason": "Son mari.",
    "intent": "urgent",
    "outcome": "handled",
    "note": "Vu.",
}
ROUTES: Sequence[tuple[str, str, Any]] = (
    ("GET", "/desk", None),
    ("GET", "/desk/events", None),
    ("GET", f"/desk/tickets/{LILAS_TICKET}/file", None),
    ("POST", f"/desk/tickets/{LILAS_TICKET}/accept", {}),
    ("POST", f"/desk/tickets/{LILAS_TICKET}/refuse", {"why": "other"}),
    ("POST", f"/desk/tickets/{LILAS_TICKET}/hang-up", {}),
    ("POST", f"/desk/tickets/{LILAS_TICKET}/give-back", {}),
    ("POST", f"/desk/tickets/{LILAS_TICKET}/hold", {"on": True}),
    ("POST", f"/desk/tickets/{LILAS_TICKET}/transfer", {"number": "+33639980077"}),
    ("POST", f"/desk/tickets/{LILAS_TICKET}/note", {"text": "Rappeler à midi."}),
    ("POST", f"/desk/tickets/{LILAS_TICKET}/extend", {}),
    ("POST", f"/desk/tickets/{LILAS_TICKET}/wrap-up", SHEET),
    ("POST", f"/desk/tickets/{CALLBACK}/callback", {}),
    ("POST", f"/desk/tickets/{CALLBACK}/callback-result", {"reached": False}),
    ("POST", "/desk/status", {"status": "available"}),
    ("POST", "/desk/calls/call-1/hint", {"text": "Demandez l’étage."}),
)
SUPERVISOR_ROUTES: Sequence[tuple[str, str, Any]] = (
    ("GET", "/desk/supervisor", None),
    ("POST", f"/desk/tickets/{LILAS_TICKET}/move", {"to": 102}),
    ("POST", "/desk/secretaries/102/status", {"status": "offline"}),
)


@pytest.fixture
def desk() -> FakeConsoleDesk:
    return FakeConsoleDesk()


@pytest.fixture
def console(tmp_path: Path, desk: FakeConsoleDesk) -> Iterator[ConsoleApp]:
    database = Database.open(f"sqlite:///{tmp_path}/records.db", upgrade=True)
    yield console_app(database, desk)
    database.close()


def client_of(console: ConsoleApp, login: str | None, *, csrf: bool = True) -> TestClient:
    """Somebody's browser; None: nobody signed in."""
    client = TestClient(console.app, follow_redirects=False)
    if login is not None:
        client.cookies.set(COOKIE, console.signed_in[login].token)
        if csrf:
            client.headers[CSRF_HEADER] = console.signed_in[login].csrf
    return client


@pytest.fixture
def lea(console: ConsoleApp) -> TestClient:
    return client_of(console, "lea")


@pytest.mark.parametrize(("method", "path", "body"), [*ROUTES, *SUPERVISOR_ROUTES])
def test_every_route_asks_who_is_there(console: ConsoleApp, method: str, path: str, body: Any) -> None:
    answer = client_of(console, None).request(method, path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize(("method", "path", "body"), [*ROUTES, *SUPERVISOR_ROUTES])
def test_a_client_of_the_house_has_no_desk(console: ConsoleApp, method: str, path: str, body: Any) -> None:
    answer = client_of(console, "martin").request(method, path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


@pytest.mark.parametrize(("method", "path", "body"), SUPERVISOR_ROUTES)
def test_only_supervisors_supervise(console: ConsoleApp, lea: TestClient, method: str, path: str, body: Any) -> None:
    assert lea.request(method, path, json=body).status_code == 403
    assert client_of(console, "nathalie").request(method, path, json=body).status_code == 200


@pytest.mark.parametrize(
    ("path", "body"), [(path, body) for method, path, body in (*ROUTES, *SUPERVISOR_ROUTES) if method == "POST"]
)
def test_no_command_without_the_token_of_the_page(console: ConsoleApp, desk: FakeConsoleDesk, path: str, body: Any) -> None:
    assert client_of(console, "nathalie", csrf=False).post(path, json=body).status_code == 403
    assert client_of(console, "nathalie").post(path, json=body, headers={"origin": "http://evil.example"}).status_code == 403
    assert desk.done == []


def test_a_page_leads_to_the_sign_in_page_and_back(console: ConsoleApp) -> None:
    answer = client_of(console, None).get("/desk", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=%2Fdesk")


@pytest.mark.parametrize(
    ("path", "body", "done"),
    [
        ("tickets/1/accept", {}, ("accept", 1, False)),
        ("tickets/1/accept", {"spoken": True}, ("accept", 1, True)),
        ("tickets/1/accept", None, ("accept", 1, False)),
        ("tickets/1/refuse", {"why": "language"}, ("refuse", 1, "language")),
        ("tickets/1/hang-up", {}, ("hang_up", 1)),
        ("tickets/1/give-back", {}, ("give_back", 1)),
        ("tickets/1/hold", {"on": True}, ("hold", 1, True)),
        ("tickets/1/transfer", {"number": "06 39 98 00 77"}, ("transfer", 1, "+33639980077")),
        ("tickets/1/note", {"text": "  Rappeler. "}, ("note", 1, "Rappeler.")),
        ("tickets/1/extend", {}, ("extend_wrap_up", 1)),
        ("tickets/20/callback", {}, ("take_callback", 20)),
        ("tickets/20/callback-result", {"reached": True}, ("callback_result", 20, True)),
        ("tickets/1/move", {"to": 102}, ("move", 1, 102)),
        ("status", {"status": "break", "reason": "lunch"}, ("declare", "break", "lunch")),
        ("calls/call-bot/hint", {"text": "Il reste jeudi."}, ("hint", "call-bot", "Il reste jeudi.")),
        ("secretaries/102/status", {"status": "offline"}, ("force", 102, "offline")),
    ],
)
def test_a_command_reaches_the_desk_as_it_was_given(
    console: ConsoleApp, desk: FakeConsoleDesk, path: str, body: Any, done: tuple[Any, ...]
) -> None:
    assert client_of(console, "nathalie").post(f"/desk/{path}", json=body).json() == {"done": True}
    assert desk.done == [done]


def test_of_a_call_sheet_only_what_she_changed_is_a_correction(lea: TestClient, desk: FakeConsoleDesk) -> None:
    proposed = {"person": "Monique Perrin", "phone": "06 39 98 00 01", "reason": "Son mari. ", "intent": ""}
    answers = [{"was": "Nous sommes ouverts le dimanche.", "now": "Fermé le dimanche."}]
    assert lea.post(
        "/desk/tickets/1/wrap-up", json={**SHEET, "proposed": proposed, "answers": answers, "finish": True}
    ).is_success
    kept = WrapUp(
        person="Monique Perin", phone="+33639980001", reason="Son mari.", intent="urgent", outcome="handled", note="Vu.",
        corrections=(
            Correction(field="person", was="Monique Perrin", now="Monique Perin"),
            Correction(field="intent", was=None, now="urgent"),
            Correction(field="answer", was="Nous sommes ouverts le dimanche.", now="Fermé le dimanche."),
        ),
    )  # fmt: skip
    assert desk.done == [("save_wrap_up", 1, kept, True)]


def test_what_belongs_to_another_client_is_not_there(console: ConsoleApp, desk: FakeConsoleDesk) -> None:
    anne = client_of(console, "anne")
    answer = anne.get(f"/desk/tickets/{ROCHE_TICKET}/file")
    assert (answer.status_code, answer.json()) == (404, {"code": "not_found", "message": "Cet appel n’existe pas."})
    assert anne.get("/desk/tickets/999/file").json() == answer.json()
    assert anne.post(f"/desk/tickets/{ROCHE_TICKET}/accept", json={}).status_code == 404
    assert anne.post("/desk/calls/call-3/hint", json={"text": "Bonjour"}).status_code == 404
    assert anne.get(f"/desk/tickets/{LILAS_TICKET}/file").json()["greeting"].startswith("Le cabinet médical des Lilas")
    assert desk.done == []


def test_who_was_too_late_is_told_who_won(console: ConsoleApp, lea: TestClient, desk: FakeConsoleDesk) -> None:
    desk.refusal = RefusalError("taken", why="taken", winner=UserId(101), winner_name="Amina Berrada")
    answer = lea.post("/desk/tickets/1/accept", json={})
    assert answer.status_code == 409
    assert answer.json() == {"code": "taken", "message": "Amina Berrada a déjà pris cet appel.", "winner": "Amina Berrada"}
    english = client_of(console, "nathalie").post("/desk/tickets/1/accept", json={}).json()
    assert english["message"] == "Amina Berrada has already taken this call."


@pytest.mark.parametrize(
    "why",
    ["taken", "gone", "busy", "not_able", "not_available", "wrong_state", "unknown", "no_call", "no_line_out",
     "number_not_listed", "transfer_failed"],
)  # fmt: skip
def test_every_refusal_is_a_sentence_in_the_readers_language(console: ConsoleApp, desk: FakeConsoleDesk, why: str) -> None:
    desk.refusal = RefusalError("internal wording", why=why)
    said = {
        login: client_of(console, login).post("/desk/tickets/1/accept", json={}).json()["message"]
        for login in ("lea", "nathalie")
    }
    assert said["lea"] != said["nathalie"]
    assert all(re.fullmatch(r"\w[^{}]+[.]", text) for text in said.values())


def test_a_database_that_refuses_is_an_answer_too(lea: TestClient, desk: FakeConsoleDesk) -> None:
    async def refuses(*_: object) -> None:
        raise RecordsError("disk /srv/records is full")

    desk.note = refuses  # type: ignore[method-assign, assignment]
    answer = lea.post("/desk/tickets/1/note", json={"text": "x"})
    assert (answer.status_code, answer.json()["code"]) == (503, "records")
    assert "disk" not in answer.text


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("tickets/1/refuse", {"why": "tired"}, "Raison : cette valeur n’est pas proposée."),
        ("tickets/1/refuse", {}, "Raison : ce champ est obligatoire."),
        ("tickets/1/note", {"text": "   "}, "Texte : ce champ est obligatoire."),
        ("calls/call-bot/hint", {"text": "a" * 301}, "Texte : 300 caractères au plus."),
        ("tickets/1/transfer", {"number": "le portable"}, "Numéro : " + A_NUMBER),
        ("tickets/1/hold", {"on": "perhaps"}, "Mise en attente : valeur incorrecte."),
        ("status", {"status": "asleep"}, "Statut : cette valeur n’est pas proposée."),
        ("tickets/1/wrap-up", {**SHEET, "phone": "12"}, "Téléphone : " + A_NUMBER),
        ("tickets/one/accept", {}, "Demande : valeur incorrecte."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_request_is_one_sentence(
    lea: TestClient, desk: FakeConsoleDesk, path: str, body: Any, sentence: str
) -> None:
    answer = lea.post(f"/desk/{path}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["message"].replace("\u00a0", " ") == sentence
    assert desk.done == []


@pytest.fixture
def address(console: ConsoleApp) -> Iterator[str]:
    """The console on a real server: a stream without end needs one."""
    with served(console.app) as address:
        yield address


def streamed(address: str, console: ConsoleApp, login: str) -> Any:
    """The live events of somebody, being read."""
    cookies = {COOKIE: console.signed_in[login].token}
    return httpx.stream("GET", f"{address}/desk/events", cookies=cookies, timeout=20.0)


def read_event(lines: Iterator[str]) -> tuple[str, Any]:
    """The next event: kind and data."""
    kind = next(line for line in lines if line.startswith("event: ")).removeprefix("event: ")
    return kind, json.loads(next(line for line in lines if line.startswith("data: ")).removeprefix("data: "))


def test_live_events_begin_with_everything_then_tell_what_changes(
    address: str, console: ConsoleApp, desk: FakeConsoleDesk
) -> None:
    with streamed(address, console, "anne") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.iter_lines()
        kind, snapshot = read_event(lines)
        assert (kind, {ticket["client"] for ticket in snapshot["tickets"]}) == ("snapshot", {"cabinet-lilas"})
        desk.offer(LILAS_TICKET, snapshot["me"]["id"])
        kind, offered = read_event(lines)
        assert (kind, offered["id"], offered["offered_to_me"]) == ("ticket", LILAS_TICKET, True)


def test_a_console_that_is_closed_is_no_longer_told(address: str, console: ConsoleApp, desk: FakeConsoleDesk) -> None:
    with streamed(address, console, "lea") as stream:
        lines = stream.iter_lines()  # whoever drops it closes the stream
        read_event(lines)
        assert desk.consoles == 1
    assert desk.noticed_that_nobody_looks(20.0)


def test_live_events_end_when_the_desk_stops(address: str, console: ConsoleApp, desk: FakeConsoleDesk) -> None:
    with streamed(address, console, "lea") as stream:
        lines = stream.iter_lines()
        read_event(lines)
        desk.close()
        assert list(lines)[-1:] in ([], [""])


def test_live_events_end_with_the_session(
    address: str, console: ConsoleApp, desk: FakeConsoleDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_events, "CHECK_S", 0.01)
    with streamed(address, console, "lea") as stream:
        lines = stream.iter_lines()
        read_event(lines)
        console.sign_out("lea")
        assert list(lines)[-1:] in ([], [""])


def test_a_stream_without_news_shows_that_it_lives(address: str, console: ConsoleApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_events, "QUIET_S", 0.01)
    with streamed(address, console, "lea") as stream:
        lines = stream.iter_lines()
        read_event(lines)
        assert [line for line in (next(lines) for _ in range(8)) if line.startswith(":")]


@pytest.mark.parametrize("path", ["/desk/audio?ticket=1", "/desk/listen?call=call-1"])
@pytest.mark.parametrize(
    ("login", "origin", "code"), [(None, None, 4401), ("martin", None, 4403), ("lea", "http://evil.example", 4403)]
)
def test_audio_is_for_those_at_the_desk_and_for_our_own_pages(
    console: ConsoleApp, desk: FakeConsoleDesk, path: str, login: str | None, origin: str | None, code: int
) -> None:
    headers = {} if origin is None else {"origin": origin}
    with pytest.raises(WebSocketDisconnect) as closed, client_of(console, login).websocket_connect(path, headers=headers):
        pass
    assert closed.value.code == code
    assert desk.legs == []
    assert desk.listeners == []


@pytest.mark.parametrize(
    ("path", "code", "message"),
    [
        (f"/desk/audio?ticket={ROCHE_TICKET}", 4404, "Cet appel n’existe pas."),
        (f"/desk/audio?ticket={LILAS_TICKET}", 4409, "Ce n’est plus possible à ce stade de l’appel."),
        ("/desk/listen?call=call-3", 4404, "Cet appel n’existe pas."),
    ],
)
def test_audio_that_is_refused_says_why(console: ConsoleApp, path: str, code: int, message: str) -> None:
    with client_of(console, "anne").websocket_connect(path) as socket:
        assert socket.receive_json() == {"type": "refused", "message": message}
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
    assert closed.value.code == code


def test_a_leg_carries_audio_and_tells_its_phases(lea: TestClient, desk: FakeConsoleDesk) -> None:
    lea.post("/desk/tickets/1/accept", json={})
    with lea.websocket_connect("/desk/audio?ticket=1") as socket:
        assert socket.receive_json() == {"type": "phase", "phase": "briefing"}
        assert len(socket.receive_bytes()) == 640
        socket.send_bytes(bytes(640))
        assert phases(socket, 1) == ["talking"]
        lea.post("/desk/tickets/1/hold", json={"on": True})
        assert phases(socket, 1) == ["hold"]
        lea.post("/desk/tickets/1/hang-up", json={})
        assert phases(socket, 1) == ["ended"]
        assert socket.receive()["code"] == 1000
    assert desk.legs[0].closed


def test_ready_ends_the_briefing_and_nothing_else_is_understood(lea: TestClient, desk: FakeConsoleDesk) -> None:
    lea.post("/desk/tickets/1/accept", json={"spoken": True})
    with lea.websocket_connect("/desk/audio?ticket=1") as socket:
        socket.send_bytes(bytes(640))
        for text in ("ready", "[]", '{"type": "hang_up"}', '{"type": '):
            socket.send_text(text)
        socket.receive_json()
        assert not desk.legs[0].briefed
        socket.send_json({"type": "ready"})
        heard = 0
        while (message := socket.receive()).get("text") is None:
            heard += 1
        assert json.loads(message["text"])["phase"] == "talking"
        assert heard < 400  # of 500 frames


def test_a_leg_is_closed_when_the_browser_goes(lea: TestClient, desk: FakeConsoleDesk) -> None:
    lea.post("/desk/tickets/1/accept", json={})
    with lea.websocket_connect("/desk/audio?ticket=1") as socket:
        socket.receive_json()
    assert desk.legs[0].closed


def test_a_message_too_long_closes_the_leg(lea: TestClient) -> None:
    lea.post("/desk/tickets/1/accept", json={})
    with lea.websocket_connect("/desk/audio?ticket=1") as socket:
        socket.send_bytes(bytes(70_000))
        with pytest.raises(WebSocketDisconnect) as closed:
            phases(socket, 2)
    assert closed.value.code == 1009


def test_who_listens_in_hears_the_call_to_its_end(lea: TestClient, desk: FakeConsoleDesk) -> None:
    with lea.websocket_connect("/desk/listen?call=call-bot") as socket:
        socket.send_bytes(bytes(640))  # nobody is heard who only listens
        assert [len(socket.receive_bytes()) for _ in range(3)] == [640] * 3
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_bytes()
    assert closed.value.code == 1000
    assert desk.listeners[0].closed


def phases(socket: Any, count: int) -> list[str]:
    """The next phases, whatever audio comes between."""
    found: list[str] = []
    while len(found) < count:
        message = socket.receive()
        if message["type"] == "websocket.close":
            raise WebSocketDisconnect(message["code"])
        if message.get("text"):
            found.append(json.loads(message["text"])["phase"])
    return found


def test_the_words_for_scripts_cannot_end_their_block(console: ConsoleApp) -> None:
    page = client_of(console, "lea").get("/desk").text
    block = re.search(r'<script type="application/json" id="texts">(.*?)</script>', page, re.DOTALL)
    assert block is not None
    assert "<" not in block[1]
    assert json.loads(unescape(block[1]))["desk.do.accept"] == "Prendre"


def test_pages_run_no_script_and_no_style_of_their_own(console: ConsoleApp) -> None:
    for path in ("/desk", "/desk/supervisor"):
        answer = client_of(console, "nathalie").get(path)
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert re.findall(r"<script(?![^>]*(?:src=|application/json))|<style|\son\w+=|\sstyle=", answer.text) == []


def test_every_text_that_a_script_asks_for_exists() -> None:
    words = Pages.of(FOLDER).texts("fr")
    scripts = "".join(path.read_text(encoding="utf-8") for path in STATIC.glob("*.js"))
    asked = set(re.findall(r'\bt\(\s*"([\w.]+)"', scripts))
    assert len(asked) > 50
    assert asked - words.keys() == set()
