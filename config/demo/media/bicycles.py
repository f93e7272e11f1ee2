"""Pictures that a bicycle shop is sent."""

from config.demo.media.canvas import INK, PAINTS, SOFT, Canvas, Point, around

WOOD, TYRE, STEEL = "#c9a26d", "#3a3d40", "#b8bec4"


def bicycle(sheet: Canvas, left: Point, *, size: float = 1.0, paint: str = "", flat: bool = False) -> None:
    """A Dutch bicycle; ``left`` is the middle of its rear wheel."""
    paint = paint or sheet.dice.choice(PAINTS)
    radius = 118 * size
    right = (left[0] + 330 * size, left[1])
    for centre, soft in ((left, flat), (right, False)):
        _wheel(sheet, centre, radius, soft)
    crank = (left[0] + 135 * size, left[1] + 8 * size)
    saddle = (left[0] + 92 * size, left[1] - 165 * size)
    head = (right[0] - 62 * size, right[1] - 170 * size)
    pipe = 11 * size
    for points in ([left, crank, saddle, left], [right, (head[0] + 8 * size, head[1] + 30 * size)]):
        sheet.line(points, paint, pipe)
    sheet.curve((saddle[0] + 10 * size, saddle[1] + 40 * size), (crank[0] + 40 * size, crank[1] - 60 * size),
                (head[0] + 6 * size, head[1] + 36 * size), paint, pipe)  # fmt: skip
    sheet.line([crank, (head[0] + 10 * size, head[1] + 60 * size)], paint, pipe)
    sheet.line([saddle, (saddle[0] - 8 * size, saddle[1] - 32 * size)], STEEL, 8 * size)
    sheet.line([(saddle[0] - 48 * size, saddle[1] - 38 * size), (saddle[0] + 26 * size, saddle[1] - 34 * size)],
               INK, 18 * size)  # fmt: skip
    sheet.line([head, (head[0] - 14 * size, head[1] - 48 * size)], STEEL, 8 * size)
    sheet.curve((head[0] - 14 * size, head[1] - 48 * size), (head[0] - 60 * size, head[1] - 70 * size),
                (head[0] - 78 * size, head[1] - 34 * size), INK, 10 * size)  # fmt: skip
    sheet.line(
        [(left[0] - 70 * size, left[1] - 130 * size), (left[0] + 40 * size, left[1] - 130 * size)], INK, 7 * size
    )
    sheet.disc((head[0] + 24 * size, head[1] - 6 * size), 17 * size, "#f4e9b0", INK, 3)
    sheet.disc(crank, 30 * size, None, STEEL, 6)
    sheet.line([crank, (crank[0] + 34 * size, crank[1] + 40 * size)], INK, 7 * size)


def _wheel(sheet: Canvas, centre: Point, radius: float, flat: bool) -> None:
    for spoke in range(14):
        sheet.line([centre, around(centre, radius, spoke / 14)], "#cfd4d8", 2)
    sheet.disc(centre, radius, None, TYRE, 10)
    sheet.disc(centre, radius - 13, None, STEEL, 3)
    sheet.disc(centre, 9, INK)
    if flat:
        x, y = centre
        sheet.shape([(x - 72, y + radius - 14), (x + 72, y + radius - 14), (x + 96, y + radius + 4),
                     (x - 96, y + radius + 4)], TYRE)  # fmt: skip


def street(seed: str, *, flat: bool = False) -> bytes:
    """A bicycle against a row of canal houses."""
    sheet = Canvas(seed=seed)
    sheet.sky()
    x = -30.0
    while x < sheet.width:
        width, top = sheet.dice.uniform(110, 180), sheet.dice.uniform(140, 250)
        brick = sheet.dice.choice(("#a5644e", "#8c5a48", "#b98b6f", "#7d6b63", "#93705b"))
        sheet.box((x, top, x + width - 6, 560), brick)
        sheet.shape([(x, top), (x + width / 2, top - 70), (x + width - 6, top)], brick)
        for row in range(3):
            for column in (0.22, 0.62):
                left, down = x + width * column, top + 30 + row * 95
                sheet.box((left, down, left + 30, down + 56), "#e9eef0", round_by=2)
        x += width
    sheet.ground(555, "#b9b3a8")
    sheet.box((0, 545, sheet.width, 560), "#d6d0c5")
    bicycle(sheet, (300, 560), size=1.05, flat=flat)
    return sheet.jpeg()


def workshop(seed: str) -> bytes:
    """A bicycle on a stand in the workshop, tools on the wall."""
    sheet = Canvas(seed=seed, paper="#e8e2d6")
    sheet.ground(600, "#8f8b84")
    sheet.box((60, 60, 940, 300), WOOD, round_by=10)
    for n in range(9):
        x = 120 + n * 95
        sheet.line([(x, 110), (x, 200 + n % 3 * 22)], SOFT, 12)
        sheet.disc((x, 106), 20, None, SOFT, 8)
    sheet.line([(500, 690), (500, 380)], INK, 16)
    sheet.line([(420, 700), (580, 700)], INK, 18)
    bicycle(sheet, (330, 500))
    return sheet.jpeg()


def gears(seed: str) -> bytes:
    """Chain and sprocket from nearby, rust included."""
    sheet = Canvas(seed=seed, paper="#d9d6cf")
    centre, rust = (560.0, 400.0), sheet.dice.choice(("#a8643c", "#8b5e3c", "#6f6a64"))
    for radius, teeth in ((250.0, 44), (120.0, 22)):
        for tooth in range(teeth):
            sheet.line(
                [around(centre, radius - 10, tooth / teeth), around(centre, radius + 16, tooth / teeth)], INK, 14
            )
        sheet.disc(centre, radius, "#9aa1a6", INK, 5)
        sheet.disc(centre, radius * 0.72, "#d9d6cf", INK, 4)
    for arm in range(5):
        sheet.line([centre, around(centre, 190, arm / 5)], "#7f868b", 28)
    sheet.disc(centre, 46, "#6b7176", INK, 5)
    for link in range(34):
        point = around(centre, 268, 0.62 + link / 68)
        sheet.disc(point, 15, rust, INK, 3)
        sheet.disc(point, 5, INK)
    for link in range(20):
        sheet.disc((centre[0] - 40 - link * 30, 668 + link * 2), 15, rust, INK, 3)
    return sheet.jpeg()


def cargo(seed: str) -> bytes:
    """A box bike with a child's helmet looking out."""
    sheet = Canvas(seed=seed)
    sheet.sky()
    sheet.ground(560, "#a9b88f")
    bicycle(sheet, (230, 560), size=0.95)
    box = sheet.dice.choice(PAINTS)
    sheet.shape([(560, 400), (890, 400), (850, 580), (600, 580)], box)
    sheet.line([(556, 400), (894, 400)], WOOD, 16)
    for x, helmet in ((660, "#e07a5f"), (770, "#81b29a")):
        sheet.disc((x, 366), 42, "#f2c9a1")
        sheet.pen.pieslice([(x - 48) * 2, 312 * 2, (x + 48) * 2, 408 * 2], 180, 360, helmet)
        sheet.disc((x - 14, 372), 4, INK)
        sheet.disc((x + 14, 372), 4, INK)
    _wheel(sheet, (840, 600), 70, False)
    return sheet.jpeg()


def battery(seed: str) -> bytes:
    """A battery on a bench with one light blinking."""
    sheet = Canvas(seed=seed, paper="#efe7da")
    sheet.ground(520, WOOD)
    sheet.box((230, 240, 770, 540), "#2c3136", round_by=26)
    sheet.box((270, 280, 730, 380), "#3a4147", round_by=14)
    sheet.words((500, 330), "36 V   13,4 Ah", size=34, colour="#e8ecef", middle=True)
    lights = sheet.dice.randrange(1, 4)
    for n in range(5):
        sheet.disc((340 + n * 80, 460), 18, "#e0533d" if n < lights else "#555d63")
    sheet.box((470, 205, 530, 245), "#1f2326", round_by=8)
    return sheet.jpeg()
