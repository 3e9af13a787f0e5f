from __future__ import annotations

import ast

from tests.architecture.source import modules
from voicebot.core.data_keys import PERSONAL, SAFE

LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}


def keys_of(call: ast.Call) -> set[str]:
    return {keyword.arg for keyword in call.keywords if keyword.arg is not None}


def event_calls(tree: ast.Module) -> list[ast.Call]:
    """`log.add(t_s, EventKind.X, key=...)`."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and any(isinstance(a, ast.Attribute) and isinstance(a.value, ast.Name) and a.value.id == "EventKind" for a in node.args)
    ]


def log_calls(tree: ast.Module) -> list[ast.Call]:
    """`log.warning("event", key=...)`."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in LEVELS
        and "log" in ast.unparse(node.func.value)
    ]


def test_every_key_of_an_event_is_classified() -> None:
    used = {key for _, tree in modules() for call in event_calls(tree) for key in keys_of(call)}
    assert used - PERSONAL - SAFE == set()
    assert used, "no event was found: the scan is broken"


def test_no_log_line_carries_personal_data() -> None:
    used = {key for _, tree in modules() for call in log_calls(tree) for key in keys_of(call)}
    assert used - SAFE - {"exc_info"} == set()


def test_a_key_is_personal_or_safe_not_both() -> None:
    assert not PERSONAL & SAFE
