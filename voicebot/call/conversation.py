"""The policy at work: inputs in, what to do next out. No audio, no tasks: a voice call and a typed chat share it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from voicebot.clients.consignes import Consignes
from voicebot.core.expected import Expectation
from voicebot.core.language import Language
from voicebot.dialog.actions import Action, Outcome, Say, SetLanguage
from voicebot.dialog.inputs import Input
from voicebot.dialog.policy import initial_state, step
from voicebot.dialog.rendering import Renderer
from voicebot.dialog.state import DialogState
from voicebot.dialog.vocabulary import directory_of
from voicebot.nlu.understanding import Directory


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A rendered sentence, to be spoken or shown."""

    key: str
    text: str
    protected: bool
    language: Language


class Conversation:
    """The dialogue of one call."""

    def __init__(self, *, consignes: Consignes, renderer: Renderer) -> None:
        self._consignes = consignes
        self._renderer = renderer
        self._state: DialogState = initial_state(consignes)
        self._spoken = self._state.language
        self._actions: deque[Action] = deque()
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
    def directory(self) -> Directory:
        """The client's own words in the language of the call."""
        return self._directories.get(self.language) or self._directories[self._consignes.languages[0]]

    def feed(self, event: Input) -> None:
        """Take one input. Actions that a result leads to come before what was still queued."""
        self._state, actions = step(self._state, event, self._consignes)
        self._actions.extendleft(reversed(actions))

    def next(self) -> Sentence | Action | None:
        """What to do next, in order; None when nothing is left. Sentences come rendered."""
        while self._actions:
            action = self._actions.popleft()
            match action:
                case Say():
                    text = self._renderer.render(action, self._spoken)
                    return Sentence(key=action.key, text=text, protected=action.protected, language=self._spoken)
                case SetLanguage():
                    self._spoken = action.language
                case _:
                    return action
        return None

    def preview(self, event: Input) -> list[Sentence]:
        """The sentences that this input would lead to at once, without taking it; for synthesis ahead of time."""
        _, actions = step(self._state, event, self._consignes)
        sentences: list[Sentence] = []
        for action in actions:
            if not isinstance(action, Say):
                break
            text = self._renderer.preview(action, self._spoken)
            sentences.append(Sentence(key=action.key, text=text, protected=action.protected, language=self._spoken))
        return sentences
