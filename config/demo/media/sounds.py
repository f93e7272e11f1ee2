"""Voice notes in which nobody speaks: vowels hummed by two formants each, in the rhythm and melody of a sentence."""

import io
import math
from array import array
from dataclasses import dataclass
from random import Random

RATE = 16_000
TABLE = 256
VOWELS = ((730, 1090), (530, 1840), (270, 2290), (570, 840), (300, 870), (490, 1350), (660, 1720))  # formants in Hz
BARS = 64


@dataclass(frozen=True, slots=True)
class Sound:
    data: bytes
    milliseconds: int
    waveform: list[int]


def voice(seed: str, *, seconds: float) -> Sound:
    """A voice note in Ogg Opus, mono, as phones record it."""
    samples = _speak(Random(seed), seconds=seconds)
    return Sound(_encode(samples), round(len(samples) / RATE * 1000), _bars(samples))


def _speak(dice: Random, *, seconds: float) -> "array[int]":
    pitch = dice.uniform(105, 205)
    tables = [_table(pitch, vowel) for vowel in VOWELS]
    samples, length = array("h"), int(seconds * RATE)
    while len(samples) < length:
        for _ in range(dice.randrange(4, 9)):  # syllables of a breath
            _syllable(samples, dice, dice.choice(tables), pitch)
        samples.extend([0] * int(RATE * dice.uniform(0.12, 0.4)))
    return samples[:length]


def _table(pitch: float, formants: tuple[int, int]) -> list[float]:
    """One period of a vowel: harmonics, the louder the nearer they are to a formant."""
    period = [0.0] * TABLE
    for harmonic in range(1, 24):
        loud = (
            sum(math.exp(-(((harmonic * pitch - f) / 160) ** 2)) / n for n, f in enumerate(formants, 1))
            + 0.3 / harmonic
        )
        for n in range(TABLE):
            period[n] += loud * math.sin(math.tau * harmonic * n / TABLE)
    peak = max(map(abs, period))
    return [value / peak for value in period]


def _syllable(samples: "array[int]", dice: Random, table: list[float], pitch: float) -> None:
    count = int(RATE * dice.uniform(0.09, 0.22))
    level, begin, end = dice.uniform(4500, 9500), pitch * dice.uniform(0.9, 1.2), pitch * dice.uniform(0.82, 1.1)
    step, change = begin * TABLE / RATE, (end - begin) * TABLE / RATE / count
    phase = 0.0
    envelope = [math.sin(math.pi * n / 64) for n in range(65)]
    for n in range(count):
        samples.append(int(level * envelope[n * 64 // count] * table[int(phase) % TABLE]))
        phase += step
        step += change
    samples.extend([0] * int(RATE * dice.uniform(0.01, 0.05)))


def _encode(samples: "array[int]") -> bytes:
    import av
    from av.audio.frame import AudioFrame

    into = io.BytesIO()
    with av.open(into, "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=RATE, layout="mono")
        stream.bit_rate = 20_000
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE, frame_size=RATE // 50)
        frame = AudioFrame(format="s16", layout="mono", samples=len(samples))
        frame.sample_rate = RATE
        frame.planes[0].update(samples.tobytes())
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return into.getvalue()


def _bars(samples: "array[int]") -> list[int]:
    parts = [samples[n * len(samples) // BARS : (n + 1) * len(samples) // BARS] for n in range(BARS)]
    peaks = [max(max(part), -min(part)) for part in parts]
    return [round(100 * peak / max(*peaks, 1)) for peak in peaks]
