"""The built-in agenda: finds, holds and books slots in the database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from voicebot.booking.availability import BusyInterval, FoundSlots, find_slots
from voicebot.booking.slots import Slot
from voicebot.clients.consignes import Act, Consignes
from voicebot.core.errors import RecordsError
from voicebot.core.ids import ActId, AppointmentId, CallId, HoldId, PersonId
from voicebot.nlu.slots import DateTimeWish
from voicebot.records.appointments import (
    Booking,
    StoredAppointment,
    Stretch,
    book_hold,
    busy_stretches,
    hold_stretch,
    list_appointments,
    read_appointment,
    release_hold,
)
from voicebot.records.database import Database


class Agenda:
    """Every client's agenda. Blocking; safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(
        self,
        consignes: Consignes,
        act: ActId,
        practitioner: PersonId | None,
        wish: DateTimeWish,
        *,
        now: datetime,
        refused: Iterable[datetime] = (),
        limit: int = 2,
        call: CallId | None = None,
    ) -> FoundSlots:
        """Free slots for a wish, or the nearest alternatives.

        Args:
            consignes: The client.
            act: What is to be booked.
            practitioner: With whom; None for anybody.
            wish: What the caller said.
            now: Aware.
            refused: Starts that the caller has refused.
            limit: Most slots to return.
            call: The call that asks: its own holds do not count as taken.

        Raises:
            RecordsError: the client has no such act, or the database refuses.
        """
        _act(consignes, act)
        last = now + timedelta(days=consignes.booking.horizon_days + 2)
        taken = busy_stretches(
            self._database, client=consignes.id, first=now - timedelta(days=1), last=last, now=now, except_call=call
        )
        busy = (BusyInterval(practitioner=b.practitioner, starts=b.starts, ends=b.ends) for b in taken)
        return find_slots(
            consignes, act=act, practitioner=practitioner, wish=wish, now=now, busy=busy, refused=refused, limit=limit
        )

    def hold(self, call: CallId, consignes: Consignes, slot: Slot, *, now: datetime) -> HoldId:
        """Reserve a slot for `booking.hold_min` minutes; committed on return.

        Raises:
            SlotTakenError: somebody else has it.
            RecordsError: the client has no such act, client or call is unknown, or the database refuses.
        """
        stretch = Stretch(
            act=slot.act,
            practitioner=slot.practitioner,
            starts=slot.starts,
            ends=slot.ends,
            busy_to=slot.ends.astimezone(UTC) + timedelta(minutes=_act(consignes, slot.act).buffer_min),
            zone=consignes.timezone,
        )
        expires_at = now.astimezone(UTC) + timedelta(minutes=consignes.booking.hold_min)
        return hold_stretch(self._database, client=consignes.id, call=call, stretch=stretch, now=now, expires_at=expires_at)

    def release(self, hold: HoldId) -> None:
        """Give a held slot back; nothing happens when it is booked or unknown.

        Raises:
            RecordsError: the database refuses.
        """
        release_hold(self._database, hold)

    def book(
        self,
        hold: HoldId,
        slot: Slot,
        *,
        call: CallId,
        person: str,
        phone: str | None,
        now: datetime,
        unsure: tuple[str, ...] = (),
        note: str = "",
    ) -> AppointmentId:
        """Turn a hold into an appointment; committed on return, and the same appointment when done again.

        Args:
            hold: Of this call.
            slot: What the caller agreed to: must be what is held.
            call: The call.
            person: For whom.
            phone: E.164.
            now: Aware.
            unsure: Fields that were not confirmed.
            note: For whoever reads.

        Raises:
            SlotTakenError: the hold had expired and somebody else took the slot.
            RecordsError: the hold is unknown, another call's or another slot's, or the database refuses.
        """
        booking = Booking(person=person, phone=phone, unsure=unsure, note=note)
        return book_hold(
            self._database, hold=hold, call=call, starts=slot.starts, practitioner=slot.practitioner, booking=booking, now=now
        )

    def appointments(self, consignes: Consignes, first: datetime, last: datetime) -> tuple[StoredAppointment, ...]:
        """Booked appointments that touch a range of aware times, by start.

        Raises:
            RecordsError: the database refuses.
        """
        return list_appointments(self._database, client=consignes.id, first=first, last=last)

    def appointment(self, appointment: AppointmentId) -> StoredAppointment | None:
        """One appointment; None when it is unknown.

        Raises:
            RecordsError: the database refuses.
        """
        return read_appointment(self._database, appointment)


def _act(consignes: Consignes, act: ActId) -> Act:
    try:
        return consignes.act(act)
    except KeyError as exc:
        raise RecordsError(f"client {consignes.id}: no act {act!r} in the consignes") from exc
