"""Who hears whom: a tone for each side, looked for in what every other side is given, in every phase."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest

from escalation.bridge import BRIEFING_S, DESK_RATE_HZ, Bridge, Phase
from escalation.legs import SecretaryLeg
from escalation.listening import Tap
from escalation.switchboard import Post
from tests.fakes.hand_clock import HandClock
from tests.fakes.spectrum import level_of
from voicebot.audio.jitter import BOUND_CHUNKS
from voicebot.audio.tones import sine
from voicebot.call.live import LiveCall
from voicebot.core.audio import AudioChunk, Samples, chunk_samples, silence
from voicebot.core.ids import CallId, ClientId, UserId

CALLER_HZ, SECRETARY_HZ, BRIEFING_HZ, ANNOUNCEMENT_HZ = 500.0, 750.0, 1000.0, 1500.0
TONES = {"caller": CALLER_HZ, "secretary": SECRETARY_HZ, "briefing": BRIEFING_HZ, "announcement": ANNOUNCEMENT_HZ}
BEATS = 100
"""2 s of every phase."""


class Scene:
    """A caller and a secretary who hum without a pause, and a colleague who listens in; beat by beat."""

    def __init__(self, rate_hz: int) -> None:
        self.rate_hz = rate_hz
        self.bridge = Bridge()
        post = Post(self.bridge, UserId(1), clock=HandClock(), changed=lambda: None, speak=None)
        post.join()
        self.live = LiveCall(
            id=CallId("call"), client=ClientId("firm"), line="+33199001001", caller=None, answered_at=datetime.now(UTC),
            hint=lambda _text: None, stop=lambda: None,
        )  # fmt: skip
        self.tap = Tap(self.live, on_hold=lambda: self.bridge.phase is not Phase.TALKING or post.caller_on_hold)
        self._tones = {hz: sine(hz, 60, DESK_RATE_HZ) for hz in (SECRETARY_HZ, BRIEFING_HZ, ANNOUNCEMENT_HZ)}
        self._caller = sine(CALLER_HZ, 60, rate_hz)
        self._beat = 0

    def spoken(self, hz: float, seconds: float) -> Samples:
        return self._tones[hz][: round(seconds * DESK_RATE_HZ)]

    def lasts(self, beats: int = BEATS) -> dict[str, set[str]]:
        """Both hum for so long: whose tones each of the three has heard."""
        heard: dict[str, list[Samples]] = {"caller": [], "secretary": [], "listener": []}
        for _ in range(beats):
            said = AudioChunk(samples=_piece(self._caller, self._beat, self.rate_hz), rate_hz=self.rate_hz)
            self.bridge.secretary_says(_piece(self._tones[SECRETARY_HZ], self._beat, DESK_RATE_HZ))
            self.bridge.caller_says(said)
            to_caller = self.bridge.caller_hears() or silence(self.rate_hz)
            heard["caller"].append(to_caller.samples)
            heard["secretary"].append(self.bridge.secretary_hears())
            self.live.heard(said, to_caller)
            heard["listener"] += [np.frombuffer(frame, "<i2") for frame in _drained(self.tap)]
            self._beat += 1
        rates = {"caller": self.rate_hz, "secretary": DESK_RATE_HZ, "listener": DESK_RATE_HZ}
        return {who: tones_in(np.concatenate(pieces), rates[who]) for who, pieces in heard.items()}


def _piece(samples: Samples, beat: int, rate_hz: int) -> Samples:
    size = chunk_samples(rate_hz)
    return samples[beat * size : (beat + 1) * size]


def _drained(tap: Tap) -> list[bytes]:
    frames = [*tap._frames]
    tap._frames.clear()
    return frames


def tones_in(samples: Samples, rate_hz: int) -> set[str]:
    """Whose tones a stretch holds, even 60 dB below a voice."""
    return {who for who, hz in TONES.items() if level_of(samples, hz, rate_hz) > -80}


@pytest.fixture(params=[8000, 16000])
def scene(request: pytest.FixtureRequest) -> Scene:
    return Scene(request.param)


def test_in_the_briefing_the_secretary_hears_the_briefing_and_nobody_else_hears_anything(scene: Scene) -> None:
    scene.bridge.brief(scene.spoken(BRIEFING_HZ, 3))
    assert scene.lasts() == {"caller": set(), "secretary": {"briefing"}, "listener": set()}


def test_without_a_spoken_briefing_nothing_passes_either(scene: Scene) -> None:
    assert scene.lasts() == {"caller": set(), "secretary": set(), "listener": set()}


def test_in_the_conversation_each_hears_the_other_and_not_oneself(scene: Scene) -> None:
    scene.bridge.connect()
    assert scene.lasts() == {"caller": {"secretary"}, "secretary": {"caller"}, "listener": {"caller", "secretary"}}


def test_on_hold_nobody_hears_anybody(scene: Scene) -> None:
    scene.bridge.connect()
    scene.bridge.hold(on=True)
    assert scene.lasts() == {"caller": set(), "secretary": set(), "listener": set()}


def test_after_the_end_nobody_hears_anybody(scene: Scene) -> None:
    scene.bridge.connect()
    scene.bridge.end()
    assert scene.lasts() == {"caller": set(), "secretary": set(), "listener": set()}


def test_an_announcement_is_for_the_caller_alone_and_the_secretary_is_not_heard_meanwhile(scene: Scene) -> None:
    scene.bridge.connect()
    scene.bridge.announce(scene.spoken(ANNOUNCEMENT_HZ, 4))
    heard = scene.lasts()
    assert (heard["caller"], heard["secretary"]) == ({"announcement"}, {"caller"})
    scene.lasts(BEATS + 10)
    assert not scene.bridge.announcing
    assert scene.lasts()["caller"] == {"secretary"}


def test_nothing_said_before_a_change_of_phase_is_heard_after_it(scene: Scene) -> None:
    bridge, quiet = scene.bridge, silence(scene.rate_hz)
    changes: list[Callable[[], None]] = [bridge.connect, lambda: bridge.hold(on=True), lambda: bridge.hold(on=False)]
    for change in changes:
        scene.lasts(7)
        change()
        for _ in range(BEATS):
            bridge.caller_says(quiet)
            assert not bridge.secretary_hears().any()
            heard = bridge.caller_hears()
            assert heard is None or not heard.samples.any()


def test_both_hear_each_other_again_after_a_hold(scene: Scene) -> None:
    scene.bridge.connect()
    scene.bridge.hold(on=True)
    scene.lasts()
    scene.bridge.hold(on=False)
    assert scene.lasts() == {"caller": {"secretary"}, "secretary": {"caller"}, "listener": {"caller", "secretary"}}


def test_a_conversation_cannot_begin_twice_nor_be_held_before_it_begins(scene: Scene) -> None:
    phases = []
    changes: list[Callable[[], None]] = [lambda: scene.bridge.hold(on=True), scene.bridge.end, scene.bridge.connect]
    for change in changes:
        change()
        phases.append(scene.bridge.phase)
    assert phases == [Phase.BRIEFING, Phase.ENDED, Phase.ENDED]


def test_a_listener_hears_nothing_while_the_secretarys_line_is_lost(scene: Scene) -> None:
    scene.bridge.connect()
    post = Post(scene.bridge, UserId(1), clock=HandClock(), changed=lambda: None, speak=None)
    tap = Tap(scene.live, on_hold=lambda: post.caller_on_hold)
    leg = post.join()
    leg.close()
    scene.lasts()
    assert tones_in(np.concatenate([np.frombuffer(frame, "<i2") for frame in _drained(tap)]), DESK_RATE_HZ) == set()


def test_the_caller_is_heard_without_gaps(scene: Scene) -> None:
    scene.bridge.connect()
    tone = sine(CALLER_HZ, 10, scene.rate_hz)
    out = []
    for beat in range(300):
        scene.bridge.caller_says(AudioChunk(samples=_piece(tone, beat, scene.rate_hz), rate_hz=scene.rate_hz))
        out.append(scene.bridge.secretary_hears())
    level = [float(np.abs(piece).max()) for piece in out[10:]]
    assert min(level) > 0.9 * max(level)
    steps = np.abs(np.diff(np.concatenate(out[10:]).astype(int)))
    assert steps.max() < 1.2 * max(level) * 2 * np.pi * CALLER_HZ / DESK_RATE_HZ, "a jump is a click"


def test_the_spoken_briefing_is_cut_at_its_limit() -> None:
    bridge = Bridge()
    bridge.brief(sine(BRIEFING_HZ, 30, DESK_RATE_HZ))
    heard = sum(bool(bridge.secretary_hears().any()) for _ in range(2000))
    assert heard == round(BRIEFING_S * 50)


def test_a_briefing_that_comes_too_late_is_not_heard() -> None:
    bridge = Bridge()
    bridge.connect()
    bridge.brief(sine(BRIEFING_HZ, 3, DESK_RATE_HZ))
    assert not any(bridge.secretary_hears().any() for _ in range(200))


def test_who_never_drains_costs_bounded_memory_and_finds_only_the_last_words() -> None:
    bridge = Bridge()
    bridge.connect()
    for beat in range(5000):
        bridge.caller_says(AudioChunk(samples=np.full(160, beat // 100, np.int16), rate_hz=8000))
        bridge.secretary_says(np.full(320, beat // 100, np.int16))
    heard = [bridge.secretary_hears() for _ in range(100)]
    spoken = [piece for piece in heard if piece.any()]
    assert len(spoken) <= BOUND_CHUNKS
    assert spoken[-1].max() == 49
    answers = [bridge.caller_hears() for _ in range(100)]
    assert sum(1 for answer in answers if answer is not None and answer.samples.any()) <= BOUND_CHUNKS + 1


def test_who_floods_is_cut_whatever_the_size_of_a_message() -> None:
    bridge = Bridge()
    bridge.connect()
    leg = SecretaryLeg(bridge, clock=HandClock(), prepare=_nothing, changed=lambda: None)
    for size in (1, 2, 3, 641, 5_000_000):
        leg.push(b"\x01" * size)
    bridge.caller_says(silence(8000))
    heard = [bridge.caller_hears() for _ in range(500)]
    assert sum(1 for chunk in heard if chunk is not None and chunk.samples.any()) <= BOUND_CHUNKS + 2
    assert sys.getsizeof(leg) < 1000


async def _nothing() -> None:
    return


async def test_a_leg_is_paced_by_the_clock_and_skips_what_it_slept_through() -> None:
    clock, bridge = HandClock(), Bridge()
    leg = SecretaryLeg(bridge, clock=clock, prepare=_nothing, changed=lambda: None)
    times = []
    for _ in range(20):
        await leg.pull()
        times.append(clock.now_s())
    assert all(later - earlier == pytest.approx(0.02) for earlier, later in pairwise(times))
    clock.pass_(5)
    woken = clock.now_s()
    await leg.pull()
    await leg.pull()
    assert clock.now_s() == pytest.approx(woken + 0.02), "250 frames at once help nobody"


async def test_a_leg_begins_with_the_prepared_briefing_and_says_when_it_is_over() -> None:
    bridge, changes = Bridge(), list[str]()

    async def prepare() -> None:
        bridge.brief(sine(BRIEFING_HZ, 0.1, DESK_RATE_HZ))

    leg = SecretaryLeg(bridge, clock=HandClock(), prepare=prepare, changed=lambda: changes.append("changed"))
    assert not leg.briefed
    frames = [await leg.pull() for _ in range(5)]
    assert all(any(frame) and len(frame) == 640 for frame in frames)
    assert leg.briefed
    assert len(changes) == 2, "prepared, and heard to the end"


async def test_a_briefing_skipped_while_it_is_being_made_is_not_heard() -> None:
    bridge = Bridge()

    async def prepare() -> None:
        leg.ready()
        bridge.brief(sine(BRIEFING_HZ, 3, DESK_RATE_HZ))

    leg = SecretaryLeg(bridge, clock=HandClock(), prepare=prepare, changed=lambda: None)
    assert not any(await leg.pull())
    assert leg.briefed


async def test_a_new_leg_takes_the_place_of_the_one_before() -> None:
    post = Post(Bridge(), UserId(1), clock=HandClock(), changed=lambda: None, speak=None)
    post.bridge.connect()
    first, second = post.join(), post.join()
    second.push(bytes(640))
    assert (first.phase, second.phase) == (Phase.ENDED, Phase.TALKING)
    assert await first.pull() == b""
    assert not first.carries_audio
    assert second.carries_audio


async def test_a_listener_who_does_not_read_costs_bounded_memory_and_the_call_nothing(scene: Scene) -> None:
    scene.bridge.connect()
    quiet, rate_hz = silence(scene.rate_hz), scene.rate_hz
    for beat in range(2000):
        scene.live.heard(AudioChunk(samples=_piece(scene._caller, beat, rate_hz), rate_hz=rate_hz), quiet)
    assert len(scene.tap._frames) <= 50
    scene.tap.close()
    assert not scene.live.tapped
    scene.tap.close()
    assert all(len(frame) == 640 for frame in [frame async for frame in scene.tap])
