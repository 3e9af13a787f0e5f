"""The policy at work: inputs in, what to do next out. No audio, no tasks: a voice call and a typed chat share it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import takewhile

from voicebot.clients.consignes import Consignes
from voicebot.core.expected import Expectation
from voicebot.core.language import Language
from voicebot.dialog.actions import Action, EndCall, Outcome, ReleaseHold, Say, SetLanguage, WorldAction
from voicebot.dialog.closing import unconfirmed_message
from voicebot.dialog.failures import BROKEN_DOWN
from voicebot.dialog.inputs import Input, Result, Resumed
from voicebot.dialog.policy import step
from voicebot.dialog.rendering import Sentences
from voicebot.dialog.state import DialogState, initial_state
from voicebot.dialog.vocabulary import directory_of
from voicebot.nlu.understanding import Directory

NOTICES = frozenset({"opening.notice", "opening.notice_recorded"})
"""Sentences whose playing is the proof that the caller was told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A rendered sentence, to be spoken or shown."""

    key: str
    text: str
    protected: bool
    language: Language


class Conversation:
    """The dialogue of one call."""

    def __init__(self, *, consignes: Consignes, sentences: Sentences) -> None:
        self._consignes = consignes
        self._sentences = sentences
        self._state: DialogState = initial_state(language=consignes.languages[0])
        self._spoken = self._state.language
        self._actions: deque[Action] = deque()
        self._awaiting: WorldAction | None = None
        self._directories = {language: directory_of(consignes, language) for language in consignes.languages}

    @property
    def expectation(self) -> Expectation:
        """What was asked last."""
        return self._state.expectation

    @property
    def language(self) -> Language:
        """Language of the call now."""
        return self._state.language

    @property
    def outcome(self) -> Outcome:
        """What the call has come to so far."""
        return self._state.outcome

    @property
    def in_queue(self) -> bool:
        """Whether the call waits for a human, be it that the caller is asked something meanwhile."""
        return self._state.in_queue

    @property
    def on_hold(self) -> bool:
        """Whether music is to play whenever nothing is said: a human is waited for, or is coming, and nothing is asked."""
        return self._state.on_hold

    @property
    def with_human(self) -> bool:
        """Whether a human talks to the caller, and the bot is mute."""
        return self._state.with_human

    @property
    def awaiting(self) -> WorldAction | None:
        """The action that was handed out and whose result was not fed yet."""
        return self._awaiting

    @property
    def directory(self) -> Directory:
        """The client's own words in the language of the call."""
        return self._directories.get(self.language) or self._directories[self._consignes.languages[0]]

    def feed(self, event: Input) -> None:
        """Take one input. Actions that a result leads to come before what was still queued."""
        if isinstance(event, Result | Resumed):
            self._awaiting = None
        self._state, actions = step(self._state, event, self._consignes)
        self._actions.extendleft(reversed(actions))

    def next(self) -> Sentence | EndCall | WorldAction | None:
        """What to do next, in order; None when nothing is left. Sentences come rendered."""
        while self._actions:
            action = self._actions.popleft()
            match action:
                case Say():
                    return self._rendered(action)
                case SetLanguage():
                    self._spoken = action.language
                case EndCall() | ReleaseHold():
                    return action
                case _:
                    self._awaiting = action
                    return action
        return None

    def forget(self) -> None:
        """Drop what was still to be said and done: the caller was cut off before it."""
        self._actions.clear()
        self._spoken = self._state.language

    def unfinished(self) -> tuple[WorldAction, ...]:
        """For a caller who has hung up: give a held slot back, keep a message not confirmed yet, marked unsure.

        Who hangs up in the queue is called back by the queue, with what the ticket says.
        """
        booking, called_back = self._state.booking, self._state.in_queue and self._state.callable_number is not None
        message = None if called_back else unconfirmed_message(self._state)
        held = () if booking is None or booking.hold is None else (ReleaseHold(hold=booking.hold),)
        return (*held, *(() if message is None else (message,)))

    def apology(self) -> Sentence:
        """What a caller is told when the call breaks down."""
        return self._rendered(Say(key=BROKEN_DOWN, protected=True))

    def preview(self, event: Input) -> list[Sentence]:
        """The sentences that this input would lead to at once, without taking it; for synthesis ahead of time."""
        _, actions = step(self._state, event, self._consignes)
        return [self._rendered(say) for say in takewhile(lambda action: isinstance(action, Say), actions) if isinstance(say, Say)]

    def _rendered(self, say: Say) -> Sentence:
        text = self._sentences.render(say, self._spoken, self._consignes)
        return Sentence(key=say.key, text=text, protected=say.protected, language=self._spoken)
