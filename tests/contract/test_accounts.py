from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import text

from accounts.passwords import Passwords
from accounts.refusals import LockedOutError, SignInRefusedError
from accounts.service import BOTH, Accounts
from accounts.sessions import IDLE, REMEMBERED
from accounts.users import Role, User
from tests.fakes.accounts import PASSWORD, QUICK, StoppedClock, open_accounts
from tests.fakes.stored import FIRM_ID, register_firm
from voicebot.core.errors import InputError, RecordsError
from voicebot.core.ids import ClientId
from voicebot.records.credentials import set_password
from voicebot.records.database import Database

HOME = "192.0.2.1"
SECOND = timedelta(seconds=1)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def accounts(database: Database, clock: StoppedClock) -> Accounts:
    return open_accounts(database, clock)


@pytest.fixture
def marie(accounts: Accounts) -> User:
    return accounts.add_user(login="Marie", name="Marie L.", role=Role.SECRETARY, password=PASSWORD)


def refused(accounts: Accounts, login: str = "marie", password: str = "wrong", code: str = "", address: str = HOME) -> str:
    """What somebody is told whose sign-in is refused."""
    with pytest.raises(SignInRefusedError) as refusal:
        accounts.sign_in(login, password, code, address)
    return f"{refusal.value.code}: {refusal.value}"


def signs_in(accounts: Accounts, address: str = HOME, login: str = "marie", password: str = PASSWORD, code: str = "") -> str:
    return accounts.sign_in(login, password, code, address).token


def enrolled(accounts: Accounts, user: User, clock: StoppedClock) -> pyotp.TOTP:
    """The app of a user who has turned the second factor on."""
    accounts.second_factors.begin(user)
    app = pyotp.TOTP(accounts.second_factors.pending_secret(user) or "")
    assert accounts.second_factors.confirm(user, app.at(clock()))
    return app


def table(database: Database, name: str) -> str:
    with database.session() as session:
        return str(session.connection().execute(text(f"SELECT * FROM {name}")).all())  # noqa: S608 - a constant of the test


def test_a_login_is_one_whatever_its_case(accounts: Accounts, marie: User) -> None:
    signs_in(accounts, login="  MARIE ")
    with pytest.raises(InputError, match="'marie' is taken"):
        accounts.add_user(login="MARIE", name="Another", role=Role.SECRETARY, password=PASSWORD)


def test_a_user_of_an_unknown_client_is_refused_in_a_sentence(accounts: Accounts) -> None:
    with pytest.raises(InputError, match="unknown client among nobody"):
        accounts.add_user(
            login="x", name="X", role=Role.CLIENT_READER, password=PASSWORD, clients=frozenset({ClientId("nobody")})
        )


def test_a_user_sees_the_clients_listed_and_no_other(accounts: Accounts, database: Database) -> None:
    register_firm(database)
    register_firm(database, ClientId("other"), "+33199001002")
    reader = accounts.add_user(login="reader", name="R", role=Role.CLIENT_READER, password=PASSWORD, clients=frozenset({FIRM_ID}))
    usual = accounts.add_user(login="usual", name="U", role=Role.SECRETARY, password=PASSWORD, usual_for=frozenset({FIRM_ID}))
    assert (reader.sees(FIRM_ID), reader.sees(ClientId("other")), reader.clients) == (True, False, frozenset({FIRM_ID}))
    assert (usual.sees(ClientId("other")), usual.clients, usual.usual_for) == (True, None, frozenset({FIRM_ID}))


def test_only_the_hash_of_a_password_and_of_a_token_is_stored(accounts: Accounts, marie: User, database: Database) -> None:
    token = signs_in(accounts)
    stored = table(database, "users") + table(database, "web_sessions")
    assert "$argon2id$" in stored
    assert PASSWORD not in stored
    assert token not in stored
    assert len(token) >= 43, "256 bits"


def test_every_refusal_says_the_same(accounts: Accounts, marie: User, clock: StoppedClock) -> None:
    paul = accounts.add_user(login="paul", name="P", role=Role.SECRETARY, password=PASSWORD)
    zoe = accounts.add_user(login="zoe", name="Z", role=Role.SECRETARY, password=PASSWORD)
    enrolled(accounts, paul, clock)
    accounts.set_disabled(zoe, disabled=True)
    told = {
        refused(accounts, "marie", "wrong", address="1"),
        refused(accounts, "nobody", PASSWORD, address="2"),
        refused(accounts, "", "", address="3"),
        refused(accounts, "\x00", PASSWORD, address="9"),
        refused(accounts, "paul", PASSWORD, address="4"),
        refused(accounts, "paul", PASSWORD, "000000", address="5"),
        refused(accounts, "paul", "wrong", "000000", address="6"),
        refused(accounts, "zoe", PASSWORD, address="7"),
        refused(accounts, "marie", PASSWORD + "x" * 300, address="8"),
    }
    assert told == {"sign_in_refused: the login, the password or the code is wrong"}


def test_an_unknown_login_costs_the_work_of_a_known_one(database: Database) -> None:
    checked: list[str | None] = []

    class Watched(Passwords):
        def matches(self, password: str, stored: str | None) -> bool:
            checked.append(stored)
            return super().matches(password, stored)

    accounts = Accounts(database, clock=StoppedClock(), passwords=Watched(iterations=1, memory_kib=8))
    accounts.add_user(login="marie", name="M", role=Role.SECRETARY, password=PASSWORD)
    refused(accounts, "marie")
    refused(accounts, "nobody")
    assert len(checked) == 2
    assert checked[1] is None


@pytest.mark.parametrize("login", ["marie", "nobody"])
def test_the_fifth_failure_locks_a_login_whether_it_exists_or_not(accounts: Accounts, marie: User, login: str) -> None:
    told = [refused(accounts, login, address=f"10.0.0.{number}") for number in range(6)]
    assert [sentence.split(":")[0] for sentence in told] == ["sign_in_refused"] * 4 + ["locked_out"] * 2
    assert told[-1] == "locked_out: too many attempts: try again in 15 minutes"


def test_a_locked_user_is_refused_with_the_right_password_until_the_lock_ends(
    accounts: Accounts, marie: User, clock: StoppedClock
) -> None:
    for number in range(5):
        refused(accounts, address=f"10.0.0.{number}")
    assert refused(accounts, password=PASSWORD).startswith("locked_out")
    clock.pass_(timedelta(minutes=15) - SECOND)
    assert refused(accounts, password=PASSWORD).startswith("locked_out")
    clock.pass_(SECOND)
    signs_in(accounts)


def test_a_lock_outlives_the_process(accounts: Accounts, marie: User, clock: StoppedClock, database: Database) -> None:
    for number in range(5):
        refused(accounts, address=f"10.0.0.{number}")
    restarted = open_accounts(database, clock)
    assert refused(restarted, password=PASSWORD).startswith("locked_out")


def test_an_address_that_fails_with_any_logins_is_locked_and_others_are_not(
    accounts: Accounts, marie: User, clock: StoppedClock
) -> None:
    told = [refused(accounts, f"guess{number}") for number in range(5)]
    assert told[-1].startswith("locked_out")
    for _ in range(6):
        assert refused(accounts, "marie", PASSWORD).startswith("locked_out")
    signs_in(accounts, address="192.0.2.2")
    clock.pass_(timedelta(minutes=15))
    signs_in(accounts)


def test_who_insists_on_a_locked_login_does_not_lock_out_the_colleagues(accounts: Accounts, marie: User) -> None:
    accounts.add_user(login="paul", name="P", role=Role.SECRETARY, password=PASSWORD)
    for number in range(5):
        refused(accounts, address=f"10.0.0.{number}")
    for _ in range(10):
        refused(accounts, password=PASSWORD)
    signs_in(accounts, login="paul")


def test_a_success_forgets_failures(accounts: Accounts, marie: User) -> None:
    for _ in range(3):
        for _ in range(4):
            refused(accounts)
        signs_in(accounts)


def test_guesses_made_in_parallel_are_counted_too(accounts: Accounts, marie: User) -> None:
    def guess(number: int) -> str:
        return refused(accounts, address=f"10.0.0.{number}").split(":")[0]

    with ThreadPoolExecutor(12) as threads:
        told = list(threads.map(guess, range(24)))
    assert told.count("sign_in_refused") == 4


def test_a_session_not_used_for_twelve_hours_has_ended(accounts: Accounts, marie: User, clock: StoppedClock) -> None:
    kept, left = signs_in(accounts), signs_in(accounts)
    clock.pass_(IDLE - SECOND)
    assert accounts.user_of_token(kept) == marie
    clock.pass_(SECOND)
    assert accounts.user_of_token(kept) == marie
    assert accounts.user_of_token(left) is None


def test_a_session_used_all_the_time_ends_all_the_same(accounts: Accounts, marie: User, clock: StoppedClock) -> None:
    token = signs_in(accounts)
    for _ in range(23):
        clock.pass_(timedelta(hours=1))
        assert accounts.user_of_token(token) == marie
    clock.pass_(timedelta(hours=1))
    assert accounts.user_of_token(token) is None


def test_use_is_noted_at_most_once_a_minute(accounts: Accounts, marie: User, clock: StoppedClock, database: Database) -> None:
    token = signs_in(accounts)
    seen = []
    for _ in range(7):
        clock.pass_(timedelta(seconds=20))
        accounts.user_of_token(token)
        with database.session() as session:
            seen.append(session.connection().execute(text("SELECT seen_at FROM web_sessions")).scalar_one())
    assert len(set(seen)) == 3


def test_a_session_is_remembered_for_seconds_without_asking_the_database(
    accounts: Accounts, marie: User, clock: StoppedClock
) -> None:
    token = signs_in(accounts)
    assert accounts.recall(token) is None
    session = accounts.session_of_token(token)
    assert accounts.recall(token) == session
    assert session is not None
    assert session.user == marie
    clock.pass_(REMEMBERED)
    assert accounts.recall(token) is None
    assert accounts.recall("another") is None


End = Callable[[Accounts, User, str], object]


@pytest.mark.parametrize(
    "end",
    [
        lambda accounts, _user, token: accounts.sign_out(token),
        lambda accounts, user, _token: accounts.set_disabled(user, disabled=True),
        lambda accounts, user, _token: accounts.set_password(user, "another good password"),
        lambda accounts, user, _token: accounts.change_password(user, PASSWORD, "another good password", HOME),
    ],
    ids=["sign-out", "disabling", "password set", "password changed"],
)
def test_what_ends_a_session_ends_it_at_once(accounts: Accounts, marie: User, end: End) -> None:
    token = signs_in(accounts)
    assert accounts.session_of_token(token) is not None
    end(accounts, marie, token)
    assert accounts.recall(token) is None
    assert accounts.user_of_token(token) is None


def test_what_another_process_ends_is_noticed_within_seconds(
    accounts: Accounts, marie: User, clock: StoppedClock, database: Database
) -> None:
    token = signs_in(accounts)
    accounts.session_of_token(token)
    set_password(database, marie.id, QUICK.hashed("another good password"))
    clock.pass_(REMEMBERED)
    assert accounts.recall(token) is None
    assert accounts.user_of_token(token) is None


def test_a_session_read_before_it_was_ended_is_not_remembered_after(
    accounts: Accounts, marie: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = signs_in(accounts)
    read = accounts._sessions._database.session

    def ended_meanwhile() -> object:
        monkeypatch.undo()
        found = read()
        accounts.set_language(marie, "en")
        return found

    monkeypatch.setattr(accounts._sessions._database, "session", ended_meanwhile)
    accounts.session_of_token(token)
    assert accounts.recall(token) is None


def test_every_sign_in_begins_a_session_of_its_own(accounts: Accounts, marie: User) -> None:
    first, second = accounts.sign_in("marie", PASSWORD, "", HOME), accounts.sign_in("marie", PASSWORD, "", HOME)
    assert len({first.token, second.token, first.csrf, second.csrf}) == 4


def test_a_password_is_changed_with_the_current_one_alone(accounts: Accounts, marie: User) -> None:
    with pytest.raises(SignInRefusedError):
        accounts.change_password(marie, "wrong", "another good password", HOME)
    with pytest.raises(InputError, match="expected 12 to 200 characters"):
        accounts.change_password(marie, PASSWORD, "short", HOME)
    renewed = accounts.change_password(marie, PASSWORD, "another good password", HOME)
    assert accounts.user_of_token(renewed.token) == marie
    refused(accounts, password=PASSWORD)
    signs_in(accounts, password="another good password")


def test_the_current_password_cannot_be_guessed_in_a_form_either(accounts: Accounts, marie: User) -> None:
    for _ in range(4):
        with pytest.raises(SignInRefusedError):
            accounts.change_password(marie, "wrong", "another good password", HOME)
    with pytest.raises(LockedOutError):
        accounts.second_factors.remove(marie, "wrong", HOME)
    with pytest.raises(LockedOutError):
        accounts.change_password(marie, PASSWORD, "another good password", HOME)


def test_once_confirmed_a_code_is_needed_and_taken_once(accounts: Accounts, marie: User, clock: StoppedClock) -> None:
    app = enrolled(accounts, marie, clock)
    assert accounts.users()[0].second_factor
    refused(accounts, password=PASSWORD)
    refused(accounts, password=PASSWORD, code=app.at(clock()))
    clock.pass_(timedelta(seconds=30))
    code = app.at(clock())
    signs_in(accounts, code=f"{code[:3]} {code[3:]}")
    refused(accounts, password=PASSWORD, code=code)
    clock.pass_(timedelta(minutes=2))
    refused(accounts, password=PASSWORD, code=code)
    signs_in(accounts, code=app.at(clock()))


def test_a_wrong_password_does_not_use_up_the_code(accounts: Accounts, marie: User, clock: StoppedClock) -> None:
    app = enrolled(accounts, marie, clock)
    clock.pass_(timedelta(seconds=30))
    refused(accounts, code=app.at(clock()))
    signs_in(accounts, code=app.at(clock()))


def test_a_secret_that_is_not_confirmed_asks_for_nothing(accounts: Accounts, marie: User, clock: StoppedClock) -> None:
    accounts.second_factors.begin(marie)
    assert not accounts.second_factors.confirm(marie, "000000")
    signs_in(accounts)
    assert not accounts.users()[0].second_factor


def test_a_confirmed_secret_is_neither_shown_nor_replaced(accounts: Accounts, marie: User, clock: StoppedClock) -> None:
    app = enrolled(accounts, marie, clock)
    assert accounts.second_factors.pending_secret(marie) is None
    accounts.second_factors.begin(marie)
    assert accounts.second_factors.pending_secret(marie) is None
    clock.pass_(timedelta(seconds=30))
    assert not accounts.second_factors.confirm(marie, app.at(clock()))
    signs_in(accounts, code=app.at(clock()))


def test_the_second_factor_goes_with_the_password_alone(accounts: Accounts, marie: User, clock: StoppedClock) -> None:
    enrolled(accounts, marie, clock)
    with pytest.raises(SignInRefusedError):
        accounts.second_factors.remove(marie, "wrong", HOME)
    refused(accounts, password=PASSWORD)
    accounts.second_factors.remove(marie, PASSWORD, HOME)
    signs_in(accounts)


def test_the_first_start_makes_four_users_once(accounts: Accounts, database: Database) -> None:
    first = accounts.first_run()
    assert [(user.login, user.role.value) for user in first] == [
        ("admin", "administrator"), ("superviseur", "supervisor"), ("secretaire", "secretary"), ("secretaire2", "secretary"),
    ]  # fmt: skip
    assert accounts.first_run() == []
    assert len({user.password for user in first}) == 4
    for login, _, password in first:
        user = accounts.sign_in(login, password, "", HOME).user
        assert user.clients is None
        assert user.speaks == BOTH
        assert password not in table(database, "users")


def test_a_house_with_users_gets_no_first_ones(accounts: Accounts, marie: User) -> None:
    assert accounts.first_run() == []
    assert [user.login for user in accounts.users()] == ["marie"]


def test_a_user_added_while_the_first_ones_are_being_made_is_enough(
    accounts: Accounts, marie: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr("accounts.service.list_users", lambda _: ())
        assert accounts.first_run() == []
    assert [user.login for user in accounts.users()] == ["marie"]


def test_two_processes_that_start_at_once_make_the_first_users_once(database: Database) -> None:
    processes = [open_accounts(database) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda accounts: accounts.first_run(), processes))
    assert sorted(len(first) for first in made) == [0, 0, 0, 4]


def test_a_disabled_user_is_out_and_comes_back_with_the_same_password(accounts: Accounts, marie: User) -> None:
    accounts.set_disabled(marie, disabled=True)
    refused(accounts, password=PASSWORD)
    assert accounts.users()[0].disabled
    accounts.set_disabled(marie, disabled=False)
    signs_in(accounts)


def test_the_right_password_of_a_disabled_user_counts_as_a_wrong_one(accounts: Accounts, marie: User) -> None:
    accounts.set_disabled(marie, disabled=True)
    told = [refused(accounts, password=PASSWORD).split(":")[0] for _ in range(5)]
    assert told == ["sign_in_refused"] * 4 + ["locked_out"]


def test_a_database_too_busy_to_note_a_visit_sends_nobody_away(
    accounts: Accounts, marie: User, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise RecordsError("locked")

    token = signs_in(accounts)
    clock.pass_(timedelta(minutes=5))
    monkeypatch.setattr("accounts.sessions.touch_session", busy)
    assert accounts.user_of_token(token) == marie


def test_an_unknown_user_is_named(accounts: Accounts) -> None:
    for login in ("nobody", "no\x00body"):
        with pytest.raises(InputError, match="unknown user 'no"):
            accounts.user_named(login)
