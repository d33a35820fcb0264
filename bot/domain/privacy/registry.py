"""Says of every column what it holds of people, and what becomes of it when a person is deleted.

Erasure, retention and export read this registry, and PRIVACY.md repeats it; tests hold it against the schema. So a
new column has to be classified here before anything else works with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import sqlalchemy as sa

from bot.database import table
from bot.domain import tables
from bot.domain.outbox import outbox
from bot.domain.tables import Row


class Fate(StrEnum):
    """What becomes of a column's value when the person whom it is about is deleted."""

    REMOVED = "removed"
    """The row belongs to one person and is deleted."""
    ANONYMISED = "anonymised"
    """The row stays, and what named the person names a deleted member instead."""
    KEPT = "kept"
    """The value is about no person."""


@dataclass(frozen=True)
class Held:
    """What one table holds."""

    model: type[Row]
    what: str
    """In words, for PRIVACY.md."""
    owner: str | None = None
    """The column that leads to the person to whom a row belongs: `member_id`, or the id of a row that is theirs.

    None for a row that belongs to nobody.
    """
    removed: str = ""
    """The columns, separated by spaces; likewise the next two."""
    anonymised: str = ""
    kept: str = ""
    hidden: frozenset[str] = field(default_factory=frozenset)
    """Columns that an export leaves out: they only serve the program."""

    @property
    def name(self) -> str:
        """Return the table's name."""
        return table(self.model).name

    def fates(self) -> dict[str, Fate]:
        """Return what becomes of each column, by its name."""
        found: dict[str, Fate] = {}
        for fate, names in (
            (Fate.REMOVED, self.removed),
            (Fate.ANONYMISED, self.anonymised),
            (Fate.KEPT, self.kept),
        ):
            found |= dict.fromkeys(names.split(), fate)
        return found


def _hide(names: str = "") -> frozenset[str]:
    return frozenset({"id", "workspace_id", *names.split()})


OF_PEOPLE: tuple[Held, ...] = (
    Held(
        tables.AnswerEdit,
        "each time that an answer was given or changed",
        "answer_id",
        removed="id workspace_id answer_id number logged verdict given_by given_at late",
        hidden=_hide(),
    ),
    Held(
        tables.AnswerCorrection,
        "another number that a coach noted beside an old answer, and why",
        "answer_id",
        removed="id workspace_id answer_id number reason noted_by noted_at request_key",
        hidden=_hide("request_key"),
    ),
    Held(
        tables.Answer,
        "the questions of a check-in with their targets, and the answers",
        "check_in_id",
        removed="id workspace_id check_in_id metric_id position name unit question source target full_target "
        "number logged verdict note answered_at late edited",
        hidden=_hide("metric_id position"),
    ),
    Held(
        tables.Reminder,
        "reminders of a check-in, and snoozes",
        "check_in_id",
        removed="id workspace_id check_in_id number due_at sent_at asked_for dropped_at",
        hidden=_hide(),
    ),
    Held(
        tables.Agreement,
        "what a rep and a coach agreed on about a missed week, and whether it helped",
        "alert_id",
        removed="id workspace_id alert_id member_id coach_id act step due_on agreed_at otherwise otherwise_at "
        "asked_in step_asked_in talked talked_at helped helped_at kept kept_at",
        hidden=_hide("member_id"),
    ),
    Held(
        tables.Alert,
        "the alert to the coach about a missed week, who took it, the coach's note, and what was suggested",
        "check_in_id",
        removed="id workspace_id check_in_id team_id created_at taken_by taken_at done_by done_at note "
        "suggested_act suggested_because act waits_since next_look_at passed_on_to passed_on_at left_at",
        hidden=_hide(),
    ),
    Held(
        tables.Praise,
        "a coach's word of praise about a week, and what for",
        "check_in_id",
        removed="id workspace_id check_in_id given_by because given_at waits_until",
        hidden=_hide(),
    ),
    Held(
        tables.CheckIn,
        "the check-in about a week: when it came, was answered or missed, the days off, and what was in the way",
        "member_id",
        removed="id workspace_id member_id team_id week state due_at delivered_at deadline_at completed_at late "
        "skipped_because work_days days_off holidays joined_on cause cause_words nodded_by nodded_at",
        hidden=_hide("member_id"),
    ),
    Held(
        tables.PlanRatio,
        "the ratios of a plan, with the counts from which they were measured",
        "plan_id",
        removed="id workspace_id plan_id step percent provenance hits trials since low high found_percent "
        "found_provenance measured_told_at",
        hidden=_hide(),
    ),
    Held(
        tables.Goal,
        "the goals beside the sales goal: income, numbers and personal goals in one's own words",
        "plan_id",
        removed="id workspace_id plan_id key position kind words amount unit metric_id commission hours begins_on "
        "ends_on",
        hidden=_hide("position"),
    ),
    Held(
        tables.GoalPair,
        "whether one goal makes another harder to reach",
        "member_id",
        removed="id workspace_id member_id first_key second_key pulls_apart said_at",
        hidden=_hide("member_id"),
    ),
    Held(
        tables.Plan,
        "the plan and every version of it: goal, numbers, who agreed, and why it was sent back",
        "member_id",
        removed="id workspace_id member_id team_id version based_on origin state currency period begins_on "
        "ends_on goal closed closed_logged opening opening_on average_sale average_logged average_sales "
        "average_since working_weeks weeks_counted conversations base_moves sales created_at proposed_at "
        "rep_agreed_at coach_agreed_at coach_agreed_by signer_id from_week decided_by decided_at reason "
        "sights_due_at account_due_at reached_at ended_at targets_until "
        "disproved_told_at request_key",
        hidden=_hide("member_id request_key"),
    ),
    Held(
        tables.DirectMessage,
        "lines typed into the direct messages that were asked about or refused, and the answers",
        "member_id",
        removed="id workspace_id member_id event_id key heard_at kind text sentence conversation_id absences",
        hidden=_hide("member_id event_id key absences"),
    ),
    Held(
        tables.ConversationEdit,
        "what a logged conversation said before it was changed",
        "conversation_id",
        removed="id workspace_id conversation_id company held_on base close outcome amount back_reason changed_by "
        "changed_at late",
        hidden=_hide(),
    ),
    Held(
        tables.Conversation,
        "logged sales conversations: day, base, close, outcome, amount and the reason for going back",
        "opportunity_id",
        removed="id workspace_id member_id opportunity_id held_on week base close outcome amount back_reason "
        "moves skipped_second went_back request_key logged_at edited_at undone_at late",
        hidden=_hide("member_id request_key"),
    ),
    Held(
        tables.Opportunity,
        "the companies that a rep talks to, with the base reached",
        "member_id",
        removed="id workspace_id member_id company company_key base status created_at",
        hidden=_hide("member_id company_key"),
    ),
    Held(
        tables.CompanyName,
        "which company a typed name stands for",
        "member_id",
        removed="id workspace_id member_id name_key company_key company said_at",
        hidden=_hide("member_id company_key"),
    ),
    Held(
        tables.MetricEntry,
        "numbers logged by hand",
        "member_id",
        removed="id workspace_id member_id metric_id week amount request_key logged_at undone_at",
        hidden=_hide("member_id request_key"),
    ),
    Held(
        tables.Absence,
        "days away, and whether it was a vacation or sickness",
        "member_id",
        removed="id workspace_id member_id first_day last_day kind recorded_by recorded_at request_key "
        "taken_back_by taken_back_at",
        hidden=_hide("member_id request_key"),
    ),
    Held(
        tables.Advice,
        "a rep's wish for advice, in their own words",
        "member_id",
        removed="id workspace_id member_id team_id words created_at closed_by closed_at",
        hidden=_hide("member_id"),
    ),
    Held(
        tables.MidweekLine,
        "the mid-week lines: about which week, and when",
        "member_id",
        removed="id workspace_id member_id week sent_at dropped_at",
        hidden=_hide("member_id"),
    ),
    Held(
        tables.Target,
        "weekly targets, and who set them",
        "member_id",
        removed="id workspace_id member_id metric_id from_week amount set_by set_at",
        hidden=_hide("member_id"),
    ),
    Held(
        tables.Enrolment,
        "the team in which somebody is or was a rep",
        "member_id",
        removed="id workspace_id member_id team_id enrolled_on ended_on next_week next_due_at "
        "midweek_at",
        hidden=_hide("member_id"),
    ),
    Held(
        tables.Notice,
        "lines sent to somebody about a change of who coaches whom",
        "member_id",
        removed="id workspace_id audit_id member_id",
        hidden=_hide("member_id"),
    ),
    Held(
        tables.Substitution,
        "who stood in for a coach, and on which days",
        "member_id",
        removed="id workspace_id member_id team_id substitute_id first_day last_day ends_at next_at began_at "
        "is_second was_other recorded_at",
        hidden=_hide("member_id next_at"),
    ),
    Held(
        tables.SentFile,
        "the files with somebody's record that were sent in Slack",
        "member_id",
        removed="id workspace_id slack_file_id member_id sent_at",
        hidden=_hide("member_id"),
    ),
    Held(
        tables.ExportOrder,
        "requests for files that were not carried out yet, or could not be",
        "member_id",
        removed="id workspace_id member_id kind team asked_at slack_file_ids failed_because",
        hidden=_hide("member_id slack_file_ids"),
    ),
    Held(
        tables.Member,
        "the person, as Slack describes them: id, name, language, time zone, whether admin or guest",
        "id",
        removed="id workspace_id slack_user_id name locale timezone timezone_chosen timezone_missing is_admin "
        "is_guest inactive_because dm_channel home_opened_at home_page profile_read_at created_at",
        hidden=_hide("home_page"),
    ),
)
"""The tables whose rows belong to one person each, in an order in which their rows can be deleted."""

SHARED: tuple[Held, ...] = (
    Held(
        tables.AuditEntry,
        "who changed who sees whose numbers, and when",
        anonymised="by_id whom_id before after",
        kept="id workspace_id at what team_id",
    ),
    Held(
        tables.Withdrawal,
        "which message about an alert or a plan stands where it no longer belongs",
        removed="id workspace_id surface subject_id at",
    ),
    Held(
        tables.OutboxItem,
        "which message or Home in Slack shows what; it holds no text",
        removed="id workspace_id surface subject_id lane desired_version rendered_version due_at claimed_by "
        "unknown_since lookbacks redraws_in_flight token channel ts duplicate_check_at attempts "
        "refused_because failed_reason created_at posted_at",
    ),
    Held(
        tables.Team,
        "the team's settings, and who coaches it",
        kept="id workspace_id name name_key coach_id second_coach_id coach_channel coach_channel_name "
        "channel_problem channel_members public_channel check_in_day check_in_at deadline_day deadline_at "
        "working_from working_until currency working_days country region sales_cycle_days conversation_minutes "
        "weekly_hours raise_after_weeks pass_on_after_hours brief_look_at created_at",
    ),
    Held(
        tables.Brief,
        "that a team's coaches had their brief about a week; it holds no numbers",
        kept="id workspace_id team_id week page created_at",
    ),
    Held(
        tables.ActGuide,
        "a workspace's own lines on how a coach does something",
        anonymised="set_by",
        kept="id workspace_id act lines set_at",
    ),
    Held(
        tables.Metric,
        "what is counted, and the question about it",
        kept="id workspace_id team_id key name unit question source position archived_at",
    ),
    Held(
        tables.WriteProbe,
        "what readiness wrote last, to see whether the database takes writes",
        kept="id written_at filler",
    ),
    Held(
        tables.Workspace,
        "the Slack workspace",
        kept="id slack_team_id name bot_user_id created_at last_seen_at disconnected_reason "
        "charts_refused_at weekly_messages",
    ),
)
"""The tables whose rows belong to nobody, or are found by what they show.

A coach is deleted only when no team names them, so a team names none who are.
"""

ALL = (*OF_PEOPLE, *SHARED)

BY_MODEL: Mapping[type[Row], Held] = {held.model: held for held in ALL}

SUBJECTS: Mapping[str, type[Row]] = {
    outbox.CHECK_IN: tables.CheckIn,
    outbox.REMINDER: tables.Reminder,
    outbox.ALERT: tables.Alert,
    outbox.HOME: tables.Member,
    outbox.WELCOME: tables.Enrolment,
    outbox.PLAN: tables.Plan,
    outbox.PLAN_REPLY: tables.Plan,
    **dict.fromkeys(outbox.PLAN_EVENTS, tables.Plan),
    outbox.NOTICE: tables.Notice,
    outbox.WITHDRAWN: tables.Withdrawal,
    outbox.AGREEMENT: tables.Agreement,
    outbox.PASSED_ON: tables.Alert,
    outbox.ADVICE: tables.Advice,
    outbox.BRIEF: tables.Brief,
    outbox.PRAISE: tables.Praise,
    outbox.MIDWEEK: tables.MidweekLine,
    outbox.DIRECT_REPLY: tables.DirectMessage,
    outbox.EXPORT: tables.ExportOrder,
}
"""The table of the subjects of each surface."""

Condition = sa.ColumnElement[bool]


def names_members(held: Held) -> list[str]:
    """Return the columns by which a row names people, other than the one to whom it belongs."""
    return [
        column.name
        for column in table(held.model).columns
        if column.name != held.owner
        and any(key.column.table is table(tables.Member) for key in column.foreign_keys)
    ]
