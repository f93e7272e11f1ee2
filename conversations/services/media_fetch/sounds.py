"""How long a sound or film lasts, what a voice message looks like, and a film's first picture."""

from array import array
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from conversations.services.media_fetch.pictures import Preview, small

if TYPE_CHECKING:
    from av.container import InputContainer

BARS = 64
RATE = 8000  # samples a second, enough to see loud and quiet
STEP = RATE // 50
MAX_SECONDS = 1800
MAX_PIXELS = 50_000_000


def listen(file: IO[bytes]) -> Preview:
    """Duration and waveform (64 numbers from 0 to 100); nothing for a sound that cannot be read."""
    import av

    try:
        with av.open(file, mode="r") as container:
            peaks = list(_peaks(container))
    except (av.FFmpegError, OSError, ValueError, IndexError, MemoryError):
        return Preview()
    if not peaks:
        return Preview()
    return Preview({"duration_ms": len(peaks) * 1000 * STEP // RATE, "waveform": _bars(peaks)})


def watch(file: IO[bytes]) -> Preview:
    """Duration, size and first picture of a film."""
    import av

    try:
        with av.open(file, mode="r") as container:
            stream = container.streams.video[0]
            if stream.width * stream.height > MAX_PIXELS:
                return Preview()
            duration = container.duration // 1000 if container.duration else None
            frame = next(container.decode(stream))
            picture = frame.to_image()
    except (av.FFmpegError, OSError, ValueError, IndexError, StopIteration, MemoryError):
        return Preview()
    return Preview({"duration_ms": duration, "width": picture.width, "height": picture.height}, small(picture))


def _peaks(container: "InputContainer") -> Iterator[int]:
    """The loudest sample of every fiftieth of a second."""
    import av

    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    left, limit = array("h"), MAX_SECONDS * RATE // STEP
    found = 0
    for frame in container.decode(container.streams.audio[0]):
        for plain in resampler.resample(frame):
            left.frombytes(bytes(plain.planes[0])[: plain.samples * 2])
        while len(left) >= STEP:
            part, left = left[:STEP], left[STEP:]
            yield max(max(part), -min(part))
            found += 1
            if found >= limit:
                return


def _bars(peaks: list[int]) -> list[int]:
    loudest = max(max(peaks), 1)
    bars = min(BARS, len(peaks))
    parts = [peaks[number * len(peaks) // bars : (number + 1) * len(peaks) // bars] for number in range(bars)]
    return [round(100 * max(part) / loudest) for part in parts]
