"""The first sentences: the notice that nobody can edit away, then the greeting."""

from __future__ import annotations

from dataclasses import replace

from voicebot.clients.consignes import in_language
from voicebot.core.language import Language
from voicebot.dialog.actions import SetLanguage
from voicebot.dialog.closing import refuse_blocked
from voicebot.dialog.escalation import request
from voicebot.dialog.inputs import CallStarted
from voicebot.dialog.move import Move
from voicebot.dialog.state import Question
from voicebot.handoff.requests import HandoffReason


def start(move: Move, event: CallStarted) -> Move:
    """Notice first, whoever calls; then the greeting, a human for a VIP or who comes back, a refusal for a blocked number."""
    known = replace(move.state, caller=event.caller, recorded=event.recorded, now=event.now)
    noticed = notice(move.to(known))
    if event.caller is not None and any(event.caller == blocked.number for blocked in move.consignes.blocked):
        return refuse_blocked(noticed)
    if event.caller is not None and any(event.caller == vip.number for vip in move.consignes.vip):
        return request(noticed.say("handoff.vip"), HandoffReason.VIP)
    if event.returning:
        return request(noticed.say("handoff.returning"), HandoffReason.ASKED)
    return _news(noticed).ask(Question.OPEN, "opening.greeting")


def _news(move: Move) -> Move:
    """What the client has said to every caller before the greeting (*pré-décroché*)."""
    text = move.consignes.pre_answer
    return move if text is None else move.say("client.text", text=in_language(text, move.state.language))


def notice(move: Move) -> Move:
    """Automatic assistant, transcribed, and recorded if it is."""
    return move.say("opening.notice_recorded" if move.state.recorded else "opening.notice", protected=True)


def change_language(move: Move, wanted: Language, text: str) -> Move:
    """Go on in another language, with the notice again; in English to a human when the client has no English."""
    changed = move.do(SetLanguage(language=wanted)).to(replace(move.state, language=wanted))
    if wanted not in move.consignes.languages:
        kept = changed.to(replace(changed.state, reason=move.state.reason or text))
        return request(kept.say("opening.language_unavailable", protected=True), HandoffReason.ASKED)
    return notice(changed)


def greet_again(move: Move) -> Move:
    """After a change of language: the open question, or the greeting."""
    if move.state.asked is not None and move.state.question is not Question.OPEN:
        return move.ask_again()
    return move.ask(Question.OPEN, "opening.greeting")
