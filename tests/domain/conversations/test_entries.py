"""Numbers logged by hand for a team's own metrics."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, col, func, select

from bot.clock import SettableClock
from bot.database import Database
from bot.domain.access import NOT_ENROLLED, Caller
from bot.domain.conversations import entries
from bot.domain.metrics import metrics, targets
from bot.domain.refusals import Refusal
from bot.domain.shown.conversations import Count
from bot.domain.shown.entries import EntryForm, EntryLogged
from bot.domain.tables import Enrolment, Member, Metric, MetricEntry, Team, Workspace
from bot.sandbox.block_kit.checks import check_message, check_view
from bot.slack.views.conversations import entries as views
from tests.seeding import seed_once

THIS_WEEK = date(2026, 11, 16)
LAST_WEEK = date(2026, 11, 9)


@dataclass
class Rep:
    """A rep whose team logs proposals, hours and deposits by hand, and asks for calls."""

    database: Database
    clock: SettableClock
    metrics: dict[str, int]
    user: str = "U0PRIYA"

    def do(self, use_case: Any, **arguments: Any) -> Any:
        caller = Caller(workspace_id=1, slack_user_id=self.user)
        arguments = {"caller": caller, "now": self.clock.now(), **arguments}
        return self.database.write_now(use_case, **arguments)

    def log(self, metric: str, text: str, *, key: str | None = None, **more: Any) -> EntryLogged:
        logged = self.do(
            entries.log_entry,
            metric_id=self.metrics[metric],
            text=text,
            request_key=key or f"{metric}-{text}-{self.count()}",
            **more,
        )
        assert isinstance(logged, EntryLogged)
        return logged

    def line(self, text: str, *, key: str | None = None) -> EntryLogged:
        logged = self.do(
            entries.log_named_entry, text=text, request_key=key or f"{text}-{self.count()}"
        )
        assert isinstance(logged, EntryLogged)
        return logged

    def count(self) -> int:
        return self.database.read_now(
            lambda session: session.exec(
                select(func.count())
                .select_from(MetricEntry)
                .where(col(MetricEntry.undone_at).is_(None))
            ).one()
        )


def seed(session: Session) -> dict[str, int]:
    now = datetime(2026, 10, 1, tzinfo=UTC)
    workspace = Workspace(slack_team_id="T1", name="Harbor", bot_user_id="U1", created_at=now)
    session.add(workspace)
    session.flush()
    metrics.add_built_in_metrics(session, workspace.id)
    people = {
        user: Member(
            workspace_id=workspace.id,
            slack_user_id=user,
            name=user,
            timezone="Europe/London",
            profile_read_at=now,
            created_at=now,
        )
        for user in ("U0DANA", "U0PRIYA", "U0SAM")
    }
    session.add_all(people.values())
    session.flush()
    for name, rep in (("East", "U0PRIYA"), ("West", "U0SAM")):
        team = Team(
            workspace_id=workspace.id,
            name=name,
            name_key=name.casefold(),
            coach_id=people["U0DANA"].id,
            check_in_day=0,
            check_in_at=time(9),
            deadline_day=1,
            deadline_at=time(17),
            working_from=time(8),
            working_until=time(20),
            created_at=now,
        )
        session.add(team)
        session.flush()
        session.add(
            Enrolment(
                workspace_id=workspace.id,
                member_id=people[rep].id,
                team_id=team.id,
                enrolled_on=date(2026, 10, 1),
            )
        )
        if name == "East":
            own = [
                Metric(
                    workspace_id=workspace.id,
                    team_id=team.id,
                    key=key,
                    name=metric,
                    unit=unit,
                    question="Did you?",
                    source=source,
                    position=10 + position,
                )
                for position, (key, metric, unit, source) in enumerate(
                    (
                        ("proposals", "Proposals", "count", "hand"),
                        ("proposals_won", "Proposals won", "count", "hand"),
                        ("hours", "Focus", "hours", "hand"),
                        ("deposits", "Deposits", "money", "hand"),
                        ("calls", "Calls", "count", "asked"),
                    )
                )
            ]
            session.add_all(own)
            session.flush()
    targets.set_target(
        session,
        workspace_id=workspace.id,
        member_id=people["U0PRIYA"].id,
        metric_id=own[0].id,
        from_week=date(2026, 10, 5),
        amount=Decimal(10),
        set_by=None,
        now=now,
    )
    return {metric.name: metric.id for metric in own}


@pytest.fixture
def rep(database: Database, clock: SettableClock) -> Rep:
    return Rep(database, clock, seed_once(database, seed))


def test_entries_add_up_to_the_weeks_number(rep: Rep) -> None:
    rep.log("Proposals", "5")
    logged = rep.log("Proposals", "3")
    assert logged.total == Count(Decimal(8), Decimal(10))
    assert views.logged_words(logged) == "Logged 3. Proposals: 8 of 10 this week."
    assert logged.undoable


@pytest.mark.parametrize(
    ("metric", "text", "amount", "words"),
    [
        ("Focus", "3.5", "3.5", "Logged 3.5 hours. Focus: 3.5 hours this week."),
        ("Deposits", "$12.5k", "12500", "Logged $12,500. Deposits: $12,500 this week."),
        ("Deposits", "12,500.75", "12500.75", "Logged $12,500.75. Deposits: $12,500.75 this week."),
        ("Proposals won", "0", "0", "Logged 0. Proposals won: 0 this week."),
    ],
)
def test_numbers_are_read_as_people_type_them(
    rep: Rep, metric: str, text: str, amount: str, words: str
) -> None:
    logged = rep.log(metric, text)
    assert logged.amount == Decimal(amount)
    assert views.logged_words(logged) == words


def test_the_reading_follows_the_members_locale(rep: Rep) -> None:
    def german(session: Session) -> None:
        member = session.exec(select(Member).where(Member.slack_user_id == "U0PRIYA")).one()
        member.locale = "de_DE"

    rep.database.write_now(german)
    assert rep.log("Deposits", "1.234,50").amount == Decimal("1234.5")


def test_a_number_with_two_readings_says_which_was_taken(rep: Rep) -> None:
    logged = rep.log("Deposits", "1.234")
    assert logged.amount == 1234
    assert logged.note is not None
    assert logged.note in views.logged_words(logged)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Type a number"),
        ("many", "is not a number"),
        ("-3", "below zero"),
        ("1" + "0" * 12, "too large"),
        ("2.5", "not a whole number"),
        ("🎉", "is not a number"),
    ],
)
def test_what_is_no_number_is_refused_in_words(rep: Rep, text: str, words: str) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        rep.log("Proposals", text)
    assert refused.value.field == "number"
    assert rep.count() == 0


def test_the_same_request_delivered_twice_is_one_entry(rep: Rep) -> None:
    first = rep.log("Proposals", "3", key="once")
    assert rep.log("Proposals", "3", key="once") == first
    assert rep.count() == 1


@pytest.mark.parametrize(
    ("text", "metric", "amount"),
    [
        ("Proposals 3", "Proposals", 3),
        ("  proposals   3 ", "Proposals", 3),
        ("PROPOSALS WON 2", "Proposals won", 2),
        ("deposits $1 200", "Deposits", 1200),
    ],
)
def test_a_line_names_the_metric_and_the_number(
    rep: Rep, text: str, metric: str, amount: int
) -> None:
    logged = rep.line(text)
    assert (logged.metric, logged.amount) == (metric, amount)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Say what to log, Proposals or Proposals won or Focus or Deposits, and the number"),
        ("Proposals", "Type the number after Proposals"),
        ("Proposals three", "“three” is not a number"),
        ("Calls 3", "I can't find what to log in “Calls 3”: begin with Proposals"),
        ("3", "I can't find what to log in “3”"),
        ("x" * 500, "begin with Proposals"),
        ("<!channel> 3", "I can't find what to log in “<!channel> 3”"),
    ],
)
def test_a_line_that_cannot_be_read_is_refused_in_words(rep: Rep, text: str, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        rep.line(text)
    assert words in refused.value.sentence
    assert len(refused.value.sentence) < 400
    assert rep.count() == 0


@pytest.mark.parametrize("metric", ["Calls", "Conversations"])
def test_only_what_is_logged_by_hand_can_be(rep: Rep, metric: str) -> None:
    rep.metrics["Conversations"] = 1
    with pytest.raises(Refusal, match="does not log that number by hand") as refused:
        rep.log(metric, "3")
    assert refused.value.field == "metric"


def test_another_teams_metrics_are_not_ours(rep: Rep) -> None:
    sam = replace(rep, user="U0SAM")
    with pytest.raises(Refusal, match="does not log that number"):
        sam.log("Proposals", "3")
    with pytest.raises(Refusal, match="logs no numbers by hand"):
        sam.line("Proposals 3")
    with pytest.raises(Refusal, match="logs no numbers by hand"):
        sam.do(entries.entry_form)


def test_a_stranger_is_told_whom_to_ask(rep: Rep) -> None:
    with pytest.raises(Refusal) as refused:
        replace(rep, user="U0DANA").line("Proposals 3")
    assert refused.value.sentence == NOT_ENROLLED


def test_undo_takes_the_number_back_once(rep: Rep) -> None:
    rep.log("Proposals", "5")
    logged = rep.log("Proposals", "3")
    undone = rep.do(entries.undo_entry, entry_id=logged.entry_id)
    assert views.logged_words(undone) == "3 taken back. Proposals: 5 of 10 this week."
    assert rep.do(entries.undo_entry, entry_id=logged.entry_id) == undone
    assert rep.count() == 1


def test_after_ten_minutes_undo_says_what_to_do_instead(rep: Rep) -> None:
    logged = rep.log("Proposals", "3")
    rep.clock.move(601)
    with pytest.raises(Refusal, match=r"10 minutes.*when you answer the check-in"):
        rep.do(entries.undo_entry, entry_id=logged.entry_id)
    assert rep.count() == 1


def test_nobody_undoes_somebody_elses_number(rep: Rep) -> None:
    logged = rep.log("Proposals", "3")
    with pytest.raises(Refusal, match="not in your log"):
        replace(rep, user="U0SAM").do(entries.undo_entry, entry_id=logged.entry_id)
    assert rep.count() == 1


def test_last_week_can_be_logged_for_while_it_is_open(rep: Rep) -> None:
    form = rep.do(entries.entry_form)
    assert form.weeks == (THIS_WEEK, LAST_WEEK)
    logged = rep.log("Proposals", "3", week=LAST_WEEK)
    assert views.logged_words(logged) == "Logged 3. Proposals: 3 of 10 last week."
    with pytest.raises(Refusal, match="week is closed") as refused:
        rep.log("Proposals", "3", week=LAST_WEEK - timedelta(days=7))
    assert refused.value.field == "week"
    assert rep.log("Proposals", "1").total.number == 1


def test_the_form_and_the_answers_are_within_slacks_limits(rep: Rep) -> None:
    form = rep.do(entries.entry_form)
    assert [name for _, name, _ in form.metrics] == [
        "Proposals",
        "Proposals won",
        "Focus",
        "Deposits",
    ]
    assert check_view(views.form_modal(form)) == []
    single = EntryForm(metrics=((1, "<!here>" * 30, "h"),), weeks=form.weeks, reader=form.reader)
    assert check_view(views.form_modal(single)) == []
    shouted = replace(rep.log("Proposals", "3"), metric="<!channel>", note="<!here>")
    message = views.logged_message(shouted)
    assert check_message(message["blocks"]) == []
    assert check_view(views.logged_modal(shouted)) == []
    assert "<!" not in message["text"] + message["blocks"][0]["text"]["text"]


def test_another_reps_request_key_is_no_obstacle(rep: Rep) -> None:
    def to_one_team(session: Session) -> None:
        first, second = session.exec(select(Enrolment).order_by(col(Enrolment.id))).all()
        second.team_id = first.team_id

    rep.database.write_now(to_one_team)
    rep.log("Proposals", "3", key="once")
    sam = Rep(rep.database, rep.clock, rep.metrics, "U0SAM")
    assert sam.log("Proposals", "4", key="once").amount == 4
    assert rep.count() == 2
