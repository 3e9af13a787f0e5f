"""A new client from the template of a sector."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from voicebot.clients.loader import check_file
from voicebot.core.errors import ConsignesError, InputError

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def sectors(templates: Path) -> tuple[str, ...]:
    """The sectors that have a template, by name."""
    return tuple(sorted(file.stem for file in templates.glob("*.yaml")))


def new_client(sector: str, client: str, name: str, lines: Sequence[str], *, templates: Path, out: Path) -> Path:
    """Write a client's consignes from a template, ready to be answered for and to be completed.

    Args:
        sector: Name of a template.
        client: New id: lower case, digits and hyphens.
        name: As said after « bonjour ».
        lines: Dialled numbers, E.164.
        templates: Folder of templates.
        out: Folder of clients; the file is `<client>.yaml`.

    Returns:
        The file written.

    Raises:
        InputError: unknown sector, unusable id, existing file, missing folder.
        ConsignesError: the result does not pass the check (a line not in E.164); nothing is left behind.
    """
    if sector not in sectors(templates):
        raise InputError(f"unknown sector {sector!r}, expected one of {', '.join(sectors(templates)) or 'none'}")
    if not _ID.fullmatch(client):
        raise InputError(f"client id {client!r}: expected lower-case letters, digits and hyphens, such as cabinet-lilas")
    if not out.is_dir():
        raise InputError(f"{out}: no such folder")
    file = out / f"{client}.yaml"
    if file.exists():
        raise InputError(f"{file} already exists: choose another id")
    filled = _filled((templates / f"{sector}.yaml").read_text(encoding="utf-8"), client, name, lines)
    file.write_text(filled, encoding="utf-8")
    checked = check_file(file)
    if checked.errors:
        file.unlink()
        raise ConsignesError("\n".join(checked.errors))
    return file


def _filled(template: str, client: str, name: str, lines: Sequence[str]) -> str:
    """A JSON text is a valid YAML value, whatever quotes and colons it holds."""
    values: dict[str, object] = {"id": client, "name": name, "lines": list(lines)}
    return re.sub(r"\{\{(\w+)\}\}", lambda found: json.dumps(values[found[1]], ensure_ascii=False), template)
