"""Telling the database which clients and lines there are, before their calls."""

from __future__ import annotations

from datetime import datetime

from voicebot.clients.catalogue import ClientCatalogue
from voicebot.clients.consignes import in_language
from voicebot.clients.loader import version_of
from voicebot.records.clients import register_client
from voicebot.records.database import Database


def register_clients(database: Database, catalogue: ClientCatalogue, *, now: datetime) -> None:
    """Store every client of the catalogue with its lines and version; done again, only what changed changes.

    Raises:
        RecordsError: a line belongs to a client that is not in the catalogue, or the database refuses.
    """
    for consignes in catalogue:
        register_client(
            database,
            client=consignes.id,
            name=in_language(consignes.name, "fr"),
            zone=consignes.timezone,
            version=version_of(consignes),
            lines=consignes.lines,
            now=now,
        )
