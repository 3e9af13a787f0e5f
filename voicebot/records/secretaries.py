"""Secretaries: who may work at the desk, and what is stored of her there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, select

from voicebot.core.ids import ClientId, UserId
from voicebot.core.language import Language
from voicebot.core.secretaries import Declared, Secretary
from voicebot.records.account_tables import UserClientRow, UserRow
from voicebot.records.database import Database
from voicebot.records.desk_tables import SecretaryRow
from voicebot.records.races import looking_again

_DESK_ROLES = ("secretary", "supervisor", "administrator")


def load_secretaries(database: Database) -> tuple[Secretary, ...]:
    """Every enabled user whose role works at the desk, by id; nobody is connected.

    Raises:
        RecordsError: the database refuses.
    """
    with database.session() as session:
        users = _desk_users(session)
        rows = {row.user_id: row for row in session.exec(select(SecretaryRow))}
        clients = _clients_of(session)
    if any(user.id not in rows for user in users):
        looking_again(lambda: _add_missing(database))
        return load_secretaries(database)
    return tuple(_secretary(user, rows[user.id or 0], clients[user.id or 0]) for user in users)


def columns_of(secretary: Secretary) -> dict[str, object]:
    """The values of the columns of what is stored of her, by name; without the id and the version."""
    return {
        "declared": secretary.declared.value,
        "break_reason": secretary.break_reason,
        "alert": secretary.alert,
        "idle_since": secretary.idle_since,
        "cooldown_until": secretary.cooldown_until,
        "missed_offers": secretary.missed_offers,
    }


def _desk_users(session: Session) -> Sequence[UserRow]:
    enabled = select(UserRow).where(col(UserRow.role).in_(_DESK_ROLES), col(UserRow.disabled_at).is_(None))
    return session.exec(enabled.order_by(col(UserRow.id))).all()


def _clients_of(session: Session) -> Mapping[int, list[UserClientRow]]:
    found: defaultdict[int, list[UserClientRow]] = defaultdict(list)
    for row in session.exec(select(UserClientRow)):
        found[row.user_id].append(row)
    return found


def _add_missing(database: Database) -> None:
    """A row for everybody who comes to the desk for the first time: offline."""
    with database.transaction() as session:
        known = set(session.exec(select(SecretaryRow.user_id)))
        for user in _desk_users(session):
            if user.id is not None and user.id not in known:
                offline = Declared.OFFLINE.value
                session.add(SecretaryRow(user_id=user.id, version=1, declared=offline, alert=False, missed_offers=0))


def _secretary(user: UserRow, row: SecretaryRow, clients: Sequence[UserClientRow]) -> Secretary:
    return Secretary(
        user=UserId(row.user_id),
        version=row.version,
        name=user.name,
        clients=None if user.all_clients else frozenset(ClientId(client.client_id) for client in clients),
        usual_for=frozenset(ClientId(client.client_id) for client in clients if client.usual),
        languages=frozenset[Language]("en" if language == "en" else "fr" for language in user.speaks),
        declared=Declared(row.declared),
        break_reason=row.break_reason,
        alert=row.alert,
        idle_since=row.idle_since,
        cooldown_until=row.cooldown_until,
        missed_offers=row.missed_offers,
    )
