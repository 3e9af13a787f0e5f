"""Identifiers, as distinct types so that mypy keeps them apart."""

from __future__ import annotations

from typing import NewType

CallId = NewType("CallId", str)
ClientId = NewType("ClientId", str)
ActId = NewType("ActId", str)
PersonId = NewType("PersonId", str)
QuestionId = NewType("QuestionId", str)
HoldId = NewType("HoldId", int)
AppointmentId = NewType("AppointmentId", int)
MessageId = NewType("MessageId", int)
TicketId = NewType("TicketId", int)
UserId = NewType("UserId", int)
"""Somebody with an account: secretary, supervisor, administrator, reader of a client."""
