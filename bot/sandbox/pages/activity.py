"""The activity on the page: a line for each call of the bot and each delivery to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from bot.sandbox.records import ApiCall, Delivery
from bot.sandbox.workspace import Workspace

NEWEST_ACTIVITY = 14


@dataclass(frozen=True)
class Activity:
    """This line tells of one call or delivery.

    `outward` says that it went to the bot. `good` is None while it waits for an answer.
    """

    at: datetime
    local: str
    outward: bool
    name: str
    detail: str
    outcome: str
    good: bool | None


def activity(workspace: Workspace, zone: tzinfo) -> list[Activity]:
    """Return the last calls of the bot and the last deliveries to it, the newest first."""
    lines = [_call(call, workspace, zone) for call in workspace.calls[-NEWEST_ACTIVITY:]]
    lines += [_delivery(each, zone) for each in workspace.deliveries[-NEWEST_ACTIVITY:]]
    lines.sort(key=lambda line: line.at)
    return lines[: -NEWEST_ACTIVITY - 1 : -1]


def _call(call: ApiCall, workspace: Workspace, zone: tzinfo) -> Activity:
    error = call.response.get("error")
    where = str(
        call.arguments.get("channel")
        or call.arguments.get("user_id")
        or call.arguments.get("user")
        or ""
    )
    outcome = str(error) if error else "ok" if call.status == 200 else str(call.status)
    if call.fault:
        outcome = f"{outcome} ({call.fault})"
    return Activity(
        at=call.at,
        local=f"{call.at.astimezone(zone):%H:%M:%S}",
        outward=False,
        name=call.method,
        detail=_known(where, workspace),
        outcome=outcome,
        good=not error and call.status == 200 and not call.fault,
    )


def _known(thing: str, workspace: Workspace) -> str:
    """Return the name of the channel or the person with this id, or the id itself."""
    channel = workspace.channels.get(thing)
    if channel is not None and channel.kind != "im":
        return f"#{channel.name}"
    user = workspace.users.get(channel.user or "" if channel else thing)
    return user.real_name if user else thing


def _delivery(delivery: Delivery, zone: tzinfo) -> Activity:
    payload: Mapping[str, Any] = delivery.payload
    event: Mapping[str, Any] = payload.get("event") or {}
    actions: Sequence[Mapping[str, Any]] = payload.get("actions") or ()
    detail = (
        payload.get("command")
        or event.get("type")
        or (actions[0].get("action_id") if actions else None)
        or (payload.get("view") or {}).get("callback_id")
        or ""
    )
    again = f", try {delivery.retry_attempt + 1}" if delivery.retry_attempt else ""
    return Activity(
        at=delivery.at,
        local=f"{delivery.at.astimezone(zone):%H:%M:%S}",
        outward=True,
        name=str(payload.get("type") or delivery.type)
        if delivery.type == "interactive"
        else delivery.type,
        detail=str(detail),
        outcome=delivery.result.replace("_", " ") + again,
        good=True if delivery.acked else None if delivery.result == "pending" else False,
    )
