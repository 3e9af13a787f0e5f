"""Ways to a human: emergencies, callers who ask for one, VIPs, dialogues that do not get on."""

from __future__ import annotations

from dataclasses import replace

from voicebot.clients.consignes import UrgentRule, in_language
from voicebot.dialog.actions import EndReason, RequestHuman
from voicebot.dialog.answers import ALSO_AT, is_clear, yes_no
from voicebot.dialog.closing import goodbye
from voicebot.dialog.failures import BROKEN_DOWN, HANDOFF_FAILED
from voicebot.dialog.move import Move
from voicebot.dialog.state import DialogState, MessageForm, Question
from voicebot.dialog.summary import summarise
from voicebot.dialog.vocabulary import danger, words
from voicebot.handoff.requests import HandoffReason
from voicebot.nlu.understanding import Understanding


def urgent(move: Move, turn: Understanding) -> Move:
    """Safety sentence when life is at stake, the client's own words for it, then the top of the queue; no triage."""
    if turn.urgency.vital:
        move = move.say(f"safety.{danger(turn.text)}", protected=True)
    rule = _rule(move, turn)
    if rule is not None and rule.say is not None:
        move = move.say("client.text", text=in_language(rule.say, move.state.language))
    if is_urgent(move.state):
        return move
    named = replace(move.state, reason=turn.text or move.state.reason)
    return request(move.to(named), HandoffReason.URGENT, kind=turn.urgency.kind or "general")


def is_urgent(state: DialogState) -> bool:
    """Whether the ticket stands, or was just asked to stand, at the top of the queue already."""
    waiting = state.hold is not None and state.hold.leaving is None and state.hold.reason is HandoffReason.URGENT
    return waiting or state.handoff is HandoffReason.URGENT


def _rule(move: Move, turn: Understanding) -> UrgentRule | None:
    heard = f" {' '.join(words(turn.text))} "
    return next((rule for rule in move.consignes.urgencies if any(f" {' '.join(words(w))} " in heard for w in rule.words)), None)


def ask_whether_urgent(move: Move, turn: Understanding) -> Move:
    """« Est-ce que c'est urgent ? », keeping the turn to go on with."""
    state = move.state
    paused = (state.question, state.asked, state.options)
    kept = replace(state, aside=turn, urgency_asked=state.urgency_asked + 1, paused=paused)
    return move.to(kept).ask(Question.URGENT, "urgency.ask")


def whether_urgent(move: Move, turn: Understanding) -> Move | None:
    """The answer: yes, or doubt, goes to a human. None when it is no, and the kept turn goes on."""
    answer = yes_no(turn)
    kept = move.state.aside
    if answer == "no" or kept is None:
        return None
    if answer is None and move.state.failures == 0:
        return move.failed_once().ask_again()
    return urgent(move, replace(kept, urgency=replace(kept.urgency, level="urgent")))


def not_urgent(move: Move) -> Move:
    """Back to the question that stood open before."""
    question, asked, options = move.state.paused or (Question.NONE, None, ())
    kept = move.state.aside
    reason = move.state.reason or (kept.text if kept else "")
    resumed = replace(move.state, aside=None, paused=None, reason=reason)
    return move.to(replace(resumed, question=question, asked=asked, options=options, failures=0))


def asks_for_person(turn: Understanding, question: Question) -> bool:
    """Whether the turn asks for a human being; a name given for one's own does not."""
    if question in {Question.NAME, Question.SPELLING} and turn.slots.person is not None:
        return is_clear(turn, "speak_to_person")
    if question is Question.REASON and words(turn.text)[:1] in {("par",), ("pour",), ("for",), ("by",)}:
        return False
    return (turn.intent == "speak_to_person" and turn.has("speak_to_person")) or turn.has("speak_to_person", ALSO_AT)


def person_asked(move: Move, turn: Understanding | None = None) -> Move:
    """First time with nothing known: what is it about? Otherwise a human at once."""
    state = move.state
    known = state.reason or state.booking or state.message or state.done.answered
    if state.human_asked or known:
        return request(move, HandoffReason.ASKED)
    waiting = replace(state, human_asked=1, aside=turn)
    return move.to(waiting).ask(Question.HUMAN_REASON, "handoff.what_about")


def reason_given(move: Move, turn: Understanding | None) -> Move:
    """Whatever was answered to « de quoi s'agit-il ? », the human comes."""
    text = turn.text if turn else ""
    return request(move.to(replace(move.state, reason=text or move.state.reason)), HandoffReason.ASKED)


def give_up(move: Move) -> Move:
    """The dialogue does not get on: a human takes over, unless the caller has waited for one in vain."""
    if move.state.left is not None:
        return goodbye(move.say("closing.no_progress"), EndReason.NO_PROGRESS)
    return request(move.say("repair.to_human"), HandoffReason.FAILED)


def request(move: Move, reason: HandoffReason, *, kind: str | None = None) -> Move:
    """Open a ticket, or renew the one that is open; its commitment is announced when it is known."""
    summary = summarise(move.state, move.consignes)
    released = move.release()
    state = replace(released.state, handoff=reason, urgency_kind=kind or released.state.urgency_kind)
    asked = RequestHuman(
        reason=reason,
        urgency_kind=state.urgency_kind,
        summary=summary,
        person=state.contact.name,
        phone=state.contact.phone or state.caller,
        language=state.language,
    )
    return released.to(state).await_result(asked)


def requested(move: Move) -> Move:
    """The ticket is committed where nobody stays on the line: say so, and end."""
    reached = move.done(replace(move.state.done, handed_off=True))
    told = reached.say("handoff.waiting")
    return told.to(replace(told.state, handoff=None)).end(EndReason.HANDED_OFF)


def request_failed(move: Move) -> Move:
    """No ticket could be stored: an urgent caller hears the safety sentence, then a message is taken."""
    state = move.state
    was_urgent = state.handoff is HandoffReason.URGENT
    if state.done.failed:
        ended = move.say("safety.unreachable", protected=True) if was_urgent else move
        return ended.to(replace(ended.state, handoff=None)).say(BROKEN_DOWN).end(EndReason.ERROR)
    told = move.say("safety.unreachable", protected=True) if was_urgent else move
    told = told.say(HANDOFF_FAILED)
    form = state.message or MessageForm(intent="callback_request", kind="callback", reason=state.reason, urgent=was_urgent)
    urgent_form = replace(form, urgent=form.urgent or was_urgent)
    cleared = replace(told.state, handoff=None, done=replace(state.done, failed=True), booking=None, message=urgent_form)
    return told.to(cleared).settle()
