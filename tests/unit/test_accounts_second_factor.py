from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest

from accounts.second_factor import STEP_S, in_groups, matching_step, new_secret, qr_code

RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    ("unix_s", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")]
)
def test_codes_are_those_of_the_rfc(unix_s: int, code: str) -> None:
    """Source: RFC 6238, appendix B, SHA-1, last six digits."""
    assert matching_step(RFC_SECRET, code, datetime.fromtimestamp(unix_s, UTC)) == unix_s // STEP_S


@pytest.mark.parametrize(("drift_s", "taken"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)])
def test_clocks_may_differ_by_one_step_and_the_step_of_the_code_is_told(drift_s: int, taken: bool) -> None:
    made_at = datetime.fromtimestamp(1111111109, UTC)
    step = matching_step(RFC_SECRET, "081804", made_at + timedelta(seconds=drift_s))
    assert step == (1111111109 // STEP_S if taken else None)


@pytest.mark.parametrize("typed", ["", "08180", "0818045", "081804x", "٠٨١٨٠٤", "-81804", "𝟎𝟖𝟏𝟖𝟎𝟒"])
def test_what_is_no_code_is_not_taken(typed: str) -> None:
    assert matching_step(RFC_SECRET, typed, datetime.fromtimestamp(1111111109, UTC)) is None


def test_blanks_in_a_code_do_not_matter() -> None:
    assert matching_step(RFC_SECRET, " 081 804 ", datetime.fromtimestamp(1111111109, UTC)) is not None


def test_secrets_are_long_and_never_the_same() -> None:
    made = {new_secret() for _ in range(100)}
    assert len(made) == 100
    assert {len(secret) for secret in made} == {32}
    assert in_groups("ABCDEFGH") == "ABCD EFGH"


def test_the_image_is_an_svg_in_the_address_without_script() -> None:
    address = qr_code(RFC_SECRET, "marie")
    assert address.startswith("data:image/svg+xml")
    assert "<svg" in unquote(address)
    assert "script" not in unquote(address)
