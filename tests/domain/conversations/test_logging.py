"""Logging conversations: lines and forms, companies, opportunities, undo and edit, open and closed weeks."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from bot.clock import SettableClock
from bot.database import Database
from bot.domain.access import NOT_ENROLLED, Caller
from bot.domain.calendars import open_weeks
from bot.domain.conversations import forms as conversation_forms
from bot.domain.conversations import logging as conversations
from bot.domain.metrics import metrics, targets
from bot.domain.refusals import Refusal
from bot.domain.shown.conversations import NEW_COMPANY, Count, Draft, Form, Logged, Question
from bot.domain.tables import (
    CheckIn,
    Conversation,
    Enrolment,
    Member,
    Metric,
    Opportunity,
    Team,
    Workspace,
)
from bot.rules.conversation import Base, Close, DealOutcome
from bot.rules.problems import NotUnderstood

THIS_WEEK = date(2026, 11, 16)
LAST_WEEK = date(2026, 11, 9)
TODAY = date(2026, 11, 20)
"""The clock's Friday, in London."""


def seed(session: Session, *, timezone: str = "Europe/London") -> None:
    """A team with a coach and one rep, U0PRIYA, whose targets are 20, 9 and 50,000; and a stranger's team."""
    now = datetime(2026, 10, 1, tzinfo=UTC)
    workspace = Workspace(slack_team_id="T1", name="Harbor", bot_user_id="U1", created_at=now)
    session.add(workspace)
    session.flush()
    metrics.add_built_in_metrics(session, workspace.id)
    people = [
        Member(
            workspace_id=workspace.id,
            slack_user_id=user,
            name=user,
            timezone=timezone,
            profile_read_at=now,
            created_at=now,
        )
        for user in ("U0DANA", "U0PRIYA", "U0SAM", "U0ALEX")
    ]
    session.add_all(people)
    session.flush()
    dana, priya, sam, _ = people
    team = Team(
        workspace_id=workspace.id,
        name="East",
        name_key="east",
        coach_id=dana.id,
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
    for rep in (priya, sam):
        session.add(
            Enrolment(
                workspace_id=workspace.id,
                member_id=rep.id,
                team_id=team.id,
                enrolled_on=date(2026, 10, 1),
            )
        )
    for key, amount in (("conversations", 20), ("base_moves", 9), ("sales", 50_000)):
        metric = session.exec(select(Metric).where(Metric.key == key)).one()
        targets.set_target(
            session,
            workspace_id=workspace.id,
            member_id=priya.id,
            metric_id=metric.id,
            from_week=date(2026, 10, 5),
            amount=Decimal(amount),
            set_by=dana.id,
            now=now,
        )


@dataclass
class Rep:
    """A rep at the command line of Slack, each command with a key of its own."""

    database: Database
    clock: SettableClock
    user: str = "U0PRIYA"
    commands: int = 0

    @property
    def caller(self) -> Caller:
        return Caller(workspace_id=1, slack_user_id=self.user)

    def key(self) -> str:
        self.commands += 1
        return f"{self.user}-{self.commands}"

    def do(self, use_case: Any, **arguments: Any) -> Any:
        arguments = {"caller": self.caller, "now": self.clock.now(), **arguments}
        return self.database.write_now(use_case, **arguments)

    def line(self, text: str, *, key: str | None = None) -> Any:
        return self.do(conversations.log_line, text=text, request_key=key or self.key())

    def log(self, text: str) -> Logged:
        logged = self.line(text)
        assert isinstance(logged, Logged)
        return logged

    def form(self, form: Form, *, key: str | None = None) -> Any:
        return self.do(conversations.log_form, form=form, request_key=key or self.key())

    def edit(self, logged: Logged, **changes: Any) -> Any:
        form = self.do(conversation_forms.edit_form, conversation_id=logged.conversation_id)
        return self.do(
            conversations.edit,
            conversation_id=logged.conversation_id,
            form=replace(form, **changes),
        )

    def undo(self, logged: Logged) -> Logged:
        undone = self.do(conversations.undo, conversation_id=logged.conversation_id)
        assert isinstance(undone, Logged)
        return undone

    def opportunities(self) -> list[tuple[str, int, str]]:
        """(company, base, status) of every opportunity that has a conversation left."""

        def look(session: Session) -> list[tuple[str, int, str]]:
            found = session.exec(
                select(Opportunity)
                .join(Conversation, col(Conversation.opportunity_id) == col(Opportunity.id))
                .where(col(Conversation.undone_at).is_(None))
                .distinct()
                .order_by(col(Opportunity.id))
            )
            return [(o.company, o.base, o.status) for o in found]

        return self.database.read_now(look)

    def count(self) -> int:
        return self.database.read_now(
            lambda session: session.exec(
                select(func.count())
                .select_from(Conversation)
                .where(col(Conversation.undone_at).is_(None))
            ).one()
        )


@pytest.fixture
def rep(database: Database, clock: SettableClock) -> Rep:
    database.write_now(seed)
    return Rep(database, clock)


def test_a_line_is_logged_and_counted_against_the_targets(rep: Rep) -> None:
    first = rep.log("Acme 2nd")
    assert first.company == "Acme"
    assert first.week == first.this_week == THIS_WEEK
    assert first.conversations == Count(Decimal(1), Decimal(20))
    assert first.base_moves == Count(Decimal(2), Decimal(9))
    assert first.stands_on == Base.SECOND
    assert first.undoable
    assert not first.edited

    home = rep.log("Acme home 12k asked")
    assert home.conversations.number == 2
    assert (home.moves, home.base_moves.number) == (2, 4)
    assert home.sales == Count(Decimal(12_000), Decimal(50_000))
    assert home.outcome is DealOutcome.WON
    assert rep.opportunities() == [("Acme", 4, "won")]


def test_without_targets_there_is_only_the_number(rep: Rep) -> None:
    sam = Rep(rep.database, rep.clock, "U0SAM")
    assert sam.log("Acme").conversations == Count(Decimal(1), None)


def test_first_to_third_counts_two_and_flags_the_skipped_second(rep: Rep) -> None:
    rep.log("Acme 1st")
    third = rep.log("Acme 3rd")
    assert (third.moves, third.skipped_second) == (2, True)


def test_the_same_command_delivered_twice_is_one_conversation_with_the_same_words(
    rep: Rep,
) -> None:
    first = rep.line("Acme 2nd", key="once")
    again = rep.line("Acme 2nd", key="once")
    assert again == first
    assert rep.count() == 1


def test_another_reps_request_key_answers_nobody_else(rep: Rep) -> None:
    rep.line("Acme 2nd", key="once")
    with pytest.raises(IntegrityError):
        Rep(rep.database, rep.clock, "U0SAM").line("Northwind 1st", key="once")
    assert rep.count() == 1


@pytest.mark.parametrize("again", ["acme", "ACME", "  Acme ", "A cme", "Acme."])
def test_a_company_is_recognised_whatever_the_case_and_spacing(rep: Rep, again: str) -> None:
    rep.log("Acme 1st")
    assert rep.log(f'"{again}" 2nd').company == "Acme"
    assert rep.opportunities() == [("Acme", 2, "open")]


def test_each_rep_has_companies_of_their_own(rep: Rep) -> None:
    rep.log("Acme 2nd")
    sam = Rep(rep.database, rep.clock, "U0SAM")
    assert sam.log("ACME 1st").company == "ACME"
    assert rep.opportunities() == [("Acme", 2, "open"), ("ACME", 1, "open")]


def test_a_near_miss_is_asked_about_before_anything_is_recorded(rep: Rep) -> None:
    rep.log("Northwind 1st")
    question = rep.line("Northwnd 2nd", key="near")
    assert isinstance(question, Question)
    assert question.candidates == ("Northwind",)
    assert rep.count() == 1

    same = replace(question.draft, company=question.candidates[0])
    logged = rep.do(conversations.log_draft, draft=same, request_key="near")
    assert (logged.company, logged.moves) == ("Northwind", 1)
    # The other button, pressed as well, finds the answer given.
    other = rep.do(conversations.log_draft, draft=question.draft, request_key="near")
    assert other.conversation_id == logged.conversation_id
    assert rep.count() == 2


def test_a_near_miss_can_be_a_new_company(rep: Rep) -> None:
    rep.log("Northwind 1st")
    question = rep.line("Northwnd 2nd", key="near")
    logged = rep.do(conversations.log_draft, draft=question.draft, request_key="near")
    assert logged.company == "Northwnd"
    assert isinstance(rep.line("northwnd 3rd"), Logged)


def test_a_company_that_was_undone_is_no_longer_known(rep: Rep) -> None:
    rep.undo(rep.log("ACMEE 1st"))
    assert rep.log("Acme 1st").company == "Acme"
    assert rep.undo(rep.log("NORTHWIND 1st")).undone
    assert rep.log("Northwind 1st").company == "Northwind"


def test_after_a_win_the_next_conversation_starts_a_new_opportunity(rep: Rep) -> None:
    rep.log("Acme home 12k")
    assert rep.log("Acme 1st").moves == 1
    assert rep.opportunities() == [("Acme", 4, "won"), ("Acme", 1, "open")]


def test_lost_closes_the_opportunity(rep: Rep) -> None:
    rep.log("Acme 2nd")
    lost = rep.log("Acme lost")
    assert (lost.outcome, lost.moves, lost.stands_on) == (DealOutcome.LOST, 0, Base.SECOND)
    assert rep.opportunities() == [("Acme", 2, "lost")]
    assert rep.log("Acme 1st").moves == 1


def test_a_first_conversation_may_end_in_a_no(rep: Rep) -> None:
    assert rep.log("Acme lost").conversations.number == 1
    assert rep.opportunities() == [("Acme", 0, "lost")]


@pytest.mark.parametrize(("line", "word"), [("Acme lost", "lost"), ("Acme home 5k", "won")])
def test_what_is_closed_cannot_be_lost_again(rep: Rep, line: str, word: str) -> None:
    rep.log("Acme 1st")
    rep.log(line)
    with pytest.raises(Refusal, match=f"Acme is already {word}, so there is nothing to lose"):
        rep.line("Acme lost")
    assert rep.count() == 2


def test_going_back_asks_why_and_counts_none(rep: Rep) -> None:
    rep.log("Acme 3rd")
    # Held before the 3rd was reached, it went forward then.
    assert rep.log("Acme 1st yesterday").moves == 1

    question = rep.line("Acme 2nd")
    assert isinstance(question, Question)
    assert question.stands_on == Base.THIRD
    assert rep.count() == 2

    form = rep.do(
        lambda session, **a: conversation_forms.question_form(
            session, caller=a["caller"], question=question
        )
    )
    assert (form.company, form.base, form.held_on) == ("Acme", "2nd", TODAY)
    assert form.stands_on == Base.THIRD
    assert rep.form(form) == question  # still no reason
    logged = rep.form(replace(form, back_reason="The buyer left"))
    assert (logged.moves, logged.went_back, logged.stands_on) == (0, True, Base.SECOND)

    reason = rep.database.read_now(
        lambda s: s.get_one(Conversation, logged.conversation_id).back_reason
    )
    assert reason == "The buyer left"


def test_a_backdated_conversation_goes_into_its_place(rep: Rep) -> None:
    second = rep.log("Acme 2nd")
    assert second.moves == 2
    first = rep.log("Acme 1st wednesday")
    assert (first.moves, first.stands_on, first.latest) == (1, Base.FIRST, False)
    assert first.base_moves.number == 2
    assert rep.opportunities() == [("Acme", 2, "open")]


def test_backdated_into_last_week_it_takes_the_move_with_it(rep: Rep) -> None:
    rep.log("Acme 2nd")
    first = rep.log("Acme 1st 2026-11-12")
    assert (first.week, first.this_week) == (LAST_WEEK, THIS_WEEK)
    assert first.conversations.number == 1
    assert first.base_moves.number == 1
    assert rep.log("Acme").base_moves.number == 1


def test_a_conversation_held_before_the_win_belongs_to_the_deal_that_was_won(rep: Rep) -> None:
    rep.log("Acme home 12k")
    rep.log("Acme 2nd wednesday")
    assert rep.opportunities() == [("Acme", 4, "won")]
    assert rep.log("Acme 1st").moves == 1
    assert rep.opportunities() == [("Acme", 4, "won"), ("Acme", 1, "open")]


def test_undo_takes_the_conversation_out_and_replays_the_opportunity(rep: Rep) -> None:
    rep.log("Acme 1st")
    second = rep.log("Acme 2nd")
    third = rep.log("Acme 3rd")
    undone = rep.undo(second)
    assert undone.undone
    assert undone.conversations == Count(Decimal(2), Decimal(20))
    assert undone.base_moves.number == 3
    assert rep.undo(second) == undone
    assert rep.opportunities() == [("Acme", 3, "open")]
    rep.undo(third)
    assert rep.opportunities() == [("Acme", 1, "open")]


def test_undoing_a_win_joins_what_came_after_to_the_deal(rep: Rep) -> None:
    rep.log("Acme 2nd")
    won = rep.log("Acme home 12k")
    rep.log("Acme 3rd")
    assert rep.opportunities() == [("Acme", 4, "won"), ("Acme", 3, "open")]
    assert rep.undo(won).sales.number == 0
    assert rep.opportunities() == [("Acme", 3, "open")]


def test_after_ten_minutes_undo_says_what_to_do_instead(rep: Rep) -> None:
    logged = rep.log("Acme 2nd")
    rep.clock.move(600)
    assert rep.do(conversations.undo, conversation_id=logged.conversation_id).undone
    logged = rep.log("Acme 2nd")
    rep.clock.move(601)
    with pytest.raises(Refusal, match=r"Undo works for 10 minutes.*press Edit"):
        rep.undo(logged)
    assert rep.count() == 1


def test_edit_shows_what_was_logged_and_changes_it(rep: Rep) -> None:
    logged = rep.log("Acme 2nd yesterday asked")
    form = rep.do(conversation_forms.edit_form, conversation_id=logged.conversation_id)
    assert form == Form(
        company="Acme",
        base="2nd",
        held_on=date(2026, 11, 19),
        close=Close.ASKED,
        outcome=DealOutcome.OPEN,
        conversation_id=logged.conversation_id,
    )
    rep.clock.move(3600)
    edited = rep.edit(logged, base="home", amount="12,500", close=Close.INOFFENSIVE)
    assert edited.edited
    assert not edited.undoable
    assert (edited.moves, edited.outcome, edited.sales.number) == (4, DealOutcome.WON, 12_500)
    assert rep.opportunities() == [("Acme", 4, "won")]
    assert rep.count() == 1


def test_edit_can_move_a_conversation_to_another_company(rep: Rep) -> None:
    rep.log("Northwind 1st")
    logged = rep.log("Acme 2nd")
    edited = rep.edit(logged, company="northwind")
    assert (edited.company, edited.moves) == ("Northwind", 1)
    assert rep.opportunities() == [("Northwind", 2, "open")]


def test_edit_mends_the_spelling_of_a_company_logged_once(rep: Rep) -> None:
    logged = rep.log("acme 2nd")
    assert rep.edit(logged, company="ACME").company == "ACME"
    rep.log("Acme 3rd")
    assert rep.edit(logged, company="Acme").company == "ACME"  # two know it by this name now


def test_edit_does_not_ask_again_about_a_company_that_was_settled(rep: Rep) -> None:
    rep.log("Northwind 1st")
    question = rep.line("Northwnd 2nd")
    logged = rep.do(conversations.log_draft, draft=question.draft, request_key="new")
    assert isinstance(rep.edit(logged, base="3rd"), Logged)


def test_edit_to_a_lower_base_than_before_asks_why(rep: Rep) -> None:
    rep.log("Acme 2nd yesterday")
    logged = rep.log("Acme 3rd")
    question = rep.edit(logged, base="1st")
    assert isinstance(question, Question)
    assert question.stands_on == Base.SECOND
    edited = rep.edit(logged, base="1st", back_reason="No budget")
    assert (edited.moves, edited.went_back) == (0, True)
    form = rep.do(conversation_forms.edit_form, conversation_id=logged.conversation_id)
    assert (form.back_reason, form.stands_on) == ("No budget", Base.SECOND)
    # The reason goes when it no longer went back.
    assert not rep.edit(logged, base="3rd").went_back


def test_edit_keeps_the_place_among_the_conversations_of_a_day(rep: Rep) -> None:
    first = rep.log("Acme 1st")
    rep.log("Acme 3rd")
    edited = rep.edit(first, base="2nd")
    assert isinstance(edited, Logged)
    assert (edited.moves, edited.base_moves.number) == (2, 3)


def test_what_was_undone_cannot_be_edited(rep: Rep) -> None:
    logged = rep.log("Acme 2nd")
    rep.undo(logged)
    with pytest.raises(Refusal, match="was undone: log it again"):
        rep.edit(logged, base="1st")


@pytest.mark.parametrize("use_case", [conversations.undo, conversation_forms.edit_form])
def test_nobody_touches_somebody_elses_conversation(rep: Rep, use_case: Any) -> None:
    logged = rep.log("Acme 2nd")
    sam = Rep(rep.database, rep.clock, "U0SAM")
    with pytest.raises(Refusal, match="not in your log"):
        sam.do(use_case, conversation_id=logged.conversation_id)
    with pytest.raises(Refusal, match="not in your log"):
        sam.do(
            conversations.edit,
            conversation_id=logged.conversation_id,
            form=Form(company="Acme", held_on=TODAY),
        )
    assert rep.count() == 1


async def test_commands_sent_at_once_share_one_opportunity_and_count_each_move_once(
    rep: Rep,
) -> None:
    async def send(text: str, key: str) -> Any:
        return await rep.database.write(
            conversations.log_line,
            caller=rep.caller,
            text=text,
            request_key=key,
            now=rep.clock.now(),
        )

    answers = await asyncio.gather(
        *(send("Acme 2nd", f"key-{number}") for number in range(8)),
        *(send("ACME 2nd", "repeated") for _ in range(4)),
    )
    assert sum(answer.moves for answer in {a.conversation_id: a for a in answers}.values()) == 2
    assert rep.count() == 9
    assert len(rep.opportunities()) == 1


# Who may


@pytest.mark.parametrize("user", ["U0ALEX", "U0DANA", "U0NOBODY"])
def test_somebody_without_a_team_is_told_whom_to_ask(rep: Rep, user: str) -> None:
    stranger = Rep(rep.database, rep.clock, user)
    for attempt in (
        lambda: stranger.line("Acme 2nd"),
        lambda: stranger.do(conversation_forms.empty_form),
    ):
        with pytest.raises(Refusal) as refused:
            attempt()
        assert refused.value.sentence == NOT_ENROLLED
    assert rep.count() == 0


def test_a_deactivated_member_is_refused(rep: Rep) -> None:
    def deactivate(session: Session) -> None:
        member = session.exec(select(Member).where(Member.slack_user_id == "U0PRIYA")).one()
        member.inactive_because = "deactivated"

    rep.database.write_now(deactivate)
    with pytest.raises(Refusal, match=r"switched off.*enrol you again"):
        rep.line("Acme 2nd")


# Bad input


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Acme 2nd blah", "blah"),
        ("Acme home -5", "-5"),
        ("Acme home 1000000000000", "1000000000000"),
        ("Acme tomorrow", "tomorrow"),
        ("x" * 500, "x" * 500),
        ("🎉🎉", "🎉🎉"),
        ("<!channel> 2nd", "<!channel>"),
        ("Acme 2026-10-01", "2026-10-01"),
    ],
)
def test_a_line_that_cannot_be_read_says_what_and_changes_nothing(
    rep: Rep, text: str, what: str
) -> None:
    with pytest.raises(NotUnderstood) as problem:
        rep.line(text)
    assert problem.value.what == what
    assert problem.value.text == text
    assert rep.count() == 0


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"company": ""}, "company", "Type the name"),
        ({"company": "x" * 500}, "company", "at most 80"),
        ({"company": "🎉🎉"}, "company", "a letter or a digit"),
        ({"company": "<!channel>"}, "company", "A mention is not a company"),
        ({"held_on": None}, "held_on", "Choose the day"),
        ({"held_on": date(2026, 11, 21)}, "held_on", "Saturday 21 November is still to come"),
        ({"held_on": date(2026, 11, 8)}, "held_on", "closed: choose a day from Monday 9 November"),
        ({"amount": "12k"}, "amount", "goes with home"),
        ({"base": "home", "amount": "many"}, "amount", "not a number"),
        ({"base": "home", "amount": "-5"}, "amount", "below zero"),
        ({"base": "home", "amount": "1" + "0" * 12}, "amount", "too large"),
        ({"base": "home", "outcome": DealOutcome.LOST}, "base", "Home means that it was won"),
    ],
)
def test_a_form_names_the_input_that_is_wrong(
    rep: Rep, changes: dict[str, Any], field: str, words: str
) -> None:
    form = replace(Form(company="Acme", base="2nd", held_on=TODAY), **changes)
    with pytest.raises(Refusal, match=words) as refused:
        rep.form(form)
    assert refused.value.field == field
    assert rep.count() == 0


def test_a_form_is_logged_once_for_its_key(rep: Rep) -> None:
    form = Form(
        company="Acme", base="home", held_on=TODAY, amount="$12 500", outcome=DealOutcome.OPEN
    )
    first = rep.form(form, key="V1")
    assert rep.form(form, key="V1") == first
    assert first.sales.number == 12_500
    assert rep.count() == 1


def test_a_form_asks_about_a_near_miss_and_keeps_what_was_typed(rep: Rep) -> None:
    rep.log("Northwind 1st")
    form = Form(company="Northwnd", base="2nd", held_on=TODAY, close=Close.ASKED)
    question = rep.form(form, key="V1")
    asked = conversation_forms.ask(form, question)
    assert asked == replace(form, asked_about="Northwnd", candidates=("Northwind",))
    with pytest.raises(Refusal, match="Choose which") as refused:
        rep.form(asked, key="V1")
    assert refused.value.field == "which_company"
    # A choice about another name than the one typed by now counts for nothing.
    other = rep.form(replace(asked, company="Northwin", choice=NEW_COMPANY), key="V1")
    assert isinstance(other, Question)
    assert rep.form(replace(asked, choice="Northwind"), key="V1").company == "Northwind"
    assert rep.form(replace(asked, choice=NEW_COMPANY), key="V2").company == "Northwnd"


@pytest.mark.parametrize("amount", ["-1", "1000000000000"])
def test_a_draft_is_checked_like_any_other_input(rep: Rep, amount: str) -> None:
    draft = Draft("Acme", Base.HOME, TODAY, outcome=DealOutcome.WON, amount=Decimal(amount))
    with pytest.raises(Refusal, match="can't be logged"):
        rep.do(conversations.log_draft, draft=draft, request_key="forged")
    with pytest.raises(Refusal, match="still to come"):
        rep.do(
            conversations.log_draft,
            draft=Draft("Acme", None, date(2026, 12, 24)),
            request_key="forged",
        )
    assert rep.count() == 0


def test_a_number_with_two_readings_says_which_was_taken(rep: Rep) -> None:
    logged = rep.log("Acme home 1.234")
    assert logged.sales.number == 1234
    assert len(logged.notes) == 1
    assert "1.234" in logged.notes[0]


# Weeks


def open_from(rep: Rep) -> date:
    def look(session: Session) -> date:
        member = session.exec(select(Member).where(Member.slack_user_id == rep.user)).one()
        return open_weeks.first_open_day(session, member, rep.clock.now())

    return rep.database.read_now(look)


def add_check_in(rep: Rep, week: date, state: str, deadline_at: datetime | None) -> None:
    def add(session: Session) -> None:
        member = session.exec(select(Member).where(Member.slack_user_id == rep.user)).one()
        team = session.exec(select(Team)).one()
        session.add(
            CheckIn(
                workspace_id=1,
                member_id=member.id,
                team_id=team.id,
                week=week,
                state=state,
                due_at=datetime(2026, 11, 16, 9, tzinfo=UTC),
                deadline_at=deadline_at,
            )
        )

    rep.database.write_now(add)


def test_without_a_check_in_last_week_is_open_and_the_one_before_is_not(rep: Rep) -> None:
    assert open_from(rep) == LAST_WEEK


@pytest.mark.parametrize(
    ("state", "hours", "first"),
    [
        ("scheduled", None, LAST_WEEK),
        ("open", 1, LAST_WEEK),
        ("open", -1, THIS_WEEK),
        ("answered", 1, LAST_WEEK),
        ("answered", -1, THIS_WEEK),
        ("unanswered", -1, THIS_WEEK),
        ("away", None, LAST_WEEK),
    ],
)
def test_a_week_closes_with_its_check_ins_deadline(
    rep: Rep, state: str, hours: int | None, first: date
) -> None:
    deadline_at = None if hours is None else rep.clock.now() + timedelta(hours=hours)
    add_check_in(rep, LAST_WEEK, state, deadline_at)
    assert open_from(rep) == first


def test_a_check_in_that_went_out_late_keeps_its_week_open(rep: Rep) -> None:
    earlier = LAST_WEEK - timedelta(days=7)
    add_check_in(rep, earlier, "open", rep.clock.now() + timedelta(hours=1))
    assert open_from(rep) == earlier


def test_once_its_week_is_closed_a_conversation_stays_as_it_is(rep: Rep) -> None:
    logged = rep.log("Acme 2nd 2026-11-12")
    add_check_in(rep, LAST_WEEK, "answered", rep.clock.now() + timedelta(minutes=5))
    rep.clock.move(360)
    with pytest.raises(Refusal, match="week is closed"):
        rep.edit(logged, base="1st")
    with pytest.raises(Refusal, match="closed"):
        rep.undo(logged)
    # Neither is anything moved into a closed week.
    with pytest.raises(Refusal, match="closed"):
        rep.edit(rep.log("Northwind"), held_on=date(2026, 11, 12))


def test_this_week_is_the_reps_own(database: Database, clock: SettableClock) -> None:
    database.write_now(seed, timezone="Pacific/Auckland")
    clock.move_to(datetime(2026, 11, 22, 12, 0, tzinfo=UTC))  # Monday 01:00 in Auckland
    rep = Rep(database, clock)
    assert rep.log("Acme").this_week == date(2026, 11, 23)
    assert rep.log("Acme yesterday").week == THIS_WEEK
