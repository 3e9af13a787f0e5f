"""The command line: `voicebot`."""

from voicebot.cli.main import main

__all__ = ["main"]
