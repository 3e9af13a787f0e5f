"""Who hears whom: the tones that two microphones hold, and what came out of the two loudspeakers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.e2e.browser import Sound, heard
from tests.e2e.two_tabs import CallerTab, SecretaryTab

CALLER_HZ, SECRETARY_HZ = 4250.0, 5100.0
"""Where the bot's voice has little, and the music and the harmonics of the ringing have nothing."""
SPOKEN_DBFS = -20.0
"""How loud the microphones are."""
AUDIBLE_DBFS = -35.0
"""Above this, somebody is heard: a tone, a voice, music, the ringing."""
ABSENT_DBFS = -50.0
"""Below this, a tone is not heard; hisses of the bot's voice reach -60."""
SILENT_DBFS = -70.0
"""Below this, nothing is heard."""


@dataclass(frozen=True, slots=True)
class Ears:
    """Both loudspeakers, and where what came out of them is written down."""

    caller: CallerTab
    secretary: SecretaryTab
    record: Callable[[str, object], None]

    def listen(self, phase: str, *, seconds: float = 1.5, after_s: float = 0.8) -> tuple[Sound, Sound]:
        """What the caller and the secretary hear now."""
        to_caller, to_secretary = heard(self.caller.page, self.secretary.page, seconds=seconds, after_s=after_s)
        for who, sound in (("caller", to_caller), ("secretary", to_secretary)):
            levels = (sound.level_dbfs, sound.tone_dbfs(CALLER_HZ), sound.tone_dbfs(SECRETARY_HZ))
            shown = ", ".join(f"{level:.0f}" for level in levels)
            self.record(f"{phase}: the {who} hears (dBFS: all, the caller, the secretary)", shown)
        return to_caller, to_secretary

    def expect_both_ways(self, phase: str) -> None:
        """Each hears the other, and not the own voice."""
        to_caller, to_secretary = self.listen(phase)
        assert to_caller.tone_dbfs(SECRETARY_HZ) > AUDIBLE_DBFS, phase
        assert to_secretary.tone_dbfs(CALLER_HZ) > AUDIBLE_DBFS, phase
        assert to_caller.tone_dbfs(CALLER_HZ) < ABSENT_DBFS, phase
        assert to_secretary.tone_dbfs(SECRETARY_HZ) < ABSENT_DBFS, phase

    def expect_apart(self, phase: str, *, seconds: float = 1.5, after_s: float = 0.8) -> Sound:
        """The caller hears the bot or music, and neither hears the other. Returns what the secretary hears."""
        to_caller, to_secretary = self.listen(phase, seconds=seconds, after_s=after_s)
        assert to_caller.level_dbfs > AUDIBLE_DBFS, phase
        assert to_caller.tone_dbfs(SECRETARY_HZ) < ABSENT_DBFS, phase
        assert to_secretary.tone_dbfs(CALLER_HZ) < ABSENT_DBFS, phase
        return to_secretary
