"""Pictures of care, of radio and of the land: what else people send."""

from config.demo.media.canvas import INK, PAINTS, SOFT, Canvas, around

SKIN = "#eec39a"


def form(seed: str) -> bytes:
    """A sheet with the outline of a leg, a marked place and a ruler: how a nurse follows a wound that heals."""
    sheet = Canvas(760, 1000, paper="#fbfaf5", seed=seed)
    sheet.box((50, 50, 710, 120), "#dfe8e6", round_by=6)
    sheet.words((70, 68), "Wondverloop, blad 3", size=30)
    for row, label in enumerate(("Lengte", "Breedte", "Randen", "Vocht")):
        y = 720 + row * 58
        sheet.words((70, y), label, size=24, colour=SOFT)
        sheet.line([(230, y + 32), (680, y + 32)], "#cfd3d6", 2)
        value = (
            f"{sheet.dice.uniform(1.2, 3.4):.1f} cm",
            f"{sheet.dice.uniform(0.6, 1.8):.1f} cm",
            "rustig",
            "weinig",
        )[row]
        sheet.words((250, y), value, size=26, colour="#2a4d8f")
    sheet.curve((270, 170), (210, 420), (300, 640), INK, 5)
    sheet.curve((470, 170), (520, 420), (420, 600), INK, 5)
    sheet.curve((300, 640), (330, 690), (480, 668), INK, 5)
    sheet.curve((420, 600), (470, 620), (480, 668), INK, 5)
    spot = (sheet.dice.uniform(330, 410), sheet.dice.uniform(330, 470))
    sheet.disc(spot, 34, "#f3b7a8", "#c8553d", 4)
    sheet.line([(spot[0] + 40, spot[1] - 20), (600, spot[1] - 70)], "#2a4d8f", 3)
    sheet.words((575, spot[1] - 112), f"dag {sheet.dice.randrange(6, 21)}", size=26, colour="#2a4d8f")
    for mark in range(21):
        sheet.line([(120, 200 + mark * 20), (150 if mark % 5 else 170, 200 + mark * 20)], SOFT, 3)
    return sheet.jpeg()


def pills(seed: str) -> bytes:
    """A week's box of medicine, some days open."""
    sheet = Canvas(seed=seed, paper="#e9e2d4")
    sheet.box((70, 220, 930, 560), "#dbe7ee", round_by=24)
    for n, day in enumerate(("ma", "di", "wo", "do", "vr", "za", "zo")):
        x = 100 + n * 118
        taken = n < sheet.dice.randrange(2, 6)
        sheet.box((x, 260, x + 100, 520), "#f8fbfc" if taken else "#9cc3d5", round_by=14)
        sheet.words((x + 50, 300), day, size=30, middle=True)
        for _ in range(0 if taken else 3):
            spot = (x + sheet.dice.uniform(25, 75), sheet.dice.uniform(370, 480))
            sheet.disc(spot, 15, sheet.dice.choice(("#f4f1de", "#e07a5f", "#f2cc8f", "#ffffff")), SOFT, 2)
    return sheet.jpeg()


def walker(seed: str) -> bytes:
    """A rollator in a bright corridor."""
    sheet = Canvas(seed=seed, paper="#f3ead9")
    sheet.ground(590, "#c9b79c")
    sheet.box((700, 120, 920, 590), "#dfc9a8", round_by=4)
    sheet.disc((728, 370), 10, "#8a6d3b")
    paint = sheet.dice.choice(PAINTS)
    for x in (300, 520):
        sheet.line([(x, 640), (x + 30, 300), (x - 40, 262)], paint, 16)
        sheet.disc((x, 650), 40, "#4a4f53", INK, 5)
        sheet.disc((x, 650), 12, "#d7dbde")
    sheet.line([(318, 450), (540, 450)], paint, 12)
    sheet.box((330, 430, 530, 540), "#6b705c", round_by=12)
    sheet.line([(250, 258), (300, 264)], INK, 22)
    sheet.line([(470, 258), (520, 264)], INK, 22)
    return sheet.jpeg()


def kitchen(seed: str) -> bytes:
    """A cup of tea and a note on the table."""
    sheet = Canvas(seed=seed, paper="#dfe9e4")
    sheet.box((560, 60, 900, 340), "#bfe0f2", round_by=6)
    sheet.line([(730, 60), (730, 340)], "#ffffff", 10)
    sheet.ground(430, "#c49a6c")
    sheet.box((180, 330, 400, 560), sheet.dice.choice(PAINTS), round_by=30)
    sheet.disc((425, 440), 56, None, "#ffffff", 16)
    sheet.disc((290, 340), 108, None, "#ffffff", 0)
    for n in range(3):
        sheet.curve((235 + n * 55, 310), (210 + n * 55, 270), (240 + n * 55, 225), "#ffffff", 7)
    sheet.shape([(560, 500), (860, 470), (890, 660), (590, 690)], "#fff8d6")
    for row in range(3):
        sheet.line([(600, 545 + row * 42), (830, 522 + row * 42)], "#7d8597", 4)
    return sheet.jpeg()


def studio(seed: str) -> bytes:
    """A microphone with the red light on."""
    sheet = Canvas(seed=seed, paper="#27313a")
    for column in range(14):
        for row in range(10):
            sheet.box((column * 74 + 6, row * 60 + 6, column * 74 + 66, row * 60 + 52), "#2f3b45", round_by=4)
    sheet.ground(610, "#7a5a3f")
    sheet.box((640, 90, 900, 170), "#c8352b", round_by=12)
    sheet.words((770, 130), "ON AIR", size=44, colour="#fff3e6", middle=True)
    sheet.line([(420, 690), (420, 520)], SOFT, 14)
    sheet.box((345, 210, 495, 520), "#c7ced4", round_by=74)
    for row in range(9):
        sheet.line([(360, 245 + row * 24), (480, 245 + row * 24)], "#6d767d", 5)
    sheet.box((338, 440, 502, 466), "#454d53")
    return sheet.jpeg()


def polder(seed: str) -> bytes:
    """A mill, a ditch and a wide sky: what viewers send for the weather."""
    sheet = Canvas(seed=seed)
    sheet.sky(until=0.72)
    sheet.disc((sheet.dice.uniform(150, 850), 220), 48, "#fbe3a1")
    sheet.ground(520, sheet.dice.choice(("#9bb27a", "#b3a66a", "#7f9f86")))
    sheet.shape([(420, 750), (580, 750), (540, 520), (520, 520)], "#8fb7cc")
    x = sheet.dice.uniform(180, 760)
    sheet.shape([(x - 46, 540), (x + 46, 540), (x + 26, 360), (x - 26, 360)], "#6f4e37")
    sheet.shape([(x - 34, 362), (x + 34, 362), (x, 318)], "#3f3a36")
    for sail in range(4):
        sheet.line([(x, 356), around((x, 356), 150, sail / 4 + 0.07)], "#efe6d2", 11)
    for _ in range(5):
        left = sheet.dice.uniform(40, 900)
        sheet.box((left, 590, left + 46, 614), "#f5f5f0", round_by=10)
        sheet.disc((left + 50, 592), 9, "#3a3a3a")
    return sheet.jpeg()


def flood(seed: str) -> bytes:
    """A street under water."""
    sheet = Canvas(seed=seed)
    sheet.sky(("#8d9aa5", "#c9d1d6"))
    for n in range(6):
        x = n * 170.0 - 20
        sheet.box((x, 190 + n % 3 * 30, x + 150, 560), sheet.dice.choice(("#9c6b56", "#7f6a60", "#a98770")))
        sheet.box((x + 40, 300, x + 80, 380), "#e3e9ec")
    sheet.ground(480, "#7d93a3")
    for _ in range(26):
        x, y = sheet.dice.uniform(0, 940), sheet.dice.uniform(500, 740)
        sheet.line([(x, y), (x + 60, y)], "#a3b5c1", 4)
    sheet.box((330, 430, 640, 540), sheet.dice.choice(PAINTS), round_by=30)
    sheet.box((400, 370, 570, 450), "#cfdde5", round_by=26)
    return sheet.jpeg()


def plan(seed: str) -> bytes:
    """Something like a map, with a pin."""
    sheet = Canvas(900, 700, paper="#eae6da", seed=seed)
    sheet.curve((-20, 500), (420, 300), (920, 560), "#a9cfe2", 70)
    for _ in range(4):
        start, end = sheet.dice.uniform(0, 900), sheet.dice.uniform(0, 900)
        sheet.curve((start, -20), (450, 350), (end, 720), "#ffffff", 26)
    for row in range(5):
        for column in range(7):
            if sheet.dice.random() < 0.6:
                x, y = 40.0 + column * 125, 30.0 + row * 135
                sheet.box((x, y, x + 70, y + 60), sheet.dice.choice(("#d8d2c2", "#cddcc0", "#ded3c8")), round_by=8)
    x, y = sheet.dice.uniform(300, 600), sheet.dice.uniform(200, 450)
    sheet.shape([(x - 30, y - 40), (x + 30, y - 40), (x, y + 30)], "#c8352b")
    sheet.disc((x, y - 52), 36, "#c8352b")
    sheet.disc((x, y - 52), 14, "#ffffff")
    return sheet.jpeg()


def sticker(seed: str) -> bytes:
    """A round face on nothing, as the platform wants stickers: WebP, 512 by 512."""
    import io

    from PIL import Image

    sheet = Canvas(512, 512, seed=seed)
    paint = sheet.dice.choice(("#f2cc8f", "#81b29a", "#e9a6a6", "#9cc3d5"))
    sheet.disc((256, 256), 226, paint, INK, 8)
    for x in (180, 332):
        sheet.disc((x, 215), 24, INK)
        sheet.disc((x + 8, 207), 8, "#ffffff")
    sheet.curve((160, 310), (256, 400 if seed != "sad" else 240), (352, 310), INK, 12)
    mask = Canvas(512, 512, paper="#000000")
    mask.disc((256, 256), 226, "#ffffff")
    picture = sheet.finished().convert("RGBA")
    picture.putalpha(mask.finished().convert("L"))
    into = io.BytesIO()
    picture.resize((512, 512), Image.Resampling.LANCZOS).save(into, "WEBP", quality=80)
    return into.getvalue()
