"""What calls of the API look like, for its description; the tests send every one of them."""

from typing import Any

ANA = {"to": "+31612345678"}
CONVERSATION = {"conversation_id": "0190c5a2-7b1e-7c3d-9f00-3c1f2a4b5c6d"}
FILES = "https://files.example.org"
FILE = "0190c5a2-7b1e-7c3d-9f00-000000000001"
QUOTED = "0190c5a2-7b1e-7c3d-9f00-000000000002"

SENDS: dict[str, dict[str, Any]] = {
    "A reply": {**ANA, "text": {"body": "Your bicycle is ready."}, "external_id": "order-1042"},
    "A quoted reply with a link that shows its page": {
        **CONVERSATION,
        "reply_to": QUOTED,
        "text": {"body": "It is here: https://example.org/t/1", "preview_url": True},
    },
    "A picture with a caption": {**ANA, "image": {"media_id": FILE, "caption": "The new saddle"}},
    "A picture by its address": {**ANA, "image": {"link": f"{FILES}/saddle.jpg", "caption": "The new saddle"}},
    "A film": {**ANA, "video": {"link": f"{FILES}/tour.mp4"}},
    "A document": {**ANA, "document": {"media_id": FILE, "caption": "Your invoice"}},
    "A document by its address, with its name": {
        **ANA,
        "document": {"link": f"{FILES}/invoice.pdf", "filename": "Invoice 1042.pdf"},
    },
    "A sound": {**ANA, "audio": {"media_id": FILE}},
    "A voice note by its address": {**ANA, "audio": {"link": f"{FILES}/voice.ogg", "voice": True}},
    "A sticker": {**ANA, "sticker": {"media_id": FILE}},
    "A place": {
        **ANA,
        "location": {"latitude": 52.0907, "longitude": 5.1214, "name": "Fietsland", "address": "Oudegracht 1, Utrecht"},
    },
    "A contact card": {
        **ANA,
        "contacts": [
            {
                "name": {"formatted_name": "Bo de Wit", "first_name": "Bo"},
                "phones": [{"phone": "+31687654321", "type": "WORK"}],
                "emails": [{"email": "bo@example.org"}],
            }
        ],
    },
    "A reaction; an empty emoji takes it away": {**CONVERSATION, "reaction": {"message_id": QUOTED, "emoji": "👍"}},
    "Up to three buttons": {
        **ANA,
        "buttons": {
            "header": "Order 1042",
            "body": "Is everything solved?",
            "footer": "Fietsland",
            "buttons": [{"id": "solved:yes", "title": "Yes"}, {"id": "solved:no", "title": "No"}],
        },
    },
    "A list to choose from": {
        **ANA,
        "list": {
            "body": "When can we come?",
            "button": "Choose a day",
            "sections": [
                {"title": "This week", "rows": [{"id": "tue", "title": "Tuesday", "description": "9 to 12"}]},
                {"title": "Next week", "rows": [{"id": "mon", "title": "Monday"}]},
            ],
        },
    },
    "A button that opens a page": {
        **ANA,
        "link": {"body": "Follow your parcel.", "label": "Follow", "url": "https://example.org/t/1"},
    },
    "A question for the place": {**ANA, "ask_location": {"body": "Where are you?"}},
    "A question for the phone number": {**CONVERSATION, "ask_phone_number": {"body": "May we have your number?"}},
    "A question whether you may call": {**ANA, "call_permission": {"body": "May we call you about your order?"}},
    "A button to call the business": {**ANA, "voice_call": {"body": "Rather talk?", "label": "Call us", "days": 3}},
    "A form that opens at a screen": {
        **ANA,
        "flow": {
            "body": "Plan your visit.",
            "label": "Plan",
            "flow_id": "771001",
            "screen": "DAY",
            "data": {"shop": "Utrecht"},
        },
    },
    "A form whose own server leads": {
        **ANA,
        "flow": {"body": "Plan your visit.", "label": "Plan", "flow_id": "771001"},
    },
    "One article": {**ANA, "product": {"catalog_id": "991001", "product_id": "SKU-1", "body": "This one?"}},
    "Several articles": {
        **ANA,
        "product_list": {
            "header": "Bicycles",
            "body": "In stock now",
            "catalog_id": "991001",
            "sections": [{"title": "City", "product_ids": ["SKU-1", "SKU-2"]}],
        },
    },
    "The catalogue": {**ANA, "catalog": {"body": "All we have", "product_id": "SKU-1"}},
    "The address form": {**ANA, "address": {"body": "Where shall we deliver?", "country": "IN"}},
    "Cards side by side": {
        **ANA,
        "carousel": {
            "body": "Three that fit you",
            "cards": [
                {
                    "media": f"https://example.org/{number}.jpg",
                    "body": f"Model {number}",
                    "label": "Look",
                    "url": f"https://example.org/{number}",
                }
                for number in (1, 2, 3)
            ],
        },
    },
    "A message template": {
        **ANA,
        "template": {
            "name": "order_update",
            "language": "nl",
            "values": {"body.1": "A-991"},
            "purpose": "service",
            "reference": "A-991",
        },
    },
    "A carousel template with pictures of its own": {
        **ANA,
        "template": {
            "name": "new_bikes",
            "language": "nl",
            "values": {"body.1": "Ana"},
            "cards": [{"card": 0, "media_id": FILE}, {"card": 1, "link": f"{FILES}/city.jpg"}],
            "purpose": "marketing",
        },
    },
}
