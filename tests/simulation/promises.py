"""The promises of the product, checked from outside: at every call, at every ack, every few hours and at the end.

What is checked comes from the sandbox's own record and from plain SQL over the database, not from the product's
code; owed weeks and due moments come from `oracle`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.rules.weeks import WEEK
from bot.slack.views.alerts import TAKE
from bot.slack.views.checkins.messages import ANSWER_NO, ANSWER_YES, CHANGE

if TYPE_CHECKING:
    pass
from tests.simulation.delivery_promises import DeliveryPromises
from tests.simulation.records import (
    DAY,
    LONGEST_OUTAGE,
    READ_WITHIN,
    moment_of,
    stored,
    verdicts_shown,
)

JOINS_BY = timedelta(days=4)
"""A week in which somebody joins is asked about if they joined by the Thursday: two working days are left then."""

TROUBLE = {"too late", "timeout", "connection", "internal_error", "unreadable_answer", "held_back"}
"""What calls fail with during Slack's outages, and what is said where none was made."""


class Promises(DeliveryPromises):
    """All checks of one world, those at its end among them."""

    def at_the_end(self) -> None:
        """Faults have stopped and quiet days have passed: everything must be in order."""
        for promise, query, parameters in self._kept:
            if not self.one(query, *parameters):
                self._break(promise, f"acknowledged and lost: {query} {parameters}")
        self._every_week_has_its_end()
        self._outbox_is_empty()
        self._everything_stands_once()
        self._everything_is_in_its_place(self._standing())
        self._screens_show_the_truth()
        self._moves_are_known()

    def _moves_are_known(self) -> None:
        for who, stays in self.world.whereabouts.zones.items():
            back = self.world.whereabouts.extend_deadlines_after_downtime.get(who)
            is_read = self.world.whereabouts.is_there(who) and self.world.whereabouts.is_rep(who)
            if not is_read or (back and self.now - back < READ_WITHIN):
                continue
            if any(stay.known_since is None for stay in stays):
                self._break("P28", f"that {who} lives in {stays[-1].zone} was never read")

    def _every_week_has_its_end(self) -> None:
        for check_in, state in self.rows(
            "SELECT id, state FROM check_in WHERE state IN ('scheduled', 'open')"
            " AND coalesce(deadline_at, due_at) < ?",
            stored(self.now - timedelta(days=1)),
        ):
            self._break("P2", f"check-in {check_in} is still {state}")
        for who in self.world.mix.people:
            asked = {
                date.fromisoformat(week): (moment_of(due), state)
                for week, due, state in self.rows(
                    "SELECT week, due_at, state FROM check_in JOIN member ON member.id = member_id"
                    " WHERE slack_user_id = ?",
                    who,
                )
            }
            self._owed_weeks(who, asked)

    def _owed_weeks(self, who: str, asked: Mapping[date, tuple[datetime, str]]) -> None:
        start = self.world.clock.start
        week = (start - timedelta(days=start.weekday())).date()
        while True:
            zones = self._zones_around(
                who,
                datetime(week.year, week.month, week.day, tzinfo=UTC) + timedelta(days=4),
                datetime(week.year, week.month, week.day, tzinfo=UTC) + timedelta(days=15),
            )
            dues = [self._due(week.isoformat(), zone) for zone in zones]
            if max(dues) > self.now - timedelta(hours=1):
                return
            was_away = any(
                away.person == who
                and min(dues) > start + timedelta(seconds=away.span.begin) - timedelta(days=9)
                and max(dues) < start + timedelta(seconds=away.span.end) + timedelta(days=9)
                for away in self.world.mix.absences
            )
            if week not in asked and not was_away and self._was_rep(who, week, dues):
                self._break("P2", f"{who} was never asked about the week of {week}")
            elif week in asked:
                due, _ = asked[week]
                moved = len(set(zones)) > 1
                if due not in dues and not (
                    moved and min(dues) <= due <= max(dues) + timedelta(days=3)
                ):
                    self._break(
                        "P27", f"{who}'s check-in about {week} was due {due}, not {dues[0]}"
                    )
                self.world.sometimes(f"a week {week.isocalendar().week}")
            week += WEEK

    def _was_rep(self, who: str, week: date, dues: list[datetime]) -> bool:
        """Whether somebody surely was in the team for the week, and when its check-in came out, if late."""
        return any(
            week + JOINS_BY > stint.since.date() + DAY
            and (stint.since == self.world.clock.start or min(dues) > stint.since + DAY)
            and (stint.until is None or max(dues) < stint.until - LONGEST_OUTAGE)
            for stint in self.world.whereabouts.stints[who]
        )

    def _outbox_is_empty(self) -> None:
        for surface, subject, wanted, shown, due, dead, claimed in self.rows(
            "SELECT surface, subject_id, desired_version, rendered_version, due_at,"
            " failed_reason, claimed_by FROM outbox"
        ):
            if due is not None or claimed is not None:
                if due is not None and moment_of(due) > self.now - timedelta(minutes=10):
                    continue  # under way right now
                self._break("P8", f"{surface} {subject} is still due since {due}")
            elif shown < wanted and dead is None and not self._was_skipped(surface, subject):
                self._break(
                    "P8", f"{surface} {subject} shows {shown} of {wanted}, without a reason"
                )
            if dead is not None:
                self.world.sometimes(f"given up: {dead}")
                if not self._may_be_given_up(surface, subject, dead):
                    self._break("P8", f"{surface} {subject} was given up: {dead}")

    def _was_skipped(self, surface: str, subject: int) -> bool:
        return surface == "check_in" and bool(
            self.one("SELECT state = 'skipped' FROM check_in WHERE id = ?", subject)
        )

    def _may_be_given_up(self, surface: str, subject: int, because: str) -> bool:
        """Only for somebody who went away, or where there is nothing to show, or no use in it, any more."""
        if because == "nothing to show":
            return True
        odd = {answer.code for answer in self.world.mix.odd_answers}
        if because in TROUBLE | odd or because.startswith("http_"):
            return surface in {"reminder", "midweek"} or self._was_skipped(surface, subject)
        return because in {"deactivated"} and bool(self.world.mix.absences)

    def _everything_stands_once(self) -> None:
        standing = self._standing()
        for token, count in Counter(token for token, _ in standing).items():
            if count > 1:
                copies = self._copies(token)
                self._break("P9", f"{copies.surface} {copies.subject} stands {count} times")
        by_subject: Counter[tuple[str, int]] = Counter()
        for token, _ in standing:
            by_subject[self._shown_now(token)] += 1
        for (surface, subject), count in by_subject.items():
            if count > 1 and surface in {"check_in", "alert", "reminder", "brief", "praise"}:
                self._break("P9", f"{surface} {subject} stands {count} times, under two tokens")
        for alert, check_in in self.rows("SELECT id, check_in_id FROM alert"):
            stands = by_subject["alert", alert] > 0 or self._was_withdrawn(alert)
            stands = stands or self._left_before_it_was_posted(alert)
            if not stands and not self.waits_for_working_hours(alert):
                self._break("P24", f"the miss of check-in {check_in} never reached the coach")
        for (check_in,) in self.rows(
            "SELECT id FROM check_in WHERE state IN ('open', 'answered', 'unanswered')"
        ):
            if by_subject["check_in", check_in] == 0:
                self._break("P9", f"check-in {check_in} does not stand in the DM")

    def _screens_show_the_truth(self) -> None:
        for token, message in self._standing():
            surface, subject = self._shown_now(token)
            reader = self.world.workspace.channels[message.channel].user
            if reader is not None and not self.world.whereabouts.is_there(reader):
                continue
            if surface == "check_in":
                shown = dict(verdicts_shown(message.blocks))
                stored = dict(
                    self.rows(
                        "SELECT id, verdict FROM answer WHERE check_in_id = ?"
                        " AND verdict IS NOT NULL",
                        subject,
                    )
                )
                offered = {
                    int(e["value"])
                    for b in message.blocks
                    for e in [*b.get("elements", []), b.get("accessory") or {}]
                    if e.get("action_id") in {ANSWER_YES, ANSWER_NO, CHANGE}
                }
                for answer, verdict in stored.items():
                    if answer in offered and shown.get(answer) != verdict:
                        self._break(
                            "P16",
                            f"answer {answer} is {verdict} and is shown as {shown.get(answer)}",
                        )
            elif surface == "alert":
                taken, done = self.rows(
                    "SELECT taken_at, done_at FROM alert WHERE id = ?", subject
                )[0]
                offers = any(
                    e.get("action_id") == TAKE
                    for b in message.blocks
                    for e in b.get("elements", [])
                )
                if offers and (taken or done):
                    self._break("P16", f"alert {subject} is taken and doesn't show it")

    def _left_before_it_was_posted(self, alert: int) -> bool:
        """Whether the rep left the team while the alert waited for working hours, so that nobody is told."""
        (who, raised, because) = self.rows(
            "SELECT slack_user_id, alert.created_at, failed_reason FROM alert"
            " JOIN check_in ON check_in.id = check_in_id JOIN member ON member.id = member_id"
            " LEFT JOIN outbox ON surface = 'alert' AND subject_id = alert.id WHERE alert.id = ?",
            alert,
        )[0]
        return because == "nothing to show" and any(
            stint.until is not None and stint.until >= moment_of(raised) - LONGEST_OUTAGE
            for stint in self.world.whereabouts.stints[who]
        )

    def _was_withdrawn(self, alert: int) -> bool:
        """Whether the alert's message stood, and was withdrawn because its rep left or its place changed."""
        return bool(
            self.one(
                "SELECT count(*) FROM withdrawal WHERE surface = 'alert' AND subject_id = ?", alert
            )
        )
