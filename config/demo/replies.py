"""Quick replies of the demo's companies, shared by everybody who answers there."""

from config.demo.opening import Opened
from conversations.models import QuickReply

# By company: word, name, texts by language, how often it was used.
REPLIES: dict[str, tuple[tuple[str, str, dict[str, str], int], ...]] = {
    "fietsland": (
        (
            "groet",
            "Begroeting",
            {
                "nl": "Hoi {{contact.first_name}}, leuk dat je ons appt! Je spreekt met {{agent.name}}.",
                "de": "Hallo {{contact.first_name}}, schön, dass du schreibst! Hier ist {{agent.name}}.",
                "en": "Hi {{contact.first_name}}, thanks for your message! This is {{agent.name}}.",
            },
            48,
        ),
        (
            "open",
            "Openingstijden",
            {
                "nl": "We zijn open van maandag tot en met zaterdag, van negen tot zes.",
                "de": "Wir haben Montag bis Samstag von neun bis achtzehn Uhr geöffnet.",
                "en": "We are open Monday to Saturday, nine to six.",
            },
            31,
        ),
        ("klaar", "Fiets klaar", {"nl": "Je fiets is klaar! Neem je bon mee: {{field.order}}."}, 12),
    ),
    "zorgvast": (
        (
            "terugbellen",
            "Terugbellen",
            {"nl": "Dank u voor uw bericht. Wij bellen u vandaag nog terug. Op welk moment schikt het u?"},
            19,
        ),
        (
            "anders",
            "Liever niet per app",
            {"nl": "Wilt u medische gegevens alstublieft niet appen? Bel ons gerust, dan helpen wij u verder."},
            9,
        ),
    ),
    "omroepdelta": (
        ("tip", "Dank voor de tip", {"nl": "Dank voor je tip, {{contact.first_name}}! We gaan ernaar kijken."}, 77),
        ("foto", "Foto's sturen", {"nl": "Stuur foto's en film het liefst als bestand, dan blijven ze scherp."}, 22),
    ),
}


def write(opened: Opened) -> None:
    """Put the quick replies of the entered company into it."""
    QuickReply.objects.bulk_create(
        QuickReply(shortcut=shortcut, title=title, texts=texts, used=used)
        for shortcut, title, texts, used in REPLIES[opened.plan.subdomain]
    )
