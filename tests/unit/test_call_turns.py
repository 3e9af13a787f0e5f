"""The turn machine, tested in seconds: `#` voiced, `.` silent, 20 ms steps."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    WarnTime,
)
from voicebot.call.turns import TurnMachine
from voicebot.core.expected import Completeness, ExpectedAnswer

OPEN = BotSpeech(protected=False, remaining_s=3.0)
ENDING = BotSpeech(protected=False, remaining_s=0.5)
NOTICE = BotSpeech(protected=True, remaining_s=3.0)


@dataclass
class Scene:
    """Plays a timeline into a machine; recognition answers after `delay_s`."""

    text: str = "je voudrais un rendez-vous"
    completeness: Completeness = Completeness.OPEN
    backchannel: bool = False
    delay_s: float = 0.1
    fails: bool = False
    answers: bool = True
    settings: TurnSettings = field(default_factory=TurnSettings)
    kind: ExpectedAnswer = ExpectedAnswer.OPEN

    def __post_init__(self) -> None:
        self.machine = TurnMachine(self.settings)
        self.machine.expect(self.kind)
        self.t_s = 0.0
        self.log: list[tuple[float, TurnCommand]] = []
        self.due: list[tuple[float, int]] = []

    def run(self, seconds: float, *, voiced: bool = False, bot: BotSpeech | None = None) -> Scene:
        for _ in range(round(seconds / 0.02)):
            self.t_s = round(self.t_s + 0.02, 6)
            self._take(self.machine.feed(Heard(t_s=self.t_s, voiced=voiced, bot=bot)))
            for due_s, request in [d for d in self.due if d[0] <= self.t_s]:
                self.due.remove((due_s, request))
                self._take(self.machine.feed(self._answer(request)))
        return self

    def key(self, key: str) -> Scene:
        self._take(self.machine.feed(KeyPressed(t_s=self.t_s, key=key)))
        return self

    def of(self, kind: type) -> list[tuple[float, TurnCommand]]:
        return [(t, c) for t, c in self.log if isinstance(c, kind)]

    def _answer(self, request: int) -> Recognised | RecognitionFailed:
        if self.fails:
            return RecognitionFailed(t_s=self.t_s, request=request)
        return Recognised(
            t_s=self.t_s, request=request, text=self.text, completeness=self.completeness, backchannel=self.backchannel
        )

    def _take(self, commands: list[TurnCommand]) -> None:
        for command in commands:
            self.log.append((self.t_s, command))
            if isinstance(command, Recognise) and self.answers:
                self.due.append((round(self.t_s + self.delay_s, 6), command.request))
            if isinstance(command, CancelRecognition):
                self.due = [d for d in self.due if d[1] != command.request]


@pytest.mark.parametrize(
    ("kind", "completeness", "wait_s"),
    [
        (ExpectedAnswer.OPEN, Completeness.OPEN, 0.5),
        (ExpectedAnswer.YES_NO, Completeness.COMPLETE, 0.26),
        (ExpectedAnswer.PHONE, Completeness.COMPLETE, 0.4),
        (ExpectedAnswer.PHONE, Completeness.INCOMPLETE, 1.5),
        (ExpectedAnswer.PERSON, Completeness.OPEN, 0.7),
        (ExpectedAnswer.OPEN, Completeness.INCOMPLETE, 1.2),
    ],
)
def test_silence_that_ends_a_turn_depends_on_the_question(
    kind: ExpectedAnswer, completeness: Completeness, wait_s: float
) -> None:
    scene = Scene(kind=kind, completeness=completeness).run(1.0, voiced=True).run(3.0)
    ((t_s, commit),) = scene.of(CommitTurn)
    assert t_s - 1.0 == pytest.approx(wait_s, abs=0.021)
    assert isinstance(commit, CommitTurn)
    assert commit.end_s == pytest.approx(1.0)


def test_recognition_starts_before_the_turn_is_known_to_be_over() -> None:
    scene = Scene().run(1.0, voiced=True).run(0.3)
    ((t_s, request),) = scene.of(Recognise)
    assert t_s == pytest.approx(1.16, abs=0.021)
    assert isinstance(request, Recognise)
    assert request.speculative
    assert not scene.of(CommitTurn)


def test_speech_that_goes_on_drops_the_speculative_request_and_keeps_one_turn() -> None:
    scene = Scene(delay_s=0.3).run(1.0, voiced=True).run(0.3).run(1.0, voiced=True).run(2.0)
    assert len(scene.of(CancelRecognition)) == 1
    ((_, commit),) = scene.of(CommitTurn)
    assert isinstance(commit, CommitTurn)
    assert commit.start_s == pytest.approx(0.0, abs=0.02)
    assert commit.end_s == pytest.approx(2.3, abs=0.021)


def test_a_dictated_number_with_pauses_is_never_cut_in_two() -> None:
    scene = Scene(kind=ExpectedAnswer.PHONE, completeness=Completeness.INCOMPLETE)
    for _ in range(5):
        scene.run(0.6, voiced=True).run(1.3)
    scene.run(1.0)
    assert len(scene.of(CommitTurn)) == 1


def test_a_slow_recogniser_delays_the_turn_and_loses_nothing() -> None:
    scene = Scene(delay_s=2.0).run(1.0, voiced=True).run(4.0)
    ((t_s, _),) = scene.of(CommitTurn)
    assert t_s == pytest.approx(3.18, abs=0.05)


def test_a_recogniser_that_never_answers_fails_the_turn() -> None:
    scene = Scene(answers=False).run(1.0, voiced=True).run(9.0)
    assert len(scene.of(FailTurn)) == 1


def test_a_failing_recogniser_fails_the_turn() -> None:
    scene = Scene(fails=True).run(1.0, voiced=True).run(1.0)
    assert len(scene.of(FailTurn)) == 1
    assert not scene.of(CommitTurn)


def test_a_real_interruption_holds_the_bot_within_300_ms_then_stops_it() -> None:
    scene = Scene().run(1.0, bot=OPEN).run(1.0, voiced=True, bot=OPEN).run(1.0, bot=OPEN)
    ((held_s, _),) = scene.of(PauseSpeech)
    assert held_s - 1.0 <= 0.3
    kinds = [type(c) for _, c in scene.log]
    assert kinds.index(StopSpeech) < kinds.index(CommitTurn)
    assert ResumeSpeech not in kinds


@pytest.mark.parametrize(("text", "why"), [("d'accord", "backchannel"), ("", "noise")])
def test_a_backchannel_or_noise_resumes_the_bot(text: str, why: str) -> None:
    scene = Scene(text=text, backchannel=bool(text)).run(1.0, bot=OPEN).run(0.4, voiced=True, bot=OPEN).run(1.0, bot=OPEN)
    assert [type(c) for _, c in scene.log if not isinstance(c, Recognise)] == [PauseSpeech, DropTurn, ResumeSpeech]
    ((_, dropped),) = scene.of(DropTurn)
    assert dropped == DropTurn(why="noise" if why == "noise" else "backchannel")


def test_a_yes_in_the_last_second_of_a_question_is_its_answer() -> None:
    scene = Scene(text="oui", backchannel=True, completeness=Completeness.COMPLETE, kind=ExpectedAnswer.YES_NO)
    scene.run(1.0, bot=ENDING).run(0.4, voiced=True, bot=ENDING).run(1.0)
    assert len(scene.of(CommitTurn)) == 1


def test_the_notice_cannot_be_interrupted_and_the_words_said_over_it_are_kept() -> None:
    scene = Scene().run(0.5, bot=NOTICE).run(1.0, voiced=True, bot=NOTICE).run(1.5, bot=NOTICE)
    assert not scene.of(PauseSpeech)
    assert not scene.of(CommitTurn)
    scene.run(0.1, bot=OPEN)
    assert [type(c) for _, c in scene.log][-2:] == [StopSpeech, CommitTurn]


def test_long_silence_prompts_at_6_and_12_s_and_ends_before_20() -> None:
    scene = Scene().run(1.0, bot=OPEN).run(6.1).run(2.0, bot=OPEN).run(4.1).run(2.0, bot=OPEN).run(5.0)
    assert [(round(t - 1.0, 1), c.level) for t, c in scene.log if isinstance(c, PromptSilence)] == [
        (6.0, 1),
        (12.0, 2),
        (17.5, 3),
    ]


def test_a_turn_starts_the_count_of_silence_afresh() -> None:
    scene = Scene().run(6.1).run(1.0, voiced=True).run(5.0)
    assert [c.level for _, c in scene.log if isinstance(c, PromptSilence)] == [1]
    assert [c.level for _, c in scene.run(2.0).log if isinstance(c, PromptSilence)] == [1, 1]


def test_a_turn_without_end_is_cut_at_the_cap_and_what_follows_is_ignored_until_silence() -> None:
    scene = Scene().run(40.0, voiced=True)
    ((t_s, commit),) = scene.of(CommitTurn)
    assert t_s == pytest.approx(25.1, abs=0.1)
    assert isinstance(commit, CommitTurn)
    assert commit.cut
    assert len(scene.run(0.5).run(1.0, voiced=True).run(1.0).of(CommitTurn)) == 2


def test_long_speech_is_recognised_in_passing() -> None:
    assert len(Scene().run(5.0, voiced=True).of(RecognisePartial)) == 3


def test_a_key_counts_at_once_unless_a_number_is_being_typed() -> None:
    assert Scene().run(1.0).key("0").of(CommitKeys) == [(1.0, CommitKeys(keys="0"))]
    typed = Scene(kind=ExpectedAnswer.PHONE).run(1.0)
    for key in "0639980011":
        typed.key(key)
    assert typed.of(CommitKeys) == [(1.0, CommitKeys(keys="0639980011"))]
    alone = Scene(kind=ExpectedAnswer.PHONE).run(1.0).key("0").run(4.0)
    assert [c for _, c in alone.of(CommitKeys)] == [CommitKeys(keys="0")]


def test_the_longest_call_is_announced_then_ended() -> None:
    scene = Scene(settings=TurnSettings(max_call_s=20.0, warn_before_end_s=5.0)).run(25.0, bot=OPEN)
    assert [(round(t), c.final) for t, c in scene.log if isinstance(c, WarnTime)] == [(15, False), (20, True)]


@given(
    st.lists(st.tuples(st.floats(0.02, 2.0), st.booleans()), min_size=1, max_size=25),
    st.sampled_from([None, OPEN, ENDING, NOTICE]),
    st.sampled_from(["", "oui", "bonjour"]),
    st.booleans(),
)
def test_whatever_happens_every_turn_ends_and_a_held_bot_is_released(
    spans: list[tuple[float, bool]], bot: BotSpeech | None, text: str, fails: bool
) -> None:
    scene = Scene(text=text, fails=fails, backchannel=text == "oui")
    for seconds, voiced in spans:
        scene.run(seconds, voiced=voiced, bot=bot)
    scene.run(10.0, bot=bot).run(1.0)
    assert not scene.machine.caller_speaking
    holds = [type(c) for _, c in scene.log if isinstance(c, PauseSpeech | ResumeSpeech | StopSpeech)]
    assert PauseSpeech not in [b for a, b in pairwise(holds) if a is PauseSpeech]
    assert not holds or holds[-1] is not PauseSpeech
