"""The promises about changes of hands: who reads numbers, where they stand, who is told, and what the log says."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.records import Message
from tests.simulation.attention_promises import AttentionPromises
from tests.simulation.hand_changes import HandChange
from tests.simulation.records import moment_of, token_in
from tests.simulation.wire import Call

IN_FLIGHT = timedelta(minutes=5)
"""How long after a change a call that was rendered before it may still arrive, where no process pauses longer."""

STILL_SHOWN = timedelta(days=80)
"""The product withdraws no messages that are older than 90 days."""

AUDITED = {
    "coach": "coach",
    "second coach": "second_coach",
    "channel": "channel",
    "rep moves": "rep_moved",
}
"""The entry of the log that each change has."""

_COACHES_OF = (
    "SELECT coach.slack_user_id, coach.is_guest, coach.inactive_because, second.slack_user_id,"
    " second.is_guest, second.inactive_because, team.coach_channel, team.channel_problem"
    " FROM enrolment JOIN team ON team.id = enrolment.team_id"
    " JOIN member AS coach ON coach.id = team.coach_id"
    " LEFT JOIN member AS second ON second.id = team.second_coach_id"
    " WHERE enrolment.ended_on IS NULL AND enrolment.member_id ="
)
_REP_OF = {
    "alert": " (SELECT member_id FROM check_in JOIN alert ON check_in.id = check_in_id"
    " WHERE alert.id = ?)",
    "plan": " (SELECT member_id FROM plan WHERE id = ?)",
}


class HandPromises(AttentionPromises):
    """The checks at each call, at each change and at the end."""

    _hands_changed_at: datetime | None = None

    def after_call(self, call: Call) -> None:
        super().after_call(call)
        if call.method not in {"chat.postMessage", "chat.update"} or not call.done:
            return
        answer = call.answer or {}
        channel = str(answer.get("channel") or call.arguments.get("channel"))
        surface, subject = self._shown_now(token_in(call.arguments.get("metadata")) or "")
        if surface in _REP_OF and channel not in self._entitled(surface, subject):
            since = self._hands_changed_at
            late = IN_FLIGHT + timedelta(seconds=self.world.mix.longest_pause)
            if since is None or self.now > since + late:
                self._break("P10", f"{surface} {subject} is shown in {channel}")

    def hands_changed(self, change: HandChange, *, since: datetime) -> None:
        """The bot has taken a change that was first tried at `since`: it stands in the log, and people are told.

        A process may have made the change and died before it could say so; the next try changes nothing more.
        """
        self._hands_changed_at = self.now
        what = AUDITED[change.what]
        newest = self.rows(
            "SELECT audit.id, at, slack_user_id FROM audit LEFT JOIN member ON member.id = by_id"
            " WHERE what = ? ORDER BY audit.id DESC LIMIT 1",
            what,
        )
        if not newest or moment_of(newest[0][1]) < since - timedelta(minutes=1):
            self._break("S-45", f"the log says nothing of a change: {change.what}")
            return
        entry, _, by = newest[0]
        if by != "U0ALEX":
            self._break("S-45", f"the log does not say who made a change: {change.what}")
        if not self.one("SELECT count(*) FROM notice WHERE audit_id = ?", entry):
            self._break("P10", f"nobody is told of a change: {change.what}")

    def coaches_of_alert(self, alert: Any) -> set[str]:
        """The people who may act on an alert now."""
        return self._coaches("alert", alert)[0]

    def _coaches(self, surface: str, subject: Any) -> tuple[set[str], str | None, bool]:
        """Who coaches the rep now, as the bot knows it, and the coach channel, with whether it takes numbers."""
        found = self.rows(_COACHES_OF + _REP_OF[surface], subject)
        if not found:
            return set(), None, False
        *people, channel, problem = found[0]
        coaches = {
            who
            for who, is_guest, gone in (people[:3], people[3:])
            if who is not None and not is_guest and gone not in {"deactivated", "bot"}
        }
        if surface == "plan":
            coaches.discard(
                self.one(
                    "SELECT slack_user_id FROM member JOIN plan ON member.id = member_id"
                    " WHERE plan.id = ?",
                    subject,
                )
            )
        return coaches, channel, problem is None

    def _entitled(self, surface: str, subject: int, *, at_the_end: bool = False) -> set[str]:
        """The conversations in which the subject may be shown now."""
        coaches, channel, takes_numbers = self._coaches(surface, subject)
        if not coaches:
            return set()
        found = {
            channel_id
            for channel_id, one in self.world.workspace.channels.items()
            if one.user in coaches
        }
        if channel is not None:
            there = self.world.workspace.channels[channel]
            is_closed = there.kind == "private" and not there.is_ext_shared
            if is_closed or (takes_numbers and not at_the_end):
                found.add(channel)
        return found

    def _shown_now(self, token: str) -> tuple[str, int]:
        """What a message with this token is now: a message that was withdrawn keeps its token."""
        found = self.rows("SELECT surface, subject_id FROM outbox WHERE token = ?", token)
        if found:
            return found[0][0], found[0][1]
        copies = self._copies(token)
        return copies.surface, copies.subject

    def _everything_is_in_its_place(self, standing: list[tuple[str, Message]]) -> None:
        stands: dict[int, int] = {}
        for token, message in standing:
            surface, subject = self._shown_now(token)
            if surface == "withdrawn":
                self._says_nothing(subject, message)
            elif surface in _REP_OF:
                if self._is_old(surface, subject):
                    continue
                if message.channel not in self._entitled(surface, subject, at_the_end=True):
                    self._break("P10", f"{surface} {subject} stands in {message.channel}")
                elif surface == "alert":
                    stands[subject] = stands.get(subject, 0) + 1
        for (alert,) in self.rows("SELECT id FROM alert WHERE done_at IS NULL"):
            if self._is_old("alert", alert) or not self._coaches("alert", alert)[0]:
                continue
            if alert not in stands and self.waits_for_working_hours(alert):
                continue
            if stands.get(alert, 0) != 1:
                self._break(
                    "P24", f"alert {alert} stands {stands.get(alert, 0)} times in its place"
                )

    def _is_old(self, surface: str, subject: int) -> bool:
        created = self.one(f"SELECT created_at FROM {surface} WHERE id = ?", subject)  # noqa: S608
        return moment_of(created) < self.now - STILL_SHOWN

    def _says_nothing(self, withdrawal: int, message: Message) -> None:
        self.world.sometimes("hands: a message is withdrawn")
        said = re.sub(r"<[@#]\w+>", "", json.dumps([message.text, message.blocks]))
        texts = [*re.findall(r'"text": "([^"]*)"', said), re.sub(r"<[@#]\w+>", "", message.text)]
        if any(re.search(r"\d", text) for text in texts) or '"action_id"' in said:
            self._break("P10", f"withdrawal {withdrawal} still says {message.text}")
