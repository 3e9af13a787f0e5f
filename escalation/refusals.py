"""Why the desk says no, as an error that the console turns into a sentence (HTTP 409)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from escalation.outcomes import RefusalCode, Refused
from voicebot.core.errors import RefusalError
from voicebot.core.ids import UserId
from voicebot.core.secretaries import Secretary

Why = RefusalCode | Literal["no_call", "no_line_out", "number_not_listed", "transfer_failed"]
"""`no_call`: it is not under way in this process. `no_line_out`: this installation has no telephone line to pass callers on by.
`number_not_listed`: not one of the client's `transfers`. `transfer_failed`: it was tried."""

_SENTENCES: Mapping[Why, str] = {
    "taken": "{winner} has already taken this call",
    "gone": "this call is no longer there",
    "busy": "another call must be finished first",
    "not_able": "this call is of a client or in a language of somebody else",
    "not_available": "only who is available with a console open may take calls",
    "wrong_state": "this is not possible at this stage of the call",
    "unknown": "there is no such call or secretary at this desk",
    "no_call": "this call is not under way here",
    "no_line_out": "this installation has no telephone line out: it cannot transfer calls",
    "number_not_listed": "calls of this client are not transferred to this number",
    "transfer_failed": "the transfer did not succeed: the caller is still here",
}


def refusal(why: Why, winner: Secretary | None = None) -> RefusalError:
    """The error for a reason; `winner` is who was faster."""
    name = None if winner is None else winner.name
    user = None if winner is None else winner.user
    return RefusalError(_SENTENCES[why].format(winner=name or "somebody else"), why=why, winner=user, winner_name=name)


def refused(by: Refused, secretaries: Mapping[UserId, Secretary]) -> RefusalError:
    """The error for what the rules of the board refuse."""
    return refusal(by.code, None if by.winner is None else secretaries.get(by.winner))
