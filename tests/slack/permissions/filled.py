"""What a form is filled in with, and the state of a plan that a case needs."""

from __future__ import annotations

from typing import Any

FILLED: dict[str, dict[str, Any]] = {
    "advice.modal": {"advice.words": "How do I close?"},
    "agreement.otherwise_modal": {"agreement.words": "Two plans"},
    "alert.done_modal": {"alert.note": "We talked."},
    "cause.modal": {"cause.cause": "empty_pipeline"},
    "check_in.form": {"answer.13": "5"},
    "check_in.number": {"answer.1": "18"},
    "conversation.form": {"company": "Quay Six", "base": "1st", "close": "inoffensive"},
    "entry.form": {"number": "4"},
    "plan.goal_step": {"plan.goal": "650k"},
    "plan.suggestion": {"plan.goal": "500k", "plan.reason": "Smaller."},
    "plan.sending_back": {"plan.reason": "Too much."},
    "plan.declining": {"plan.reason": "No."},
    "setup.pause": {"first_week": "2027-01-18"},
    "setup.team": {"name": "Quay Team", "coach": "U0QUINN", "channel": "C0NEW"},
    "setup.metric": {"name": "Letters", "question": "How many letters?"},
    "setup.rename": {"name": "Rings", "question": "How many rings?"},
    "setup.enrol": {"reps": ["U0MAYA"]},
    "setup.substitute": {"substitute": "U0SUBST", "last_day": "2026-12-09"},
    "setup.schedule": {"check_in_at": "10:00"},
    "setup.plan": {"weekly_hours": "30"},
    "setup.zone": {"zone": "Europe/Paris"},
    "setup.team_targets": {"everybody": "19"},
    "acts.guides": {"acts.guide.coach": "Listen first."},
}

_SECOND = "UPDATE plan SET state = '{}', version = 2, origin = '{}' WHERE id = 2"
PROPOSED, SUGGESTED, OFFERED = (
    _SECOND.format(*words)
    for words in (("proposed", "rep"), ("suggested", "coach"), ("offered", "sights"))
)

BRIEF = (
    "INSERT INTO brief (id, workspace_id, team_id, week, page, created_at) "
    "SELECT 1, workspace_id, 1, '2026-11-30', 0, created_at FROM alert LIMIT 1"
)

JUST_LOGGED = "UPDATE conversation SET logged_at = '2027-06-01 00:00:00.000000'"
"""Undo works for ten minutes."""

_MIDWEEK = "UPDATE enrolment SET midweek_at = {}"

GIVEN = {
    "midweek.on": _MIDWEEK.format("NULL"),
    "midweek.off": _MIDWEEK.format("'2027-06-03 08:00:00.000000'"),
    "conversation.undo": JUST_LOGGED,
    "brief.praise": BRIEF,
    "brief.page.more": BRIEF,
    "plan.approve": PROPOSED,
    "plan.approve_later": PROPOSED,
    "plan.send_back": PROPOSED,
    "plan.withdraw": PROPOSED,
    "plan.approval": PROPOSED,
    "plan.sending_back": PROPOSED,
    "plan.accept": SUGGESTED,
    "plan.decline": SUGGESTED,
    "plan.declining": SUGGESTED,
    "plan.agree": OFFERED,
    "plan.not_now": OFFERED,
}
"""What is written to the database before a case, by its key."""
