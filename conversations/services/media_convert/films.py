"""Films as MP4 with H.264 and AAC of at most 16 MB."""

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from conversations.services.media_convert.bounds import TOO_BIG, TOO_LONG, UNREADABLE, Clock, Unfit
from conversations.whatsapp.media_rules import KINDS

if TYPE_CHECKING:
    from av import AudioFrame
    from av.container import InputContainer, OutputContainer
    from av.filter import Graph
    from av.video.stream import VideoStream

MIME = "video/mp4"
CONTAINERS = ("mov,mp4,m4a,3gp,3g2,mj2",)
BRANDS = ("video/mp4", "video/3gpp")
MAX_BYTES = KINDS["video"].max_bytes
ROOM = 0.92  # of those bytes; the container needs some, and encoders do not hit their mark exactly
SOUND_RATE = 96_000
MOST_RATE, LEAST_RATE = 2_000_000, 200_000
EDGE = 1280
MAX_PIXELS = 50_000_000
FRAMES_A_SECOND = 30
GUESSED_SECONDS = 10.0
TURNS = {90: (("transpose", "cclock"),), 270: (("transpose", "clock"),), 180: (("hflip", ""), ("vflip", ""))}


def fits(file: IO[bytes], *, size: int, mime_type: str) -> bool:
    """Whether a film can go out as it is. Raises Unfit"""
    import av

    file.seek(0)
    with av.open(file, mode="r") as container:
        film = _film(container)
        codecs = [stream.codec_context.name for stream in container.streams.audio]
        plain = film.codec_context.name == "h264" and film.codec_context.pix_fmt in ("yuv420p", "yuvj420p")
        heard = codecs in ([], ["aac"]) or (codecs == ["aac_latm"])
        return size <= MAX_BYTES and mime_type in BRANDS and container.format.name in CONTAINERS and plain and heard


def to_mp4(source: IO[bytes], target: str, *, clock: Clock) -> None:
    """Write any film anew, upright, and smaller where it has to be.

    target  a path: to begin with its table of contents the file is read again by name
    Raises  Unfit, and what av raises for what it cannot read
    """
    import av

    look = _look(source)
    source.seek(0)
    with (
        av.open(source, mode="r") as container,
        av.open(target, mode="w", format="mp4", options={"movflags": "faststart"}) as made,
    ):
        _Writer(container, made, look).run(clock)


@dataclass(frozen=True, slots=True)
class _Look:
    """How a film is shown: pixels, and by how many degrees it lies on its side (counter-clockwise)."""

    width: int
    height: int
    turned: int
    seconds: float

    @property
    def size(self) -> tuple[int, int]:
        """Even numbers of pixels, as H.264 wants them, at most 1280 on the longer side."""
        width, height = (self.height, self.width) if self.turned % 180 else (self.width, self.height)
        shrink = min(1.0, EDGE / max(width, height))
        return max(2, int(width * shrink) // 2 * 2), max(2, int(height * shrink) // 2 * 2)


def _look(source: IO[bytes]) -> _Look:
    import av

    source.seek(0)
    with av.open(source, mode="r") as container:
        film = _film(container)
        seconds = container.duration / av.time_base if container.duration else GUESSED_SECONDS
        try:
            first = next(container.decode(film))
        except StopIteration as empty:
            raise Unfit(UNREADABLE) from empty
        return _Look(first.width, first.height, int(first.rotation), seconds)


def _film(container: "InputContainer") -> "VideoStream":
    if not container.streams.video:
        raise Unfit(UNREADABLE)
    film = container.streams.video[0]
    if film.width * film.height > MAX_PIXELS:
        raise Unfit(TOO_BIG)
    return film


class _Writer:
    """Encodes picture and sound of one film side by side."""

    def __init__(self, container: "InputContainer", made: "OutputContainer", look: _Look) -> None:
        import av

        self.film = _film(container)
        self.sound = container.streams.audio[0] if container.streams.audio else None
        rate = min(MOST_RATE, int(MAX_BYTES * ROOM * 8 / max(look.seconds, 1.0)) - (SOUND_RATE if self.sound else 0))
        if rate < LEAST_RATE:
            raise Unfit(TOO_LONG)
        self.container, self.made = container, made
        self.picture = made.add_stream(
            "libx264",
            rate=FRAMES_A_SECOND,
            options={"preset": "veryfast", "profile": "main", "maxrate": str(rate), "bufsize": str(rate)},
        )
        self.picture.width, self.picture.height = look.size
        self.picture.pix_fmt, self.picture.bit_rate = "yuv420p", rate
        self.heard = made.add_stream("aac", rate=44_100, layout="stereo") if self.sound else None
        if self.heard is not None:
            self.heard.bit_rate = SOUND_RATE
        self.resampler = av.AudioResampler(format="fltp", layout="stereo", rate=44_100)
        self.graph = _graph(self.film, look)
        self.frames = 0

    def run(self, clock: Clock) -> None:
        import av

        for frame in self.container.decode(*filter(None, (self.film, self.sound))):
            clock.check()
            if isinstance(frame, av.VideoFrame):
                self.graph.vpush(frame)
                self._pull()
            elif self.heard is not None and isinstance(frame, av.AudioFrame):
                self._listen(frame)
        self.graph.vpush(None)
        self._pull()
        if not self.frames:
            raise Unfit(UNREADABLE)
        self.made.mux(self.picture.encode(None))
        if self.heard is not None:
            self._listen(None)
            self.made.mux(self.heard.encode(None))

    def _pull(self) -> None:
        import av

        while True:
            try:
                frame = self.graph.vpull()
            except (av.BlockingIOError, av.EOFError):
                return
            frame.pict_type = 0  # the encoder chooses its own key frames
            self.frames += 1
            self.made.mux(self.picture.encode(frame))

    def _listen(self, frame: "AudioFrame | None") -> None:
        assert self.heard is not None  # noqa: S101  only called when there is sound
        for part in self.resampler.resample(frame):
            self.made.mux(self.heard.encode(part))


def _graph(film: "VideoStream", look: _Look) -> "Graph":
    """Turns, shrinks and paces pictures."""
    import av

    graph: Graph = av.filter.Graph()
    width, height = look.size
    steps = [graph.add_buffer(template=film)]
    steps += [graph.add(name, given) for name, given in TURNS.get(look.turned % 360, ())]
    steps.append(graph.add("scale", f"{width}:{height}"))
    steps.append(graph.add("fps", str(FRAMES_A_SECOND)))
    steps += [graph.add("format", "yuv420p"), graph.add("buffersink")]
    graph.link_nodes(*steps).configure()
    return graph
