"""Reading a client's consignes from YAML, with every mistake named by file, line and field."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from voicebot.clients.check import check_consignes
from voicebot.clients.consignes import Consignes
from voicebot.clients.expectations import sentences
from voicebot.clients.problems import Problem
from voicebot.clients.yaml_source import YamlSource, parse_yaml, path_text
from voicebot.core.errors import ConsignesError

VERSION_CHARACTERS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """A file of consignes and what was found in it."""

    file: Path
    consignes: Consignes | None
    """None when there are errors."""
    errors: tuple[str, ...]
    """One sentence each, `file.yaml:12: acts[1].duration_min: …`."""
    warnings: tuple[str, ...] = ()
    """One sentence each, same form."""


def load_consignes(file: Path) -> Consignes:
    """The consignes in a file.

    Raises:
        ConsignesError: it cannot be read or does not pass the check; one line for each error.
    """
    checked = check_file(file)
    if checked.consignes is None:
        raise ConsignesError("\n".join(checked.errors))
    return checked.consignes


def check_file(file: Path) -> CheckedFile:
    """Everything that is wrong or doubtful in a file, at once; never raises."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as exc:
        return _refused(file, f"cannot be read ({exc.strerror}), expected a YAML file of consignes")
    except UnicodeDecodeError:
        return _refused(file, "is not UTF-8 text")
    source = parse_yaml(text)
    if not isinstance(source, YamlSource):
        mistakes = tuple(_located(file, mistake.line, path_text(mistake.path), mistake.sentence) for mistake in source)
        return CheckedFile(file=file, consignes=None, errors=mistakes)
    if not isinstance(source.data, dict):
        return _refused(file, "expected the fields of a client (id, name, lines, hours, …)")
    return _checked(file, source)


def version_of(consignes: Consignes) -> str:
    """Hash of the content: comments and layout do not change it."""
    content = json.dumps(consignes.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:VERSION_CHARACTERS]


def _checked(file: Path, source: YamlSource) -> CheckedFile:
    try:
        consignes = Consignes.model_validate(source.data)
    except ValidationError as exc:
        problems = [Problem(path=path, sentence=sentence) for path, sentence in sentences(exc)]
        return CheckedFile(file=file, consignes=None, errors=_written(file, source, problems))
    found = check_consignes(consignes)
    errors = _written(file, source, [problem for problem in found if problem.severity == "error"])
    warnings = _written(file, source, [problem for problem in found if problem.severity == "warning"])
    return CheckedFile(file=file, consignes=None if errors else consignes, errors=errors, warnings=warnings)


def _written(file: Path, source: YamlSource, problems: list[Problem]) -> tuple[str, ...]:
    lines = {(source.line_of(p.path), path_text(p.path), p.sentence): None for p in problems}
    return tuple(_located(file, *line) for line in sorted(lines))


def _located(file: Path, line: int, field: str, sentence: str) -> str:
    return f"{file}:{line}: {field}: {sentence}" if field else f"{file}:{line}: {sentence}"


def _refused(file: Path, sentence: str) -> CheckedFile:
    return CheckedFile(file=file, consignes=None, errors=(f"{file}: {sentence}",))
