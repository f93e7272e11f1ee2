"""A page of somebody else loads the script and opens the signup in a real browser."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from tests.simulator.driving import Simulator, wait_for

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><button id="go">Connect</button><script>
window.heard = [];
window.fbAsyncInit = () => FB.init({appId: "700", version: "v25.0", xfbml: false});
addEventListener("message", (event) => {
  if (event.origin !== "%(home)s" || typeof event.data !== "string") return;
  const session = JSON.parse(event.data);
  if (session.type === "WA_EMBEDDED_SIGNUP") heard.push(session);
});
document.getElementById("go").onclick = () => FB.login((answer) => { window.answer = answer; },
  {config_id: "42", response_type: "code", override_default_response_type: true, extras: {setup: {}}});
</script><script src="%(home)s/en_US/sdk.js"></script>"""


@pytest.fixture
def client_address(simulator: Simulator) -> Iterator[str]:
    """Another server, whose page wants to connect."""
    body = (PAGE % {"home": simulator.url}).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/connect"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def client_page(browser: Any, client_address: str) -> Iterator[Any]:
    context = browser.new_context()
    page = context.new_page()
    page.goto(client_address)
    page.wait_for_function("window.FB")
    yield page
    context.close()


def test_finishing_gives_the_page_the_session_and_a_code(client_page: Any, simulator: Simulator) -> None:
    with client_page.expect_popup() as opened:
        client_page.click("#go")
    popup = opened.value
    popup.get_by_text("A number that stays on the phone").click()
    popup.get_by_label("Name of the business").fill("Bakkerij Smit")
    popup.get_by_role("button", name="Finish").click()

    answer = wait_for(lambda: client_page.evaluate("window.answer"))
    [session] = client_page.evaluate("heard")

    assert session["event"] == "FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING"
    codes = simulator.sim("codes")["items"]
    assert [code["code"] for code in codes] == [answer["authResponse"]["code"]]
    assert codes[0]["waba_ids"] == [session["data"]["waba_id"]]


def test_closing_or_cancelling_gives_no_code(client_page: Any) -> None:
    with client_page.expect_popup() as opened:
        client_page.click("#go")
    opened.value.get_by_role("button", name="Cancel").click()
    assert wait_for(lambda: client_page.evaluate("window.answer"))["authResponse"] is None
    assert client_page.evaluate("heard[0].event") == "CANCEL"

    client_page.evaluate("delete window.answer")
    with client_page.expect_popup() as opened:
        client_page.click("#go")
    opened.value.wait_for_load_state()
    opened.value.close()
    assert wait_for(lambda: client_page.evaluate("window.answer"))["status"] == "unknown"
    assert client_page.evaluate("heard.length") == 1
