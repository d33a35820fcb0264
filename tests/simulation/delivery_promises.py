"""The promises about messages that Slack refuses, looked at every few hours.

No answer of Slack's gives a message up before its own window has ended, what is given up is named, and a miss
reaches a coach although the coach channel does not take it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.database import Database
from bot.doctor import records
from bot.domain.outbox import backlog
from bot.domain.setup import checklist
from bot.sandbox.records import BOT_USER_ID, Message
from tests.simulation import oracle
from tests.simulation.attention_promises import RECOVERY
from tests.simulation.audits import Audits
from tests.simulation.records import CATCH_UP, SKEW, moment_of, stored, token_in

HALF_AN_HOUR = timedelta(minutes=30)

TWO_HOURS = 4
"""So many half hours of a window without trouble have to be enough."""

NOT_LOST = ("nothing to show", "deactivated", "bot")
"""Reasons of messages that nobody waits for."""


class DeliveryPromises(Audits):
    """The checks of what waits and of what was given up."""

    def audit(self) -> None:
        super().audit()
        self._nothing_is_given_up_early()
        self._a_week_that_was_not_sent_had_no_chance()
        self._misses_reach_a_coach()
        self._what_was_given_up_is_named()
        self._what_went_out_plain_gets_its_blocks()

    def _nothing_is_given_up_early(self) -> None:
        for surface, subject, because, due in self.rows(
            "SELECT surface, subject_id, failed_reason, CASE surface WHEN 'check_in'"
            " THEN (SELECT due_at FROM check_in WHERE id = subject_id) END"
            " FROM outbox WHERE failed_reason IS NOT NULL AND surface NOT IN ('reminder', 'midweek')"
        ):
            is_over = due is not None and self.now >= moment_of(due) + CATCH_UP - SKEW
            if because not in NOT_LOST and not is_over:
                self._break("window", f"{surface} {subject} is given up in its window: {because}")

    def _a_week_that_was_not_sent_had_no_chance(self) -> None:
        for check_in, due, who in self.rows(
            "SELECT check_in.id, due_at, slack_user_id FROM check_in"
            " JOIN member ON member.id = member_id WHERE skipped_because = 'not_sent'"
        ):
            if check_in not in self._judged:
                self._judged.add(check_in)
                self._had_no_chance(check_in, moment_of(due), who)

    def _had_no_chance(self, check_in: int, due: datetime, who: str) -> None:
        """Break the promise if Slack and the bot were there for hours of the window in which it may be sent."""
        if any(away.person == who for away in self.world.mix.absences):
            return
        zones = self._zones_around(who, due - timedelta(days=1), due + CATCH_UP)
        steps = [due + HALF_AN_HOUR * step for step in range(int(CATCH_UP / HALF_AN_HOUR))]
        chances = [
            step
            for step in steps
            if step < self.now
            and not self._trouble_between(step - RECOVERY, step + HALF_AN_HOUR)
            and all(oracle.is_working_time(step, zone) for zone in zones)
        ]
        if len(chances) >= TWO_HOURS:
            self._break(
                "window", f"check-in {check_in} was not sent, though it could be: {chances[0]}"
            )

    def _misses_reach_a_coach(self) -> None:
        for alert in self.waiting_alerts():
            if self.has_waited_long(alert):
                self._break("P24", f"alert {alert} waits, though its coach was there for hours")

    def _what_was_given_up_is_named(self) -> None:
        lost = self.rows(
            "SELECT DISTINCT failed_reason FROM outbox WHERE failed_reason IS NOT NULL AND"
            " failed_reason NOT IN ('nothing to show', 'too late') AND created_at > ?",
            stored(self.now - timedelta(days=27)),
        )
        replicas = self.world.alive()
        if not lost or not replicas:
            return
        database = replicas[0].database
        findings, _ = Database.read_now(database, records.look, now=self.now)
        found = Database.read_now(database, checklist.checklist, workspace_id=1, now=self.now)
        counted = Database.read_now(database, backlog.backlog, now=self.now)
        said = {
            "doctor": " ".join(one.words for one in findings),
            "Home": " ".join(one.text for one in found.missing if one.kind == "given_up"),
            "a metric": " ".join(reason for _, reason, _ in counted.reasons),
        }
        for (reason,) in lost:
            self.world.sometimes(f"named as given up: {reason}")
            for where, words in said.items():
                if reason not in words:
                    self._break("named", f"{where} does not name what was given up: {reason}")

    def _what_went_out_plain_gets_its_blocks(self) -> None:
        for token, message in self._standing():
            posted_at = datetime.fromtimestamp(float(message.ts), tz=UTC)
            reader = self.world.workspace.channels[message.channel].user
            is_there = reader is None or self.world.whereabouts.is_there(reader)
            if (
                is_there
                and not message.blocks
                and posted_at + RECOVERY < self.now
                and not self._trouble_between(self.now - 2 * RECOVERY, self.now)
            ):
                surface, subject = self._shown_now(token)
                self._break("P16", f"{surface} {subject} stands without its blocks")

    def _standing(self) -> list[tuple[str, Message]]:
        """Every message of the bot's that stands, with its token."""
        found = []
        for channel in self.world.workspace.channels:
            for message in self.world.workspace.messages(channel):
                if message.user == BOT_USER_ID and message.ephemeral_to is None:
                    found.append((token_in(message.metadata) or "", message))
        return found
