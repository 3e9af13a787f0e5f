"""A move of the dialogue under construction: the state reached and the actions decided on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from voicebot.clients.consignes import Consignes
from voicebot.dialog.actions import Action, EndCall, EndReason, ReleaseHold, Say, SayValue
from voicebot.dialog.expecting import expectation
from voicebot.dialog.state import BookingForm, Contact, DialogState, Done, Hold, MessageForm, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Each method returns a new move; nothing is changed in place."""

    state: DialogState
    consignes: Consignes
    actions: tuple[Action, ...] = ()

    def to(self, state: DialogState) -> Move:
        """The same actions, another state."""
        return replace(self, state=state)

    def contact(self, contact: Contact) -> Move:
        """With what is known of the caller."""
        return self.to(replace(self.state, contact=contact))

    def booking(self, form: BookingForm | None) -> Move:
        """With the booking under way."""
        return self.to(replace(self.state, booking=form))

    def message(self, form: MessageForm | None) -> Move:
        """With the message under way."""
        return self.to(replace(self.state, message=form))

    def hold(self, hold: Hold | None) -> Move:
        """With the caller's place in the queue."""
        return self.to(replace(self.state, hold=hold))

    def done(self, done: Done) -> Move:
        """With what the call has come to."""
        return self.to(replace(self.state, done=done))

    def do(self, action: Action) -> Move:
        """Ask for one more action."""
        return replace(self, actions=(*self.actions, action))

    def await_result(self, action: Action) -> Move:
        """Ask for an action whose result decides what comes next."""
        return self.do(action).to(replace(self.state, question=Question.RESULT, asked=None))

    def say(self, key: str, *, protected: bool = False, **params: SayValue) -> Move:
        """Speak a sentence; its `variant` parameter counts how often it was said before in this call."""
        return self._say(key, params, protected=protected)

    def ask(self, question: Question, key: str, **params: SayValue) -> Move:
        """Speak a question and leave it open; asking the same one again keeps the count of failures."""
        return self.ask_with(question, key, params)

    def ask_with(
        self, question: Question, key: str, params: Mapping[str, SayValue], *, options: tuple[datetime, ...] = ()
    ) -> Move:
        """As `ask`, with parameters from a mapping and the moments that may be chosen."""
        before = self.state
        said = self._say(key, params, protected=False)
        return said.to(
            replace(
                said.state,
                question=question,
                asked=Say(key=key, params=params),
                options=options,
                expectation=expectation(question, self.consignes, before.language),
                failures=before.failures if question is before.question else 0,
            )
        )

    def ask_again(self) -> Move:
        """Put the open question once more, in other words."""
        asked = self.state.asked
        if asked is None:
            return self
        return self.ask_with(self.state.question, asked.key, asked.params, options=self.state.options)

    def _say(self, key: str, params: Mapping[str, SayValue], *, protected: bool) -> Move:
        times = self.state.times_said(key)
        counts = {**dict(self.state.said), key: times + 1}
        spoken = Say(key=key, params={**params, "variant": times}, protected=protected)
        return self.do(spoken).to(replace(self.state, said=tuple(counts.items())))

    def settle(self) -> Move:
        """The open question is answered: the flow goes on."""
        return self.to(replace(self.state, question=Question.NONE, asked=None, options=(), failures=0))

    def release(self) -> Move:
        """Give back a slot that is held."""
        form = self.state.booking
        if form is None or form.hold is None:
            return self
        return self.do(ReleaseHold(hold=form.hold)).booking(replace(form, hold=None))

    def drop_tasks(self) -> Move:
        """Without what the bot had under way; who calls and what for stays known."""
        released = self.release()
        return released.to(replace(released.state, booking=None, message=None, aside=None, pending=(), paused=None))

    def end(self, reason: EndReason) -> Move:
        """Hang up, giving back what is held."""
        released = self.release()
        return released.do(EndCall(reason=reason)).to(
            replace(released.state, end_reason=reason, question=Question.NONE, asked=None, booking=None)
        )

    def failed_once(self) -> Move:
        """Count a turn that did not get on."""
        state = self.state
        return self.to(replace(state, failures=state.failures + 1, total_failures=state.total_failures + 1))
