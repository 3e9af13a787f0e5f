"""YAML with line numbers, plain values only, and one clear sentence for each mistake of syntax."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Path = tuple[str | int, ...]
"""Where a value is: keys and positions from the top, e.g. ("acts", 1, "duration_min")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceError:
    """A mistake of syntax."""

    line: int
    """From 1."""
    path: Path
    sentence: str


class _Loader(yaml.SafeLoader):
    """YAML 1.2 values: `10:30` and `2027-03-28` stay text, `off` and `no` too, and so does `+33199001234`."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 (PyYAML's way)


for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", list("tf")),
    ("tag:yaml.org,2002:int", r"^-?(?:0|[1-9][0-9]*)$", list("-0123456789")),
    ("tag:yaml.org,2002:float", r"^-?[0-9]+\.[0-9]+$", list("-0123456789")),
):
    _Loader.add_implicit_resolver(_tag, re.compile(_pattern), _first)


@dataclass(frozen=True, slots=True)
class YamlSource:
    """A parsed document that remembers where each value was written."""

    data: Any
    """Plain dicts, lists, text, numbers, booleans, None."""
    root: Node | None

    def line_of(self, path: Path) -> int:
        """Line, from 1, of the value at `path`, or of the nearest thing written above it."""
        node, line = self.root, 1
        for step in path:
            key, value = _child(node, step)
            if value is None:
                continue  # a step that the checks added, such as the language of a bare text
            line = (key or value).start_mark.line + 1
            node = value
        return line


def parse_yaml(text: str) -> YamlSource | tuple[SourceError, ...]:
    """The document, or its mistakes: syntax, keys written twice, anything but plain values."""
    try:
        root = yaml.compose(text, Loader=_Loader)
        if root is None:
            return YamlSource(None, None)
        twice = tuple(_duplicates(root, ()))
        return twice or YamlSource(yaml.load(text, Loader=_Loader), root)  # noqa: S506 (a SafeLoader)
    except yaml.MarkedYAMLError as exc:
        unclosed = "end of stream" in (exc.problem or "")  # a quote or bracket: where it opens matters, not where the file ends
        mark = (exc.context_mark if unclosed else None) or exc.problem_mark or exc.context_mark
        problem = " ".join(part for part in (exc.context, exc.problem) if part)
        return (SourceError(line=mark.line + 1 if mark else 1, path=(), sentence=f"not valid YAML: {problem}"),)
    except RecursionError:
        return (SourceError(line=1, path=(), sentence="not valid YAML: a part contains itself"),)
    except yaml.YAMLError as exc:
        return (SourceError(line=1, path=(), sentence=f"not valid YAML: {' '.join(str(exc).split())}"),)


def path_text(path: Path) -> str:
    """`acts[1].duration_min` for ("acts", 1, "duration_min")."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def _child(node: Node | None, step: str | int) -> tuple[Node | None, Node | None]:
    if isinstance(node, MappingNode):
        return next(((key, value) for key, value in node.value if key.value == step), (None, None))
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return None, node.value[step]
    return None, None


def _duplicates(node: Node, path: Path) -> list[SourceError]:
    found: list[SourceError] = []
    if isinstance(node, MappingNode):
        lines: dict[str, int] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, ScalarNode) else "?"
            line = key.start_mark.line + 1
            if name in lines:
                sentence = f"written twice, first on line {lines[name]}"
                found.append(SourceError(line=line, path=(*path, name), sentence=sentence))
            lines.setdefault(name, line)
            found += _duplicates(value, (*path, name))
    elif isinstance(node, SequenceNode):
        for index, item in enumerate(node.value):
            found += _duplicates(item, (*path, index))
    return found
