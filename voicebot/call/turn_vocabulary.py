"""What the turn machine is told, and what it asks for. All times are float seconds since answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from voicebot.core.expected import Completeness


@dataclass(frozen=True, slots=True, kw_only=True)
class BotSpeech:
    """Where the bot's speech stands."""

    protected: bool
    """What is playing now may not be interrupted."""
    remaining_s: float
    """Estimated time until everything queued has been played, seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """20 ms of the caller's channel have been judged; also the machine's tick."""

    t_s: float
    """End of the chunk."""
    voiced: bool
    onset_s: float | None = None
    """Where this stretch of speech starts, pre-roll included; set on its first voiced chunk."""
    bot: BotSpeech | None = None
    """None while the bot has nothing to say."""
    working: bool = False
    """The bot is about to speak: an action is under way, the silence is not the caller's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """The answer to `Recognise`."""

    t_s: float
    request: int
    text: str
    """Empty when nothing was said, or a guard took the words away."""
    completeness: Completeness
    backchannel: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionFailed:
    """`Recognise` could not be answered."""

    t_s: float
    request: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPressed:
    """A DTMF key."""

    t_s: float
    key: str
    """One of 0-9 * #."""


TurnEvent = Heard | Recognised | RecognitionFailed | KeyPressed


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognise:
    """Recognise the caller's audio of this stretch; answered once, unless cancelled."""

    request: int
    start_s: float
    end_s: float
    speculative: bool
    """Asked at the first short silence; dropped if speech goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognisePartial:
    """Recognise what was said so far, for who looks on; may be dropped."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRecognition:
    """The answer to this request is no longer wanted."""

    request: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitTurn:
    """The caller's turn is over."""

    text: str
    start_s: float
    end_s: float
    """Last voiced moment."""
    cut: bool
    """The hard cap ended it, not the caller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitKeys:
    """Keys are complete."""

    keys: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTurn:
    """What was heard was no turn: noise, or a backchannel."""

    why: Literal["noise", "backchannel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailTurn:
    """There was speech but recognition failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseSpeech:
    """Hold the bot's speech: somebody speaks over it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeSpeech:
    """Go on at the phrase where speech was held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopSpeech:
    """Drop what has not been played yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptSilence:
    """Nobody has spoken for a while."""

    level: Literal[1, 2, 3]


@dataclass(frozen=True, slots=True, kw_only=True)
class WarnTime:
    """The call has reached its maximum duration (`final`), or is near it."""

    final: bool


TurnCommand = (
    Recognise
    | RecognisePartial
    | CancelRecognition
    | CommitTurn
    | CommitKeys
    | DropTurn
    | FailTurn
    | PauseSpeech
    | ResumeSpeech
    | StopSpeech
    | PromptSilence
    | WarnTime
)
