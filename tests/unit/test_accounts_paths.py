from __future__ import annotations

import pytest

from accounts.paths import home_of, local_path
from accounts.users import Role, User
from voicebot.core.ids import UserId


@pytest.mark.parametrize("path", ["/", "/desk", "/desk/supervisor?view=waits&x=1", "/account#second-factor", "/a//b", "/é"])
def test_a_path_of_this_site_is_kept(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None, "", "desk", "//evil.example", "///evil.example", "http://evil.example", "https:evil.example", "javascript:alert(1)",
        "/\\evil.example", "\\/evil.example", "/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example",
        "/%0d\r\nSet-Cookie: x=1", "/desk\x00", "/" + "x" * 500, "/login", "/login?next=/desk", "/login/", ".//evil.example",
        "/\u2028x",
    ],
)  # fmt: skip
def test_what_could_lead_elsewhere_or_round_in_circles_is_refused(path: str | None) -> None:
    assert local_path(path) is None


def test_the_desk_goes_to_the_desk_and_clients_to_their_account() -> None:
    homes = {role: home_of(User(id=UserId(1), login="x", name="X", role=role, language="fr")) for role in Role}
    assert homes == {
        Role.ADMINISTRATOR: "/desk",
        Role.SUPERVISOR: "/desk",
        Role.SECRETARY: "/desk",
        Role.CLIENT_ADMIN: "/account",
        Role.CLIENT_READER: "/account",
    }
