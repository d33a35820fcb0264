"""The promises of the product, checked from outside: at every call, at every ack, every few hours and at the end.

What is checked comes from the sandbox's own record and from plain SQL over the database, not from the product's
code; owed weeks and due moments come from `oracle`.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bot.database import Database
from bot.domain.outbox import sending
from bot.domain.outbox.outbox import Lane
from bot.rules.weeks import WEEK
from bot.sandbox.records import BOT_USER_ID, Message
from bot.slack.views.alerts import DONE_MODAL, TAKE
from bot.slack.views.checkins.forms import FIELD, FORM_MODAL, NUMBER_MODAL
from bot.slack.views.checkins.messages import ANSWER_NO, ANSWER_YES, CHANGE
from bot.slack.views.conversations.messages import UNDO
from tests.simulation import oracle
from tests.simulation.virtual_time import Process
from tests.simulation.wire import DONE_ALL_THE_SAME, RESPONSE_URL, Call

if TYPE_CHECKING:
    from tests.simulation.world import World

PUNCTUAL = timedelta(minutes=15)
CATCH_UP = timedelta(hours=48)
SKEW = timedelta(seconds=3)
HEALED_WITHIN = timedelta(minutes=10)
KEEPS_PAUSES = {
    "chat.postMessage",
    "chat.update",
    "chat.delete",
    "views.publish",
    "conversations.history",
}
"""Methods that the sender calls, whose 429s a whole process minds."""
READ_WITHIN = timedelta(days=1)
DAY = timedelta(days=1)
LONGEST_OUTAGE = timedelta(days=10)
ROUNDED = 0.001
"""Seconds: the clock has microseconds, the loop a number of its own."""
UNCERTAIN = {"lost", "reset", "500", "internal_error", *DONE_ALL_THE_SAME}
"""Outcomes of which the bot can't know whether they had an effect."""


NEVER = (
    (
        "P7",
        "a check-in without its outbox row",
        "SELECT id FROM check_in WHERE state NOT IN ('skipped', 'away') AND NOT EXISTS"
        " (SELECT 1 FROM outbox WHERE surface = 'check_in' AND subject_id = check_in.id)",
    ),
    (
        "P7",
        "an alert without its outbox row",
        "SELECT id FROM alert WHERE NOT EXISTS"
        " (SELECT 1 FROM outbox WHERE surface = 'alert' AND subject_id = alert.id)",
    ),
    (
        "P7",
        "a sent reminder without its outbox row",
        "SELECT id FROM reminder WHERE sent_at IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM outbox WHERE surface = 'reminder' AND subject_id = reminder.id)",
    ),
    (
        "P24",
        "a miss without an alert",
        "SELECT id FROM check_in WHERE (state = 'unanswered' OR (state = 'answered' AND"
        " EXISTS (SELECT 1 FROM answer WHERE check_in_id = check_in.id"
        " AND verdict = 'no'))) AND NOT EXISTS"
        " (SELECT 1 FROM alert WHERE check_in_id = check_in.id)",
    ),
    (
        "P24",
        "an alert about silence or a miss that never was",
        "SELECT alert.id FROM alert JOIN check_in ON check_in.id = check_in_id"
        " WHERE state IN ('scheduled', 'open', 'skipped', 'away')",
    ),
    (
        "P19",
        "answered with a question open",
        "SELECT id FROM check_in WHERE state = 'answered' AND EXISTS"
        " (SELECT 1 FROM answer WHERE check_in_id = check_in.id AND verdict IS NULL)",
    ),
    (
        "P19",
        "unanswered with every question answered",
        "SELECT id FROM check_in WHERE state = 'unanswered' AND NOT EXISTS"
        " (SELECT 1 FROM answer WHERE check_in_id = check_in.id AND verdict IS NULL)",
    ),
    (
        "P1",
        "two check-ins about one week",
        "SELECT member_id FROM check_in GROUP BY member_id, week HAVING count(*) > 1",
    ),
    (
        "P2",
        "a check-in that waits for somebody who left",
        "SELECT check_in.id FROM check_in JOIN enrolment USING (member_id)"
        " WHERE ended_on IS NOT NULL AND state IN ('scheduled', 'open')",
    ),
    (
        "P18",
        "one command logged twice",
        "SELECT request_key FROM conversation GROUP BY request_key HAVING count(*) > 1",
    ),
    (
        "P20",
        "an answer that is not the last of its trail",
        "SELECT id FROM answer WHERE verdict IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"
        " answer_edit WHERE answer_id = answer.id AND number = answer.number"
        " AND verdict = answer.verdict AND id ="
        " (SELECT max(id) FROM answer_edit WHERE answer_id = answer.id))",
    ),
    (
        "P20",
        "a trail without an answer",
        "SELECT answer_id FROM answer_edit JOIN answer ON answer.id = answer_id"
        " WHERE answer.verdict IS NULL",
    ),
    (
        "P20",
        "an answer whose number says the opposite",
        "SELECT id FROM answer WHERE verdict IS NOT NULL AND (verdict = 'yes') <> (number >= target)",
    ),
    (
        "P19",
        "an answer after the deadline that is not marked late",
        "SELECT answer.id FROM answer JOIN check_in ON check_in.id = check_in_id WHERE"
        " answered_at > deadline_at AND NOT answer.late",
    ),
)
"""What must not be at any moment between two transactions: the promise, what would be wrong, and a query that
finds it.
"""


@dataclass(frozen=True)
class Broken:
    """A promise that was not kept."""

    promise: str
    words: str

    def __str__(self) -> str:
        return f"{self.promise}: {self.words}"


@dataclass
class Copies:
    """What is known of one token's posts."""

    surface: str
    subject: int
    channel: str = ""
    asked: int = 0
    """Posts that left a process."""
    doubtful: bool = False
    """A post's outcome is not known, and nobody has looked since."""
    doubted_at: datetime | None = None
    ever: list[str] = field(default_factory=list)
    twice_since: datetime | None = None


class Promises:
    """The checks of one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.broken: list[Broken] = []
        self._tokens: dict[str, Copies] = {}
        self._first_shown: dict[tuple[str, int], datetime] = {}
        self._modal_triggers: set[str] = set()
        self._states: dict[int, str] = {}
        self._skipped_seen: set[int] = set()
        self._kept: list[tuple[str, str, tuple[Any, ...]]] = []
        """What was acknowledged: (promise, query, parameters); it must hold for ever."""
        self._paused: dict[tuple[Process, str], tuple[float, float]] = {}
        """From when until when a process must leave a method alone, in the loop's time."""
        self._dms: dict[str, list[datetime]] = defaultdict(list)
        self.most_dms_in_a_day = 0

    # Asking the database.

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return self.world.sql.execute(query, parameters).fetchall()

    def one(self, query: str, *parameters: Any) -> Any:
        row = self.world.sql.execute(query, parameters).fetchone()
        return row[0] if row else None

    def next_due(self) -> datetime | None:
        """When a beat has something to do."""
        *moments, stuck = self.rows(
            "SELECT (SELECT min(next_due_at) FROM enrolment WHERE next_due_at IS NOT NULL),"
            " (SELECT min(due_at) FROM reminder WHERE due_at IS NOT NULL),"
            " (SELECT min(deadline_at) FROM check_in WHERE state = 'open'),"
            " (SELECT min(due_at) FROM check_in WHERE state = 'scheduled')"
        )[0]
        found = [_moment(moment) for moment in moments if moment]
        if stuck:
            late = _moment(stuck) + CATCH_UP + timedelta(seconds=1)
            # Later ones are stuck for another reason; look again in a while.
            found.append(max(late, self.now + timedelta(minutes=10)) if late < self.now else late)
        return min(found, default=None)

    def next_in_lane(self, lane: str) -> datetime | None:
        """When a lane of the sender has something to do, as `bot.domain.outbox.sending.next_due_at` says."""
        moment = self.one("SELECT min(due_at) FROM outbox WHERE lane = ?", lane)
        return _moment(moment) if moment else None

    def next_heal(self) -> datetime | None:
        moment = self.one(
            "SELECT min(duplicate_check_at) FROM outbox WHERE duplicate_check_at IS NOT NULL"
        )
        return _moment(moment) if moment else None

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    def check_in_of(self, message: Message) -> int | None:
        """The check-in that a message shows."""
        copies = self._tokens.get(_token(message.metadata) or "")
        return copies.subject if copies and copies.surface == "check_in" else None

    def deadline_of(self, message: Message) -> datetime | None:
        check_in = self.check_in_of(message)
        text = self.one("SELECT deadline_at FROM check_in WHERE id = ?", check_in)
        return _moment(text) if text else None

    # At a call.

    def before_call(self, call: Call) -> None:
        """The call is about to leave a process."""
        if self.world.engines.in_transaction():
            self._break("no call in a transaction", call.method)
        self._method_is_not_paused(call)
        if call.method == "views.open":
            self._modal_triggers.add(str(call.arguments.get("trigger_id")))
        if call.method == "chat.postMessage":
            token = _token(call.arguments.get("metadata"))
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
        token = _token(call.arguments.get("metadata"))
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

    def _copies(self, token: str) -> Copies:
        if token not in self._tokens:
            found = self.rows("SELECT surface, subject_id FROM outbox WHERE token = ?", token)
            surface, subject = found[0] if found else ("unknown", 0)
            self._tokens[token] = Copies(surface, subject)
        return self._tokens[token]

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
        due = _moment(due_text)
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
        for answer_id, verdict in _verdicts_shown(call.arguments.get("blocks")):
            known = self.one(
                "SELECT count(*) FROM answer_edit WHERE answer_id = ? AND verdict = ?",
                answer_id,
                verdict,
            )
            if not known:
                self._break("P16", f"answer {answer_id} is shown as {verdict} and is not stored")

    # At an ack.

    def at_ack(self, envelope: Mapping[str, Any], body: str) -> None:
        """The bot is about to tell Slack that it has dealt with the payload."""
        payload = envelope["payload"]
        answered = json.loads(body) if body and body.startswith("{") else {}
        if "command" in payload:
            if payload["command"] == "/log-conversation" and UNDO in body:
                self._keep(
                    "P17",
                    "SELECT count(*) FROM conversation WHERE request_key = ?",
                    payload["trigger_id"],
                )
        elif payload.get("type") == "view_submission":
            if not answered:
                self._submission_acked(payload)
        elif payload.get("type") == "block_actions":
            self._press_acked(payload)

    def _press_acked(self, payload: Mapping[str, Any]) -> None:
        action = payload["actions"][0]
        action_id, value = action["action_id"], action.get("value")
        if payload["trigger_id"] in self._modal_triggers:
            return
        if action_id in {ANSWER_YES, ANSWER_NO}:
            found = self.rows(
                "SELECT slack_user_id, state, deadline_at FROM answer"
                " JOIN check_in ON check_in.id = check_in_id"
                " JOIN member ON member.id = check_in.member_id WHERE answer.id = ?",
                value,
            )
            if not found or found[0][0] != payload["user"]["id"]:
                return
            _, state, deadline = found[0]
            if state in {"skipped", "away"} or (
                deadline and self.now > _moment(deadline) + timedelta(days=13, hours=23)
            ):
                return
            self._keep(
                "P17",
                "SELECT count(*) FROM answer_edit WHERE answer_id = ? AND verdict = ?",
                value,
                "yes" if action_id == ANSWER_YES else "no",
            )
        elif action_id == TAKE and payload["user"]["id"] in {"U0DANA", "U0MORGAN"}:
            self._keep(
                "P17",
                "SELECT taken_by IS NOT NULL OR done_by IS NOT NULL FROM alert WHERE id = ?",
                value,
            )

    def _submission_acked(self, payload: Mapping[str, Any]) -> None:
        view = payload["view"]
        if view["callback_id"] in {NUMBER_MODAL, FORM_MODAL}:
            for block_id, inputs in view["state"]["values"].items():
                text = next(iter(inputs.values())).get("value") if inputs else None
                if block_id.startswith(FIELD) and text:
                    self._keep(
                        "P17",
                        "SELECT count(*) FROM answer_edit WHERE answer_id = ? AND number = ?",
                        block_id.removeprefix(FIELD),
                        int(Decimal(text.replace(",", "").lstrip("$")) * 10_000),
                    )
        elif view["callback_id"] == DONE_MODAL:
            alert = json.loads(view["private_metadata"])["alert"]
            self._keep("P17", "SELECT done_at IS NOT NULL FROM alert WHERE id = ?", alert)

    def _keep(self, promise: str, query: str, *parameters: Any) -> None:
        if not self.one(query, *parameters):
            self._break(promise, f"acknowledged and not stored: {query} {parameters}")
        self._kept.append((promise, query, parameters))

    # Every few hours.

    def audit(self) -> None:
        """What must be so at any moment between two transactions."""
        self._states_move_forward()
        self._message_and_state_go_together()
        self._windows_are_full()
        self._second_copies_are_healed()
        self._lanes_agree()

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
                if because == "not_sent" and self.now < _moment(due) + CATCH_UP - SKEW:
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
            if shown < _moment(due) - SKEW:
                self._break("P3", f"check-in {check_in} was shown before it was due")
            window = min(
                self._closes(week, zone) - self._due(week, zone)
                for zone in self._zones_around(who, _moment(due), _moment(deadline))
            )
            if _moment(deadline) - shown < window - PUNCTUAL - SKEW:
                self._break(
                    "P22",
                    f"check-in {check_in} was open for {_moment(deadline) - shown}, not {window}",
                )
            if state == "unanswered" and self.now < _moment(deadline) - SKEW:
                self._break("P22", f"check-in {check_in} was closed before its deadline")

    def _second_copies_are_healed(self) -> None:
        for copies in self._tokens.values():
            since = copies.twice_since
            # The healer's ten minutes count only while it can work; the end is checked apart.
            if since is not None and self.world.loop.time() > self.world.mix.faults_end + 3600:
                self._break("P9", f"{copies.surface} {copies.subject} still stands twice")

    # At the end.

    def at_the_end(self) -> None:
        """Faults have stopped and quiet days have passed: everything must be in order."""
        for promise, query, parameters in self._kept:
            if not self.one(query, *parameters):
                self._break(promise, f"acknowledged and lost: {query} {parameters}")
        self._every_week_has_its_end()
        self._outbox_is_empty()
        self._everything_stands_once()
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
            _text(self.now - timedelta(days=1)),
        ):
            self._break("P2", f"check-in {check_in} is still {state}")
        for who in self.world.mix.people:
            asked = {
                date.fromisoformat(week): (_moment(due), state)
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
            week + WEEK > stint.since.date() + DAY
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
                if due is not None and _moment(due) > self.now - timedelta(minutes=10):
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
        if because == "too late":
            return surface == "reminder" or self._was_skipped(surface, subject)
        return because in {"user_disabled", "user_not_found", "cannot_dm_bot"} and bool(
            self.world.mix.absences
        )

    def _everything_stands_once(self) -> None:
        standing = self._standing()
        for token, count in Counter(token for token, _ in standing).items():
            if count > 1:
                copies = self._copies(token)
                self._break("P9", f"{copies.surface} {copies.subject} stands {count} times")
        by_subject: Counter[tuple[str, int]] = Counter()
        for token, _ in standing:
            copies = self._copies(token)
            by_subject[copies.surface, copies.subject] += 1
        for (surface, subject), count in by_subject.items():
            if count > 1 and surface in {"check_in", "alert", "reminder"}:
                self._break("P9", f"{surface} {subject} stands {count} times, under two tokens")
        for alert, check_in in self.rows("SELECT id, check_in_id FROM alert"):
            if by_subject["alert", alert] == 0:
                self._break("P24", f"the miss of check-in {check_in} never reached the coach")
        for (check_in,) in self.rows(
            "SELECT id FROM check_in WHERE state IN ('open', 'answered', 'unanswered')"
        ):
            if by_subject["check_in", check_in] == 0:
                self._break("P9", f"check-in {check_in} does not stand in the DM")

    def _screens_show_the_truth(self) -> None:
        for token, message in self._standing():
            copies = self._copies(token)
            reader = self.world.workspace.channels[message.channel].user
            if reader is not None and not self.world.whereabouts.is_there(reader):
                continue
            if copies.surface == "check_in":
                shown = dict(_verdicts_shown(message.blocks))
                stored = dict(
                    self.rows(
                        "SELECT id, verdict FROM answer WHERE check_in_id = ?"
                        " AND verdict IS NOT NULL",
                        copies.subject,
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
            elif copies.surface == "alert":
                taken, done = self.rows(
                    "SELECT taken_at, done_at FROM alert WHERE id = ?", copies.subject
                )[0]
                offers = any(
                    e.get("action_id") == TAKE
                    for b in message.blocks
                    for e in b.get("elements", [])
                )
                if offers and (taken or done):
                    self._break("P16", f"alert {copies.subject} is taken and doesn't show it")

    # What is what.

    def _standing(self) -> list[tuple[str, Message]]:
        """Every message of the bot's that stands, with its token."""
        found = []
        for channel in self.world.workspace.channels:
            for message in self.world.workspace.messages(channel):
                if message.user == BOT_USER_ID and message.ephemeral_to is None:
                    found.append((_token(message.metadata) or "", message))
        return found

    def _due(self, week: str, zone: str) -> datetime:
        mix = self.world.mix
        return oracle.due(
            date.fromisoformat(week), day=mix.check_in_day, at=mix.check_in_at, zone=zone
        )

    def _closes(self, week: str, zone: str) -> datetime:
        mix = self.world.mix
        return oracle.closes(
            date.fromisoformat(week),
            day=mix.check_in_day,
            at=mix.check_in_at,
            until_day=mix.deadline_day,
            until=mix.deadline_at,
            zone=zone,
        )

    def _zones_around(self, who: str, begin: datetime, end: datetime) -> list[str]:
        """The zones that the person's profile had then, each until the bot had read the next one."""
        stays = self.world.whereabouts.zones[who]
        zones = []
        for stay, following in zip(stays, [*stays[1:], None], strict=True):
            until = following.known_since if following is not None else None
            if stay.since <= end and (until is None or until >= begin):
                zones.append(stay.zone)
        return list(dict.fromkeys(zones))

    def _break(self, promise: str, words: str) -> None:
        self.world.broke(Broken(promise, words))


def _token(metadata: Any) -> str | None:
    if isinstance(metadata, str):
        metadata = json.loads(metadata)
    token = ((metadata or {}).get("event_payload") or {}).get("token")
    return token if isinstance(token, str) else None


def _verdicts_shown(blocks: Any) -> list[tuple[int, str]]:
    """Answers that a check-in message shows, by their ids."""
    if isinstance(blocks, str):
        blocks = json.loads(blocks)
    found = []
    for block in blocks or []:
        accessory = block.get("accessory") or {}
        if accessory.get("action_id") == CHANGE:
            text = block["text"]["text"]
            verdict = "yes" if "*Yes.*" in text else "no"
            found.append((int(accessory["value"]), verdict))
    return found


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _text(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(sep=" ")
