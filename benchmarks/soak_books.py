"""Lets everything settle, then compares what the simulator knows with what the product knows."""

import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from benchmarks.soak_sides import Side
from billing.models import UsageRecord
from conversations.models import Direction, Message, PhoneNumber, WebhookCall
from conversations.status import MessageStatus
from tenants import work
from tenants.context import inside

if TYPE_CHECKING:
    from benchmarks.soak import Platform

STATUS_TIMES = {"sent": "sent_at", "failed": "failed_at", "delivered": "delivered_at", "read": "read_at"}
LOOK_SECONDS = 1.0
QUIET_LOOKS = 3
counted: Counter[str] = Counter()


def settle(sides: list[Side], platform: "Platform", *, seconds: float) -> float:
    """Wait until nothing is under way on either side; waits of ours are shortened. Gives the seconds it took."""
    began, quiet = time.monotonic(), 0
    while time.monotonic() - began < seconds:
        busy = bool(platform.get("webhooks")["pending"]) + sum(_busy(side) for side in sides)
        quiet = 0 if busy else quiet + 1
        if quiet == QUIET_LOOKS:
            break
        time.sleep(LOOK_SECONDS)
    return time.monotonic() - began


def _busy(side: Side) -> bool:
    with inside(side.schema_name):
        waiting = Message.objects.filter(direction=Direction.OUTBOUND, status__lt=MessageStatus.UNKNOWN)
        Message.objects.filter(status__in=[MessageStatus.QUEUED, MessageStatus.UNKNOWN]).update(not_before=None)
        PhoneNumber.objects.update(not_before=None)
        if waiting.exists():
            work.mark(work.Kind.OUTBOUND, key=str(side.number_id))
            return True
        due = [mark for mark in work.due() if mark.schema_name == side.schema_name]
        metering = any(mark.kind == work.Kind.METERING for mark in due)
        return metering or WebhookCall.objects.filter(Q(applied_at=None) | Q(error__startswith="waits:")).exists()


def compare(sides: list[Side], platform: "Platform") -> list[str]:
    """Every difference, in words."""
    found: list[str] = []
    for side in sides:
        theirs = platform.get("received", number=side.phone_number_id)["items"]
        with inside(side.schema_name):
            ours = {str(message.pk): message for message in Message.objects.filter(direction=Direction.OUTBOUND)}
            usage = {record.wamid: record for record in UsageRecord.objects.exclude(delivered_at=None)}
            arrived = Counter(Message.objects.filter(direction=Direction.INBOUND).values_list("wamid", flat=True))
            odd = WebhookCall.objects.exclude(error="").count()
        found += [f"{odd} changes were set aside"] if odd else []
        found += _inbound(side, arrived)
        found += _outbound(side, theirs, ours)
        found += _order(side, theirs)
        found += _charged(theirs, usage)
    return found


def _inbound(side: Side, arrived: "Counter[str | None]") -> list[str]:
    lost = set(side.written) - set(arrived)
    invented = set(arrived) - set(side.written)
    doubled = [wamid for wamid, count in arrived.items() if count > 1]
    told = [f"a person's message is lost: {wamid}" for wamid in lost]
    told += [f"nobody wrote this: {wamid}" for wamid in invented]
    return told + [f"stored twice: {wamid}" for wamid in doubled]


def _outbound(side: Side, theirs: list[dict[str, Any]], ours: dict[str, Message]) -> list[str]:
    told = []
    times = Counter(item["biz_opaque_callback_data"] for item in theirs)
    counted["accepted"] += len(theirs)
    told += [f"accepted {count} times: {callback}" for callback, count in times.items() if count > 1]
    accepted = {str(item["biz_opaque_callback_data"]).removeprefix("msg:"): item for item in theirs}
    for key, item in accepted.items():
        message = ours.get(key)
        if message is None:
            told.append(f"the platform has a message of nobody: {key}")
        else:
            told += _one(message, item)
    for key, message in ours.items():
        if key not in accepted and message.status not in (MessageStatus.FAILED, MessageStatus.UNKNOWN):
            told.append(f"the platform never had {key}, which is {message.get_status_display()}")
    queued = {str(pk) for pks in side.queued.values() for pk in pks}
    return told + [f"a queued message is gone: {key}" for key in queued - set(ours)]


def _one(message: Message, item: dict[str, Any]) -> list[str]:
    state = MessageStatus(message.status).api_name
    told = []
    if message.wamid != item["wamid"]:
        told.append(f"{message.pk} has another id: {message.wamid}, not {item['wamid']}")
    if state != item["status"]:
        told.append(f"{message.pk} is {state} here and {item['status']} there")
    for status, name in STATUS_TIMES.items():
        here, there = getattr(message, name), item["times"].get(status)
        counted["statuses"] += there is not None
        if (here is None) != (there is None):
            told.append(f"{message.pk}: {status} is known to one side only")
        elif here is not None and there is not None and int(here.timestamp()) != int(there):
            told.append(f"{message.pk}: {status} at another time")
    return told


def _order(side: Side, theirs: list[dict[str, Any]]) -> list[str]:
    """What was sent to one person arrived there in the order in which it was written."""
    place = {f"msg:{pk}": (channel, order) for channel, pks in side.queued.items() for order, pk in enumerate(pks)}
    last: dict[Any, int] = {}
    told = []
    for item in theirs:
        channel, order = place.get(item["biz_opaque_callback_data"], (None, 0))
        if channel is not None and order < last.get(channel, -1):
            told.append(f"out of order: {item['biz_opaque_callback_data']}")
        last[channel] = max(order, last.get(channel, -1))
    return told


def _charged(theirs: list[dict[str, Any]], usage: dict[str, UsageRecord]) -> list[str]:
    delivered = {item["wamid"]: item for item in theirs if "delivered" in item["times"]}
    counted["charged"] += len(delivered)
    told = [f"delivered and not counted: {wamid}" for wamid in set(delivered) - set(usage)]
    told += [f"counted and not delivered: {wamid}" for wamid in set(usage) - set(delivered)]
    for wamid, record in usage.items():
        price = (delivered.get(wamid) or {}).get("pricing") or {}
        if price and (record.pricing_type, record.category) != (price.get("type"), price.get("category")):
            told.append(f"{wamid} is {record.pricing_type} here and {price.get('type')} there")
    return told
