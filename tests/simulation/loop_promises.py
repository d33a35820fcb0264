"""The promises of the coaching loop, looked at every few hours: P31 to P33."""

from __future__ import annotations

from datetime import timedelta

from bot.slack.views.alerts import TAKE
from tests.simulation.ack_promises import AckPromises
from tests.simulation.records import moment_of

READ_BY = timedelta(days=1)
"""How long a message to a former coach may still stand: the sender may be down, or paused."""


class LoopPromises(AckPromises):
    """What must be so of acts, agreements, and what former coaches see."""

    def the_loop_holds(self) -> None:
        """Check all three."""
        self._acts_are_the_coachs()
        self._nothing_is_asked_twice()
        self._former_coaches_see_nothing()

    def _acts_are_the_coachs(self) -> None:
        """P31: an act is the one that was suggested when it was taken, or one that a coach picked."""
        for alert, since, act, suggested in self.rows(
            "SELECT id, waits_since, act, suggested_act FROM alert WHERE act IS NOT NULL"
        ):
            stay = alert, since
            first = self._suggested.setdefault(stay, suggested)
            may_be = set(self.world.picked[stay])
            if stay not in self.world.confirmed:
                may_be.add(first)
            if act not in may_be:
                self._break("P31", f"alert {alert} has the act {act}, which nobody picked")

    def _nothing_is_asked_twice(self) -> None:
        """P32: one check-in asks about a step and one about a talk, unless it was withdrawn."""
        for agreement, talk, step in self.rows("SELECT id, asked_in, step_asked_in FROM agreement"):
            for what, check_in in (("talk", talk), ("step", step)):
                if check_in is None:
                    continue
                before = self._asked_in.setdefault((agreement, what), check_in)
                if before == check_in:
                    continue
                withdrawn = self.one(
                    "SELECT state IN ('skipped', 'away') FROM check_in WHERE id = ?", before
                )
                if not withdrawn:
                    self._break("P32", f"the {what} of agreement {agreement} is asked about twice")
                self._asked_in[agreement, what] = check_in

    def _former_coaches_see_nothing(self) -> None:
        """P33: who does not coach the team any more has no message to act on, and no name in one."""
        left_at = self.world.second_left_at
        if left_at is None or self.now < left_at + READ_BY or not self.world.alive():
            return
        overdue = self.one(
            "SELECT min(due_at) FROM outbox WHERE surface = 'passed_on' AND due_at IS NOT NULL"
        )
        if overdue and moment_of(overdue) > self.now - READ_BY:
            return
        morgan = next(
            channel.id
            for channel in self.world.workspace.channels.values()
            if channel.kind == "im" and channel.user == "U0MORGAN"
        )
        for message in self.world.workspace.messages(morgan):
            for block in message.blocks:
                for element in block.get("elements", ()):
                    if element.get("action_id") == TAKE:
                        self._break(
                            "P33", "an alert with its rep's name stands with a former coach"
                        )
