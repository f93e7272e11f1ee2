"""Who is in a group, as far as the platform told. Reads only."""

from conversations.models import Contact

MEMBERS = "_members"
ENDED = "_ended"
MAX_SHOWN = 50


def group_members(group: Contact) -> list[Contact]:
    """The members that are known, by name."""
    known = group.metadata.get(MEMBERS)
    ids = [pk for pk in known if isinstance(pk, str)] if isinstance(known, list) else []
    return sorted(Contact.objects.filter(pk__in=ids[:MAX_SHOWN]), key=lambda member: member.shown_name.casefold())
