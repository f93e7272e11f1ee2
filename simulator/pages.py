"""The phones: a page of people, and a chat page where somebody writes as the customer."""

import asyncio
import html
import io
from pathlib import Path
from string import Template
from urllib.parse import quote, unquote

from aiohttp import web

from simulator.chats import group_chat
from simulator.control import bad, number_named
from simulator.control_people import person_named
from simulator.simulation import Simulation, of
from simulator.views import chat_view, last_line
from simulator.world import Group, Number, Person

HERE = Path(__file__).parent
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
_FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_SHOWN_INLINE = ("image/", "audio/", "video/", "application/pdf", "text/plain")


def render_part(name: str, **parts: str) -> str:
    """A part of a page from html/; `parts` are HTML already."""
    return Template((HERE / "html" / name).read_text("utf-8")).substitute(parts)


def render(name: str, **parts: str) -> web.Response:
    """A page from html/; `parts` are HTML already."""
    text = render_part(name, **parts)
    headers = {"Content-Security-Policy": _POLICY, "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
    headers["X-Content-Type-Options"] = "nosniff"
    # A name may hold half a surrogate pair, which no page can show.
    return web.Response(
        body=text.encode("utf-8", "replace"), content_type="text/html", charset="utf-8", headers=headers
    )


async def get_index(request: web.Request) -> web.Response:
    """Everybody with the numbers they can write to."""
    sim = of(request)
    rows = "".join(_person_row(sim, person) for person in list(sim.world.people.values())[:200])
    empty = "" if rows else '<p class="empty">Nobody has a phone yet. Add a person to write as a customer.</p>'
    hint = "" if sim.world.numbers else '<p class="empty">There is no business number yet: load a world first.</p>'
    return render("index.html", people=rows, empty=empty + hint, businesses=_businesses(sim))


def _businesses(sim: Simulation) -> str:
    links = [
        f'<li><a class="button" href="/business/{quote(number.id)}">{html.escape(number.verified_name)}</a></li>'
        for number in list(sim.world.numbers.values())[:50]
    ]
    return f'<ul class="numbers" aria-label="Businesses">{"".join(links)}</ul>' if links else ""


def _person_row(sim: Simulation, person: Person) -> str:
    chats = "".join(_chat_link(sim, person, number) for number in _numbers(sim, person))
    chats += "".join(_group_link(person, group, None) for group in _groups(sim, person))
    address = html.escape(_address(person))
    return (
        f'<li class="phone"><h2>{html.escape(person.name)}</h2><p class="soft">{address}</p>'
        f'<ul class="chats">{chats}</ul></li>'
    )


def _numbers(sim: Simulation, person: Person) -> list[Number]:
    """All numbers, first those this person has a chat with."""
    known = {chat.number_id for chat in sim.chats.of_person(person.key)}
    return sorted(sim.world.numbers.values(), key=lambda number: number.id not in known)


def _chat_link(sim: Simulation, person: Person, number: Number, current: str = "") -> str:
    chat = sim.chats.chat(number.id, person.key)
    line = html.escape(last_line(sim, chat)) or "No messages yet"
    mark = ' aria-current="page"' if number.id == current else ""
    href = html.escape(f"/phone/{quote(person.key)}?number={quote(number.id)}")
    return (
        f'<li><a class="chat-link" href="{href}"{mark}><strong>{html.escape(number.verified_name)}</strong>'
        f'<span class="soft">{line}</span></a></li>'
    )


def _address(person: Person) -> str:
    name = f"@{person.username}" if person.username else ""
    phone = f"+{person.phone}" if person.phone else "no phone number"
    return " · ".join(filter(None, [phone, name]))


async def get_phone(request: web.Request) -> web.Response:
    """One person's chat with one number."""
    sim = of(request)
    person, number = _pair(request)
    group = _group(sim, request, person, number)
    chats = "".join(_chat_link(sim, person, each, "" if group else number.id) for each in _numbers(sim, person))
    chats += "".join(_group_link(person, each, group) for each in _groups(sim, person))
    return render(
        "phone.html",
        key=html.escape(person.key),
        number=html.escape(number.id),
        person=html.escape(person.name),
        phone=html.escape(person.phone or ""),
        address=html.escape(_address(person)),
        business=html.escape(group.subject if group else number.verified_name),
        display=html.escape(_members(sim, group) if group else number.display_phone_number),
        group=html.escape(group.id if group else ""),
        chats=chats,
    )


def _pair(request: web.Request) -> tuple[Person, Number]:
    sim = of(request)
    person = person_named(sim, unquote(request.match_info["key"]))
    asked = request.query.get("number") or next(iter(sim.world.numbers), None)
    return person, number_named(sim, asked)


def _group(sim: Simulation, request: web.Request, person: Person, number: Number) -> Group | None:
    group = sim.world.groups.get(request.query.get("group", ""))
    return group if group and group.number_id == number.id and person.key in group.members else None


def _groups(sim: Simulation, person: Person) -> list[Group]:
    return [group for group in sim.world.groups.values() if person.key in group.members]


def _members(sim: Simulation, group: Group) -> str:
    return ", ".join(sim.world.people[key].name for key in group.members if key in sim.world.people)


def _group_link(person: Person, group: Group, current: Group | None) -> str:
    mark = ' aria-current="page"' if current is group else ""
    href = html.escape(f"/phone/{quote(person.key)}?number={quote(group.number_id)}&group={quote(group.id)}")
    return (
        f'<li><a class="chat-link" href="{href}"{mark}><strong>{html.escape(group.subject)}</strong>'
        f'<span class="soft">Group of {len(group.members)}</span></a></li>'
    )


async def get_short_link(request: web.Request) -> web.Response:
    """A short link opens the first person's chat with its text prepared."""
    sim, code = of(request), request.match_info["code"]
    for number in sim.world.numbers.values():
        row = number.state.get("qr_codes", {}).get(code)
        if row and sim.world.people:
            person = request.query.get("person") or next(iter(sim.world.people))
            text = quote(row["prefilled_message"])
            raise web.HTTPSeeOther(f"/phone/{quote(person)}?number={quote(number.id)}&text={text}")
    raise web.HTTPNotFound


async def get_chat(request: web.Request) -> web.Response:
    """The chat as JSON."""
    person, number = _pair(request)
    group = _group(of(request), request, person, number)
    view = chat_view(of(request), person=person, number=number, group=group)
    return web.json_response(view, headers={"Cache-Control": "no-store"})


async def get_events(request: web.Request) -> web.StreamResponse:
    """A stream that says when the chat changed."""
    person, number = _pair(request)
    group = _group(of(request), request, person, number)
    holder = group_chat(group.id) if group else person.key
    return await of(request).live.stream(request, number_id=number.id, person=holder)


async def post_person(request: web.Request) -> web.Response:
    """The form that adds a person."""
    sim, form = of(request), await request.post()
    name = str(form.get("name", "")).strip()[:120]
    if not name or not sim.world.numbers:
        raise web.HTTPSeeOther("/")
    phone = "".join(filter(str.isdigit, str(form.get("phone", ""))))
    if phone and sim.world.person_at(phone):
        raise web.HTTPSeeOther(f"/phone/{quote(phone)}")
    username = str(form.get("username", "")).strip().lstrip("@") or None
    person = sim.world.add_person({"name": name, "phone": phone or None, "username": username})
    sim.keep(person)
    raise web.HTTPSeeOther(f"/phone/{quote(person.key)}")


async def post_media(request: web.Request) -> web.Response:
    """A file that the person is about to send; the browser's webm recordings become ogg."""
    sim = of(request)
    _, number = _pair(request)
    data, mime = await request.read(), request.content_type
    if not data:
        raise bad("The file is empty.")
    if mime == "audio/webm":
        data, mime = await asyncio.to_thread(_as_ogg, data), "audio/ogg; codecs=opus"
    name = unquote(request.query.get("name", ""))[:240]
    media = sim.media.add(data, owner=number.id, mime_type=mime, inbound=True, filename=name)
    return web.json_response({"id": media.id})


def _as_ogg(data: bytes) -> bytes:
    """The same opus sound in the container that phones send."""
    import av  # heavy, and only recordings need it

    out = io.BytesIO()
    with av.open(io.BytesIO(data)) as source, av.open(out, "w", format="ogg") as target:
        sound = source.streams.audio[0]
        stream = target.add_stream_from_template(sound)
        for packet in source.demux(sound):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    return out.getvalue()


async def get_media(request: web.Request) -> web.Response:
    """The bytes of a file in a chat, for the page; never run as a page of ours."""
    sim = of(request)
    media = sim.media.get(request.match_info["media"])
    if media is None:
        raise web.HTTPNotFound
    inline = media.mime_type.startswith(_SHOWN_INLINE) and "svg" not in media.mime_type
    headers = {
        "Content-Type": media.mime_type if inline else "application/octet-stream",
        "Content-Security-Policy": _FILE_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, max-age=3600",
    }
    if not inline:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(media.filename or 'file')}"
    return web.Response(body=sim.media.read(media), headers=headers)


def routes() -> list[web.AbstractRouteDef]:
    """The pages and what they load."""
    return [
        web.get("/", get_index),
        web.post("/people", post_person),
        web.get("/message/{code}", get_short_link),
        web.get("/phone/media/{media}", get_media),
        web.get("/phone/{key}", get_phone),
        web.get("/phone/{key}/chat", get_chat),
        web.get("/phone/{key}/events", get_events),
        web.post("/phone/{key}/media", post_media),
        web.static("/static", HERE / "static"),
    ]
