"""Mondays with what Slack shows: the real renderer, and every message where it was posted."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.database import Database
from bot.domain import deliveries
from bot.domain.access import Caller
from bot.domain.deliveries import PostReport
from bot.domain.handover import messages as moving
from bot.domain.outbox import outbox, sending, unshown
from bot.domain.people import teams
from bot.domain.people.members import Profile, apply_profile
from bot.domain.refusals import Refusal
from bot.domain.setup import forms
from bot.domain.shown.setup import Channel, TeamForm
from bot.slack.delivery.addressing import (
    Misplaced,
    NobodyYet,
    OnlyRedrawn,
    RenderRequest,
    ToChannel,
    ToHome,
)
from bot.slack.delivery.rendering import render_many
from tests.domain.mondays import MONDAY, Mondays
from tests.seeding import reach_once

SENDER = "s"


@dataclass
class Message:
    """A message as it stands in Slack."""

    where: str
    surface: str
    shown: dict[str, Any]

    @property
    def text(self) -> str:
        return json.dumps(self.shown, ensure_ascii=False)

    @property
    def buttons(self) -> set[str]:
        """The action ids of its buttons."""
        found = set()
        for block in self.shown["blocks"]:
            for element in (*block.get("elements", ()), block.get("accessory", {})):
                if "action_id" in element:
                    found.add(element["action_id"])
        return found


class Desk(Mondays):
    """Mondays whose messages are rendered and kept, by the conversation in which they stand."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.messages: dict[tuple[str, str], Message] = {}
        self.homes: dict[str, dict[str, Any]] = {}

    def ask(self, now: datetime = MONDAY) -> None:
        self.messages, self.homes = reach_once(
            self.database, self._asked, now, self.messages, self.homes
        )

    def _asked(
        self, now: datetime, messages: dict[tuple[str, str], Message], homes: dict[str, Any]
    ) -> tuple[dict[tuple[str, str], Message], dict[str, Any]]:
        assert (messages, homes) == (self.messages, self.homes)
        self._ask(now)
        return self.messages, self.homes

    def deliver(self, now: datetime) -> None:
        """Do what the sender does with everything that is due, until nothing is."""
        for _ in range(20):
            claimed = [one for lane in outbox.Lane for one in self.claimed(now, lane)]
            if not claimed:
                return
            self.show_all(claimed, now)
        raise AssertionError("the outbox does not come to rest")

    def claimed(self, now: datetime, lane: outbox.Lane) -> list[sending.Claimed]:
        return self.write(sending.claim, sender=SENDER, lane=lane, now=now, limit=200)

    def show_all(self, claimed: Sequence[sending.Claimed], now: datetime) -> None:
        """Show claimed rows: posted, updated, published, moved or given up."""
        posts = []
        for one, rendered in zip(claimed, self.rendered(claimed, now), strict=True):
            posts += self.show(one, rendered, now)
        self.write(deliveries.posted, posts)

    def show(self, one: sending.Claimed, rendered: Any, now: datetime) -> list[PostReport]:
        """Show one claimed row; what has to be reported of it, if anything."""
        if isinstance(rendered, Misplaced):
            self.write(moving.move, claimed=one, sender=SENDER, is_open=rendered.is_open, now=now)
            return []
        if rendered is None or (isinstance(rendered, OnlyRedrawn) and one.ts is None):
            ended = unshown.Ended(claimed=one, sender=SENDER, because="nothing to show", now=now)
            self.write(unshown.give_up, [ended])
            return []
        if isinstance(rendered, NobodyYet):
            later = now + timedelta(hours=1)
            back = unshown.PutBack(claimed=one, sender=SENDER, due_at=later, counts=True)
            self.write(unshown.put_back, [back])
            return []
        report: dict[str, Any] = {}
        if isinstance(rendered, ToHome):
            self.homes[rendered.slack_user_id] = dict(rendered.view)
        elif one.ts is not None and one.channel is not None:
            self.messages[one.channel, one.ts].shown = dict(rendered.message)
        else:
            where = (
                rendered.channel
                if isinstance(rendered, ToChannel)
                else f"D{rendered.slack_user_id}"
            )
            ts = f"{now.timestamp():.0f}.{len(self.messages):06d}"
            self.messages[where, ts] = Message(where, one.surface, dict(rendered.message))
            report = {"channel": where, "ts": ts}
        in_dm = str(report.get("channel", "")).startswith("D")
        return [
            PostReport(
                sending.Report(one, SENDER, now, **report),
                new_dm_of=rendered.member_id if in_dm else None,
            )
        ]

    def rendered(self, claimed: Sequence[sending.Claimed], now: datetime) -> list[Any]:
        """What the renderer makes of claimed rows."""
        requests = [
            RenderRequest(
                one.surface, one.subject_id, now, one.channel if one.ts is not None else None
            )
            for one in claimed
        ]
        rendered = self.database.read_now(render_many, requests)
        for one in rendered:
            if isinstance(one, Exception):
                raise one
        return rendered

    # What stands.

    def standing(self, surface: str, where: str | None = None) -> list[Message]:
        return [
            one
            for one in self.messages.values()
            if one.surface == surface and where in {None, one.where}
        ]

    def with_button(self, action_id: str) -> list[str]:
        """The conversations in which a message has this button, one for each such message."""
        return sorted(one.where for one in self.messages.values() if action_id in one.buttons)

    def told(self, user: str) -> list[str]:
        """The lines about changes of hands in the person's DM."""
        return [one.text for one in self.standing(outbox.NOTICE, f"D{user}")]

    def home(self, user: str) -> str:
        return json.dumps(self.homes[user], ensure_ascii=False)

    # What changes hands.

    def change_team(self, now: datetime, *, by: str = "UA", **changes: Any) -> None:
        """An admin changes Harbor's form."""

        def change(session: Any) -> None:
            form = forms.form_of(session, session.get_one(type(team), team.id))
            new = TeamForm(**{**vars(form), **changes})
            channel = Channel(new.channel or "", "coaches", is_private=True, is_member=True)
            teams.update_team(
                session,
                caller=self.caller(by),
                team_id=team.id,
                form=new,
                channel=channel,
                public_confirmed=False,
                now=now,
            )

        team = self.team()
        self.write(change)

    def profile(self, user: str, now: datetime, **facts: Any) -> None:
        """Slack says something new about a person."""
        name = self.member(user).name
        self.write(
            apply_profile,
            workspace_id=self.workspace_id,
            profile=Profile(user, name, "Europe/London", **facts),
            now=now,
        )

    def caller(self, user: str) -> Caller:
        return Caller(self.workspace_id, user)

    def allowed(self, user: str, use_case: Callable[..., object], **given: Any) -> bool:
        """Whether the person may do it; nothing of it is kept."""

        class Kept(Exception):
            pass

        def attempt(session: Any) -> None:
            use_case(session, caller=self.caller(user), **given)
            raise Kept

        try:
            self.write(attempt)
        except Kept:
            return True
        except Refusal as refusal:
            return not refusal.sentence
        raise AssertionError("it ended without a word")
