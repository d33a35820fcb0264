"""What Slack sends: presses, sent forms, commands and events, as bodies of requests to be signed."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from bench.people import QUESTIONS, TEAM_ID, answer_id, dm_of, slack_user, week_of
from bot.domain.shown.checkins import CheckInShown, QuestionShown
from bot.domain.shown.reader import Reader
from bot.rules.weeks import WEEK
from bot.slack.views.checkins.messages import ANSWER_YES, check_in_message


def shown_of(member: int) -> CheckInShown:
    """The rep's open check-in."""
    now = datetime.now(UTC)
    week = week_of(now)
    questions = tuple(
        QuestionShown(
            answer_id=answer_id(member, n),
            name=name,
            unit=unit,
            question=asked,
            target=Decimal(goal),
            logged=Decimal(250 if unit == "money" else 3),
            number=None,
            verdict=None,
            note=None,
            edited=False,
            late=False,
        )
        for n, (_, name, unit, asked, goal) in enumerate(QUESTIONS)
    )
    return CheckInShown(
        check_in_id=member,
        state="open",
        week=week,
        name=f"Rep {member}",
        reader=Reader(timezone="Europe/London", locale="en_US", currency="USD"),
        questions=questions,
        deadline_at=now + timedelta(days=1),
        completed_at=None,
        late=False,
        closed=False,
        closed_for_good=False,
        coach=slack_user(1),
        second_coach=None,
        coach_channel="C00000001",
        next_due_at=now + WEEK,
        streak=0,
    )


def press_of(
    member: int, question: int, *, slack: str, pressed: str = ANSWER_YES, trigger: str = ""
) -> bytes:
    """The body of a Yes or a No, with the whole message in it, as the Slack at `slack` sends it."""
    shown = shown_of(member)
    message = check_in_message(shown)
    ts, channel = f"1700000000.{member:06}", dm_of(member)
    payload = {
        "type": "block_actions",
        "user": {"id": slack_user(member), "username": "rep", "name": "rep", "team_id": TEAM_ID},
        "api_app_id": "A0BENCH",
        "token": "bench",
        "container": {
            "type": "message",
            "message_ts": ts,
            "channel_id": channel,
            "is_ephemeral": False,
        },
        "trigger_id": trigger or f"13345224609.738474920.{member}",
        "response_url": f"{slack}/actions/{TEAM_ID}/{member}/{question}",
        "team": {"id": TEAM_ID, "domain": "bench"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": channel, "name": "directmessage"},
        "message": {
            "user": "U0BENCHBOT",
            "type": "message",
            "ts": ts,
            "bot_id": "B0BENCH",
            "app_id": "A0BENCH",
            "team": TEAM_ID,
            "metadata": {
                "event_type": "basecoach_delivery",
                "event_payload": {"token": f"{member:032x}"},
            },
            **message,
        },
        "state": {"values": {}},
        "actions": [
            {
                "action_id": pressed,
                "block_id": f"check_in.row.{answer_id(member, question)}",
                "text": {"type": "plain_text", "text": "Yes or No", "emoji": True},
                "value": str(answer_id(member, question)),
                "style": "primary",
                "type": "button",
                "action_ts": f"{time.time():.6f}",
            }
        ],
    }
    return urlencode({"payload": json.dumps(payload)}).encode()


def submission_of(member: int, view: Mapping[str, Any], *, typed: str) -> bytes:
    """The body of a form that was opened as `view`, with the same words typed into each of its text inputs."""
    values = {
        block["block_id"]: {
            block["element"]["action_id"]: {"type": block["element"]["type"], "value": typed}
        }
        for block in view["blocks"]
        if block["type"] == "input"
    }
    payload = {
        "type": "view_submission",
        "team": {"id": TEAM_ID, "domain": "bench"},
        "user": {"id": slack_user(member), "username": "rep", "name": "rep", "team_id": TEAM_ID},
        "api_app_id": "A0BENCH",
        "token": "bench",
        "trigger_id": f"13345224609.738474921.{member}",
        "response_urls": [],
        "is_enterprise_install": False,
        "enterprise": None,
        "view": {
            "previous_view_id": None,
            **view,
            "blocks": [{"block_id": f"b{n}", **block} for n, block in enumerate(view["blocks"])],
            "id": f"V0{member:07}",
            "team_id": TEAM_ID,
            "hash": "1700000000.abcdefgh",
            "root_view_id": f"V0{member:07}",
            "app_id": "A0BENCH",
            "bot_id": "B0BENCH",
            "state": {"values": values},
        },
    }
    return urlencode({"payload": json.dumps(payload)}).encode()


def plan_press_of(coach: int, plan: int, *, action_id: str, slack: str) -> bytes:
    """The body of a coach's press on a button of a plan's message."""
    channel, ts = "C00000001", f"1700000001.{plan:06}"
    payload = {
        "type": "block_actions",
        "user": {"id": slack_user(coach), "username": "coach", "name": "coach", "team_id": TEAM_ID},
        "api_app_id": "A0BENCH",
        "token": "bench",
        "container": {"type": "message", "message_ts": ts, "channel_id": channel},
        "trigger_id": f"13345224609.738474922.{plan}",
        "response_url": f"{slack}/actions/{TEAM_ID}/plan/{plan}",
        "team": {"id": TEAM_ID, "domain": "bench"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": channel, "name": "coaches"},
        "message": {"user": "U0BENCHBOT", "type": "message", "ts": ts, "text": "A plan"},
        "state": {"values": {}},
        "actions": [
            {
                "action_id": action_id,
                "block_id": "plan",
                "text": {"type": "plain_text", "text": "Approve", "emoji": True},
                "value": str(plan),
                "type": "button",
                "action_ts": f"{time.time():.6f}",
            }
        ],
    }
    return urlencode({"payload": json.dumps(payload)}).encode()


def command_of(member: int, command: str, text: str, *, number: int, slack: str) -> bytes:
    """The body of a slash command; `number` tells one from the next."""
    return urlencode(
        {
            "token": "bench",
            "team_id": TEAM_ID,
            "team_domain": "bench",
            "channel_id": dm_of(member),
            "channel_name": "directmessage",
            "user_id": slack_user(member),
            "user_name": "rep",
            "command": command,
            "text": text,
            "api_app_id": "A0BENCH",
            "is_enterprise_install": "false",
            "response_url": f"{slack}/commands/{TEAM_ID}/{number}",
            "trigger_id": f"13345224609.738474923.{number}",
        }
    ).encode()


def home_opened_by(member: int, *, number: int) -> bytes:
    """The body of the event that a person opened Home."""
    return json.dumps(
        {
            "token": "bench",
            "team_id": TEAM_ID,
            "api_app_id": "A0BENCH",
            "type": "event_callback",
            "event_id": f"Ev{number:08}",
            "event_time": int(time.time()),
            "event": {
                "type": "app_home_opened",
                "user": slack_user(member),
                "channel": dm_of(member),
                "tab": "home",
                "event_ts": f"{time.time():.6f}",
            },
        }
    ).encode()
