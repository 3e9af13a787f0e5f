"""`voicebot users`, as an operator types it."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from accounts.refusals import SignInRefusedError
from accounts.service import Accounts
from accounts.users import User
from voicebot.cli.main import main
from voicebot.records.database import Database

Run = Callable[..., tuple[int, str, str]]
NEW = "another good password"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["voicebot", "users", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        status: object = 0
        try:
            main()
        except SystemExit as end:
            status = end.code
        return int(str(status or 0)), *capsys.readouterr()

    return run


def sign_in(login: str, password: str) -> User:
    """Sign in to what the commands left."""
    database = Database.open("sqlite:///var/permanence.db")
    try:
        return Accounts(database, clock=lambda: datetime.now(UTC)).sign_in(login, password, "", "x").user
    finally:
        database.close()


def printed_password(out: str) -> str:
    found = re.search(r"^password, shown this once: (\S+)$", out, re.MULTILINE)
    assert found is not None, out
    return found[1]


def listed(run: Run) -> list[dict[str, object]]:
    status, out, _ = run("list", "--json")
    assert status == 0
    return [json.loads(line) for line in out.splitlines()]


def test_a_user_is_added_with_a_password_that_is_printed_once_and_lets_in(run: Run) -> None:
    status, out, err = run(
        "add", "Marie", "--name", "Marie L.", "--role", "secretary", "--client", "cabinet-lilas", "--usual", "cabinet-lilas",
        "--speaks", "fr", "--speaks", "en", "--language", "en",
    )  # fmt: skip
    assert (status, err, out.splitlines()[0]) == (0, "", "marie: added")
    assert sign_in("marie", printed_password(out)).name == "Marie L."
    assert listed(run) == [
        {
            "login": "marie", "name": "Marie L.", "role": "secretary", "clients": ["cabinet-lilas"],
            "usual_for": ["cabinet-lilas"], "speaks": ["en", "fr"], "language": "en", "second_factor": False, "disabled": False,
        }
    ]  # fmt: skip


def test_who_is_usual_for_a_client_may_still_see_all(run: Run) -> None:
    run("add", "paul", "--name", "P", "--role", "secretary", "--usual", "cabinet-lilas")
    (user,) = listed(run)
    assert (user["clients"], user["usual_for"], user["speaks"]) == (None, ["cabinet-lilas"], ["fr"])


def test_a_password_from_standard_input_is_not_printed(run: Run) -> None:
    status, out, _ = run("add", "paul", "--name", "P", "--role", "supervisor", "--password-stdin", stdin=f"{NEW}\n".encode())
    assert (status, out) == (0, "paul: added\n")
    sign_in("paul", NEW)


def test_a_new_password_replaces_the_old_one(run: Run) -> None:
    _, out, _ = run("add", "paul", "--name", "P", "--role", "supervisor")
    old = printed_password(out)
    status, out, _ = run("passwd", "PAUL")
    assert status == 0
    sign_in("paul", printed_password(out))
    with pytest.raises(SignInRefusedError):
        sign_in("paul", old)
    assert run("passwd", "paul", "--password-stdin", "--drop-second-factor", stdin=NEW.encode())[1] == "paul: password changed\n"
    sign_in("paul", NEW)


def test_a_disabled_user_is_let_in_no_more_until_enabled(run: Run) -> None:
    run("add", "paul", "--name", "P", "--role", "supervisor", "--password-stdin", stdin=NEW.encode())
    assert run("disable", "paul")[:2] == (0, "paul: disabled\n")
    assert listed(run)[0]["disabled"]
    with pytest.raises(SignInRefusedError):
        sign_in("paul", NEW)
    run("enable", "paul")
    sign_in("paul", NEW)


def test_the_list_is_readable_too(run: Run) -> None:
    run("add", "paul", "--name", "Paul P.", "--role", "supervisor")
    status, out, _ = run("list")
    assert status == 0
    assert "paul" in out
    assert "tous" in out


ADD = ("add", "paul", "--name", "P", "--role")


@pytest.mark.parametrize(
    ("arguments", "stdin", "named"),
    [
        ((*ADD, "boss"), b"", "'boss', expected one of administrator"),
        ((*ADD, "client_admin"), b"", "expected at least one client"),
        ((*ADD, "administrator", "--client", "cabinet-lilas"), b"", "sees every client"),
        ((*ADD, "secretary", "--client", "nobody"), b"", "unknown client 'nobody', expected one of"),
        ((*ADD, "secretary", "--client", "cabinet-lilas", "--usual", "nobody"), b"", "unknown client 'nobody'"),
        ((*ADD, "secretary", "--speaks", "de"), b"", "--speaks 'de': expected fr or en"),
        ((*ADD, "secretary", "--language", "de"), b"", "--language 'de'"),
        ((*ADD, "secretary", "--password-stdin"), b"short\n", "expected 12 to 200 characters"),
        ((*ADD, "secretary", "--password-stdin"), b"", "expected 12 to 200 characters"),
        ((*ADD, "secretary", "--password-stdin"), b"\xff" * 20, "not UTF-8"),
        (("add", "no one", "--name", "P", "--role", "secretary"), b"", "login 'no one'"),
        (("add", "paul", "--name", " ", "--role", "secretary"), b"", "name ' '"),
        (("passwd", "nobody"), b"", "unknown user 'nobody'"),
        (("disable", "nobody"), b"", "unknown user 'nobody'"),
    ],
)
def test_bad_input_gets_one_sentence_and_leaves_nothing(run: Run, arguments: tuple[str, ...], stdin: bytes, named: str) -> None:
    status, out, err = run(*arguments, stdin=stdin)
    assert (status, out) == (2, "")
    assert named in err
    assert len(err.splitlines()) == 1
    assert listed(run) == []


def test_a_login_that_is_taken_is_named(run: Run) -> None:
    run(*ADD, "secretary")
    status, _, err = run("add", "PAUL", "--name", "Other", "--role", "secretary")
    assert status == 2
    assert "login 'paul' is taken" in err


def test_a_missing_option_is_wrong_usage(run: Run) -> None:
    assert run("add", "paul")[0] == 2
    assert run("nonsense")[0] == 2
