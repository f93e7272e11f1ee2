"""Sounds as ogg with mono opus, the only make that WhatsApp plays as a voice note."""

from typing import IO

from conversations.services.media_convert.bounds import SILENT, TOO_LONG, Clock, Unfit

RATE = 48_000
BIT_RATE = 32_000
MAX_SECONDS = 3600
MIN_SAMPLES = RATE // 5
MIME = "audio/ogg"


def to_opus(source: IO[bytes], target: IO[bytes], *, clock: Clock) -> None:
    """Write any sound anew.

    Raises  Unfit, and what av raises for what it cannot read
    """
    import av

    samples = 0
    with av.open(source, mode="r") as container, av.open(target, mode="w", format="ogg") as made:
        if not container.streams.audio:
            raise Unfit(SILENT)
        stream = made.add_stream("libopus", rate=RATE, layout="mono", options={"application": "voip"})
        stream.bit_rate = BIT_RATE
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        frames = container.decode(container.streams.audio[0])
        for frame in frames:
            clock.check()
            for plain in resampler.resample(frame):
                samples += plain.samples
                plain.pts = None  # recordings of browsers have gaps in their times
                made.mux(stream.encode(plain))
            if samples > MAX_SECONDS * RATE:
                raise Unfit(TOO_LONG)
        for plain in resampler.resample(None):
            samples += plain.samples
            plain.pts = None
            made.mux(stream.encode(plain))
        made.mux(stream.encode(None))
    if samples < MIN_SAMPLES:
        raise Unfit(SILENT)
