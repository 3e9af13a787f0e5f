"""A secretary at the desk. What she declares is kept apart from what the engine derives. Plain data; `escalation` decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from voicebot.core.ids import ClientId, UserId
from voicebot.core.language import Language


class Declared(StrEnum):
    """What a secretary says of herself."""

    AVAILABLE = "available"
    BREAK = "break"
    OFFLINE = "offline"


class Derived(StrEnum):
    """What she is doing, read off the tickets that she has; nobody sets it."""

    IDLE = "idle"
    OFFERED = "offered"
    ON_CALL = "on_call"
    WRAP_UP = "wrap_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Secretary:
    """Somebody who may take tickets. All times aware UTC."""

    user: UserId
    version: int
    """Counts the changes of what is stored."""
    name: str
    clients: frozenset[ClientId] | None = None
    """Whom she answers for; None for every client."""
    usual_for: frozenset[ClientId] = frozenset()
    """Clients whose usual secretary she is."""
    languages: frozenset[Language] = frozenset({"fr"})
    declared: Declared = Declared.OFFLINE
    break_reason: str | None = None
    alert: bool = False
    """Put on a break by the engine after unanswered offers; cleared when she declares anything."""
    idle_since: datetime | None = None
    """Since when she has had nothing to do."""
    cooldown_until: datetime | None = None
    """No offer before: she has just refused one."""
    missed_offers: int = 0
    """Offers in a row that she let ring."""
    connected: bool = False
    """Her console is open in this process; not stored."""

    def answers_for(self, client: ClientId | None, language: Language) -> bool:
        """Whether she can take a call of that client in that language."""
        return (self.clients is None or client is None or client in self.clients) and language in self.languages
