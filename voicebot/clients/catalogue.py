"""All the clients of a folder, by id and by dialled line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from voicebot.clients.consignes import Consignes
from voicebot.clients.loader import CheckedFile, check_file, version_of
from voicebot.core.errors import ConsignesError, InputError
from voicebot.core.ids import ClientId


@dataclass(frozen=True, slots=True)
class ClientCatalogue:
    """The clients that calls are answered for."""

    clients: tuple[Consignes, ...]
    """By id."""

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Every `*.yaml` of a folder.

        Raises:
            InputError: the folder is missing or holds no client.
            ConsignesError: a file does not pass the check, or two clients share an id or a line; one line for each error.
        """
        checked = check_folder(folder)
        errors = [error for file in checked for error in file.errors]
        if errors:
            raise ConsignesError("\n".join(errors))
        return cls(tuple(sorted((file.consignes for file in checked if file.consignes), key=lambda client: client.id)))

    def __iter__(self) -> Iterator[Consignes]:
        return iter(self.clients)

    def by_id(self, client: str) -> Consignes:
        """The client of that id.

        Raises:
            InputError: there is none; the sentence names those there are.
        """
        for consignes in self.clients:
            if consignes.id == client:
                return consignes
        raise InputError(f"unknown client {client!r}, expected one of {', '.join(c.id for c in self.clients)}")

    def by_line(self, line: str) -> Consignes:
        """The client whose line was dialled, E.164.

        Raises:
            InputError: the line is nobody's; the sentence names those there are.
        """
        for consignes in self.clients:
            if line in consignes.lines:
                return consignes
        known = ", ".join(f"{number} ({c.id})" for c in self.clients for number in c.lines)
        raise InputError(f"line {line} belongs to no client, expected one of {known}")

    def version(self, client: ClientId) -> str:
        """Content hash of a client's consignes.

        Raises:
            InputError: no such client.
        """
        return version_of(self.by_id(client))


def check_folder(folder: Path) -> tuple[CheckedFile, ...]:
    """Every file of a folder checked, by name, alone and against the others.

    Raises:
        InputError: the folder is missing or holds no client.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder, expected one with a YAML file for each client")
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise InputError(f"{folder}: no client, expected a YAML file for each")
    owners: dict[str, Path] = {}
    return tuple(_against(owners, check_file(file)) for file in files)


def _against(owners: dict[str, Path], checked: CheckedFile) -> CheckedFile:
    """The file with the errors that come from those before it: an id or a line belongs to one client."""
    if checked.consignes is None:
        return checked
    names = [f"id {checked.consignes.id!r}", *(f"line {line}" for line in checked.consignes.lines)]
    errors = tuple(f"{checked.file}: {name} is already in {owners[name]}" for name in names if name in owners)
    owners.update({name: checked.file for name in names if name not in owners})
    if not errors:
        return checked
    return CheckedFile(file=checked.file, consignes=None, errors=errors, warnings=checked.warnings)
