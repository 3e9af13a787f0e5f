"""Every duration that turn-taking depends on."""

from __future__ import annotations

from dataclasses import dataclass

from voicebot.core.expected import Completeness, ExpectedAnswer

DICTATED = frozenset({ExpectedAnswer.PHONE, ExpectedAnswer.EMAIL, ExpectedAnswer.SPELLING})


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnSettings:
    """Durations in seconds."""

    speculate_s: float = 0.15
    """Silence after which recognition starts, before the turn is known to be over."""
    complete_s: float = 0.2
    """Silence that ends a turn whose text satisfies what was asked."""
    complete_dictation_s: float = 0.4
    """The same for a dictation: a digit or a letter may follow."""
    open_s: float = 0.5
    """Silence that ends free speech."""
    open_name_s: float = 0.7
    """Silence that ends a name: first and family name come apart."""
    incomplete_s: float = 1.2
    """Silence that ends a text which breaks off on « et », « euh », « c'est le »."""
    incomplete_dictation_s: float = 1.5
    """Silence that ends an unfinished number, e-mail or spelling."""
    turn_cap_s: float = 25.0
    """Longest turn; the recogniser's window is 30 s."""
    recognition_timeout_s: float = 8.0
    """After that the turn fails rather than wait on."""
    partial_every_s: float = 1.5
    barge_in_s: float = 0.12
    """Voiced time over the bot's speech after which it is held."""
    answer_window_s: float = 1.0
    """A short « oui » in the last second of a question is its answer, earlier it is a backchannel."""
    silence_prompts_s: tuple[float, float, float] = (6.0, 12.0, 17.5)
    keys_timeout_s: float = 3.0
    max_call_s: float = 900.0
    warn_before_end_s: float = 45.0

    def silence_needed_s(self, kind: ExpectedAnswer, completeness: Completeness) -> float:
        """Silence after which a turn of that completeness is over."""
        dictated = kind in DICTATED
        match completeness:
            case Completeness.COMPLETE:
                return self.complete_dictation_s if dictated else self.complete_s
            case Completeness.INCOMPLETE:
                return self.incomplete_dictation_s if dictated or kind is ExpectedAnswer.PERSON else self.incomplete_s
            case Completeness.OPEN:
                return self.open_name_s if dictated or kind is ExpectedAnswer.PERSON else self.open_s
