"""The countdown of a promise goes by the server's clock, whatever the browser's says."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

SCRIPT = Path(__file__).resolve().parents[2] / "static" / "js" / "promise-clock.js"
SERVER = datetime(2026, 6, 12, 9, tzinfo=UTC)
RING = (
    '<span class="thread-promise"><svg class="ring" data-state="running" data-runs="{start}-{end}" data-whole="3600"'
    ' data-now="{now}"><circle/><circle stroke-dasharray="50 100"/></svg><span data-left></span></span>'
)


@pytest.mark.parametrize("wrong", [timedelta(hours=3), timedelta(hours=-3)])
def test_half_of_the_time_is_left_however_wrong_the_clock_is(chromium: str, wrong: timedelta) -> None:
    now = int(SERVER.timestamp())
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        page = browser.new_page()
        page.clock.install(time=SERVER + wrong)
        page.set_content(RING.format(start=now - 1800, end=now + 1800, now=now))
        page.add_script_tag(path=SCRIPT)
        ring = page.locator(".ring")
        assert (ring.get_attribute("data-state"), page.inner_text("[data-left]")) == ("running", "30 minutes")
        page.clock.run_for(20 * 60 * 1000)
        assert page.inner_text("[data-left]") == "10 minutes"
        page.clock.run_for(11 * 60 * 1000)
        assert ring.get_attribute("data-state") == "broken"
        browser.close()
