"""What must never be so in the database, as plain SQL."""

from __future__ import annotations

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
        " (SELECT 1 FROM outbox WHERE surface = 'alert' AND subject_id = alert.id)"
        " AND NOT EXISTS (SELECT 1 FROM withdrawal JOIN outbox ON outbox.surface = 'withdrawn'"
        " AND outbox.subject_id = withdrawal.id"
        " WHERE withdrawal.surface = 'alert' AND withdrawal.subject_id = alert.id)",
    ),
    (
        "P6",
        "an alert held by somebody who does not coach its team",
        "SELECT alert.id FROM alert JOIN team ON team.id = team_id WHERE done_at IS NULL"
        " AND taken_by IS NOT NULL AND taken_by <> coach_id"
        " AND taken_by <> coalesce(second_coach_id, 0)",
    ),
    (
        "P6",
        "a plan that its own rep signed",
        "SELECT id FROM plan WHERE coach_agreed_by = member_id",
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
