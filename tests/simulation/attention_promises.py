"""P39, P40: nothing that nobody asked for comes outside working hours, nor more of it than the budget allows."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.simulation import oracle
from tests.simulation.ack_promises import AckPromises
from tests.simulation.records import Copies, moment_of, token_in
from tests.simulation.wire import Call

RECOVERY = timedelta(hours=1)
"""After this time without trouble, what waited has been tried again: the longest pause, and two looks."""

ALERT_PATIENCE = timedelta(hours=4)
"""How much of the coach's working time passes at most before an alert stands with them, even if its channel
refuses it all the time. At night and on a weekend none passes.
"""

COME_BY_THEIR_OWN_RULE = {"check_in", "reminder"}
"""P4 and P26 look at these."""

ASKED_FOR = {"direct_reply"}
"""The answer to what somebody typed comes at once."""

SLACK_IS_SLOW = (-3, 0, 240)
"""Seconds before a call at which it may have been decided on."""

BRIEFLY = timedelta(minutes=30)
"""How long after a change of somebody's zone, or of a coach, a message may still mind what was before."""

LONGEST_WEEK = timedelta(days=9)

PINGS = {"reminder", "midweek", "agreement", "praise", "plan_ended_reply", "plan_reached_reply"}
"""The messages that share the budget."""


class AttentionPromises(AckPromises):
    """The checks at each post."""

    def before_call(self, call: Call) -> None:
        super().before_call(call)
        token = token_in(call.arguments.get("metadata"))
        if call.method == "chat.postMessage" and token is not None:
            self._reader_is_at_work(self._copies(token), str(call.arguments["channel"]))

    def after_call(self, call: Call) -> None:
        super().after_call(call)
        token = token_in(call.arguments.get("metadata"))
        if call.method == "chat.postMessage" and token is not None and call.done:
            copies = self._copies(token)
            if copies.surface in PINGS and not self._was_asked_for(copies):
                self._is_in_the_budget(copies)

    def _reader_is_at_work(self, copies: Copies, channel: str) -> None:
        """P39: what nobody asked for comes while somebody who reads it is at work."""
        if copies.surface in COME_BY_THEIR_OWN_RULE | ASKED_FOR:
            return
        zones = self._zones_of_readers(channel)
        if zones and not any(
            oracle.is_at_work(self.now - timedelta(seconds=slack), zone)
            for zone in zones
            for slack in SLACK_IS_SLOW
        ):
            self._break(
                "P39", f"{copies.surface} {copies.subject} comes outside working hours: {zones}"
            )

    def _zones_of_readers(self, channel: str) -> list[str]:
        """The zones by whose clocks a message may come there now."""
        found = self.world.workspace.channels.get(channel)
        reader = channel if found is None else found.user
        if reader is None:
            return [
                zone
                for (zone,) in self.rows(
                    "SELECT timezone FROM team JOIN member ON member.id = CASE"
                    " WHEN (SELECT is_guest OR inactive_because IS NOT NULL FROM member"
                    "  WHERE id = coach_id) THEN second_coach_id ELSE coach_id END"
                    " WHERE coach_channel = ?",
                    channel,
                )
            ]
        (zone,) = self.rows("SELECT timezone FROM member WHERE slack_user_id = ?", reader)[0]
        if reader not in self.world.whereabouts.zones:
            return [zone]
        return [zone, *self._zones_around(reader, self.now - BRIEFLY, self.now)]

    def _was_asked_for(self, copies: Copies) -> bool:
        return copies.surface == "reminder" and bool(
            self.one("SELECT asked_for FROM reminder WHERE id = ?", copies.subject)
        )

    def _is_in_the_budget(self, copies: Copies) -> None:
        """P40: a rep's week, by their clock, has no more pings than the workspace allows.

        What an outage has kept for the next week is not counted against it, nor what comes around a move.
        """
        who = self.world.workspace.channels[copies.channel].user or ""
        zones = self._zones_around(who, self.now - LONGEST_WEEK, self.now)
        local = self.now.astimezone(ZoneInfo(zones[-1]))
        week = local.date() - timedelta(days=local.weekday())
        pinged = self._pinged[who, week]
        pinged.add((copies.surface, copies.subject))
        most = self.world.mix.weekly_messages
        was_kept = self._trouble_between(self.now - LONGEST_WEEK, self.now)
        if len(pinged) == most:
            self.world.sometimes("a week's budget is spent")
        if len(pinged) > most and len(zones) == 1 and not was_kept:
            self._break("P40", f"{who} is pinged {len(pinged)} times in the week of {week}")

    def waiting_alerts(self) -> dict[int, datetime]:
        """The alerts that were not posted, each with the moment since which it is with its coaches of today."""
        return {
            alert: moment_of(since)
            for alert, since in self.rows(
                "SELECT alert.id, max(alert.created_at, coalesce(waits_since, alert.created_at),"
                " outbox.created_at) FROM alert JOIN outbox"
                " ON surface = 'alert' AND subject_id = alert.id"
                " WHERE ts IS NULL AND failed_reason IS NULL"
                " AND NOT EXISTS (SELECT 1 FROM withdrawal"
                "  WHERE withdrawal.surface = 'alert' AND withdrawal.subject_id = alert.id)"
            )
        }

    def has_waited_long(self, alert: int) -> bool:
        """Whether a waiting alert could have been posted: its coach was at work for hours without trouble."""
        since = self.waiting_alerts()[alert]
        patient = oracle.working_time_ago(self.now, ALERT_PATIENCE, self._acting_zone(alert))
        return since < patient and not self._trouble_between(patient - RECOVERY, self.now)

    def waits_for_working_hours(self, alert: int) -> bool:
        """Whether an alert is on its way: the end may lie on a weekend of its coach's."""
        return alert in self.waiting_alerts() and not self.has_waited_long(alert)

    def _acting_zone(self, alert: int) -> str:
        """The zone of who reads the alert first: the coach, or the second coach where the coach is gone."""
        zones = self.rows(
            "SELECT timezone FROM alert JOIN team ON team.id = team_id JOIN member"
            " ON member.id IN (coach_id, second_coach_id) WHERE alert.id = ?"
            " ORDER BY is_guest OR inactive_because IS NOT NULL, member.id <> coach_id",
            alert,
        )
        return str(zones[0][0])

    def _trouble_between(self, begin: datetime, end: datetime) -> bool:
        """Whether Slack, the bot or every call was out of order at any moment between these two."""
        start = self.world.clock.start
        since, until = (begin - start).total_seconds(), (end - start).total_seconds()
        mix = self.world.mix
        spans = [*mix.slack_outages, *mix.bot_outages]
        spans += [
            one for one in mix.odd_answers if one.calls is None and not one.is_about_one_place
        ]
        return any(span.begin < until and since < span.end for span in spans)
