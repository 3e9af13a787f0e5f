"""Small parts of the server: who is local, whose call a token opens, what a log line may say, who may ring."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from starlette.requests import HTTPConnection

from accounts.refusals import NotSignedInError
from accounts.users import User
from voicebot.bootstrap.app import PhoneGuard
from voicebot.bootstrap.logs import only_classified
from voicebot.bootstrap.resume_tokens import ResumeTokens
from voicebot.bootstrap.visitors import is_local
from voicebot.config import PhoneAccess
from voicebot.core.ids import CallId


def visit(host: str = "127.0.0.1", kind: str = "http", **headers: str) -> HTTPConnection:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return HTTPConnection({"type": kind, "client": (host, 5000), "headers": raw, "path": "/", "query_string": b""})


async def nobody(connection: HTTPConnection) -> User:
    """No visitor is signed in."""
    raise NotSignedInError


@pytest.mark.parametrize(
    ("host", "local"), [("127.0.0.1", True), ("127.0.0.9", True), ("::1", True), ("192.0.2.7", False), ("", False)]
)
def test_only_loopback_addresses_are_local(host: str, local: bool) -> None:
    assert is_local(visit(host)) is local


@pytest.mark.parametrize("header", ["x_forwarded_for", "forwarded", "x_real_ip"])
def test_what_a_proxy_passes_on_is_not_local(header: str) -> None:
    assert not is_local(visit("127.0.0.1", **{header: "192.0.2.7"}))


def test_a_token_opens_its_call_alone_also_to_the_next_process(tmp_path: Path) -> None:
    token = ResumeTokens.of(tmp_path).token(CallId("abc"))
    again = ResumeTokens.of(tmp_path)
    assert again.call(token) == "abc"
    assert again.call(token.replace("abc", "abd")) is None
    assert again.call("abc") is None
    assert again.call("") is None


def test_the_servers_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    ResumeTokens.of(tmp_path)
    assert (tmp_path / "server.key").stat().st_mode & 0o077 == 0


def test_another_server_does_not_open_it(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    assert ResumeTokens.of(tmp_path / "other").call(ResumeTokens.of(tmp_path).token(CallId("abc"))) is None


def test_a_log_line_says_nothing_under_a_key_that_is_not_known_to_be_safe() -> None:
    line = only_classified(
        None, "info", {"event": "x", "level": "info", "code": "records", "caller": "+33639980001", "new_key": "Jean"}
    )
    assert line == {"event": "x", "level": "info", "code": "records", "caller": "[withheld]", "new_key": "[withheld]"}


@pytest.mark.parametrize(
    ("phone", "host", "calls", "chooses"),
    [
        ("local", "127.0.0.1", True, True),
        ("local", "192.0.2.7", False, False),
        ("open", "127.0.0.1", True, True),
        ("open", "192.0.2.7", True, False),
        ("users", "127.0.0.1", False, False),
        ("off", "127.0.0.1", False, False),
    ],
)
def test_who_is_not_signed_in_rings_only_where_the_setting_says_so(
    phone: PhoneAccess, host: str, calls: bool, chooses: bool
) -> None:
    guard = PhoneGuard(phone, nobody)
    use = asyncio.run(guard.allowed(visit(host, kind="websocket")))
    assert (use.may_call, use.may_choose_caller, use.sees_lines) == (calls, chooses, chooses)


def test_a_page_that_needs_somebody_signed_in_leads_to_the_sign_in() -> None:
    guard = PhoneGuard("users", nobody)
    with pytest.raises(NotSignedInError):
        asyncio.run(guard.allowed(visit()))
