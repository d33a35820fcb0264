"""What the sender reports back of messages that were, or could not be, delivered."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlmodel import Session, col, select

from bot.database import Database
from bot.domain import deliveries
from bot.domain.checkins import scheduling
from bot.domain.deliveries import PostReport
from bot.domain.metrics import targets
from bot.domain.outbox import outbox, sending
from bot.domain.outbox.outbox import Lane
from bot.domain.outbox.sending import Claimed, Report
from bot.domain.tables import CheckIn, Member, Metric, OutboxItem, Plan, PlanState, Team, Workspace
from tests.counting import counted
from tests.domain.absences import away
from tests.domain.marked import marked, open_homes
from tests.domain.planning import Office
from tests.domain.plans.steps import shown
from tests.domain.setting_up import Setup
from tests.seeding import seed_once


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


# A message stands


def claimed(office: Office, surface: str) -> Claimed:
    """The row of a surface, claimed by the sender `s`."""
    found = office.database.write_now(
        sending.claim, sender="s", lane=Lane.POST, now=office.now, limit=50
    )
    (one,) = [item for item in found if item.surface == surface]
    return one


def post(office: Office, one: Claimed, ts: str, new_dm_of: int | None = None) -> bool:
    """The sender has posted the row's message; whether it was the first that is noted."""
    report = Report(one, "s", office.now, channel="D1", ts=ts)
    (first,) = office.database.write_now(deliveries.posted, [PostReport(report, new_dm_of)])
    return first


def ask(office: Office) -> CheckIn:
    """Everybody of Harbor is asked; Priya's check-in is scheduled."""

    def target(session: Session) -> None:
        for user in ("U1", "U2"):
            member = session.exec(select(Member).where(Member.slack_user_id == user)).one()
            metric = session.exec(select(Metric).where(Metric.key == "conversations")).one()
            targets.set_target(
                session,
                workspace_id=member.workspace_id,
                member_id=member.id,
                metric_id=metric.id,
                from_week=date(2026, 11, 16),
                amount=Decimal(20),
                set_by=None,
                now=office.now,
            )

    office.database.write_now(target)
    office.now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    office.database.write_now(scheduling.schedule_due, now=office.now)
    return check_in(office)


def check_in(office: Office, user: str = "U1") -> CheckIn:
    def read(session: Session) -> CheckIn:
        found = session.exec(
            select(CheckIn)
            .join(Member, col(Member.id) == col(CheckIn.member_id))
            .where(Member.slack_user_id == user)
        ).one()
        return CheckIn(**found.model_dump())

    return office.database.read_now(read)


def test_a_check_in_is_open_from_its_delivery_on_and_a_second_copy_changes_nothing(
    office: Office,
) -> None:
    asked = ask(office)
    assert asked.state == "scheduled"
    found = office.database.write_now(
        sending.claim, sender="s", lane=Lane.POST, now=office.now, limit=50
    )
    (one,) = [i for i in found if (i.surface, i.subject_id) == (outbox.CHECK_IN, asked.id)]
    delivered_at = office.now + timedelta(seconds=5)
    assert post(office, one, f"{delivered_at.timestamp():.6f}", new_dm_of=asked.member_id)
    now_open = check_in(office)
    assert (now_open.state, now_open.delivered_at) == ("open", delivered_at)
    assert now_open.deadline_at is not None
    assert check_in(office, "U2").state == "scheduled"

    later = office.now + timedelta(hours=1)
    assert not post(office, one, f"{later.timestamp():.6f}")
    assert check_in(office).delivered_at == delivered_at
    dms = office.database.read_now(
        lambda s: s.exec(select(Member.dm_channel).order_by(Member.id)).all()
    )
    assert [channel for channel in dms if channel] == ["D1"]


# Who can't be written to


def test_who_is_gone_is_noted_and_their_check_in_is_nobodys_miss(office: Office) -> None:
    asked = ask(office)
    open_homes(office.database, ("UA", "UC", "UN", "U1"), now=office.now)
    found = office.database.write_now(
        sending.claim, sender="s", lane=Lane.POST, now=office.now, limit=50
    )
    (one,) = [i for i in found if (i.surface, i.subject_id) == (outbox.CHECK_IN, asked.id)]

    def gone() -> None:
        office.database.write_now(
            deliveries.recipient_gone,
            claimed=one,
            sender="s",
            member_id=asked.member_id,
            because="user_disabled",
            now=office.now,
        )

    assert {"home UA", "home UC", "home UN"} <= marked(office.database, gone)
    skipped = check_in(office)
    assert (skipped.state, skipped.skipped_because) == ("skipped", "unreachable")

    def read(session: Session) -> tuple[str | None, str | None]:
        item = session.get_one(OutboxItem, one.id)
        return item.failed_reason, session.get_one(Member, asked.member_id).inactive_because

    assert office.database.read_now(read) == ("user_disabled", "user_disabled")


# Coach channels


def fail_channel(office: Office) -> OutboxItem:
    """The channel does not take Harbor's plan."""
    one = claimed(office, outbox.PLAN)
    office.database.write_now(
        deliveries.channel_failed, claimed=one, sender="s", code="is_archived", now=office.now
    )
    return office.database.read_now(
        lambda s: OutboxItem(**s.get_one(OutboxItem, one.id).model_dump())
    )


def test_a_channel_that_fails_is_told_on_the_homes_and_counts_as_no_attempt(
    office: Office,
) -> None:
    office.propose()
    open_homes(office.database, ("UA", "UC", "UN", "U1"), now=office.now)
    items: list[OutboxItem] = []
    found = marked(office.database, lambda: items.append(fail_channel(office)))
    assert found == {"home UA", "home UC", "home UN"}
    (item,) = items
    assert (item.attempts, item.due_at, item.claimed_by) == (0, office.now, None)
    assert problems(office) == ["is_archived", None]


def channel_is(office: Office, problem: str | None, *, workspace_id: int | None = None) -> None:
    office.database.write_now(
        deliveries.channel_event,
        workspace_id=workspace_id or office.workspace_id,
        channel="CHarbor",
        problem=problem,
        now=office.now,
    )


def problems(office: Office) -> list[str | None]:
    return office.database.read_now(
        lambda s: list(s.exec(select(Team.channel_problem).order_by(Team.name)))
    )


def test_what_slack_says_of_a_channel_is_about_its_teams_and_told_on_the_homes(
    office: Office,
) -> None:
    open_homes(office.database, ("UA", "UC", "U1"), now=office.now)
    elsewhere = Setup(office.database, team="T2").workspace_id
    assert marked(office.database, lambda: channel_is(office, "x", workspace_id=elsewhere)) == set()
    assert problems(office) == [None, None]
    homes = {"home UA", "home UC", "home U1"}  # the rep is told who reads a miss
    assert marked(office.database, lambda: channel_is(office, "is_archived")) == homes
    assert problems(office) == ["is_archived", None]
    assert marked(office.database, lambda: channel_is(office, None)) == homes
    assert problems(office) == [None, None]


def test_what_is_long_past_is_not_redrawn_when_a_channel_is_mended(office: Office) -> None:
    plan_id = office.propose()

    def behind(session: Session, days: int) -> None:
        item = session.exec(select(OutboxItem).where(OutboxItem.surface == "plan")).one()
        item.due_at = office.now + timedelta(hours=1)
        session.get_one(Plan, plan_id).created_at = office.now - timedelta(days=days)

    def due_at() -> datetime | None:
        return office.database.read_now(
            lambda s: s.exec(select(OutboxItem).where(OutboxItem.surface == "plan")).one().due_at
        )

    office.database.write_now(behind, 90)
    channel_is(office, None)
    assert due_at() == office.now + timedelta(hours=1)
    office.database.write_now(behind, 89)
    channel_is(office, None)
    assert due_at() == office.now


def test_a_token_that_died_is_remembered(office: Office) -> None:
    office.database.write_now(
        deliveries.token_died, workspace_id=office.workspace_id, because="token_revoked"
    )
    reason = office.database.read_now(
        lambda s: s.get_one(Workspace, office.workspace_id).disconnected_reason
    )
    assert reason == "token_revoked"


# Many at once


def test_fifty_posted_check_ins_take_no_more_statements_than_five(database: Database) -> None:
    """Each rep's DM was unknown before, as on the first Monday."""
    seed_once(database, away.seed, reps=55)
    monday = away.at(23, 9)
    database.write_now(scheduling.schedule_due, now=monday)
    claimed: list[Claimed] = database.write_now(
        sending.claim, sender="s", lane=Lane.POST, now=monday, limit=200
    )
    asked = [one for one in claimed if one.surface == outbox.CHECK_IN]
    posted = [
        PostReport(
            Report(one, "s", monday, channel=f"D{number}", ts=f"{monday.timestamp()}"), number
        )
        for number, one in enumerate(asked, start=2)  # member 1 is the coach
    ]
    with counted(database) as few:
        assert all(database.write_now(deliveries.posted, posted[:5]))
    with counted(database) as many:
        assert all(database.write_now(deliveries.posted, posted[5:]))
    assert len(posted[5:]) == 50
    assert len(many) <= len(few)  # PostgreSQL's COPY is not seen
    found = database.read_now(lambda s: s.exec(select(Member.dm_channel)).all())
    assert {channel for channel in found if channel} == {f"D{n}" for n in range(2, 57)}
