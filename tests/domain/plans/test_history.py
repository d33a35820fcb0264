"""Versions are kept, listed and compared; what becomes of them when somebody leaves or a channel is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from sqlmodel import Session, select

from bot.domain import deliveries
from bot.domain.metrics import targets
from bot.domain.outbox import outbox, sending
from bot.domain.outbox.outbox import Lane
from bot.domain.outbox.sending import Claimed
from bot.domain.people import enrolments
from bot.domain.plans import drafts as plan_drafts
from bot.domain.plans import in_force as signed_plans
from bot.domain.plans import overview as plans
from bot.domain.plans import sign_off as plan_sign_off
from bot.domain.shown.plans import OtherGoalForm, PlanShown, Versions
from bot.domain.tables import Member, Metric, OutboxItem, Plan, PlanState, Team
from tests.domain.planning import GOAL, NEXT_MONDAY, TUESDAY, Office, numbers
from tests.domain.plans.test_goals import own_metric

NOT_YOURS = "Only a rep and their coaches see the rep’s plan. Open yours with /plan."


def versions(office: Office, user: str, of: str | None = None) -> Versions:
    return office.do(plans.versions, user, slack_user_id=of)


def test_versions_are_listed_newest_first_and_compared(office: Office) -> None:
    first = office.propose()
    office.do(plan_sign_off.send_back, "UC", plan_id=first, reason="Too high.")
    second = office.propose(goal=replace(GOAL, goal="550k"))
    office.approve(second)
    office.draft(goal=replace(GOAL, goal="1m"))  # a draft is no version yet

    own, coachs = versions(office, "U1"), versions(office, "UC", "U1")
    assert (own.own, coachs.own, own.more) == (True, False, 0)
    assert own.rows == coachs.rows
    assert [(row.version, row.state, row.goal) for row in own.rows] == [
        (2, "approved", Decimal(550_000)),
        (1, "sent_back", Decimal(600_000)),
    ]
    assert (own.rows[0].conversations, own.rows[0].from_week) == (21, NEXT_MONDAY)

    for pair in ((first, second), (second, first)):
        both = office.do(plans.compare, "UC", before_id=pair[0], after_id=pair[1])
        assert (both.before.version, both.after.version) == (1, 2)
        assert both.after.based_on == 1
    same = office.refused(plans.compare, "UC", before_id=first, after_id=first)
    assert same == "Choose two different versions of one plan to compare."
    other = office.propose("U2")
    assert office.refused(plans.compare, "UC", before_id=first, after_id=other) == same
    assert office.refused(plans.compare, "U1", before_id=first, after_id=other) == NOT_YOURS


def test_what_an_overview_holds(office: Office) -> None:
    nothing = office.do(plans.overview, "U1")
    assert (nothing.in_force, nothing.waiting, nothing.draft_id) == (None, None, None)
    assert nothing.versions == 0
    signed = office.signed()
    waiting = office.propose(goal=replace(GOAL, goal="700k"))
    for user, of in (("U1", None), ("UD", "U1")):
        found = office.do(plans.overview, user, slack_user_id=of)
        assert found.in_force is not None
        assert found.waiting is not None
        assert (found.in_force.plan_id, found.waiting.plan_id) == (signed, waiting)
        assert (found.rep_name, found.own, found.versions) == ("Priya", of is None, 2)
    office.now += timedelta(days=400)
    over = office.do(plans.overview, "U1").in_force
    assert over is not None
    assert over.ended


def test_who_sees_whose_plan(office: Office) -> None:
    plan_id = office.signed()
    for user in ("U2", "UN", "UA"):
        assert office.refused(plans.version, user, plan_id=plan_id) == NOT_YOURS
        assert office.refused(plans.overview, user, slack_user_id="U1") == NOT_YOURS
        assert office.refused(plans.versions, user, slack_user_id="U1") == NOT_YOURS
    assert office.refused(plans.overview, "UC") == (
        "You have no plan of your own as you are in no team. "
        "Name one of your reps to see theirs, like /plan @name."
    )
    assert office.refused(plans.overview, "UA").startswith("You are not in a sales team yet.")

    def another_coach(session: Session) -> None:
        team = session.exec(select(Team).where(Team.name == "Harbor")).one()
        nora = session.exec(select(Member).where(Member.slack_user_id == "UN")).one()
        team.coach_id, team.second_coach_id = nora.id, None

    office.database.write_now(another_coach)
    assert office.do(plans.version, "UN", plan_id=plan_id).coach_name == "Nora"
    assert office.refused(plans.version, "UC", plan_id=plan_id) == NOT_YOURS


def shown(office: Office, plan_id: int) -> PlanShown:
    return office.database.write_now(plans.show, plan_id, now=office.now)


def test_who_moves_to_another_team_takes_along_what_is_signed(office: Office) -> None:
    demos = OtherGoalForm("metric", "", amount="5", metric_id=own_metric(office))
    signed = office.propose(others=(demos,))
    office.approve(signed)
    assert office.targets(NEXT_MONDAY)["demos"] == Decimal(5)
    waiting = office.propose(goal=replace(GOAL, goal="700k"))
    office.database.write_now(office.enrol, "U1", "Quay", now=office.now)
    withdrawn = shown(office, waiting)
    assert (withdrawn.state, withdrawn.reason) == ("declined", "Priya moved to Quay.")
    assert withdrawn.decided_by is None
    assert office.desired_versions("plan")[waiting] == 2
    assert office.targets(NEXT_MONDAY)["conversations"] == Decimal(22)

    said = office.refused(plan_sign_off.approve, "UC", plan_id=waiting)
    assert said == "Only the coaches of Quay can act on this plan."
    hers = office.suggest(signed, "UN")  # the new coach goes on from there
    assert shown(office, hers).team_name == "Quay"
    office.do(plan_sign_off.accept, "U1", plan_id=hers)
    office.approve(hers, "UN")
    assert office.targets(NEXT_MONDAY)["conversations"] == Decimal(19)
    assert "demos" not in office.targets(NEXT_MONDAY)  # which only the old team counts


def test_who_leaves_has_nothing_waiting_any_more(office: Office) -> None:
    hers = office.suggest(office.propose())

    def leave(session: Session) -> None:
        priya = session.exec(select(Member).where(Member.slack_user_id == "U1")).one()
        enrolments.end(session, member=priya, now=office.now)

    office.database.write_now(leave)
    assert shown(office, hers).reason == "Priya left the team."
    said = office.refused(plan_sign_off.suggest_step, "UC", plan_id=hers)
    assert said == "Priya is in no team any more: there is nothing to decide."
    assert office.refused(plan_drafts.goal_step, "U1").startswith("You are not in a sales team")


def test_the_plan_in_force_is_the_one_that_counts_in_a_week(office: Office) -> None:
    first = office.signed(goal=replace(GOAL, ends_on=date(2027, 10, 31)))
    office.now = TUESDAY
    second = office.signed(goal=replace(GOAL, goal="300k"))

    def counted(session: Session) -> list[int | None]:
        priya = session.exec(select(Member).where(Member.slack_user_id == "U1")).one()
        weeks = [date(2026, 11, 16), NEXT_MONDAY, date(2026, 11, 30), date(2027, 11, 1)]
        found = [signed_plans.in_force(session, priya.id, week) for week in weeks]
        return [plan.id if plan else None for plan in found]

    assert office.database.write_now(counted) == [None, first, second, None]


def test_a_signed_goal_of_a_metric_sets_its_target_for_its_own_weeks(office: Office) -> None:
    demos, visits = own_metric(office), own_metric(office, "Visits")
    five = OtherGoalForm("metric", "", amount="5", metric_id=demos)
    until = OtherGoalForm(
        "metric",
        "",
        amount="3",
        metric_id=visits,
        begins_on=date(2026, 12, 9),
        ends_on=date(2026, 12, 16),
    )
    built_in = OtherGoalForm("metric", "", amount="99", metric_id=_id_of(office, "conversations"))
    office.approve(office.propose(others=(five, until, built_in)))
    asked = {
        week: {k: v for k, v in office.targets(week).items() if k in {"demos", "visits"}}
        for week in (NEXT_MONDAY, date(2026, 12, 7), date(2026, 12, 14), date(2026, 12, 21))
    }
    assert list(asked.values()) == [
        {"demos": 5},
        {"demos": 5, "visits": 3},
        {"demos": 5, "visits": 3},
        {"demos": 5},
    ]
    assert office.targets(NEXT_MONDAY)["conversations"] == Decimal(22)  # what the plan computes

    # The next version has no such goal any more: what the first one set ends with it.
    office.now = TUESDAY
    draft = office.draft(goal=replace(GOAL, goal="500k")).plan_id

    def drop(session: Session) -> None:
        for goal in plan_drafts.goals_of(session, draft):
            session.delete(goal)

    office.database.write_now(drop)
    office.numbers(draft)
    office.do(plan_drafts.propose, "U1", plan_id=draft, pairs={})
    office.approve(draft)
    assert office.targets(NEXT_MONDAY)["demos"] == Decimal(5)
    assert "demos" not in office.targets(date(2026, 11, 30))


def _id_of(office: Office, key: str) -> int:
    return office.database.write_now(
        lambda s: s.exec(select(Metric).where(Metric.key == key)).one().id
    )


def test_a_plan_whose_channel_was_lost_goes_to_the_coach_and_comes_out_when_it_is_mended(
    office: Office,
) -> None:
    plan_id = office.propose()

    def fail(session: Session) -> None:
        (claimed,) = [
            item
            for item in sending.claim(session, sender="s", lane=Lane.POST, now=office.now, limit=50)
            if item.surface == outbox.PLAN
        ]
        deliveries.channel_failed(
            session, claimed=claimed, sender="s", code="is_archived", now=office.now
        )

    office.database.write_now(fail)
    assert shown(office, plan_id).problem == "is_archived"

    def stands_and_is_behind(session: Session) -> None:
        item = session.exec(select(OutboxItem).where(OutboxItem.surface == "plan")).one()
        item.ts, item.channel = "1.0", "CHarbor"
        item.due_at = office.now + timedelta(hours=1)

    office.database.write_now(stands_and_is_behind)
    office.database.write_now(
        deliveries.channel_event,
        workspace_id=office.workspace_id,
        channel="CHarbor",
        problem=None,
        now=office.now,
    )
    due = office.database.write_now(
        lambda s: s.exec(select(OutboxItem).where(OutboxItem.surface == "plan")).one().due_at
    )
    assert due == office.now
    assert shown(office, plan_id).problem is None


def test_where_a_coach_is_gone_the_plan_waits_for_the_second(office: Office) -> None:
    plan_id = office.propose()

    def gone(session: Session) -> OutboxItem:
        coach = session.exec(select(Member).where(Member.slack_user_id == "UC")).one()
        claimed: list[Claimed] = sending.claim(
            session, sender="s", lane=Lane.POST, now=office.now, limit=50
        )
        (about,) = [item for item in claimed if item.surface == outbox.PLAN]
        deliveries.recipient_gone(
            session,
            claimed=about,
            sender="s",
            member_id=coach.id,
            because="user_disabled",
            now=office.now,
        )
        found = session.exec(select(OutboxItem).where(OutboxItem.id == about.id)).one()
        return OutboxItem(**found.model_dump())

    item = office.database.write_now(gone)
    assert (item.failed_reason, item.due_at) == (None, office.now)
    assert office.approve(plan_id, "UD").state == PlanState.APPROVED
    assert office.count(Plan) == 1


def test_targets_that_a_rep_without_a_plan_has_stay_the_coachs(office: Office) -> None:
    plan_id = office.draft().plan_id
    office.numbers(plan_id, form=numbers())
    assert office.targets(NEXT_MONDAY) == {}

    def count(session: Session) -> int:
        priya = session.exec(select(Member).where(Member.slack_user_id == "U1")).one()
        return len(targets.in_force(session, [priya.id], NEXT_MONDAY))

    assert office.database.write_now(count) == 0
