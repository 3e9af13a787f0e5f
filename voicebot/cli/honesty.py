"""What a user must know about the models in use, said at every start."""

from __future__ import annotations

import sys

from voicebot.models.manifest import load_manifest
from voicebot.models.notices import notice


def warn_about_recognizer(name: str) -> None:
    """Print the recogniser's notice on stderr, when it has one."""
    for entry in load_manifest().entries():
        if entry.name == name and (text := notice(entry)) is not None:
            sys.stderr.write(text + "\n")
