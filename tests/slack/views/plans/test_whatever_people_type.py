"""No view of a plan has text of people that is alive, or more of it than Slack takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.shown.plans import (
    Approval,
    Comparison,
    GoalShown,
    OtherGoalStep,
    Pair,
    PlanShown,
    ReviewStep,
)
from bot.rules.conflicts import Conflict, Kind
from bot.rules.validity import Finding
from bot.slack.views.plans import decisions as plan_decisions
from bot.slack.views.plans import goals as plan_goals
from bot.slack.views.plans import messages as plan_messages
from bot.slack.views.plans import overview as plan_overview
from bot.slack.views.plans import versions as plan_versions
from bot.slack.views.plans import wizard as plan_wizard
from tests.slack.views.plans.shown import (
    PLAN,
    READER,
    own,
)
from tests.slack.views.sound import check_sound

hostile = st.one_of(
    st.text(max_size=80),
    st.sampled_from(["<!channel>", "<@U0BOSS>", "<#C1|x>", "<https://x|y> & co", "&lt;!here&gt;"]),
    st.just("<!here>" + "x" * 1_000),
)
amounts = st.sampled_from([None, Decimal(0), Decimal("0.5"), Decimal(10**11)])
days = st.sampled_from([None, date(1, 1, 1), date(2026, 10, 4), date(9999, 12, 31)])
goals = st.builds(
    GoalShown,
    goal_id=st.just(2**31 - 1),
    key=st.just("k"),
    kind=st.sampled_from(["income", "personal", "leave", "metric"]),
    words=hostile,
    amount=amounts,
    unit=st.sampled_from(["money", "count", None, "<!here>"]),
    metric=st.none(),
    commission=amounts,
    hours=amounts,
    begins_on=days,
    ends_on=days,
)
conflicts = st.builds(Conflict, st.sampled_from(Kind), hostile, hostile, hostile, hostile)
findings = st.builds(Finding, hostile, st.booleans())


def many_of(goal: GoalShown, count: int) -> tuple[GoalShown, ...]:
    return tuple(replace(goal, key=f"k{n}", goal_id=n + 1) for n in range(count))


plans = st.builds(
    replace,
    st.just(PLAN),
    state=st.sampled_from([*plan_versions.STATES]),
    origin=st.sampled_from(["rep", "coach", "sights", "fresh_start"]),
    rep_name=hostile,
    coach_name=hostile,
    goal=st.sampled_from([Decimal("0.01"), Decimal(600_000), Decimal(10**11)]),
    goals=st.builds(many_of, goals, st.sampled_from([0, 1, 10])),
    conflicts=st.builds(lambda one, n: (one,) * n, conflicts, st.sampled_from([0, 1, 40])),
    findings=st.builds(lambda one, n: (one,) * n, findings, st.sampled_from([0, 1, 40])),
    reason=st.none() | hostile,
    coach_channel=st.none() | st.just("C0OWN"),
    problem=st.none() | st.just("<!here>"),
    from_week=st.none() | st.just(date(2026, 2, 9)),
    reader=st.sampled_from([READER, replace(READER, locale="de_DE", currency="EUR")]),
)


@settings(max_examples=40, deadline=None)
@given(plans, hostile, st.sampled_from([0, 1, 5]))
def test_nothing_that_people_wrote_is_alive_or_too_long(
    shown: PlanShown, name: str, asked: int
) -> None:
    pairs = tuple(Pair("sales", name, f"k{n}", name) for n in range(asked))
    check_sound(plan_messages.plan_message(shown))
    check_sound(plan_messages.plan_reply_message(shown))
    check_sound(plan_overview.usage_message(name))
    views = [
        plan_wizard.review_modal(ReviewStep(shown, pairs)),
        plan_wizard.sent_modal(shown),
        plan_overview.overview_modal(own(waiting=shown, in_force=shown, versions=1)),
        plan_overview.overview_modal(
            own(own=False, sent_back=shown, in_force=shown, rep_name=shown.rep_name)
        ),
        plan_versions.version_modal(shown),
        plan_versions.comparison_modal(Comparison(PLAN, shown)),
        plan_decisions.send_back_modal(shown),
        plan_decisions.decline_modal(shown),
        plan_decisions.approval_modal(
            Approval(7, shown.rep_name, (date(2026, 2, 9), date(2026, 2, 16)), READER)
        ),
        *(
            plan_goals.goal_modal(
                OtherGoalStep(7, goal.kind, goal, ((3, "A", "count"),), 3, READER)
            )
            for goal in shown.goals[:3]
        ),
    ]
    for view in views:
        check_sound(view)
