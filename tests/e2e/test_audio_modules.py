"""The arithmetic of the browser's audio modules, run where it runs: in Chromium, without a microphone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest
from fastapi import FastAPI
from playwright.sync_api import Page
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from tests.e2e.browser import chromium, listened_to, served
from voicebot.web.pages import STATIC
from voicebot.web.security import SecurityHeaders

WIRE_HZ = 16000

RESAMPLE = """async ([fromHz, toHz, tones, seconds]) => {
  const { Resampler } = await import("/static/web/audio/resampler.js");
  return tones.map((toneHz) => {
    const resampler = new Resampler(fromHz, toHz);
    const out = new Float32Array(Math.ceil(toHz * seconds) + 16);
    const block = new Float32Array(128);
    let count = 0;
    for (let at = 0; at < fromHz * seconds; at += block.length) {
      for (let i = 0; i < block.length; i += 1) block[i] = Math.sin((2 * Math.PI * toneHz * (at + i)) / fromHz);
      resampler.push(block);
      count += resampler.pull(out, count);
    }
    return Array.from(out.subarray(0, count));
  });
}"""

PLAY = """async ([arrivals, loud, seconds]) => {
  const { JitterBuffer } = await import("/static/web/audio/jitter.js");
  const jitter = new JitterBuffer({ rateHz: 16000 });
  const played = [];
  const depths = [];
  const block = new Float32Array(40);
  let next = 0;
  for (let at = 0; at < seconds * 16000; at += block.length) {
    for (; next < arrivals.length && arrivals[next] * 16 <= at; next += 1) {
      const gain = (i) => (loud[next] ? (loud[next + 1] === false ? 1 - i / 320 : 1) : 0); // speech does not stop on a sample
      const tone = (i) => 0.5 * gain(i) * Math.sin((2 * Math.PI * 213.7 * (next * 320 + i)) / 16000);
      jitter.push(Float32Array.from({ length: 320 }, (_, i) => tone(i)));
    }
    jitter.pull(block);
    played.push(...block);
    depths.push(jitter.depth / 16);
  }
  return { played, depths, underruns: jitter.underruns, dropped: jitter.dropped / 16 };
}"""

LARGEST_STEP = 0.5 * 2 * np.pi * 213.7 / WIRE_HZ
"""Between two samples of the tone that is played, which has no whole number of periods in 20 ms: a step much larger clicks."""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    app = FastAPI()
    app.add_middleware(SecurityHeaders)
    app.add_api_route("/", lambda: HTMLResponse("<title>empty</title>"))
    app.mount("/static/web", StaticFiles(directory=STATIC))
    with served(app) as address, chromium() as browser, listened_to(browser) as page:
        page.goto(address)
        yield page


def level_db(samples: npt.NDArray[np.float64]) -> float:
    """Against a full sine, edges left out."""
    middle = samples[500:-500]
    return float(10 * np.log10(2 * np.mean(middle**2) + 1e-30))


@pytest.mark.parametrize(("from_hz", "to_hz"), [(48_000, 16_000), (44_100, 16_000), (96_000, 16_000), (16_000, 16_000)])
def test_the_band_of_speech_passes_and_nothing_folds_into_it(page: Page, from_hz: int, to_hz: int) -> None:
    passing = [60, 440, 1000, 3400, 6800]
    folding = [tone for tone in (8200, 9000, 11_000, 15_900, 20_000) if tone < from_hz / 2]
    out = page.evaluate(RESAMPLE, [from_hz, to_hz, passing + folding, 0.5])
    levels = [level_db(np.array(samples)) for samples in out]
    assert levels[: len(passing)] == pytest.approx([0.0] * len(passing), abs=0.1)
    assert all(level < -70 for level in levels[len(passing) :])


@pytest.mark.parametrize("rates", [(48_000, 16_000), (44_100, 16_000), (16_000, 48_000), (16_000, 44_100)])
def test_a_tone_comes_out_as_itself_in_place(page: Page, rates: tuple[int, int]) -> None:
    from_hz, to_hz = rates
    (out,) = page.evaluate(RESAMPLE, [from_hz, to_hz, [1000], 0.5])
    wanted = np.sin(2 * np.pi * 1000 * np.arange(len(out)) / to_hz)
    assert len(out) == pytest.approx(to_hz / 2, abs=0.01 * to_hz)
    assert np.abs(np.array(out) - wanted)[500:-500].max() < 1e-3


def test_the_resampler_knows_what_it_needs(page: Page) -> None:
    exact = page.evaluate(
        """async () => {
          const { Resampler } = await import("/static/web/audio/resampler.js");
          return [44100, 48000, 22050, 96000].every((toHz) => {
            const resampler = new Resampler(16000, toHz);
            const out = new Float32Array(128);
            return Array.from({ length: 500 }).every(() => {
              const needed = resampler.needed(128);
              resampler.push(new Float32Array(needed));
              return resampler.pull(out) === 128 && resampler.needed(1) <= 1;
            });
          });
        }"""
    )
    assert exact


def test_an_even_stream_is_played_as_it_is(page: Page) -> None:
    result = page.evaluate(PLAY, [[20 * n for n in range(200)], [True] * 200, 4])
    assert (result["underruns"], result["dropped"]) == (0, 0)
    assert max(result["depths"]) <= 80


def test_a_late_packet_makes_a_gap_and_no_click(page: Page) -> None:
    arrivals = [20 * n if n < 50 else 20 * n + 150 for n in range(150)]
    result = page.evaluate(PLAY, [arrivals, [True] * 150, 4])
    played = np.array(result["played"])
    assert result["underruns"] == 2  # the gap, and the end
    assert np.abs(np.diff(played)).max() < 1.5 * LARGEST_STEP
    assert not played[-WIRE_HZ // 4 :].any()


def test_more_than_400_ms_are_never_kept(page: Page) -> None:
    arrivals = [20 * n if n < 50 else max(20 * n, 2000) for n in range(200)]
    result = page.evaluate(PLAY, [arrivals, [True] * 200, 4])
    assert max(result["depths"]) <= 400
    assert result["dropped"] > 400


def test_delay_that_a_stall_left_is_taken_out_of_silence(page: Page) -> None:
    arrivals = [20 * n if not 50 <= n < 65 else 1300 for n in range(400)]
    result = page.evaluate(PLAY, [arrivals, [n < 100 for n in range(400)], 7.9])
    assert max(result["depths"]) > 300
    assert result["depths"][-1] <= 120
    assert np.abs(np.diff(np.array(result["played"]))).max() < 1.5 * LARGEST_STEP


def test_without_silence_delay_is_taken_out_bit_by_bit_without_a_click(page: Page) -> None:
    arrivals = [20 * n if not 50 <= n < 65 else 1300 for n in range(850)]
    result = page.evaluate(PLAY, [arrivals, [True] * 850, 16.9])
    assert result["depths"][-1] <= 120
    assert np.abs(np.diff(np.array(result["played"]))).max() < 1.5 * LARGEST_STEP


@pytest.mark.parametrize(("rms", "value"), [(0, 0), (1e-9, 0), (0.001, 0), (0.0316, 0.5), (1, 1), (2, 1)])
def test_meters_show_decibels(page: Page, rms: float, value: float) -> None:
    shown = page.evaluate('async (rms) => (await import("/static/web/audio/level.js")).meterValue(rms)', rms)
    assert shown == pytest.approx(value, abs=0.01)
