"""Everything under `/desk`."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter

from accounts.access import Access
from escalation.console.commands import command_router
from escalation.console.console_desk import ConsoleDesk
from escalation.console.live_events import event_router
from escalation.console.screens import screen_router
from escalation.console.sockets import socket_router
from voicebot.web.pages import Pages

FOLDER = Path(__file__).parent
"""Templates and texts, for `Pages.of`."""
STATIC = FOLDER / "static"
"""Served as `/static/desk`."""


def console_router(desk: ConsoleDesk, access: Access, pages: Pages) -> APIRouter:
    """Pages, commands, live events and audio of the desk. Every one of them asks for a role of the desk.

    Args:
        desk: What it shows and commands.
        access: The guard.
        pages: Made by `Pages.of(FOLDER)`.
    """
    router = APIRouter()
    router.include_router(screen_router(access, pages))
    router.include_router(command_router(desk, access, pages))
    router.include_router(event_router(desk, access, pages))
    router.include_router(socket_router(desk, access, pages))
    return router
