"""The tables. Every row about people belongs to a workspace; every moment is UTC; every number is exact.

A week is named by its Monday. Rows of past weeks (check-ins, answers) have their own copy of the target and the
question, so that later changes don't change what was asked.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from pydantic import ConfigDict
from sqlmodel import Field, SQLModel

from bot.database import ExactDecimal, UtcDateTime
from bot.rules.goals import GoalKind as GoalKind

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Source(StrEnum):
    """Where a metric's number comes from."""

    CONVERSATIONS = "conversations"  # counted from logged conversations
    HAND = "hand"  # logged by hand, entry by entry
    ASKED = "asked"  # asked for at the check-in


class CheckInState(StrEnum):
    """The state of the check-in about one rep's week."""

    SCHEDULED = "scheduled"  # due, not yet delivered
    OPEN = "open"  # delivered, waiting for answers
    ANSWERED = "answered"  # every question has its answer
    UNANSWERED = "unanswered"  # the deadline passed with a question open
    AWAY = "away"  # nothing was asked: the rep was away
    SKIPPED = "skipped"  # nothing was asked: see `skipped_because`


class Verdict(StrEnum):
    YES = "yes"
    NO = "no"


class OpportunityStatus(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


class PlanState(StrEnum):
    """The state of one version of a plan."""

    DRAFT = "draft"  # the rep is still writing it
    PROPOSED = "proposed"  # waits for the coach
    SUGGESTED = "suggested"  # the coach's numbers wait for the rep
    OFFERED = "offered"  # a higher goal proposed by the bot: waits for rep and coach
    APPROVED = "approved"  # signed: it sets targets from its `from_week` on
    SENT_BACK = "sent_back"  # the coach sent it back with a reason
    DECLINED = "declined"  # the person whom it waited for said no
    REPLACED = "replaced"  # a later version replaced it before it was decided, or before it counted


class PlanOrigin(StrEnum):
    """Who started one version of a plan."""

    REP = "rep"
    COACH = "coach"
    SIGHTS = "sights"
    FRESH_START = "fresh_start"


def _id() -> Any:
    return Field(default=None, primary_key=True)


def _workspace() -> Any:
    return Field(foreign_key="workspace.id")


def _moment(*, nullable: bool = False, index: bool = False) -> Any:
    column: dict[str, Any] = {"sa_type": UtcDateTime, "nullable": nullable, "index": index}
    return Field(default=None, **column) if nullable else Field(**column)


def _number(*, nullable: bool = False) -> Any:
    column: dict[str, Any] = {"sa_type": ExactDecimal, "nullable": nullable}
    return Field(default=None, **column) if nullable else Field(**column)


def _counted() -> Any:
    return Field(default=0, sa_column_kwargs={"server_default": "0"})


def _setting(value: int) -> Any:
    """A column for a team setting; the default is in the database too, for teams older than the setting."""
    return Field(default=value, sa_column_kwargs={"server_default": str(value)})


class Row(SQLModel):
    """The base of all tables. Rows validate nothing; without validators the start takes a fifth less time."""

    model_config = ConfigDict(defer_build=True)  # type: ignore[assignment]


class Workspace(Row, table=True):
    """A Slack team that installed the bot."""

    id: int = _id()
    slack_team_id: str = Field(unique=True)
    name: str
    bot_user_id: str
    created_at: datetime = _moment()
    last_seen_at: datetime | None = _moment(nullable=True)
    """When a process last reported that it is running for this workspace, to within a few minutes."""
    disconnected_reason: str | None = None
    """Slack's error code for why it no longer accepts the bot's token; None while it does."""
    charts_refused_at: datetime | None = _moment(nullable=True)
    """When its Slack last refused a message because of the chart in it; None if it never did."""
    weekly_messages: int = _setting(5)
    """How many messages that ask for attention may reach one rep in a week; see `bot.domain.outbox.budget`."""


class Member(Row, table=True):
    """A Slack user known to the bot, as rep, coach or admin."""

    __table_args__ = (sa.UniqueConstraint("workspace_id", "slack_user_id"),)

    id: int = _id()
    workspace_id: int = _workspace()
    slack_user_id: str
    name: str
    locale: str = "en_US"
    timezone: str
    """An IANA name, from Slack or chosen for the member."""
    timezone_chosen: bool = False
    """Whether somebody chose `timezone` for the member, so that Slack's zone no longer counts."""
    timezone_missing: bool = False
    """Whether Slack gives no usable zone and nobody chose one; `timezone` is then the last known one, or UTC."""
    is_admin: bool = False
    """Whether Slack says that the member is admin or owner, or the settings do, as of `profile_read_at`."""
    is_guest: bool = False
    inactive_because: str | None = None
    """Why nothing is sent to this member (deactivated, bot, unreachable); None for everybody else."""
    dm_channel: str | None = None
    home_opened_at: datetime | None = _moment(nullable=True)
    home_page: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """The page of Home that the member looks at, from 0; it is the first again when they open Home anew."""
    profile_read_at: datetime = _moment()
    created_at: datetime = _moment()


class Team(Row, table=True):
    """Reps who share a coach, a coach channel and a schedule."""

    __table_args__ = (sa.UniqueConstraint("workspace_id", "name_key"),)

    id: int = _id()
    workspace_id: int = _workspace()
    name: str
    name_key: str
    """The name casefolded, so that no two teams differ only by case or spacing."""
    coach_id: int = Field(foreign_key="member.id", index=True)
    second_coach_id: int | None = Field(default=None, foreign_key="member.id", index=True)
    coach_channel: str | None = None
    coach_channel_name: str | None = None
    """The channel's name, as Slack last told it; None while Slack has not told it. Slack shows a private channel's
    name only to its members."""
    channel_problem: str | None = None
    """The Slack error code with which the coach channel last rejected a message, or why it takes no numbers."""
    channel_members: int | None = None
    """How many people are in the coach channel, as Slack last told it, the bot not counted; None if it did not."""
    public_channel: bool | None = None
    """Whether the coach channel was public when it was chosen; None if that is not known yet."""
    check_in_day: int
    check_in_at: time
    deadline_day: int
    deadline_at: time
    working_from: time
    working_until: time
    currency: str = "USD"
    working_days: str = Field(default="01234", sa_column_kwargs={"server_default": "01234"})
    """The days on which its reps work, as digits in order; 0 is Monday."""
    country: str | None = None
    """The two-letter code of the country whose public holidays its reps have off; None for no public holidays."""
    region: str | None = None
    """The region of that country, if it has holidays of its own."""
    sales_cycle_days: int = _setting(60)
    """How many days a sale takes, for a rep without enough history."""
    conversation_minutes: int = _setting(30)
    """How many minutes one conversation takes, with preparation and notes."""
    weekly_hours: int = _setting(25)
    """The hours that a rep has in a week for conversations and for their other goals."""
    raise_after_weeks: int = _setting(4)
    """After how many weeks with every goal met a higher goal is proposed."""
    pass_on_after_hours: int = _setting(24)
    """After how many of its working hours an alert that nobody took goes to the second coach, then to an admin."""
    brief_look_at: datetime | None = _moment(nullable=True, index=True)
    """When to look next whether the weekly brief of its coaches is due; None: at once."""
    created_at: datetime = _moment()


class Enrolment(Row, table=True):
    """A member as a rep of a team, with the check-in that comes next."""

    __table_args__ = (
        sa.UniqueConstraint("member_id"),
        sa.Index("ix_enrolment_next_due_at", "next_due_at"),
        sa.Index("ix_enrolment_midweek_at", "midweek_at"),
    )

    id: int = _id()
    workspace_id: int = _workspace()
    member_id: int = Field(foreign_key="member.id")
    team_id: int = Field(foreign_key="team.id", index=True)
    enrolled_on: date
    ended_on: date | None = None
    next_week: date | None = None
    """The week that the next check-in asks about."""
    next_due_at: datetime | None = _moment(nullable=True)
    """When that check-in is due; None when nothing is planned (left, or deactivated)."""
    midweek_at: datetime | None = _moment(nullable=True)
    """When the next mid-week line is due; None for a rep who has not chosen to have it."""


class Metric(Row, table=True):
    """Something counted by the week: one of the three built in (no team), or a team's own."""

    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "team_id", "key"),
        sa.Index(
            "uq_metric_builtin",
            "workspace_id",
            "key",
            unique=True,
            sqlite_where=sa.text("team_id IS NULL"),
            postgresql_where=sa.text("team_id IS NULL"),
        ),
    )

    id: int = _id()
    workspace_id: int = _workspace()
    team_id: int | None = Field(default=None, foreign_key="team.id")
    key: str
    name: str
    unit: str
    """`count`, `money`, or the team's own word for it ("hours")."""
    question: str
    source: str
    position: int
    archived_at: datetime | None = _moment(nullable=True)


class Target(Row, table=True):
    """A metric's number for one rep from one week on, until a later row replaces it.

    Rows are only ever added; among rows of the same week the last one counts. No amount means that the
    metric is not asked from that week on.
    """

    __table_args__ = (sa.Index("ix_target_member", "member_id", "metric_id", "from_week"),)

    id: int = _id()
    workspace_id: int = _workspace()
    member_id: int = Field(foreign_key="member.id")
    metric_id: int = Field(foreign_key="metric.id")
    from_week: date
    amount: Decimal | None = _number(nullable=True)
    set_by: int | None = Field(default=None, foreign_key="member.id")
    set_at: datetime = _moment()


class Opportunity(Row, table=True):
    """One deal with one company. Base and status are computed from its conversations."""

    __table_args__ = (sa.Index("ix_opportunity_company", "member_id", "company_key"),)

    id: int = _id()
    workspace_id: int = _workspace()
    member_id: int = Field(foreign_key="member.id")
    company: str
    company_key: str
    base: int = 0
    """0 = on no base yet, 1 to 3, 4 = home."""
    status: str = OpportunityStatus.OPEN
    created_at: datetime = _moment()


class CompanyName(Row, table=True):
    """A rep's answer to the question which company a typed name is, so that it is asked once."""

    __tablename__ = "company_name"
    __table_args__ = (sa.UniqueConstraint("member_id", "name_key"),)

    id: int = _id()
    workspace_id: int = _workspace()
    member_id: int = Field(foreign_key="member.id")
    name_key: str
    """The key of the name that was typed."""
    company_key: str
    """The key of the company that it stands for; `name_key` itself for a company of its own."""
    company: str
    said_at: datetime = _moment()


class Conversation(Row, table=True):
    """One logged sales conversation. Its moves are computed from its opportunity's conversations in order."""

    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "request_key"),
        sa.Index("ix_conversation_week", "member_id", "week"),
    )

    id: int = _id()
    workspace_id: int = _workspace()
    member_id: int = Field(foreign_key="member.id")
    opportunity_id: int = Field(foreign_key="opportunity.id", index=True)
    held_on: date
    week: date
    base: int | None = None
    """The base reached in this conversation; None if it was about no base."""
    close: str | None = None
    outcome: str = OpportunityStatus.OPEN
    amount: Decimal | None = _number(nullable=True)
    back_reason: str | None = None
    moves: int = 0
    """How many base moves this conversation counts."""
    skipped_second: bool = False
    went_back: bool = False
    request_key: str
    """What makes a repeated delivery of the same command or modal harmless."""
    logged_at: datetime = _moment()
    edited_at: datetime | None = _moment(nullable=True)
    undone_at: datetime | None = _moment(nullable=True)
    late: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    """Whether it was logged for its week after that week's check-in had closed."""


class ConversationEdit(Row, table=True):
    """What a conversation said before the rep changed it: one row for each change."""

    __tablename__ = "conversation_edit"

    id: int = _id()
    workspace_id: int = _workspace()
    conversation_id: int = Field(foreign_key="conversation.id", index=True)
    company: str
    held_on: date
    base: int | None = None
    close: str | None = None
    outcome: str
    amount: Decimal | None = _number(nullable=True)
    back_reason: str | None = None
    changed_by: int = Field(foreign_key="member.id")
    changed_at: datetime = _moment()
    late: bool
    """Whether the check-in about its week had closed by then."""


class MetricEntry(Row, table=True):
    """A number logged by hand for one of a team's own metrics."""

    __tablename__ = "metric_entry"
    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "request_key"),
        sa.Index("ix_metric_entry_week", "member_id", "metric_id", "week"),
    )

    id: int = _id()
    workspace_id: int = _workspace()
    member_id: int = Field(foreign_key="member.id")
    metric_id: int = Field(foreign_key="metric.id")
    week: date
    amount: Decimal = _number()
    request_key: str
    logged_at: datetime = _moment()
    undone_at: datetime | None = _moment(nullable=True)


class Absence(Row, table=True):
    """Days on which a rep is away, both ends included, in the rep's own calendar.

    Rows are only ever added and taken back. Days that several rows cover count once.
    """

    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "request_key"),
        sa.Index("ix_absence_member_id_last_day", "member_id", "last_day"),
    )

    id: int = _id()
    workspace_id: int = _workspace()
    member_id: int = Field(foreign_key="member.id")
    first_day: date
    last_day: date
    kind: str
    """`away`, `vacation` or `sick`; they count alike."""
    recorded_by: int = Field(foreign_key="member.id")
    recorded_at: datetime = _moment()
    request_key: str
    """What makes a repeated delivery of the same command or modal harmless."""
    taken_back_by: int | None = Field(default=None, foreign_key="member.id")
    taken_back_at: datetime | None = _moment(nullable=True)


class CheckIn(Row, table=True):
    """The questions about one finished week for one rep. There is one per rep and week, ever."""

    __tablename__ = "check_in"
    __table_args__ = (
        sa.UniqueConstraint("member_id", "week"),
        sa.Index("ix_check_in_state", "state", "deadline_at"),
        sa.Index("ix_check_in_state_due_at", "state", "due_at"),
    )

    id: int = _id()
    workspace_id: int = _workspace()
    member_id: int = Field(foreign_key="member.id")
    team_id: int = Field(foreign_key="team.id")
    week: date
    state: str
    due_at: datetime = _moment()
    delivered_at: datetime | None = _moment(nullable=True)
    deadline_at: datetime | None = _moment(nullable=True)
    """When the check-in closes; set at delivery, because an undelivered check-in can't be missed."""
    completed_at: datetime | None = _moment(nullable=True)
    late: bool = False
    """Whether it was completed, or changed, after the deadline."""
    skipped_because: str | None = None
    work_days: int | None = None
    """How many working days the team had that week, if the rep had some of them off; else None."""
    days_off: int = _counted()
    """How many of them the rep had off: away, or a public holiday."""
    holidays: int = _counted()
    """How many of those were public holidays."""
    joined_on: date | None = None
    """The rep's first day in the team, if working days of that week were before it; `days_off` counts them."""
    cause: str | None = None
    """What the rep says was in the way of a missed week: see `bot.rules.acts.Cause`."""
    cause_words: str | None = None
    """The rep's own line about it."""
    nodded_by: int | None = Field(default=None, foreign_key="member.id")
    """The coach who accepts answers that the log does not carry."""
    nodded_at: datetime | None = _moment(nullable=True)


class Answer(Row, table=True):
    """One question of a check-in and, once answered, its yes or no and the number that the answer stands for."""

    __table_args__ = (sa.UniqueConstraint("check_in_id", "metric_id"),)

    id: int = _id()
    workspace_id: int = _workspace()
    check_in_id: int = Field(foreign_key="check_in.id")
    metric_id: int = Field(foreign_key="metric.id")
    position: int
    name: str
    unit: str
    question: str
    source: str
    target: Decimal = _number()
    full_target: Decimal | None = _number(nullable=True)
    """The target of a whole week, if days off made `target` smaller; else None."""
    number: Decimal | None = _number(nullable=True)
    logged: Decimal | None = _number(nullable=True)
    """The log's number when the answer was given."""
    verdict: str | None = None
    note: str | None = None
    """A sentence that says how an ambiguous number was read."""
    answered_at: datetime | None = _moment(nullable=True)
    late: bool = False
    edited: bool = False


class AnswerEdit(Row, table=True):
    """The history of an answer: one row for each time that it was given or changed, including the first."""

    __tablename__ = "answer_edit"

    id: int = _id()
    workspace_id: int = _workspace()
    answer_id: int = Field(foreign_key="answer.id", index=True)
    number: Decimal = _number()
    logged: Decimal | None = _number(nullable=True)
    verdict: str
    given_by: int = Field(foreign_key="member.id")
    given_at: datetime = _moment()
    late: bool = False


class AnswerCorrection(Row, table=True):
    """Another number that a coach noted beside an old answer. The answer itself stays as it is."""

    __tablename__ = "answer_correction"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "request_key"),)

    id: int = _id()
    workspace_id: int = _workspace()
    answer_id: int = Field(foreign_key="answer.id", index=True)
    number: Decimal = _number()
    reason: str
    noted_by: int = Field(foreign_key="member.id")
    noted_at: datetime = _moment()
    request_key: str
    """What makes a repeated delivery of the same form harmless."""


class Reminder(Row, table=True):
    """A reminder of an open check-in: two are planned at delivery, others only if the rep snoozes."""

    __table_args__ = (sa.UniqueConstraint("check_in_id", "number"),)

    id: int = _id()
    workspace_id: int = _workspace()
    check_in_id: int = Field(foreign_key="check_in.id")
    number: int
    due_at: datetime | None = _moment(nullable=True, index=True)
    """When it goes out; None once it went out or is no longer needed."""
    sent_at: datetime | None = _moment(nullable=True)
    asked_for: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    """Whether the rep asked for it by snoozing, so that it goes whatever the message budget says."""
    dropped_at: datetime | None = _moment(nullable=True)
    """When it should have gone out, but the week's message budget had no room for it."""


class Alert(Row, table=True):
    """The one message to a rep's coach about one missed week."""

    __table_args__ = (
        sa.UniqueConstraint("check_in_id"),
        sa.Index("ix_alert_next_look_at", "next_look_at"),
    )

    id: int = _id()
    workspace_id: int = _workspace()
    check_in_id: int = Field(foreign_key="check_in.id")
    team_id: int = Field(foreign_key="team.id", index=True)
    created_at: datetime = _moment()
    suggested_act: str | None = None
    """The act that was suggested when a coach chose one; until then it is computed: see `bot.rules.acts`."""
    suggested_because: str | None = None
    act: str | None = None
    """The act that the coach chose, which may be another one."""
    taken_by: int | None = Field(default=None, foreign_key="member.id")
    taken_at: datetime | None = _moment(nullable=True)
    done_by: int | None = Field(default=None, foreign_key="member.id")
    done_at: datetime | None = _moment(nullable=True)
    note: str | None = None
    waits_since: datetime | None = _moment(nullable=True)
    """Since when it waits for its present coaches, if not since it was raised."""
    next_look_at: datetime | None = _moment(nullable=True)
    """When to look whether somebody took it; None once it needs no look any more."""
    passed_on_to: int | None = Field(default=None, foreign_key="member.id")
    """The second coach who was written to because nobody had taken it."""
    passed_on_at: datetime | None = _moment(nullable=True)
    left_at: datetime | None = _moment(nullable=True)
    """When it went to the Home of the admins, because nobody took it even so."""


class Agreement(Row, table=True):
    """What a coach did about a missed week, what was agreed, and what became of it.

    The rep reads it, and is asked once whether they talked, whether it helped, and whether the step was done.
    """

    __table_args__ = (
        sa.UniqueConstraint("alert_id"),
        sa.Index("ix_agreement_member_id_agreed_at", "member_id", "agreed_at"),
        sa.Index("ix_agreement_asked_in", "asked_in"),
        sa.Index("ix_agreement_step_asked_in", "step_asked_in"),
    )

    id: int = _id()
    workspace_id: int = _workspace()
    alert_id: int = Field(foreign_key="alert.id")
    member_id: int = Field(foreign_key="member.id")
    """The rep."""
    coach_id: int = Field(foreign_key="member.id", index=True)
    """The coach who marked the alert as done, whoever coaches the rep now."""
    act: str
    step: str | None = None
    """What the rep will do, in a line."""
    due_on: date | None = None
    """The day by which the rep will do it, in the rep's own calendar; set together with `step`."""
    agreed_at: datetime = _moment()
    otherwise: str | None = None
    """What the rep says where it was agreed otherwise."""
    otherwise_at: datetime | None = _moment(nullable=True)
    asked_in: int | None = Field(default=None, foreign_key="check_in.id")
    """The check-in that asks whether they talked and whether it helped."""
    step_asked_in: int | None = Field(default=None, foreign_key="check_in.id")
    """The check-in that asks whether the step was done: the first one after its day."""
    talked: str | None = None
    talked_at: datetime | None = _moment(nullable=True)
    helped: str | None = None
    helped_at: datetime | None = _moment(nullable=True)
    kept: str | None = None
    kept_at: datetime | None = _moment(nullable=True)


class Advice(Row, table=True):
    """A rep's wish for advice. A rep has at most one that is open."""

    __table_args__ = (
        sa.Index(
            "uq_advice_open",
            "member_id",
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
    )

    id: int = _id()
    workspace_id: int = _workspace()
    member_id: int = Field(foreign_key="member.id")
    team_id: int = Field(foreign_key="team.id", index=True)
    """The team in which the rep is now."""
    words: str | None = None
    """The rep's own line about it."""
    created_at: datetime = _moment()
    closed_by: int | None = Field(default=None, foreign_key="member.id")
    """The coach who acted on it, or the rep who took it back."""
    closed_at: datetime | None = _moment(nullable=True)


class Brief(Row, table=True):
    """The weekly brief about one team, as its coaches read it. There is one for each team and week, ever."""

    __table_args__ = (sa.UniqueConstraint("team_id", "week"),)

    id: int = _id()
    workspace_id: int = _workspace()
    team_id: int = Field(foreign_key="team.id")
    week: date
    page: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """The page that the message shows, from 0."""
    created_at: datetime = _moment()


class Praise(Row, table=True):
    """A coach's *Well done* about one rep's week. There is at most one for each check-in."""

    __table_args__ = (sa.UniqueConstraint("check_in_id"),)

    id: int = _id()
    workspace_id: int = _workspace()
    check_in_id: int = Field(foreign_key="check_in.id")
    given_by: int = Field(foreign_key="member.id")
    """The coach in whose name it was sent."""
    because: str
    """What it is for, as the brief said at that moment."""
    given_at: datetime = _moment()
    waits_until: datetime | None = _moment(nullable=True)
    """When it reaches the rep, if that week's message budget had no room; else None."""


class MidweekLine(Row, table=True):
    """The line that a rep who chose it gets on Thursday about the goals of the week."""

    __tablename__ = "midweek_line"
    __table_args__ = (sa.UniqueConstraint("member_id", "week"),)

    id: int = _id()
    workspace_id: int = _workspace()
    member_id: int = Field(foreign_key="member.id")
    week: date
    sent_at: datetime = _moment()
    dropped_at: datetime | None = _moment(nullable=True)
    """When it was dropped, because the week's message budget had no room; else None."""


class ActGuide(Row, table=True):
    """A workspace's own lines on how an act is done, in place of the built-in ones."""

    __tablename__ = "act_guide"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "act"),)

    id: int = _id()
    workspace_id: int = _workspace()
    act: str
    lines: str
    set_by: int = Field(foreign_key="member.id")
    set_at: datetime = _moment()


class Plan(Row, table=True):
    """One version of a rep's plan: the sales goal, its numbers and the weekly targets computed from them.

    Only a signed version sets targets. The numbers of a proposed version never change; another version replaces
    it.
    """

    __table_args__ = (
        sa.UniqueConstraint("member_id", "version"),
        sa.UniqueConstraint("workspace_id", "request_key"),
        sa.Index("ix_plan_sights_due_at", "sights_due_at"),
        sa.Index("ix_plan_account_due_at", "account_due_at"),
    )

    id: int = _id()
    workspace_id: int = _workspace()
    member_id: int = Field(foreign_key="member.id")
    team_id: int = Field(foreign_key="team.id", index=True)
    version: int | None = None
    """The version's number, counted by rep from 1 and given when it is proposed; a draft, at most one, has none.
    """
    based_on: int | None = Field(default=None, foreign_key="plan.id")
    origin: str = PlanOrigin.REP
    state: str = PlanState.DRAFT
    currency: str
    period: str
    """How the period was chosen: see `bot.rules.periods`."""
    begins_on: date
    ends_on: date
    goal: Decimal = _number()
    closed: Decimal = _number()
    closed_logged: Decimal | None = _number(nullable=True)
    """The amount won since the period began, by the log and the answers, as it was shown to the rep."""
    opening: Decimal | None = _number(nullable=True)
    opening_on: date | None = None
    """What the rep typed as closed already, and the day on which they typed it; None where they took the log's.

    `closed` is this opening balance and what was won after that day.
    """
    average_sale: Decimal | None = _number(nullable=True)
    average_logged: Decimal | None = _number(nullable=True)
    """The average of the logged sales, as it was shown to the rep; None without sales."""
    average_sales: int = 0
    """How many logged sales that average comes from."""
    average_since: date | None = None
    working_weeks: Decimal | None = _number(nullable=True)
    weeks_counted: Decimal | None = _number(nullable=True)
    """The working weeks that the calendar gives, as they were shown to the rep."""
    conversations: int | None = None
    base_moves: int | None = None
    sales: Decimal | None = _number(nullable=True)
    """The three weekly targets; None while the draft has no numbers yet."""
    created_at: datetime = _moment()
    proposed_at: datetime | None = _moment(nullable=True)
    rep_agreed_at: datetime | None = _moment(nullable=True)
    coach_agreed_at: datetime | None = _moment(nullable=True)
    coach_agreed_by: int | None = Field(default=None, foreign_key="member.id")
    signer_id: int | None = Field(default=None, foreign_key="member.id")
    """Whom a coach chose to sign their own plan, because nobody else coaches their team."""
    from_week: date | None = None
    """The first week whose targets a signed version sets."""
    decided_by: int | None = Field(default=None, foreign_key="member.id")
    decided_at: datetime | None = _moment(nullable=True)
    reason: str | None = None
    """Why it was sent back or declined, or the coach's comment on suggested numbers."""
    sights_due_at: datetime | None = _moment(nullable=True)
    """When to check next whether to offer a higher goal; set only for the signed plan in force."""
    account_due_at: datetime | None = _moment(nullable=True)
    """When to look next whether the goal is reached, or the period is over; None once there is nothing to tell."""
    reached_at: datetime | None = _moment(nullable=True)
    """When rep and coach were told that the goal was reached before the period's end."""
    ended_at: datetime | None = _moment(nullable=True)
    """When rep and coach were told that the period is over."""
    targets_until: date | None = None
    """The last day on which the plan's targets stand after its end; None before that, or if others were set."""
    disproved_told_at: datetime | None = _moment(nullable=True)
    """When a coach was first told that six weeks disprove the plan."""
    request_key: str | None = None
    """What makes a repeated delivery of the coach's suggestion harmless."""


class PlanRatio(Row, table=True):
    """One ratio of one version of a plan, with where it came from; see `bot.rules.ratios.Ratio`."""

    __tablename__ = "plan_ratio"
    __table_args__ = (sa.UniqueConstraint("plan_id", "step"),)

    id: int = _id()
    workspace_id: int = _workspace()
    plan_id: int = Field(foreign_key="plan.id")
    step: str
    percent: Decimal = _number()
    provenance: str
    hits: int | None = None
    trials: int | None = None
    since: date | None = None
    low: Decimal | None = _number(nullable=True)
    high: Decimal | None = _number(nullable=True)
    found_percent: Decimal = _number()
    """The percentage that was filled in before the rep overruled it."""
    found_provenance: str
    measured_told_at: datetime | None = _moment(nullable=True)
    """When a coach was first told that the assumed ratio is measured now."""


class Goal(Row, table=True):
    """A goal beside the sales goal, as one version of a plan has it."""

    __table_args__ = (sa.UniqueConstraint("plan_id", "key"),)

    id: int = _id()
    workspace_id: int = _workspace()
    plan_id: int = Field(foreign_key="plan.id")
    key: str
    """A random key, the same in each version to which the goal is copied."""
    position: int
    kind: str
    words: str
    amount: Decimal | None = _number(nullable=True)
    """For income, money over the period; for a metric, a number a week; for a personal goal, in its `unit`."""
    unit: str | None = None
    metric_id: int | None = Field(default=None, foreign_key="metric.id")
    commission: Decimal | None = _number(nullable=True)
    """For income, the commission in percent of the sales."""
    hours: Decimal | None = _number(nullable=True)
    """How many hours a week the goal takes."""
    begins_on: date | None = None
    ends_on: date | None = None


class GoalPair(Row, table=True):
    """A rep's answer whether reaching one goal makes another harder to reach. Each pair is asked about once."""

    __tablename__ = "goal_pair"
    __table_args__ = (sa.UniqueConstraint("member_id", "first_key", "second_key"),)

    id: int = _id()
    workspace_id: int = _workspace()
    member_id: int = Field(foreign_key="member.id")
    first_key: str
    """The one of the two keys that sorts first; the sales goal's key is `sales`."""
    second_key: str
    pulls_apart: bool
    said_at: datetime = _moment()


class AuditEntry(Row, table=True):
    """One change of who sees a rep's numbers: who made it, of whom, and when. It holds no numbers and no words."""

    __tablename__ = "audit"
    __table_args__ = (sa.Index("ix_audit_workspace_id_at", "workspace_id", "at"),)

    id: int = _id()
    workspace_id: int = _workspace()
    at: datetime = _moment()
    by_id: int | None = Field(default=None, foreign_key="member.id")
    """Who made the change; None for Slack, and for a file that an operator imported."""
    what: str
    """See `bot.domain.shown.audit.Change`."""
    whom_id: int | None = Field(default=None, foreign_key="member.id")
    """The rep or the coach whom the change is about; None if it is about a whole team."""
    team_id: int = Field(foreign_key="team.id")
    before: str | None = None
    """A Slack id of a person or a channel, or a team's id, as `what` says; None for nothing."""
    after: str | None = None


class Notice(Row, table=True):
    """A line to one member about one entry of the audit log."""

    __table_args__ = (sa.UniqueConstraint("audit_id", "member_id"),)

    id: int = _id()
    workspace_id: int = _workspace()
    audit_id: int = Field(foreign_key="audit.id")
    member_id: int = Field(foreign_key="member.id")


class Substitution(Row, table=True):
    """Days on which somebody stands in for a coach, and has the coach's place in the team."""

    __table_args__ = (
        sa.Index("ix_substitution_next_at", "next_at"),
        sa.Index("ix_substitution_member_id", "member_id"),
    )

    id: int = _id()
    workspace_id: int = _workspace()
    member_id: int = Field(foreign_key="member.id")
    """The coach who is away."""
    team_id: int = Field(foreign_key="team.id")
    substitute_id: int = Field(foreign_key="member.id")
    first_day: date
    last_day: date
    """The days, both included, by the clock of the coach who is away."""
    ends_at: datetime = _moment()
    next_at: datetime | None = _moment(nullable=True)
    """When it begins, then when it ends; None once it is over."""
    began_at: datetime | None = _moment(nullable=True)
    is_second: bool = False
    """Whether the place is that of the second coach."""
    was_other: bool = False
    """Whether the substitute had the team's other place before, which is empty meanwhile."""
    recorded_at: datetime = _moment()


class Withdrawal(Row, table=True):
    """A message about an alert or a plan that stands where it no longer belongs, redrawn without numbers."""

    id: int = _id()
    workspace_id: int = _workspace()
    surface: str
    subject_id: int
    at: datetime = _moment()


class DirectMessage(Row, table=True):
    """A line that a member typed into the bot's direct messages, and how it is answered there."""

    __tablename__ = "direct_message"
    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "event_id"),
        sa.UniqueConstraint("workspace_id", "key"),
        sa.Index("ix_direct_message_conversation_id", "conversation_id"),
    )

    id: int = _id()
    workspace_id: int = _workspace()
    member_id: int = Field(foreign_key="member.id")
    event_id: str
    """Slack's id of the delivery, the same when it is delivered again."""
    key: str
    """The request key of the line: Slack's id of the message, the same when the client sent it again."""
    heard_at: datetime = _moment()
    kind: str
    """See `bot.domain.shown.direct_messages.ReplyKind`."""
    text: str | None = None
    """What was typed, for a line that is asked about or was refused; else None."""
    sentence: str | None = None
    """The sentence of the answer, or what the person should read beside it."""
    conversation_id: int | None = Field(default=None, foreign_key="conversation.id")
    """The conversation that was logged or taken back."""
    absences: str | None = None
    """The ids of the absences, separated by commas."""


class WriteProbe(Row, table=True):
    """What readiness wrote last, to see whether the database takes writes. It belongs to no workspace."""

    __tablename__ = "write_probe"

    id: int = _id()
    written_at: datetime = _moment()
    filler: bytes


class SentFile(Row, table=True):
    """A file with a person's record that was sent in Slack, so that it can be deleted there with the person."""

    __tablename__ = "sent_file"
    __table_args__ = (sa.UniqueConstraint("member_id", "slack_file_id"),)

    id: int = _id()
    workspace_id: int = _workspace()
    slack_file_id: str = Field(index=True)
    member_id: int = Field(foreign_key="member.id")
    """Somebody whose record is in the file, or to whom it was sent; a team's file has a row for each of them."""
    sent_at: datetime = _moment()


class ExportOrder(Row, table=True):
    """A request for files that was acknowledged and is not carried out yet: `bot.domain.privacy.export_orders`."""

    __tablename__ = "export_order"

    id: int = _id()
    workspace_id: int = _workspace()
    member_id: int = Field(foreign_key="member.id", index=True)
    """Who asked for the files, and gets them."""
    kind: str
    """What is in them: see `bot.domain.privacy.export`."""
    team: str = ""
    """The name of the team that was asked for, as it was typed; empty for all of the member's teams."""
    asked_at: datetime = _moment()
    slack_file_ids: str = ""
    """The Slack ids of the files that may have been sent already, separated by spaces."""
    failed_because: str | None = None
    """Why there are no files, once that is certain: a Slack code, or a sentence. The member is told so."""


class OutboxItem(Row, table=True):
    """A surface in Slack that is rendered from the database: the desired version, and the rendered one.

    See `bot.domain.outbox.outbox` for the protocol.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "surface", "subject_id"),
        sa.Index("ix_outbox_lane_due_at_id", "lane", "due_at", "id"),
        sa.Index("ix_outbox_duplicate_check_at", "duplicate_check_at"),
        sa.Index(
            "ix_outbox_given_up",
            "id",
            sqlite_where=sa.text("failed_reason IS NOT NULL"),
            postgresql_where=sa.text("failed_reason IS NOT NULL"),
        ),
    )

    id: int = _id()
    workspace_id: int = _workspace()
    surface: str
    subject_id: int
    lane: str
    """Which of Slack's methods it needs next, each with its own limit: see `bot.domain.outbox.outbox.Lane`."""
    desired_version: int = 1
    rendered_version: int = 0
    due_at: datetime | None = _moment(nullable=True)
    """When the sender should look at this next; None while the desired version is the rendered one."""
    claimed_by: str | None = None
    unknown_since: datetime | None = _moment(nullable=True)
    """When a call began whose outcome is unknown: a post to look for, or a redraw that may still arrive."""
    lookbacks: int = 0
    """How often the conversation was read back after a post of unknown outcome, without finding the message."""
    redraws_in_flight: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How many redraws of a posted message were begun and may still arrive."""
    token: str
    """The token in the message's metadata: random, never derived from an id."""
    channel: str | None = None
    ts: str | None = None
    duplicate_check_at: datetime | None = _moment(nullable=True)
    """When to look for a second copy of a message that was posted again."""
    attempts: int = 0
    refused_because: str | None = None
    """The Slack code, or our own word, with which the last try failed; the row is tried again."""
    failed_reason: str | None = None
    """Why the row was given up; None while it is tried again, or needs nothing."""
    created_at: datetime = _moment()
    posted_at: datetime | None = _moment(nullable=True)
