"""The turn machine: who speaks, until when. Pure: events in, commands out, no clock, no audio.

A caller's turn, timeline (`#` voiced, `.` silent)::

    caller   ####..#######........................
    request       1       2 (1 was cancelled)
    answer                    2
    commit                        ^ silence_needed_s after the last voiced chunk

Over the bot's speech the same, but speech is held at `barge_in_s`; the text then decides whether it
goes on (noise, backchannel) or stops for good.

Source: sans-I/O pattern after python-websockets; endpointing by accumulated silence after Home Assistant's
`assist_pipeline.vad`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Literal, assert_never

from voicebot.call.turn_settings import TurnSettings
from voicebot.call.turn_vocabulary import (
    BotSpeech,
    CancelRecognition,
    CommitKeys,
    CommitTurn,
    DropTurn,
    FailTurn,
    Heard,
    KeyPressed,
    PauseSpeech,
    PromptSilence,
    Recognise,
    Recognised,
    RecognisePartial,
    RecognitionFailed,
    ResumeSpeech,
    StopSpeech,
    TurnCommand,
    TurnEvent,
    WarnTime,
)
from voicebot.core.expected import ExpectedAnswer

CHUNK_S = 0.02
_SILENCE_LEVELS: tuple[Literal[1, 2, 3], ...] = (1, 2, 3)


@dataclass(slots=True, kw_only=True)
class _Turn:
    """The caller's turn under way."""

    start_s: float
    last_voice_s: float
    next_partial_s: float
    voiced_over_bot_s: float = 0.0
    bot_remaining_s: float | None = None
    """How much the bot still had to say when the turn began; None when it was silent."""
    request: int | None = None
    requested_s: float = 0.0
    answer: Recognised | None = None
    cut: bool = False


class TurnMachine:
    """Turn-taking of one call."""

    def __init__(self, settings: TurnSettings) -> None:
        self._settings = settings
        self._requests = count(1)
        self._expected = ExpectedAnswer.OPEN
        self._turn: _Turn | None = None
        self._bot: BotSpeech | None = None
        self._held = False
        self._deaf_until_quiet = False
        self._quiet_since_s = 0.0
        self._silence_level = 0
        self._keys = ""
        self._early_keys: list[KeyPressed] = []
        self._last_key_s = 0.0
        self._time_warnings = 0

    @property
    def caller_speaking(self) -> bool:
        """Whether a caller's turn is under way."""
        return self._turn is not None

    def expect(self, kind: ExpectedAnswer) -> None:
        """Publish what the bot asks for from now on."""
        self._expected = kind

    def feed(self, event: TurnEvent) -> list[TurnCommand]:
        """Take one event, in order of time; return what to do now, in order."""
        match event:
            case Heard():
                return self._on_heard(event)
            case Recognised():
                return self._on_recognised(event)
            case RecognitionFailed():
                return self._on_failed(event)
            case KeyPressed():
                return self._on_key(event)
            case _:
                assert_never(event)

    def _on_heard(self, event: Heard) -> list[TurnCommand]:
        self._follow_bot(event)
        commands: list[TurnCommand] = self._early_keys_taken()
        if self._deaf_until_quiet:
            self._deaf_until_quiet = event.voiced
        elif event.voiced:
            commands += self._on_voice(event)
        if self._turn is not None:
            commands += self._on_pause(self._turn, event.t_s)
        else:
            commands += self._on_quiet(event)
        return commands + self._on_time(event.t_s)

    def _follow_bot(self, event: Heard) -> None:
        was_speaking = self._bot is not None
        self._bot = event.bot
        if event.bot is None:
            self._held = False
            if was_speaking and self._silence_level == 0:
                self._quiet_since_s = event.t_s

    def _on_voice(self, event: Heard) -> list[TurnCommand]:
        turn, commands = self._turn, list[TurnCommand]()
        if turn is None:
            turn = self._turn = self._open_turn(event)
        turn.last_voice_s = event.t_s
        turn.answer = None
        if turn.request is not None and not turn.cut:
            commands.append(CancelRecognition(request=turn.request))
            turn.request = None
        if self._bot is not None and not self._bot.protected:
            turn.voiced_over_bot_s += CHUNK_S
            if not self._held and turn.voiced_over_bot_s >= self._settings.barge_in_s:
                self._held = True
                commands.append(PauseSpeech())
        if event.t_s >= turn.next_partial_s and not turn.cut:
            turn.next_partial_s = event.t_s + self._settings.partial_every_s
            commands.append(RecognisePartial(start_s=turn.start_s, end_s=event.t_s))
        return commands

    def _open_turn(self, event: Heard) -> _Turn:
        start_s = event.t_s - CHUNK_S if event.onset_s is None else event.onset_s
        return _Turn(
            start_s=max(0.0, start_s),
            last_voice_s=event.t_s,
            next_partial_s=event.t_s + self._settings.partial_every_s,
            bot_remaining_s=None if self._bot is None else self._bot.remaining_s,
        )

    def _on_pause(self, turn: _Turn, t_s: float) -> list[TurnCommand]:
        """Recognise, wait, commit: what silence after (or the hard cap within) a turn leads to."""
        settings = self._settings
        silence_s = t_s - turn.last_voice_s
        if turn.answer is not None:
            needed_s = settings.silence_needed_s(self._expected, turn.answer.completeness)
            done = turn.cut or silence_s >= needed_s - 1e-9
            return self._conclude(turn, turn.answer) if done else []
        if turn.request is not None:
            late = t_s - turn.requested_s >= settings.recognition_timeout_s
            return [CancelRecognition(request=turn.request), *self._fail()] if late else []
        turn.cut = turn.cut or t_s - turn.start_s >= settings.turn_cap_s
        if turn.cut or silence_s >= settings.speculate_s - 1e-9:
            turn.request, turn.requested_s = next(self._requests), t_s
            return [Recognise(request=turn.request, start_s=turn.start_s, end_s=t_s, speculative=not turn.cut)]
        return []

    def _on_recognised(self, event: Recognised) -> list[TurnCommand]:
        turn = self._turn
        if turn is None or turn.request != event.request:
            return []
        turn.request, turn.answer = None, event
        return self._on_pause(turn, event.t_s)

    def _on_failed(self, event: RecognitionFailed) -> list[TurnCommand]:
        if self._turn is None or self._turn.request != event.request:
            return []
        return self._fail()

    def _fail(self) -> list[TurnCommand]:
        self._turn = None
        return [*self._release(stop=True), FailTurn()]

    def _conclude(self, turn: _Turn, answer: Recognised) -> list[TurnCommand]:
        """The turn is over: it counts, or it was nothing."""
        if not answer.text:
            return self._drop("noise")
        if answer.backchannel and not self._answers_bot(turn):
            return self._drop("backchannel")
        if self._bot is not None and self._bot.protected:
            return []
        self._turn = None
        self._silence_level = 0
        self._quiet_since_s = answer.t_s
        self._deaf_until_quiet = turn.cut
        commit = CommitTurn(text=answer.text, start_s=turn.start_s, end_s=turn.last_voice_s, cut=turn.cut)
        return [*self._release(stop=True), commit]

    def _answers_bot(self, turn: _Turn) -> bool:
        remaining_s = turn.bot_remaining_s
        return remaining_s is None or remaining_s <= self._settings.answer_window_s

    def _drop(self, why: Literal["noise", "backchannel"]) -> list[TurnCommand]:
        self._turn = None
        return [DropTurn(why=why), *self._release(stop=False)]

    def _release(self, *, stop: bool) -> list[TurnCommand]:
        """End the hold on the bot's speech, one way or the other."""
        held, self._held = self._held, False
        if self._bot is None or self._bot.protected:
            return []
        if stop:
            return [StopSpeech()]
        return [ResumeSpeech()] if held else []

    def _on_quiet(self, event: Heard) -> list[TurnCommand]:
        """Nobody speaks: complete keys, prompt after long silence."""
        settings = self._settings
        if self._keys and event.t_s - self._last_key_s >= settings.keys_timeout_s:
            return self._commit_keys()
        if event.working:
            self._quiet_since_s = event.t_s
        if event.bot is not None or event.working or self._keys or self._silence_level == len(_SILENCE_LEVELS):
            return []
        if event.t_s - self._quiet_since_s < settings.silence_prompts_s[self._silence_level]:
            return []
        level = _SILENCE_LEVELS[self._silence_level]
        self._silence_level += 1
        return [PromptSilence(level=level)]

    def _on_key(self, event: KeyPressed) -> list[TurnCommand]:
        if self._bot is not None and self._bot.protected:
            self._early_keys.append(event)
            return []
        self._last_key_s = event.t_s
        self._silence_level, self._quiet_since_s = 0, event.t_s
        commands = self._release(stop=True)
        if self._expected is not ExpectedAnswer.PHONE:
            self._keys = event.key
            return commands + self._commit_keys()
        if event.key != "#":
            self._keys += event.key
        if event.key == "#" or len(self._keys) == 10:
            return commands + self._commit_keys()
        return commands

    def _early_keys_taken(self) -> list[TurnCommand]:
        """Keys pressed over protected speech count once it has been played."""
        if not self._early_keys or (self._bot is not None and self._bot.protected):
            return []
        early, self._early_keys = self._early_keys, []
        return [command for event in early for command in self._on_key(event)]

    def _commit_keys(self) -> list[TurnCommand]:
        keys, self._keys = self._keys, ""
        return [CommitKeys(keys=keys)]

    def _on_time(self, t_s: float) -> list[TurnCommand]:
        settings = self._settings
        limits_s = (settings.max_call_s - settings.warn_before_end_s, settings.max_call_s)
        if self._time_warnings == len(limits_s) or t_s < limits_s[self._time_warnings]:
            return []
        self._time_warnings += 1
        return [WarnTime(final=self._time_warnings == len(limits_s))]
