"""What a narrow-band telephone does to a voice: a pass band, A-law, line noise.

Source: ITU-T G.712 (pass band), ITU-T G.711 (companding).
"""

from __future__ import annotations

import numpy as np

from voicebot.audio.g711 import alaw_decode, alaw_encode
from voicebot.audio.levels import FLOOR_DBFS, rms_db
from voicebot.audio.mix import saturated
from voicebot.audio.resample import resample
from voicebot.core.audio import Samples

TELEPHONE_HZ = 8000
IP_BAND_HZ = (50.0, 3700.0)
"""What G.711 over IP carries: all that 8 kHz sampling leaves."""
ANALOGUE_BAND_HZ = (300.0, 3400.0)
"""What an analogue subscriber line leaves (ITU-T G.712)."""


def telephone(
    samples: Samples,
    rate_hz: int,
    *,
    snr_db: float,
    random: np.random.Generator,
    band_hz: tuple[float, float] = IP_BAND_HZ,
) -> Samples:
    """Play a voice through a simulated telephone line.

    Args:
        samples: int16 mono at `rate_hz`.
        rate_hz: sample rate of `samples`.
        snr_db: level of the band-limited voice, pauses included, over the white noise added to it, dB.
        random: source of the noise; the same seed gives the same line.
        band_hz: lowest and highest frequency that pass.

    Returns:
        int16 mono at 8000 Hz, of the same duration; silence in, silence out, to the companding's last step.
    """
    narrow = resample(samples, rate_hz, TELEPHONE_HZ)
    if not narrow.size:
        return narrow
    spectrum = np.fft.rfft(narrow)
    frequency_hz = np.fft.rfftfreq(narrow.size, 1 / TELEPHONE_HZ)
    spectrum[(frequency_hz < band_hz[0]) | (frequency_hz > band_hz[1])] = 0
    voice = saturated(np.fft.irfft(spectrum, narrow.size))
    level_db = rms_db(voice)
    noise_rms = 32768 * 10 ** ((level_db - snr_db) / 20) if level_db > FLOOR_DBFS else 0.0
    return alaw_decode(alaw_encode(saturated(voice + random.normal(0, noise_rms, voice.size))))
