"""Passing a caller on to another number: only to numbers that the client has set up, announced first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from escalation.refusals import refusal
from voicebot.clients.consignes import Queue, Transfer
from voicebot.core.ids import CallId
from voicebot.core.language import Language

_ANNOUNCEMENTS: Mapping[Language, str] = {
    "fr": "Ne quittez pas, je transfère votre appel vers {label}.",
    "en": "Please hold the line, I am transferring your call to {label}.",
}


class Dialler(Protocol):
    """A telephone line out."""

    async def dial(self, call: CallId, number: str, announcement: str) -> None:
        """Connect the caller of a call with a number; on return they talk, and the call is not ours any more.

        Args:
            call: Under way.
            number: E.164.
            announcement: What whoever answers hears first.

        Raises:
            TransferError: nobody answered, or the line out refuses; the caller is still here.
        """


def destination(rules: Queue, number: str) -> Transfer:
    """The transfer that the client has set up for a number.

    Raises:
        RefusalError: there is none.
    """
    found = next((transfer for transfer in rules.transfers if transfer.number == number), None)
    if found is None:
        raise refusal("number_not_listed")
    return found


def announcement(to: Transfer, language: Language) -> str:
    """What the caller is told before being passed on."""
    return _ANNOUNCEMENTS[language].format(label=to.label)
