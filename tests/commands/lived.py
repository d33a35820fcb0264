"""Weeks of the team of twelve as raw rows, and what follows from them by the design, computed from those alone.

Nothing here uses the product's rules or use cases: two accounts of the same weeks are held against each other.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

WEEK = timedelta(weeks=1)
CONVERSATIONS, BASE_MOVES, SALES = "conversations", "base_moves", "sales"

ACT_OF_CAUSE = {
    "no_time": "mentor",
    "empty_pipeline": "coach",
    "did_not_work": "coach",
    "not_my_week": "motivate",
    "something_else": "mentor",
}
PINGS = {"reminder", "midweek", "agreement", "praise", "plan_ended_reply", "plan_reached_reply"}


@dataclass
class Answer:
    """A question with its number, if one was given."""

    key: str
    target: Decimal
    number: Decimal | None
    answered_at: datetime | None

    @property
    def met(self) -> bool:
        return self.number is not None and self.number >= self.target


@dataclass
class Week:
    """One rep's week: the check-in about it, and what was logged in it."""

    rep: str
    monday: date
    state: str
    cause: str | None = None
    nodded_at: datetime | None = None
    answers: dict[str, Answer] = field(default_factory=dict)

    def result(self, at: datetime) -> str:
        """How it stood at a moment: met, missed, silent, away, or open before it was asked and closed."""
        if self.state in {"away", "skipped"}:
            return self.state
        if all(a.answered_at is not None and a.answered_at <= at for a in self.answers.values()):
            return "met" if all(answer.met for answer in self.answers.values()) else "missed"
        return "silent" if self.state in {"unanswered", "answered"} else "open"

    def share(self, key: str, at: datetime) -> Decimal | None:
        """The number as a share of its target; None if there was no answer yet."""
        answer = self.answers[key]
        if answer.answered_at is None or answer.answered_at > at or answer.number is None:
            return None
        return answer.number / answer.target


@dataclass
class Lived:
    """Everything that was kept, by the bot and by the workspace."""

    end: datetime
    zones: dict[str, str]
    weeks: dict[str, list[Week]]
    """By rep, oldest first."""
    talks: dict[tuple[str, date], list[dict[str, Any]]]
    """The conversations of a rep and a week."""
    rows: dict[str, list[dict[str, Any]]]
    """By table, as they are stored."""
    posts: dict[str, dict[int, dict[str, Any]]]
    """The messages of a surface, by the id of their subject."""
    spent: dict[str, tuple[int, int]]
    """What the bot says that each rep has had of this week's messages, and may have."""

    @classmethod
    def read(cls, folder: Path, *, end: datetime, spent: dict[str, tuple[int, int]]) -> Lived:
        with closing(sqlite3.connect(folder / "sandbox-bot.db")) as bot:
            bot.row_factory = sqlite3.Row
            rows = {name: _rows(bot, name) for name in _TABLES}
        with closing(sqlite3.connect(folder / "sandbox.db")) as sandbox:
            kept = sandbox.execute("SELECT content FROM kept WHERE kind = 'message'")
            messages = {(m["channel"], m["ts"]): m for m in map(json.loads, (c for (c,) in kept))}
        members = {row["id"]: row["slack_user_id"] for row in rows["member"]}
        keys = {row["id"]: row["key"] for row in rows["metric"]}
        check_ins = {}
        weeks: dict[str, list[Week]] = defaultdict(list)
        for row in sorted(rows["check_in"], key=lambda row: str(row["week"])):
            week = Week(
                members[row["member_id"]],
                date.fromisoformat(row["week"]),
                row["state"],
                row["cause"],
                moment(row["nodded_at"]),
            )
            check_ins[row["id"]] = week
            weeks[week.rep].append(week)
        for row in rows["answer"]:
            target = number_of(row["target"])
            assert target is not None
            check_ins[row["check_in_id"]].answers[keys[row["metric_id"]]] = Answer(
                keys[row["metric_id"]],
                target,
                number_of(row["number"]),
                moment(row["answered_at"]),
            )
        talks: dict[tuple[str, date], list[dict[str, Any]]] = defaultdict(list)
        for row in rows["conversation"]:
            talks[members[row["member_id"]], date.fromisoformat(row["week"])].append(row)
        posts: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
        for row in rows["outbox"]:
            posted = messages.get((row["channel"], row["ts"]))
            if posted is not None:
                posts[row["surface"]][row["subject_id"]] = posted
        zones = {row["slack_user_id"]: row["timezone"] for row in rows["member"]}
        return cls(end, zones, weeks, talks, rows, posts, spent)

    # Who is who in the rows.

    def rep_of(self, member_id: int) -> str:
        return next(r["slack_user_id"] for r in self.rows["member"] if r["id"] == member_id)

    def week_of(self, check_in_id: int) -> Week:
        row = next(row for row in self.rows["check_in"] if row["id"] == check_in_id)
        monday = date.fromisoformat(row["week"])
        return next(w for w in self.weeks[self.rep_of(row["member_id"])] if w.monday == monday)

    def name_of(self, rep: str) -> str:
        return next(r["name"] for r in self.rows["member"] if r["slack_user_id"] == rep)

    # What follows.

    def streak(self, week: Week, at: datetime) -> int:
        """How many weeks in a row were met up to and with this one."""
        count = 0
        for one in reversed(self.up_to(week)):
            result = one.result(at)
            if result not in {"away", "skipped"}:
                if result != "met":
                    break
                count += 1
        return count

    def up_to(self, week: Week) -> list[Week]:
        return [one for one in self.weeks[week.rep] if one.monday <= week.monday]

    def act(self, week: Week, at: datetime) -> str:
        """Which act the design's table gives for a missed week, as things stood at a moment."""
        if week.result(at) == "silent":
            return "hold_accountable"
        conversations = week.answers[CONVERSATIONS].met
        base_moves, sales = week.answers[BASE_MOVES].met, week.answers[SALES].met
        advice = self._wants_advice(week.rep, at)
        if not conversations and week.cause is None and not advice:
            return "hold_accountable"
        for key in (CONVERSATIONS, BASE_MOVES):
            shares = [
                one.share(key, at)
                for one in self.up_to(week)
                if one.result(at) not in {"away", "skipped", "open"}
            ]
            if shares[-2:] == [0, 0] or _falls_from_a_good_week(shares):
                return "motivate"
        if conversations and not base_moves:
            return "coach"
        if conversations and base_moves and not sales:
            return "coach"
        if advice or self._asks_too_much(week):
            return "mentor"
        return ACT_OF_CAUSE[week.cause or "something_else"]

    def _wants_advice(self, rep: str, at: datetime) -> bool:
        return any(
            (moment(row["created_at"]) or at) <= at
            and (row["closed_at"] is None or (moment(row["closed_at"]) or at) > at)
            for row in self.rows["advice"]
            if self.rep_of(row["member_id"]) == rep
        )

    def _asks_too_much(self, week: Week) -> bool:
        """Whether a signed plan wants more base moves than its conversations brought in twelve weeks."""
        if not any(
            self.rep_of(row["member_id"]) == week.rep
            and row["state"] == "approved"
            and row["from_week"] <= week.monday.isoformat() <= row["ends_on"]
            for row in self.rows["plan"]
        ):
            return False
        talks = [
            row
            for (rep, monday), rows in self.talks.items()
            if rep == week.rep and week.monday - 11 * WEEK <= monday <= week.monday
            for row in rows
        ]
        if len(talks) < 30:
            return False
        moves = Decimal(sum(row["moves"] for row in talks)) / len(talks)
        brought = moves * week.answers[CONVERSATIONS].target
        return round(brought) < week.answers[BASE_MOVES].target

    def alarms(self, rep: str) -> set[tuple[date, str]]:
        """The weeks that raise an alarm, each with what was zero for two weeks then."""
        found = set()
        zeros: dict[str, int] = dict.fromkeys(("conversation", "base move", "first appointment"), 0)
        standing: set[str] = set()
        for week in self.weeks[rep]:
            if week.result(self.end) not in {"met", "missed", "silent"}:
                continue
            for kind, count in self._counts(week).items():
                if count is not None:
                    zeros[kind] = zeros[kind] + 1 if count == 0 else 0
            standing = {kind for kind in standing if zeros[kind]}
            if not standing:
                standing = {kind for kind, count in zeros.items() if count >= 2}
                if standing:
                    found.add((week.monday, next(kind for kind in zeros if kind in standing)))
        return found

    def _counts(self, week: Week) -> dict[str, int | None]:
        """The larger of answer and log; without an answer only a log with something in it is known."""
        talks = self.talks[week.rep, week.monday]

        def known(key: str, logged: int) -> int | None:
            number = week.answers[key].number
            if number is None:
                return logged or None
            return max(int(number), logged)

        conversations = known(CONVERSATIONS, len(talks))
        moves = known(BASE_MOVES, sum(row["moves"] for row in talks))
        if conversations == 0 and moves is None:
            moves = 0
        firsts = None
        if moves == 0:
            firsts = 0
        elif talks:
            firsts = sum(row["moves"] > 0 and row["base"] == row["moves"] for row in talks)
        return {"conversation": conversations, "base move": moves, "first appointment": firsts}

    def offers(self, rep: str, *, after_weeks: int = 4) -> set[date]:
        """The weeks whose close brings an offer of higher sights.

        The log carries each of the weeks in a row, or a coach had accepted it by then.
        """
        plans = [row for row in self.rows["plan"] if self.rep_of(row["member_id"]) == rep]
        made = [row for row in plans if row["origin"] == "sights"]
        found = set()
        for week in self.weeks[rep]:
            look = self._closes(week)
            signed = [
                row
                for row in plans
                if row["state"] == "approved"
                and row["from_week"] <= (week.monday + WEEK).isoformat()
            ]
            if look > self.end or not signed or self._is_quiet(made, look):
                continue
            since = date.fromisoformat(max(row["from_week"] for row in signed))
            run = 0
            for one in reversed([w for w in self.up_to(week) if w.monday >= since]):
                result = one.result(look)
                if result in {"away", "skipped"}:
                    continue
                if result != "met" or not self.is_carried(one, look):
                    break
                run += 1
            if run >= after_weeks:
                found.add(week.monday)
        return found

    def _closes(self, week: Week) -> datetime:
        """Tuesday at five, in the rep's zone, after the week."""
        tuesday = week.monday + WEEK + timedelta(days=1)
        zone = ZoneInfo(self.zones[week.rep])
        return datetime.combine(tuesday, time(17), tzinfo=zone).astimezone(UTC)

    def _is_quiet(self, made: list[dict[str, Any]], look: datetime) -> bool:
        """Whether an offer waited then, or one was declined less than a quarter before."""
        for row in made:
            proposed = moment(row["proposed_at"])
            decided = moment(row["decided_at"]) or moment(row["coach_agreed_at"])
            assert proposed is not None
            if proposed < look - timedelta(hours=1) and (decided is None or decided > look):
                return True
            is_declined = row["state"] == "declined" and decided is not None
            if is_declined and decided <= look < decided + timedelta(days=91):
                return True
        return False

    def is_carried(self, week: Week, at: datetime) -> bool:
        """Whether the log has what was asked for, or a coach had accepted the answers."""
        if week.nodded_at is not None and week.nodded_at <= at:
            return True
        talks = self.talks[week.rep, week.monday]
        sold = sum(number_of(row["amount"]) or 0 for row in talks if row["outcome"] == "won")
        logged = {
            CONVERSATIONS: Decimal(len(talks)),
            BASE_MOVES: Decimal(sum(row["moves"] for row in talks)),
            SALES: Decimal(sold),
        }
        return all(logged[key] >= answer.target for key, answer in week.answers.items())

    def sent_to_reps(self) -> Iterator[tuple[str, str, datetime]]:
        """The surface, the rep and the moment of each message that came to a rep by itself."""
        subjects = {
            "check_in": {row["id"]: row["member_id"] for row in self.rows["check_in"]},
            "agreement": {row["id"]: row["member_id"] for row in self.rows["agreement"]},
            "midweek": {row["id"]: row["member_id"] for row in self.rows["midweek_line"]},
        }
        asked = subjects["check_in"]
        subjects["reminder"] = {r["id"]: asked[r["check_in_id"]] for r in self.rows["reminder"]}
        subjects["praise"] = {r["id"]: asked[r["check_in_id"]] for r in self.rows["praise"]}
        for surface, members in subjects.items():
            for subject_id, post in self.posts[surface].items():
                posted = datetime.fromtimestamp(float(post["ts"]), UTC)
                yield surface, self.rep_of(members[subject_id]), posted

    def sent_to_coaches(self) -> Iterator[tuple[str, datetime]]:
        """The surface and the moment of each message that came to the coaches by itself."""
        for surface in ("alert", "brief", "advice", "passed_on", "plan"):
            for post in self.posts[surface].values():
                yield surface, datetime.fromtimestamp(float(post["ts"]), UTC)


_TABLES = (
    *("member", "metric", "check_in", "answer", "conversation", "alert", "agreement", "advice"),
    *("praise", "plan", "brief", "reminder", "outbox", "team", "workspace", "midweek_line"),
)


def _rows(connection: sqlite3.Connection, name: str) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(f"SELECT * FROM {name}")]  # noqa: S608


def _falls_from_a_good_week(shares: list[Decimal | None]) -> bool:
    """Whether the last week missed its goal, after falling for two weeks or more from one that met it."""
    run = shares[-1:]
    for share in reversed(shares[:-1]):
        if share is None or run[-1] is None or share <= run[-1]:
            break
        run.append(share)
    first, last = run[-1], run[0]
    return len(run) > 2 and first is not None and last is not None and first >= 1 > last


def number_of(stored: int | None) -> Decimal | None:
    """A number as SQLite has it, in ten-thousandths."""
    return None if stored is None else Decimal(stored) / 10_000


def moment(stored: str | None) -> datetime | None:
    """A moment as SQLite has it, which is UTC."""
    if stored is None:
        return None
    found = datetime.fromisoformat(stored)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
