"""Appointments and holds. Check and write happen in one transaction under the client's lock: no double booking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select

from voicebot.core.errors import RecordsError, SlotTakenError
from voicebot.core.ids import ActId, AppointmentId, CallId, ClientId, HoldId, PersonId
from voicebot.records.clients import lock_client
from voicebot.records.database import Database
from voicebot.records.tables import SINGLE_AGENDA, AppointmentRow, HoldRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of an agenda to reserve."""

    act: ActId
    practitioner: PersonId | None
    """Whose agenda; None when the firm has a single one."""
    starts: datetime
    """Aware."""
    ends: datetime
    """Aware, buffer not included."""
    busy_to: datetime
    """Aware, buffer included."""
    zone: str
    """IANA name of the client's time zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """A stretch that is taken."""

    practitioner: PersonId | None
    """None: taken for everybody."""
    starts: datetime
    """Aware UTC."""
    ends: datetime
    """Aware UTC, buffer included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """For whom, and what is to be known about it."""

    person: str
    phone: str | None
    unsure: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAppointment:
    """An appointment as the database has it."""

    id: AppointmentId
    client: ClientId
    call: CallId | None
    act: ActId
    practitioner: PersonId | None
    starts: datetime
    """Aware, in the client's zone."""
    ends: datetime
    """Aware, in the client's zone."""
    booking: Booking
    status: str


def busy_stretches(
    database: Database, *, client: ClientId, first: datetime, last: datetime, now: datetime, except_call: CallId | None = None
) -> tuple[Busy, ...]:
    """What is taken between two aware times: appointments, and holds that have not expired at `now`.

    Args:
        database: Where.
        client: Whose agenda.
        first: Start of the range.
        last: End of the range.
        now: Aware.
        except_call: The call whose own holds do not count.

    Raises:
        RecordsError: the database refuses.
    """
    with database.session() as session:
        rows = _taken(session, client, first, last, now, except_call)
        return tuple(Busy(practitioner=_person(row.practitioner), starts=row.starts_at, ends=row.busy_to) for row in rows)


def hold_stretch(
    database: Database, *, client: ClientId, call: CallId, stretch: Stretch, now: datetime, expires_at: datetime
) -> HoldId:
    """Reserve a stretch for a call; committed on return. The call's own overlapping holds give way.

    Raises:
        SlotTakenError: it is taken.
        RecordsError: the client or call is unknown, or the database refuses.
    """
    with database.transaction() as session:
        lock_client(session, client)
        _require_free(session, client, stretch, now, call)
        for own in _taken_holds(session, client, stretch.starts, stretch.busy_to, now, None):
            if own.call_id == call and own.practitioner == _agenda(stretch.practitioner):
                own.status = "released"
        row = HoldRow(
            client_id=client, call_id=call, act=stretch.act, practitioner=_agenda(stretch.practitioner),
            starts_at=stretch.starts, ends_at=stretch.ends, busy_to=stretch.busy_to, zone=stretch.zone,
            status="active", expires_at=expires_at,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return HoldId(_id(row.id))


def release_hold(database: Database, hold: HoldId) -> None:
    """Give a held stretch back; nothing happens when it is already booked, released or unknown.

    Raises:
        RecordsError: the database refuses.
    """
    with database.transaction() as session:
        active = update(HoldRow).where(col(HoldRow.id) == hold, col(HoldRow.status) == "active")
        session.exec(active.values(status="released"))


def book_hold(
    database: Database,
    *,
    hold: HoldId,
    call: CallId,
    starts: datetime,
    practitioner: PersonId | None,
    booking: Booking,
    now: datetime,
) -> AppointmentId:
    """Turn a hold into an appointment; committed on return. Done twice, it gives the same appointment.

    A hold that has expired still books, if nobody took the stretch.

    Raises:
        SlotTakenError: somebody else took it.
        RecordsError: the hold is unknown or another call's, or the database refuses.
    """
    with database.transaction() as session:
        held = session.get(HoldRow, hold)
        if held is None or held.call_id != call:
            raise RecordsError(f"hold {hold} of call {call} is unknown")
        if held.starts_at != starts or held.practitioner != _agenda(practitioner):
            raise RecordsError(f"hold {hold} of call {call} is for another slot than the one to book")
        lock_client(session, held.client_id)
        session.refresh(held)
        done = _already_booked(session, held)
        if done is None:
            _require_free(session, ClientId(held.client_id), _stretch(held), now, call)
            done = _insert_appointment(session, held, booking, now)
        held.status = "booked"
        held.appointment_id = done
        session.add(held)
        return AppointmentId(done)


def list_appointments(database: Database, *, client: ClientId, first: datetime, last: datetime) -> tuple[StoredAppointment, ...]:
    """Booked appointments that touch a range of aware times, by start.

    Raises:
        RecordsError: the database refuses.
    """
    with database.session() as session:
        rows = sorted(_taken_appointments(session, client, first, last), key=lambda row: (row.starts_at, row.practitioner))
        return tuple(map(_stored, rows))


def appointments_of_caller(database: Database, *, client: ClientId, phone: str, limit: int = 10) -> tuple[StoredAppointment, ...]:
    """The last appointments under a number (E.164), whatever their status, latest start first.

    Raises:
        RecordsError: the database refuses.
    """
    theirs = select(AppointmentRow).where(col(AppointmentRow.client_id) == client, col(AppointmentRow.phone) == phone)
    latest = theirs.order_by(col(AppointmentRow.starts_at).desc(), col(AppointmentRow.id).desc()).limit(limit)
    with database.session() as session:
        return tuple(map(_stored, session.exec(latest)))


def read_appointment(database: Database, appointment: AppointmentId) -> StoredAppointment | None:
    """One appointment, whatever its status; None when it is unknown.

    Raises:
        RecordsError: the database refuses.
    """
    with database.session() as session:
        row = session.get(AppointmentRow, appointment)
        return None if row is None else _stored(row)


def _require_free(session: Session, client: ClientId, stretch: Stretch, now: datetime, call: CallId) -> None:
    rows = _taken(session, client, stretch.starts, stretch.busy_to, now, call)
    agenda = _agenda(stretch.practitioner)
    if any(SINGLE_AGENDA in {agenda, row.practitioner} or row.practitioner == agenda for row in rows):
        local = stretch.starts.astimezone(ZoneInfo(stretch.zone))
        raise SlotTakenError(f"client {client}: {local:%Y-%m-%d %H:%M} is no longer free")


def _taken(
    session: Session, client: str, first: datetime, last: datetime, now: datetime, except_call: CallId | None
) -> list[AppointmentRow | HoldRow]:
    return [*_taken_appointments(session, client, first, last), *_taken_holds(session, client, first, last, now, except_call)]


def _taken_appointments(session: Session, client: str, first: datetime, last: datetime) -> list[AppointmentRow]:
    overlap: list[ColumnElement[bool]] = [
        col(AppointmentRow.client_id) == client,
        col(AppointmentRow.status) == "booked",
        col(AppointmentRow.starts_at) < last,
        col(AppointmentRow.busy_to) > first,
    ]
    return list(session.exec(select(AppointmentRow).where(*overlap)))


def _taken_holds(
    session: Session, client: str, first: datetime, last: datetime, now: datetime, except_call: CallId | None
) -> list[HoldRow]:
    overlap: list[ColumnElement[bool]] = [
        col(HoldRow.client_id) == client,
        col(HoldRow.status) == "active",
        col(HoldRow.expires_at) > now,
        col(HoldRow.starts_at) < last,
        col(HoldRow.busy_to) > first,
    ]
    if except_call is not None:
        overlap.append(col(HoldRow.call_id) != except_call)
    return list(session.exec(select(HoldRow).where(*overlap)))


def _already_booked(session: Session, held: HoldRow) -> int | None:
    """The booked appointment of this hold, or of another hold of the same call on the same stretch."""
    same = select(AppointmentRow).where(
        col(AppointmentRow.call_id) == held.call_id,
        col(AppointmentRow.status) == "booked",
        col(AppointmentRow.practitioner) == held.practitioner,
        col(AppointmentRow.starts_at) == held.starts_at,
        col(AppointmentRow.act) == held.act,
    )
    row = session.exec(same).first()
    return None if row is None else row.id


def _insert_appointment(session: Session, held: HoldRow, booking: Booking, now: datetime) -> int:
    row = AppointmentRow(
        client_id=held.client_id, call_id=held.call_id, act=held.act, practitioner=held.practitioner, starts_at=held.starts_at,
        ends_at=held.ends_at, busy_to=held.busy_to, zone=held.zone, person=booking.person, phone=booking.phone,
        unsure=list(booking.unsure), note=booking.note, status="booked", created_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return _id(row.id)


def _stretch(held: HoldRow) -> Stretch:
    return Stretch(
        act=ActId(held.act), practitioner=_person(held.practitioner), starts=held.starts_at, ends=held.ends_at,
        busy_to=held.busy_to, zone=held.zone,
    )  # fmt: skip


def _stored(row: AppointmentRow) -> StoredAppointment:
    zone = ZoneInfo(row.zone)
    return StoredAppointment(
        id=AppointmentId(_id(row.id)),
        client=ClientId(row.client_id),
        call=None if row.call_id is None else CallId(row.call_id),
        act=ActId(row.act),
        practitioner=_person(row.practitioner),
        starts=row.starts_at.astimezone(zone),
        ends=row.ends_at.astimezone(zone),
        booking=Booking(person=row.person, phone=row.phone, unsure=tuple(row.unsure), note=row.note),
        status=row.status,
    )


def _agenda(practitioner: PersonId | None) -> str:
    return SINGLE_AGENDA if practitioner is None else practitioner


def _person(agenda: str) -> PersonId | None:
    return None if agenda == SINGLE_AGENDA else PersonId(agenda)


def _id(value: int | None) -> int:
    if value is None:
        raise RecordsError("the database gave no id to a new row")
    return value
