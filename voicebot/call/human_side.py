"""The humans as one call meets them: what the queue tells, what the caller hears meanwhile, and the human's voice.

dialogue   asks for a human ......... on hold ............ with a human ......... goes on, or ends
caller     bot's sentence   bot, else music      the human, or music when held      bot
human      -                silence (briefing)   the caller, or silence when held   -
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from voicebot.call.conversation import Conversation
from voicebot.call.event_log import EventLog
from voicebot.call.inputs_json import input_to_json
from voicebot.call.scribe import Scribe
from voicebot.call.talk import Talk
from voicebot.call.waiting_music import WaitingMusic
from voicebot.core.audio import AudioChunk, silence
from voicebot.core.events import EventKind
from voicebot.handoff.protocol import HandoffLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchanged:
    """20 ms of both directions, once it is known who speaks to whom."""

    to_caller: AudioChunk
    caller: AudioChunk
    """What of the caller others may hear or keep: silence on hold."""
    other: AudioChunk
    """What of the other side may be heard or kept."""
    kept: bool
    """Whether a recording may hold it."""


class HumanSide:
    """One call's way to the desk and back."""

    def __init__(
        self,
        *,
        attend: Callable[[], HandoffLine | None],
        conversation: Conversation,
        talk: Talk,
        log: EventLog,
        music: WaitingMusic,
        scribe: Scribe | None,
        record: bool,
        rate_hz: int,
    ) -> None:
        """Tie the parts together.

        Args:
            attend: the call's line to the humans, asked for when the dialogue first waits for one.
            conversation: tells whether the caller waits, or is with a human.
            talk: takes what the queue tells.
            log: of the call.
            music: what a waiting caller hears.
            scribe: writes down what the human says; None where the client does not allow it.
            record: whether a recording may go on once a human has taken over.
            rate_hz: of the call.
        """
        self._attend = attend
        self._conversation = conversation
        self._talk = talk
        self._log = log
        self._music = music
        self._scribe = scribe
        self._record = record
        self._silence = silence(rate_hz)
        self._line: HandoffLine | None = None

    @property
    def connected(self) -> bool:
        """Whether a human has the caller."""
        return self._conversation.with_human

    @property
    def listened_to(self) -> bool:
        """Whether the caller is to be recognised: always by the bot, with a human only where allowed, never while held."""
        return not self.connected or (self._scribe is not None and not self._held)

    def poll(self, t_s: float, now: Callable[[], datetime]) -> None:
        """Take what the queue tells."""
        if self._line is None and (self._conversation.in_queue or self.connected):
            self._line = self._attend()
        for event in self._line.events(now()) if self._line is not None else ():
            self._log.add(t_s, EventKind.HANDOFF, input=input_to_json(event))
            self._talk.take(event)

    async def exchange(self, caller: AudioChunk, bot: AudioChunk, *, bot_idle: bool, t_s: float) -> Exchanged:
        """Decide what 20 ms sound like on every side."""
        if self.connected and self._line is not None:
            return await self._with_human(self._line, caller, t_s)
        if self._conversation.on_hold and bot_idle:
            return self._waiting()
        self._music.rest()
        heard = self._silence if self._conversation.on_hold else caller
        return Exchanged(to_caller=bot, caller=heard, other=bot, kept=True)

    def close(self) -> None:
        """The call is over."""
        if self._scribe is not None:
            self._scribe.close()

    @property
    def _held(self) -> bool:
        return self._line is not None and self._line.on_hold

    async def _with_human(self, line: HandoffLine, caller: AudioChunk, t_s: float) -> Exchanged:
        line.send(caller)
        human = line.receive() or self._silence
        if line.on_hold:
            return self._waiting()
        self._music.rest()
        if self._scribe is not None:
            await self._scribe.hear(human, t_s)
        return Exchanged(to_caller=human, caller=caller, other=human, kept=self._record)

    def _waiting(self) -> Exchanged:
        music = self._music.next()
        return Exchanged(to_caller=music, caller=self._silence, other=music, kept=True)
