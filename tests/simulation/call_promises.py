"""The promises at each call to Slack."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tests.simulation import oracle
from tests.simulation.wire import RESPONSE_URL, Call

if TYPE_CHECKING:
    pass
from tests.simulation.records import (
    KEEPS_PAUSES,
    PUNCTUAL,
    ROUNDED,
    SKEW,
    UNCERTAIN,
    Copies,
    Records,
    moment_of,
    token_in,
    verdicts_shown,
)


class CallPromises(Records):
    """The checks before and after a call leaves a process."""

    def before_call(self, call: Call) -> None:
        """The call is about to leave a process."""
        if self.world.engines.in_transaction():
            self._break("no call in a transaction", call.method)
        self._method_is_not_paused(call)
        if call.method == "views.open":
            self._modal_triggers.add(str(call.arguments.get("trigger_id")))
        if call.method == "chat.postMessage":
            token = token_in(call.arguments.get("metadata"))
            if token is None:
                self._break("P9", "a post without a token")
            else:
                self._post_asked(call, token)

    def _method_is_not_paused(self, call: Call) -> None:
        paused_from, paused_until = self._paused.get((call.process, call.method), (0.0, 0.0))
        if paused_from < self.world.loop.time() < paused_until - ROUNDED:
            self._break("P15", f"{call.method} is called though Slack said to wait")

    def _post_asked(self, call: Call, token: str) -> None:
        copies = self._copies(token)
        copies.asked += 1
        if copies.doubtful:
            self._break(
                "P11", f"{copies.surface} {copies.subject} is posted again without a look first"
            )
        copies.doubtful, copies.doubted_at = True, self.now
        if call.fault is None and copies.surface == "check_in":
            self._check_in_is_posted(copies.subject)
        if copies.surface == "reminder":
            self._reminder_is_posted(copies.subject)
        if copies.surface == "alert":
            self._alert_is_posted(copies.subject)

    def after_call(self, call: Call) -> None:
        """The call had its effect, or was refused before it could."""
        if call.retry_after is not None and call.method in KEEPS_PAUSES:
            now = self.world.loop.time()
            began, until = self._paused.get((call.process, call.method), (now, now))
            if until <= now:
                began = now
            self._paused[call.process, call.method] = began, max(until, now + call.retry_after)
        token = token_in(call.arguments.get("metadata"))
        if call.method == "chat.postMessage" and token is not None:
            copies = self._copies(token)
            if call.fault not in UNCERTAIN and call.process.alive and not call.done:
                copies.doubtful = False
            if call.done and call.answer is not None:
                self._stands(copies, token, call.answer["channel"], call.answer["ts"])
                self._shows_what_is_stored(call)
        elif call.method in {"chat.update", RESPONSE_URL} and call.done:
            self._shows_what_is_stored(call)
        elif call.method == "conversations.history" and call.done and call.fault is None:
            for copies in self._tokens.values():
                if copies.channel in ("", call.arguments["channel"]):
                    copies.doubtful = False
        elif call.method == "chat.delete" and call.done:
            self.world.sometimes("a second copy is deleted")
            self._count_copies()

    def _stands(self, copies: Copies, token: str, channel: str, ts: str) -> None:
        """A message with this token has just appeared."""
        copies.channel = channel
        copies.ever.append(ts)
        shown = datetime.fromtimestamp(float(ts), tz=UTC)
        self._first_shown.setdefault((copies.surface, copies.subject), shown)
        if len(copies.ever) > 1:
            self.world.sometimes("a second copy is shown")
            if self.world.mix.p9_conditions_hold:
                self._break("P9", f"{copies.surface} {copies.subject} is shown twice")
        self._count_copies()
        user = self.world.workspace.channels[channel].user
        if user is not None:
            recent = [m for m in self._dms[user] if m > self.now - timedelta(days=1)]
            self._dms[user] = [*recent, self.now]
            self.most_dms_in_a_day = max(self.most_dms_in_a_day, len(self._dms[user]))

    def _count_copies(self) -> None:
        for copies in self._tokens.values():
            if len(copies.ever) < 2:
                continue
            standing = [
                ts for ts in copies.ever if self.world.workspace.message(copies.channel, ts)
            ]
            if len(standing) < 2:
                copies.twice_since = None
            elif copies.twice_since is None:
                copies.twice_since = self.now

    def _check_in_is_posted(self, check_in: int) -> None:
        due_text, state, zone = self.rows(
            "SELECT due_at, state, timezone FROM check_in JOIN member ON member.id = member_id"
            " WHERE check_in.id = ?",
            check_in,
        )[0]
        due = moment_of(due_text)
        if self.now < due - SKEW:
            self._break("P3", f"check-in {check_in} is sent before it is due")
        if state == "skipped":
            self._break("P4", f"check-in {check_in} is sent though it was skipped")
        if self.now > due + PUNCTUAL + timedelta(seconds=30):
            self.world.sometimes("a check-in is sent late")
            # The moment is decided before the call, which may take its time.
            if not any(
                oracle.is_working_time(self.now - timedelta(seconds=slack), zone)
                for slack in (-3, 0, 240)
            ):
                self._break("P4", f"check-in {check_in} is sent late, outside working hours")

    def _reminder_is_posted(self, reminder: int) -> None:
        check_in, state, zone, ts = self.rows(
            "SELECT check_in.id, state, timezone, outbox.ts FROM reminder"
            " JOIN check_in ON check_in.id = check_in_id JOIN member ON member.id = member_id"
            " LEFT JOIN outbox ON surface = 'check_in' AND subject_id = check_in.id"
            " WHERE reminder.id = ?",
            reminder,
        )[0]
        if ts is None:
            self._break("P13", f"reminder {reminder} comes before its check-in {check_in}")
        if state != "open":
            self._break("P26", f"reminder {reminder} is sent though the check-in is {state}")
        if not any(
            oracle.is_working_time(self.now - timedelta(seconds=slack), zone)
            for slack in (-3, 0, 240)
        ):
            self._break("P26", f"reminder {reminder} is sent outside working hours")

    def _alert_is_posted(self, alert: int) -> None:
        state, misses, edits = self.rows(
            "SELECT state, sum(verdict = 'no'), sum(edited) FROM alert"
            " JOIN check_in ON check_in.id = alert.check_in_id"
            " JOIN answer ON answer.check_in_id = check_in.id WHERE alert.id = ?",
            alert,
        )[0]
        corrected = state == "answered" and self.one(
            "SELECT count(*) FROM answer_edit JOIN answer ON answer.id = answer_id JOIN alert"
            " ON alert.check_in_id = answer.check_in_id WHERE alert.id = ?",
            alert,
        )
        if state != "unanswered" and not misses and not corrected and not edits:
            self._break("P13", f"alert {alert} reports a miss that is none")

    def _shows_what_is_stored(self, call: Call) -> None:
        for answer_id, verdict in verdicts_shown(call.arguments.get("blocks")):
            known = self.one(
                "SELECT count(*) FROM answer_edit WHERE answer_id = ? AND verdict = ?",
                answer_id,
                verdict,
            )
            if not known:
                self._break("P16", f"answer {answer_id} is shown as {verdict} and is not stored")
