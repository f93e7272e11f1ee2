"""Analytics, hourly limits and short histories tell what really happened."""

import json
import time

from pywa import WhatsApp
from pywa.types.flows import FlowCategory

from tests.simulator.driving import NUMBER, TOKEN, WABA, Receiver, Simulator, code_of, wait_for

HOUR = 3600


def span() -> str:
    at = int(time.time())
    return f".start({at - HOUR}).end({at + HOUR})"


def send_sale(simulator: Simulator, path: str = "messages") -> str:
    parameters = [{"type": "text", "text": "Ana"}, {"type": "text", "text": "10%"}]
    template = {"name": "sale", "language": {"code": "nl"}, "components": [{"type": "body", "parameters": parameters}]}
    wish = {"messaging_product": "whatsapp", "to": "+31612345678", "type": "template", "template": template}
    answer = simulator.graph("POST", f"{NUMBER}/{path}", json=wish)
    return str(answer.json()["messages"][0]["id"])


def test_pricing_counts_what_was_delivered_and_what_it_cost(simulator: Simulator, receiver: Receiver) -> None:
    simulator.sim("world", {"rates": {"EUR": {"NL": {"marketing": 0.13, "utility": 0.04}}}})
    simulator.write(text="Hallo")
    wamids = [send_sale(simulator), send_sale(simulator), simulator.post_text("Gratis")]
    wait_for(lambda: all(any(s["status"] == "delivered" for s in receiver.statuses(wamid)) for wamid in wamids))

    dimensions = '.dimensions(["PRICING_CATEGORY","PRICING_TYPE","COUNTRY"])'
    field = f"pricing_analytics{span()}.granularity(DAILY).phone_numbers([]).country_codes([]){dimensions}"
    answer = simulator.graph("GET", WABA, params={"fields": f"name,{field}"}).json()

    points = answer["pricing_analytics"]["data"][0]["data_points"]
    shown = {(p["pricing_category"], p["pricing_type"], p["country"]): (p["volume"], p["cost"]) for p in points}
    assert shown == {("MARKETING", "REGULAR", "NL"): (2, 0.26), ("SERVICE", "FREE_CUSTOMER_SERVICE", "NL"): (1, 0.0)}
    counted = simulator.graph("GET", WABA, params={"fields": f"analytics{span()}.granularity(DAY)"}).json()
    assert sum(point["delivered"] for point in counted["analytics"]["data_points"]) == 3


def test_template_figures_need_to_be_switched_on(simulator: Simulator, receiver: Receiver) -> None:
    template = next(row["id"] for row in simulator.sim("world")["templates"] if row["name"] == "sale")
    at = int(time.time())
    query = f"{WABA}/template_analytics?start={at - HOUR}&end={at + HOUR}&granularity=DAILY&template_ids=[{template}]"
    assert code_of(simulator.graph("GET", query)) == 200005
    simulator.graph("POST", WABA, json={"is_enabled_for_insights": True})
    wamid = send_sale(simulator)
    wait_for(lambda: any(status["status"] == "delivered" for status in receiver.statuses(wamid)))
    simulator.sim("people/ana/read", {"number": NUMBER})

    [point] = simulator.graph("GET", query).json()["data"][0]["data_points"]

    assert (point["sent"], point["delivered"], point["read"]) == (1, 1, 1)
    history = simulator.graph("GET", f"{NUMBER}/message_history?message_id={wamid}").json()["data"][0]
    assert [row["delivery_status"] for row in history["events"]["data"]][-1] == "READ"


def test_management_calls_are_counted_and_limited_by_the_hour(simulator: Simulator) -> None:
    simulator.sim("world", {"numbers": [{"id": NUMBER, "status": "DISCONNECTED"}]})
    answers = [simulator.graph("GET", WABA) for _ in range(201)]

    assert [answer.ok for answer in answers] == [True] * 200 + [False]
    assert code_of(answers[-1]) == 80007
    [row] = json.loads(answers[-1].headers["X-Business-Use-Case-Usage"])[WABA]
    assert row["call_count"] == 100
    assert row["estimated_time_to_regain_access"] > 0
    assert "X-Business-Use-Case-Usage" not in simulator.post({"type": "text", "text": {"body": "a"}}).headers


def test_marketing_may_have_an_endpoint_of_its_own(simulator: Simulator) -> None:
    simulator.graph("POST", WABA, json={"disable_marketing_messages_on_cloud_api": True})
    assert send_sale(simulator, "marketing_messages")
    template = {"name": "sale", "language": {"code": "nl"}}
    assert code_of(simulator.post({"type": "template", "template": template})) == 131063


def test_another_client_makes_flows_and_signup_links(client: WhatsApp, receiver: Receiver) -> None:
    document = {"version": "7.0", "screens": [{"id": "FIRST", "layout": {}}]}
    made = client.create_flow("Afspraak", [FlowCategory.APPOINTMENT_BOOKING])
    client.update_flow_json(made.id, flow_json=document)
    client.update_flow_metadata(made.id, name="Afspraak maken")
    client.publish_flow(made.id)
    assert [(flow.name, flow.status) for flow in client.get_flows()] == [("Afspraak maken", "PUBLISHED")]
    assert client.get_flow(made.id).name == "Afspraak maken"
    assert len(client.get_flow_assets(made.id)) == 1
    client.deprecate_flow(made.id)
    changes = wait_for(lambda: receiver.changes("flows") if len(receiver.changes("flows")) == 2 else [])
    assert [event["new_status"] for event in changes] == ["PUBLISHED", "DEPRECATED"]
    draft = client.create_flow("Weg", [FlowCategory.OTHER])
    assert client.delete_flow(draft.id)

    signup = client.create_signup("Nieuws?", "Dank je", "https://fietsland.example/privacy", accept_policy=True)
    client.update_signup(signup.id, promo_code="FIETS10")
    assert [row.promo_code for row in client.get_signups()] == ["FIETS10"]
    assert client.get_signup(signup.id).promo_code == "FIETS10"


def test_another_client_migrates_flows_between_accounts_of_its_token(client: WhatsApp, simulator: Simulator) -> None:
    simulator.sim("world", {"wabas": [{"id": "90010000000003", "name": "Filiaal", "app_id": "700", "token": TOKEN}]})
    client.create_flow("Afspraak", [FlowCategory.APPOINTMENT_BOOKING])

    moved = client.migrate_flows(WABA, ["Afspraak"], destination_waba_id="90010000000003")
    again = client.migrate_flows(WABA, ["Afspraak"], destination_waba_id="90010000000003")

    assert [flow.source_name for flow in moved.migrated_flows] == ["Afspraak"]
    assert [flow.name for flow in client.get_flows(waba_id="90010000000003")] == ["Afspraak"]
    assert [flow.source_name for flow in again.failed_flows] == ["Afspraak"]
