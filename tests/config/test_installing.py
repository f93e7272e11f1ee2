"""Each host as an app: its own name and colour, icons that are there, a worker that keeps nothing of anybody."""

from pathlib import Path

import pytest
from django.test import Client
from PIL import Image

from config.assets.icons import ICONS, build_icons
from config.installing import colours
from tenants.models import ClientCompany
from tests.accounts.colours import contrast, hues

pytestmark = pytest.mark.usefixtures("db")
SVG = Path(__file__).resolve().parents[2] / "static" / "icons" / "balie.svg"


def test_a_company_and_the_agency_are_apps_of_their_own(
    as_nobody: Client, as_staff: Client, company: ClientCompany
) -> None:
    here, there = as_nobody.get("/manifest.webmanifest"), as_staff.get("/manifest.webmanifest")

    assert here["Content-Type"] == "application/manifest+json"
    app = here.json()
    assert (app["name"], app["display"], app["start_url"]) == (company.name, "standalone", "/inbox/")
    assert app["theme_color"] == colours.of_hue(company.hue)
    assert {icon["sizes"] for icon in app["icons"]} == {"192x192", "512x512"}
    assert {icon["purpose"] for icon in app["icons"]} == {"any", "maskable"}
    assert there.json()["name"] != company.name
    assert there.json()["start_url"] == "/desk/"
    page = as_nobody.get("/accounts/login/").content.decode()
    assert '<link rel="manifest" href="/manifest.webmanifest">' in page and "apple-touch-icon" in page


def test_every_icon_is_drawn_in_its_size_once(tmp_path: Path) -> None:
    assert {path.name for path in build_icons(SVG, tmp_path)} == {icon.name for icon in ICONS}

    for icon in ICONS:
        with Image.open(tmp_path / icon.name) as drawn:
            assert drawn.size == (icon.pixels, icon.pixels)
            corner = drawn.convert("RGBA").getpixel((0, 0))
        assert isinstance(corner, tuple)
        assert (corner[3] == 255) is icon.whole, icon
    assert build_icons(SVG, tmp_path) == []


def test_the_worker_keeps_only_the_page_that_says_there_is_no_connection(as_nobody: Client) -> None:
    worker = as_nobody.get("/service-worker.js")
    text = worker.content.decode()

    assert worker["Content-Type"].startswith("text/javascript")
    assert "worker-src 'self'" in worker["Content-Security-Policy"]
    assert "/offline/" in text and ".put(" not in text and "/inbox/queue" not in text
    page = as_nobody.get("/offline/").content.decode()
    assert "Geen verbinding" in page and "<script" not in page and "csrf" not in page


def test_the_colours_of_the_apps_are_those_of_the_pages() -> None:
    for hue, own in hues("light").items():
        shown = colours.of_hue(hue)
        channels = [int(shown[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
        assert contrast((linear[0], linear[1], linear[2]), own["company"]) < 1.02
    assert colours.of_hue(0) == colours.ACCENT
