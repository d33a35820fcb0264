"""The promises that hold at any moment, looked at every few hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.database import Database
from bot.domain.outbox import sending
from bot.domain.outbox.outbox import Lane

if TYPE_CHECKING:
    pass
from tests.simulation.hand_promises import HandPromises
from tests.simulation.loop_promises import LoopPromises
from tests.simulation.never import NEVER
from tests.simulation.records import CATCH_UP, PUNCTUAL, SKEW, moment_of


class Audits(HandPromises, LoopPromises):
    """The checks of what must be so between two transactions."""

    def audit(self) -> None:
        """What must be so at any moment between two transactions."""
        self._states_move_forward()
        self._message_and_state_go_together()
        self._windows_are_full()
        self._second_copies_are_healed()
        self._lanes_agree()
        self.the_loop_holds()

    def _lanes_agree(self) -> None:
        """What the lanes are told here in short is what the product says."""
        for replica in self.world.alive()[:1]:
            for lane in Lane:
                said = Database.read_now(replica.database, sending.next_due_at, lane)
                if said != self.next_in_lane(lane):
                    self._break("simulation", f"lane {lane} has something to do at {said}")

    def _states_move_forward(self) -> None:
        legal = {
            "scheduled": {"open", "skipped", "answered", "unanswered"},
            "open": {"answered", "unanswered", "skipped"},
            "unanswered": {"answered"},
        }
        for check_in, state, due, because in self.rows(
            "SELECT id, state, due_at, skipped_because FROM check_in"
        ):
            before = self._states.get(check_in, "scheduled")
            if state != before and state not in legal.get(before, set()):
                self._break("P19", f"check-in {check_in} went from {before} to {state}")
            self._states[check_in] = state
            if state == "skipped" and check_in not in self._skipped_seen:
                self._skipped_seen.add(check_in)
                self.world.sometimes(f"a week is skipped: {because}")
                if because == "not_sent" and self.now < moment_of(due) + CATCH_UP - SKEW:
                    self._break("P4", f"check-in {check_in} was given up before its 48 hours")

    def _message_and_state_go_together(self) -> None:
        for promise, words, query in NEVER:
            for (subject,) in self.rows(query):
                self._break(promise, f"{words}: {subject}")
        for check_in, sent in self.rows(
            "SELECT check_in_id, count(*) FROM reminder WHERE sent_at IS NOT NULL"
            " GROUP BY check_in_id HAVING count(*) > 2"
        ):
            if sent > 2 + self.world.snoozes[check_in] * 2:
                self._break("P26", f"check-in {check_in} has {sent} reminders")

    def _windows_are_full(self) -> None:
        """P22: what closed was delivered, and stayed open for the whole window."""
        for check_in, who, week, deadline, due, state in self.rows(
            "SELECT check_in.id, slack_user_id, week, deadline_at, due_at, state FROM check_in"
            " JOIN member ON member.id = member_id WHERE deadline_at IS NOT NULL"
        ):
            shown = self._first_shown.get(("check_in", check_in))
            if shown is None:
                self._break("P22", f"check-in {check_in} is {state} and nobody has seen it")
                continue
            if shown < moment_of(due) - SKEW:
                self._break("P3", f"check-in {check_in} was shown before it was due")
            window = min(
                self._closes(week, zone) - self._due(week, zone)
                for zone in self._zones_around(who, moment_of(due), moment_of(deadline))
            )
            if moment_of(deadline) - shown < window - PUNCTUAL - SKEW:
                self._break(
                    "P22",
                    f"check-in {check_in} was open for {moment_of(deadline) - shown}, not {window}",
                )
            if state == "unanswered" and self.now < moment_of(deadline) - SKEW:
                self._break("P22", f"check-in {check_in} was closed before its deadline")

    def _second_copies_are_healed(self) -> None:
        for copies in self._tokens.values():
            since = copies.twice_since
            # The healer's ten minutes count only while it can work; the end is checked apart.
            if since is not None and self.world.loop.time() > self.world.mix.faults_end + 3600:
                self._break("P9", f"{copies.surface} {copies.subject} still stands twice")
