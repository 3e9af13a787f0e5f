from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pyotp
import pytest
from fastapi import APIRouter, Depends, FastAPI, WebSocket
from httpx2 import Response
from starlette.requests import Request
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from accounts.access import COOKIE, Access
from accounts.refusals import NotFoundError, OverrunError
from accounts.service import Accounts
from accounts.sessions import IDLE
from accounts.users import Role, User
from tests.fakes.accounts import PASSWORD, StoppedClock, accounts_application, open_accounts
from tests.fakes.stored import FIRM_ID, register_firm
from voicebot.core.ids import ClientId
from voicebot.records.database import Database

HERE = "http://testserver"
ELSEWHERE = {"origin": "http://evil.example"}
PAGE = {"accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(f"sqlite:///{tmp_path}/records.db", upgrade=True)
    register_firm(opened)
    register_firm(opened, ClientId("other"), "+33199001002")
    yield opened
    opened.close()


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def accounts(database: Database, clock: StoppedClock) -> Accounts:
    accounts = open_accounts(database, clock)
    accounts.add_user(login="marie", name="Marie <L.>", role=Role.SECRETARY, password=PASSWORD, clients=frozenset({FIRM_ID}))
    accounts.add_user(login="chef", name="Chef", role=Role.SUPERVISOR, password=PASSWORD)
    accounts.add_user(
        login="reader", name="R", role=Role.CLIENT_READER, password=PASSWORD, clients=frozenset({FIRM_ID}), language="en"
    )
    return accounts


def guarded_routes(access: Access) -> APIRouter:
    """What another package hangs on the guard."""
    router = APIRouter(prefix="/desk")

    @router.get("", dependencies=[Depends(access.requires(Role.SECRETARY, Role.SUPERVISOR))])
    async def desk(request: Request) -> str:
        return (await access.user(request)).login

    @router.get("/supervisor", dependencies=[Depends(access.requires(Role.SUPERVISOR))])
    async def supervisor() -> str:
        return "supervisor"

    @router.post("/act", dependencies=[Depends(access.requires())])
    async def act(request: Request) -> str:
        return "acted"

    @router.get("/clients/{client}", dependencies=[Depends(access.requires())])
    async def of_client(request: Request, client: str) -> str:
        if not (await access.user(request)).sees(ClientId(client)):
            raise NotFoundError
        return client

    guard = Depends(access.requires(Role.SECRETARY))

    @router.websocket("/audio", dependencies=[guard])
    async def audio(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text((await access.user(websocket)).login)
        await websocket.close()

    return router


def application(accounts: Accounts, *, trusted_proxy: bool = False) -> FastAPI:
    app, access = accounts_application(accounts, trusted_proxy=trusted_proxy)
    app.include_router(guarded_routes(access))
    return app


@pytest.fixture
def browser(accounts: Accounts) -> Iterator[TestClient]:
    with TestClient(application(accounts), follow_redirects=False) as client:
        yield client


def sign_in(browser: TestClient, login: str = "marie", password: str = PASSWORD, **fields: str) -> Response:
    return browser.post("/login", data={"login": login, "password": password, **fields})


def hold(browser: TestClient, token: str) -> None:
    """Put a session into the browser."""
    browser.cookies.clear()
    browser.cookies.set(COOKIE, token, domain="testserver.local")


def csrf(browser: TestClient) -> str:
    found = re.search(r'<meta name="csrf" content="([^"]+)">', browser.get("/account").text)
    assert found is not None
    return found[1]


def submit(browser: TestClient, address: str, **fields: str) -> Response:
    """Send a form of the account page."""
    return browser.post(address, data={"csrf": csrf(browser), **fields})


def test_a_right_sign_in_leads_to_the_desk_and_sets_a_cookie_that_scripts_cannot_read(browser: TestClient) -> None:
    answer = sign_in(browser)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert {part.strip().lower() for part in cookie.split(";")[1:]} == {"httponly", "samesite=lax", "path=/"}
    assert browser.get("/desk").json() == "marie"


def test_clients_are_led_to_their_account(browser: TestClient) -> None:
    assert sign_in(browser, "reader").headers["location"] == "/account"


def test_the_cookie_is_secure_over_https(accounts: Accounts) -> None:
    with TestClient(application(accounts), base_url="https://testserver", follow_redirects=False) as browser:
        assert "secure" in sign_in(browser).headers["set-cookie"].lower()


@pytest.mark.parametrize("trusted", [True, False])
def test_what_a_proxy_says_counts_only_when_it_is_trusted(accounts: Accounts, trusted: bool) -> None:
    with TestClient(application(accounts, trusted_proxy=trusted), follow_redirects=False) as browser:
        forwarded = {"x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.9, 192.0.2.1"}
        answer = browser.post("/login", data={"login": "marie", "password": PASSWORD}, headers=forwarded)
        assert ("secure" in answer.headers["set-cookie"].lower()) is trusted
        statuses = [
            browser.post(
                "/login",
                data={"login": f"guess{number}", "password": "wrong"},
                headers={"x-forwarded-for": f"198.51.100.1, 192.0.2.{number}"},
            ).status_code
            for number in range(6)
        ]
        assert (429 in statuses) is not trusted


def test_a_wrong_sign_in_says_one_sentence_that_the_fields_are_tied_to(browser: TestClient) -> None:
    known, unknown = sign_in(browser, password="wrong"), sign_in(browser, "nobody", "wrong")
    assert (known.status_code, unknown.status_code) == (401, 401)
    assert known.text.replace("marie", "X") == unknown.text.replace("nobody", "X")
    page = unescape(known.text)
    assert "L'identifiant, le mot de passe ou le code est incorrect." in page
    assert page.count('aria-describedby="refusal') == 3
    assert "wrong" not in page
    assert "set-cookie" not in known.headers


def test_the_fifth_failure_is_told_to_wait(browser: TestClient) -> None:
    answers = [sign_in(browser, password="wrong") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 401, 429]
    assert "Réessayez dans 15 minutes" in answers[-1].text
    assert sign_in(browser).status_code == 429


def test_a_page_asked_for_before_signing_in_is_found_again(browser: TestClient) -> None:
    answer = browser.get("/desk/supervisor?view=waits", headers=PAGE)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Fdesk%2Fsupervisor%3Fview%3Dwaits"
    page = browser.get(answer.headers["location"]).text
    assert '<input type="hidden" name="next" value="/desk/supervisor?view=waits">' in page
    assert sign_in(browser, "chef", next="/desk/supervisor?view=waits").headers["location"] == "/desk/supervisor?view=waits"
    assert browser.get("/login?next=/account").headers["location"] == "/account"


@pytest.mark.parametrize("next_page", ["http://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(browser: TestClient, next_page: str) -> None:
    assert "evil" not in browser.get("/login", params={"next": next_page}).text
    assert sign_in(browser, next=next_page).headers["location"] == "/desk"
    assert browser.get("/login", params={"next": next_page}).headers["location"] == "/desk"


def test_a_script_without_session_gets_401_in_json(browser: TestClient) -> None:
    answer = browser.post("/desk/act")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert browser.get("/desk", headers={"accept": "text/event-stream"}).status_code == 401


@pytest.mark.parametrize("token", ["x", "", "é" * 50, "a" * 5000, '"quoted"'])
def test_an_invented_session_is_none(browser: TestClient, token: str) -> None:
    answer = browser.get("/desk", headers={b"cookie": f"{COOKIE}={token}".encode("latin-1")})
    assert answer.status_code == 401


def test_a_session_is_another_one_after_every_sign_in_and_the_old_one_ends(browser: TestClient) -> None:
    hold(browser, "planted-by-somebody")
    sign_in(browser)
    first = browser.cookies[COOKIE]
    assert first != "planted-by-somebody"
    sign_in(browser, "chef")
    assert browser.cookies[COOKIE] != first
    hold(browser, first)
    assert browser.get("/desk").status_code == 401


def test_signing_out_ends_the_session_itself(browser: TestClient) -> None:
    sign_in(browser)
    token = browser.cookies[COOKIE]
    answer = submit(browser, "/logout")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert COOKIE not in browser.cookies
    hold(browser, token)
    assert browser.get("/desk").status_code == 401


def test_an_idle_session_ends_and_a_disabled_user_is_out_at_once(
    browser: TestClient, accounts: Accounts, clock: StoppedClock
) -> None:
    sign_in(browser)
    assert browser.get("/desk").status_code == 200
    accounts.set_disabled(accounts.user_named("marie"), disabled=True)
    assert browser.get("/desk").status_code == 401
    sign_in(browser, "chef")
    clock.pass_(IDLE)
    assert browser.get("/desk").status_code == 401


def test_requests_in_a_row_ask_the_database_once(
    browser: TestClient, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(browser)
    assert browser.get("/desk").status_code == 200
    monkeypatch.setattr(accounts, "session_of_token", None)
    assert browser.get("/desk").status_code == 200


@pytest.mark.parametrize(
    ("headers", "fields", "status"),
    [
        ({}, {}, 403),
        ({"x-csrf-token": "invented"}, {}, 403),
        ({"x-csrf-token": "é"}, {}, 403),
        ({}, {"csrf": "invented"}, 403),
        ({"x-csrf-token": "TOKEN"}, {}, 200),
        ({}, {"csrf": "TOKEN"}, 200),
        ({"x-csrf-token": "TOKEN", "origin": HERE}, {}, 200),
        ({"x-csrf-token": "TOKEN", **ELSEWHERE}, {}, 403),
        ({"x-csrf-token": "TOKEN", "origin": "null"}, {}, 403),
    ],
)
def test_what_changes_something_needs_the_token_of_the_session_and_our_own_origin(
    browser: TestClient, headers: dict[str, str], fields: dict[str, str], status: int
) -> None:
    sign_in(browser)
    token = csrf(browser)
    sent = {name: value.replace("TOKEN", token).encode("latin-1") for name, value in headers.items()}
    answer = browser.post("/desk/act", headers=sent, data={name: value.replace("TOKEN", token) for name, value in fields.items()})  # type: ignore[arg-type]
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "forged_request"


def test_the_token_of_another_session_is_refused(browser: TestClient, accounts: Accounts) -> None:
    other = accounts.sign_in("chef", PASSWORD, "", "x").csrf
    sign_in(browser)
    assert browser.post("/desk/act", headers={"x-csrf-token": other}).status_code == 403


@pytest.mark.parametrize("address", ["/logout", "/account/language", "/account/password", "/account/second-factor"])
def test_every_form_of_ours_needs_the_token(browser: TestClient, address: str) -> None:
    sign_in(browser)
    fields = {"language": "en", "current": PASSWORD, "password": "another good password", "again": "another good password"}
    assert browser.post(address, data=fields).status_code == 403
    assert browser.get("/desk").status_code == 200


def test_nobody_is_signed_in_from_another_site(browser: TestClient) -> None:
    answer = browser.post("/login", data={"login": "marie", "password": PASSWORD}, headers=ELSEWHERE)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_a_role_that_may_not_is_refused(browser: TestClient) -> None:
    sign_in(browser)
    answer = browser.get("/desk/supervisor")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    page = browser.get("/desk/supervisor", headers=PAGE)
    assert page.status_code == 403
    assert "Votre rôle ne permet pas" in page.text
    sign_in(browser, "reader")
    assert browser.get("/desk").status_code == 403


@pytest.mark.parametrize("login", ["marie", "reader"])
def test_what_belongs_to_another_client_is_answered_like_what_does_not_exist(browser: TestClient, login: str) -> None:
    sign_in(browser, login)
    own, other, invented = (browser.get(f"/desk/clients/{client}") for client in (FIRM_ID, "other", "invented"))
    assert own.status_code == 200
    assert (other.status_code, other.json()) == (404, invented.json())


def _closed(browser: TestClient, headers: dict[str, str]) -> int:
    with pytest.raises(WebSocketDisconnect) as closed, browser.websocket_connect("/desk/audio", headers=headers):
        pass
    return closed.value.code


def test_a_websocket_needs_a_session_a_role_and_our_own_origin(browser: TestClient) -> None:
    assert _closed(browser, {}) == 4401
    sign_in(browser, "chef")
    assert _closed(browser, {"origin": HERE}) == 4403
    sign_in(browser)
    assert _closed(browser, ELSEWHERE) == 4403
    with browser.websocket_connect("/desk/audio", headers={"origin": HERE}) as socket:
        assert socket.receive_text() == "marie"


def test_the_account_page_shows_who_it_is_and_escapes_it(browser: TestClient) -> None:
    sign_in(browser)
    page = browser.get("/account").text
    assert "Marie &lt;L.&gt;" in page
    assert "Secrétaire" in page
    assert FIRM_ID in page


def test_a_password_changed_here_signs_out_there_and_keeps_here(browser: TestClient, accounts: Accounts) -> None:
    elsewhere = accounts.sign_in("marie", PASSWORD, "", "x").token
    sign_in(browser)
    before = browser.cookies[COOKIE]
    new = "another good password"
    answer = submit(browser, "/account/password", current=PASSWORD, password=new, again=new)
    assert answer.headers["location"] == "/account?done=password"
    assert browser.cookies[COOKIE] != before
    assert "Mot de passe changé" in browser.get("/account?done=password").text
    assert accounts.user_of_token(elsewhere) is None
    assert accounts.user_of_token(before) is None


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"current": "wrong"}, "current", "Le mot de passe est incorrect."),
        ({"password": "short", "again": "short"}, "password", "Ce mot de passe est trop court."),
        ({"again": "another"}, "again", "Les deux nouveaux mots de passe ne sont pas identiques."),
    ],
)
def test_a_mistake_is_told_at_its_field(browser: TestClient, fields: dict[str, str], field: str, sentence: str) -> None:
    sign_in(browser)
    good = {"current": PASSWORD, "password": "another good password", "again": "another good password"}
    answer = submit(browser, "/account/password", **{**good, **fields})
    assert answer.status_code == 422
    assert f'<p class="error" id="{field}-error">{sentence}</p>' in answer.text
    entered = re.search(rf'<input id="{field}"[^>]*>', answer.text)
    assert entered is not None
    assert 'aria-invalid="true"' in entered[0]
    assert re.search(rf'aria-describedby="[^"]*\b{field}-error"', entered[0])


def test_the_second_factor_is_enrolled_asked_for_and_removed(browser: TestClient, clock: StoppedClock) -> None:
    sign_in(browser)
    submit(browser, "/account/second-factor")
    page = browser.get("/account").text
    assert 'src="data:image/svg+xml' in page
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert secret is not None
    app = pyotp.TOTP(secret[1].replace(" ", ""))
    assert submit(browser, "/account/second-factor/confirm", code="000000").status_code == 422
    used = app.at(clock())
    answer = submit(browser, "/account/second-factor/confirm", code=used)
    assert answer.headers["location"] == "/account?done=second_factor_on"
    assert "<code>" not in browser.get("/account").text
    assert sign_in(browser).status_code == 401
    assert sign_in(browser, code=used).status_code == 401
    clock.pass_(timedelta(seconds=30))
    assert sign_in(browser, code=app.at(clock())).status_code == 303
    assert submit(browser, "/account/second-factor/remove", password="wrong").status_code == 422
    assert submit(browser, "/account/second-factor/remove", password=PASSWORD).status_code == 303
    assert sign_in(browser).status_code == 303


def test_pages_come_in_the_language_asked_for_then_chosen(browser: TestClient) -> None:
    assert "Mot de passe" in browser.get("/login").text
    assert '<html lang="en">' in browser.get("/login?lang=en&next=/desk").text
    assert 'href="/login?next=%2Fdesk&amp;lang=fr"' in browser.get("/login?next=/desk").text.replace("&lang", "&amp;lang")
    browser.cookies.clear()
    sign_in(browser, "reader")
    assert "My account" in browser.get("/account").text
    submit(browser, "/account/language", language="fr")
    assert "Mon compte" in browser.get("/account").text


def test_every_input_has_a_label_and_nothing_is_inline(browser: TestClient) -> None:
    pages = [browser.get("/login").text]
    sign_in(browser)
    pages.append(browser.get("/account").text)
    submit(browser, "/account/second-factor")
    pages.append(browser.get("/account").text)
    for page in pages:
        labels = set(re.findall(r'<label for="([^"]+)"', page))
        shown = re.findall(r'<(?:input|select) (?!type="hidden"|class="visually-hidden")[^>]*>', page)
        assert {re.findall(r'id="([^"]+)"', tag)[0] for tag in shown} == labels
        assert not re.search(r"<script|<style|style=| on[a-z]+=", page)


def test_answers_are_kept_by_no_cache(browser: TestClient) -> None:
    sign_in(browser)
    assert browser.get("/account").headers["cache-control"] == "no-store"


def test_too_many_at_once_are_asked_to_come_back(browser: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.hashing_queue.HashingQueue.run", _overrun)
    answer = sign_in(browser)
    assert answer.status_code == 503
    assert "Trop de connexions en même temps" in answer.text


async def _overrun(*_: object) -> User:
    raise OverrunError
