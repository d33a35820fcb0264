"""The permission table: a line for everything that can be typed, pressed or sent, a column for everybody.

The columns: rep, other rep, coach, second coach, former coach, admin who doesn't coach, somebody of another
workspace; the substitute, the coach who is away, a second coach who became a guest; one whose account was
deactivated. Everything is pressed with the ids of the rep.

The signs: W the rep's rows changed, o other rows did; S the rep's numbers were shown, s something without them
was; - nothing but a sentence; . nothing at all. What holds for whom comes from the design: reps have their own
record, today's coaches see and do what coaches do, admins set up and read no answers, nobody else anything.
"""

from __future__ import annotations

TABLE = """
type /checkin                         | s - - - - - . - - - -
type /checkin help                    | s s s s s s . s s s s
type /checkin away 28 Jan             | W o - - - - . - - - -
type /checkin back                    | - - - - - - . - - - -
type /checkin export                  | W o o o o o . o o o s
type /checkin log Calls 3             | W o - - - - . - - - -
type /checkin midweek on              | W o - - - - . - - - -
type /plan                            | S s - - - - . - - - -
type /plan help                       | s s s s s s . s s s s
type /plan <@U0PRIYA>                 | S - S S - - . S - - -
type /log-conversation                | s s - - - - . - - - -
type /log-conversation help           | s s s s s s . s s s s
type /log-conversation list           | s s - - - - . - - - -
type /log-conversation deals          | S s - - - - . - - - -
type /log-conversation Delta Dock 1st | W o - - - - . - - - -
type /coach                           | - - s s - s . s - - -
type /coach help                      | s s s s s s . s s s s
type /coach team                      | - - - - - s . - - - -
type /coach enrol                     | - - s s - s . s - - -
type /coach targets                   | - - s s - s . s - - -
type /coach targets <@U0PRIYA>        | - - s s - s . s - - -
type /coach targets team              | - - s s - s . s - - -
type /coach schedule                  | - - s s - s . s - - -
type /coach plan                      | - - s s - s . s - - -
type /coach metric                    | - - s s - s . s - - -
type /coach calendar                  | - - s s - s . s - - -
type /coach substitute                | - - s s - - . s s - -
type /coach pause                     | - - s s - s . s - - -
type /coach reps                      | - - s s - s . s - - -
type /coach log                       | - - - - - s . - - - -
type /coach acts                      | - - s s - s . s - - -
type /coach messages                  | - - s s - s . s - - -
type /coach messages 4                | - - - - - o . - - - -
type /coach away                      | - - s s - - . s - - -
type /coach away <@U0PRIYA>           | s - s s - - . s - - -
type /coach away <@U0PRIYA> 28 Jan    | W - W W - - . W - - -
type /coach export                    | - - W W - W . W - - -
type /coach <@U0PRIYA>                | - - S S - - . S - - -
press absence.more                    | W - W W - - . W - - -
press absence.open                    | s s - - - - . - - - -
press absence.take_back               | W - W W - - . W - - -
press advice.done                     | - - W W - - . W - - -
press advice.open                     | s s - - - - . - - - -
press advice.take_back                | W o - - - - . - - - -
press agreement.answer.kept.no        | W - - - - - . - - - -
press agreement.answer.kept.yes       | W - - - - - . - - - -
press agreement.answer.talked.no      | W - - - - - . - - - -
press agreement.answer.talked.yes     | W - - - - - . - - - -
press agreement.otherwise             | s - - - - - . - - - -
press alert.choose=2                  | - - o o - - . o - - -
press alert.done                      | - - s s - - . s - - -
press alert.how                       | - - s s - - . s - - -
press alert.take                      | - - o o - - . o - - -
press card.prepare                    | - - S S - - . S - - -
press brief.page.more                 | - - o o - - . o - - -
press brief.praise                    | - - - - - - . - - - -
press cause.choose                    | W - - - - - . - - - -
press cause.line                      | s - - - - - . - - - -
press check_in.answer.as_logged       | W - - - - - . - - - -
press check_in.answer.no              | o - - - - - . - - - -
press check_in.answer.yes             | s - - - - - . - - - -
press check_in.change                 | s - - - - - . - - - -
press check_in.open_form              | s - - - - - . - - - -
press check_in.snooze                 | o - - - - - . - - - -
press conversation.deals              | S s - - - - . - - - -
press conversation.deals_page.1       | S s - - - - . - - - -
press conversation.edit               | S - - - - - . - - - -
press conversation.edit_listed        | S - - - - - . - - - -
press conversation.fill               | - - - - - - . - - - -
press conversation.open               | s s - - - - . - - - -
press conversation.remove             | W - - - - - . - - - -
press conversation.undo               | W - - - - - . - - - -
press conversation.week               | s s - - - - . - - - -
press conversation.week_page.1        | s s - - - - . - - - -
press conversation.which.0            | - - - - - - . - - - -
press entry.open                      | s s - - - - . - - - -
press entry.undo                      | W - - - - - . - - - -
press home.turn.more                  | o o o o o o . o o o o
press midweek.off                     | W o - - - - . - - - -
press midweek.on                      | W o - - - - . - - - -
press numbers.nod                     | - - o o - - . o - - -
press pause.take_back                 | - - W W - W . W - - -
press plan.accept                     | W - - - - - . - - - -
press plan.add_goal.income            | s - - - - - . - - - -
press plan.add_goal.leave             | s - - - - - . - - - -
press plan.add_goal.metric            | s - - - - - . - - - -
press plan.add_goal.personal          | s - - - - - . - - - -
press plan.afresh                     | - - - - - - . - - - -
press plan.agree                      | W - W W - - . W - - -
press plan.approve                    | - - W W - - . W - - -
press plan.approve_later              | - - s s - - . s - - -
press plan.back_to_goal               | S - - - - - . - - - -
press plan.back_to_numbers            | S - - - - - . - - - -
press plan.change                     | S s - - - - . - - - -
press plan.decline                    | s - - - - - . - - - -
press plan.discard                    | W - - - - - . - - - -
press plan.goal_more                  | - - - - - - . - - - -
press plan.not_now                    | W - W W - - . W - - -
press plan.open                       | S s - - - - . - - - -
press plan.pick_period                | S s - - - - . - - - -
press plan.see                        | S - S S - - . S - - -
press plan.send_back                  | - - s s - - . s - - -
press plan.suggest                    | - - S S - - . S - - -
press plan.version_more=see           | S - S S - - . S - - -
press plan.versions                   | S - - - - - . - - - -
press plan.withdraw                   | W - - - - - . - - - -
press record.correct                  | - - - - - - . - - - -
press record.log                      | S - S S - - . S - - -
press record.log_page.1               | S - S S - - . S - - -
press record.open                     | S s - - - - . - - - -
press record.page.1                   | S - S S - - . S - - -
press record.plan                     | S - S S - - . S - - -
press setup.more=archive              | - - s s - s . s - - -
press setup.more=away                 | s - s s - - . s - - -
press setup.more=plan                 | S - S S - - . S - - -
press setup.more=remove               | - - s s - s . s - - -
press setup.more=rename               | - - s s - s . s - - -
press setup.more=targets              | - - s s - s . s - - -
press setup.more=zone                 | - - s s - s . s - - -
press setup.open.calendar             | - - s s - s . s - - -
press setup.open.enrol                | - - s s - s . s - - -
press setup.open.menu                 | - - s s - s . s - - -
press setup.open.metric               | - - s s - s . s - - -
press setup.open.pause                | - - s s - s . s - - -
press setup.open.plan                 | - - s s - s . s - - -
press setup.open.reps                 | - - s s - s . s - - -
press setup.open.schedule             | - - s s - s . s - - -
press setup.open.substitute           | - - s s - - . s s - -
press setup.open.targets              | - - s s - s . s - - -
press setup.pick.targets              | - - s s - s . s - - -
press setup.pick.team                 | - - - - - s . - - - -
press substitute.back                 | - - . . - - . . W - -
press team_targets.metric             | - - s s - s . s - - -
press team_targets.open               | - - s s - s . s - - -
press team_targets.page               | - - s s - s . s - - -
press team_targets.team               | - - s s - s . s - - -
send absence.form                     | W o - - - - . - - - -
send acts.guides                      | - - - - - o . - - - -
send advice.modal                     | W o - - - - . - - - -
send agreement.otherwise_modal        | W - - - - - . - - - -
send alert.done_modal                 | - - W W - - . W - - -
send cause.modal                      | W - - - - - . - - - -
send check_in.form                    | W - - - - - . - - - -
send check_in.number                  | W - - - - - . - - - -
send conversation.form                | W o - - - - . - - - -
send entry.form                       | W o - - - - . - - - -
send notice                           | . . . . . . . . . . .
send plan.approval                    | - - W W - - . W - - -
send plan.declining                   | W - - - - - . - - - -
send plan.goal_form                   | - - - - - - . - - - -
send plan.goal_step                   | W o - - - - . - - - -
send plan.numbers_step                | S - - - - - . - - - -
send plan.review_step                 | W - - - - - . - - - -
send plan.sending_back                | - - W W - - . W - - -
send plan.suggestion                  | - - W W - - . W - - -
send record.correction                | - - - - - - . - - - -
send setup.archive                    | - - o o - o . o - - -
send setup.calendar                   | - - s s - s . s - - -
send setup.calendar.region            | - - o o - o . o - - -
send setup.enrol                      | - - o o - o . o - - -
send setup.metric                     | - - o o - o . o - - -
send setup.pause                      | - - W W - W . W - - -
send setup.plan                       | - - o o - o . o - - -
send setup.remove                     | - - W W - W . W - - -
send setup.rename                     | - - o o - o . o - - -
send setup.schedule                   | - - W W - W . W - - -
send setup.substitute                 | - - W W - - . - W - -
send setup.targets                    | - - s s - s . s - - -
send setup.team                       | - - - - - o . - - - -
send setup.team_targets               | - - o o - o . o - - -
send setup.zone                       | - - W W - W . W - - -
hear app_home_opened                  | o o o o o o . o o o o
hear message                          | W o o o o o . o o o o
"""

HOMES = {
    "rep": "+----+",
    "other rep": "+-----",
    "coach": "-+++-+",
    "second coach": "-+++-+",
    "former coach": "------",
    "admin": "----+-",
    "substitute": "-+++-+",
    "coach away": "------",
    "guest": "------",
    "deactivated": "------",
}
"""What each Home has: own week, the rep's row and alert, the team's set-up, the checklist, the rep's numbers."""

OF_SLACK = (
    "member_left_channel",
    "member_joined_channel",
    "channel_archive",
    "group_archive",
    "channel_unarchive",
    "group_unarchive",
    "channel_deleted",
    "channel_rename",
    "group_rename",
    "channel_id_changed",
    "app_uninstalled",
    "tokens_revoked",
)
"""Events of the workspace, which nobody sends by a press: Slack signs them."""
