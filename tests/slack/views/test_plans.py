"""What people see of plans: within Slack's limits, in every state, with nothing of people's text alive."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.shown.home import CoachedRep, CoachHome, HomeShown, PlanInShort, RepHome
from bot.domain.shown.plans import (
    Approval,
    Comparison,
    Figure,
    GoalShown,
    GoalStep,
    NumbersStep,
    OtherGoalStep,
    Pair,
    PlanOverview,
    PlanShown,
    ReviewStep,
    VersionRow,
    Versions,
)
from bot.domain.shown.reader import Reader
from bot.rules import plan as rules
from bot.rules import ratios
from bot.rules.conflicts import Conflict, Kind
from bot.rules.periods import Period, Span, span_of
from bot.rules.ratios import Provenance, Ratio, Step
from bot.rules.validity import Finding
from bot.sandbox.block_kit.checks import check_message, check_view
from bot.slack.views.blocks import Message, View
from bot.slack.views.home import home_view
from bot.slack.views.plans import decisions as plan_decisions
from bot.slack.views.plans import goals as plan_goals
from bot.slack.views.plans import messages as plan_messages
from bot.slack.views.plans import overview as plan_overview
from bot.slack.views.plans import versions as plan_versions
from bot.slack.views.plans import wizard as plan_wizard
from bot.slack.views.plans import words as plan_words

READER = Reader(timezone="Europe/London", locale="en_US", currency="USD")
TODAY = date(2026, 2, 6)
SPAN = Span(date(2026, 1, 1), date(2026, 12, 31))
MARCH = date(2026, 3, 3)
MOMENT = datetime(2026, 2, 6, 15, 30, tzinfo=UTC)
NUMBERS = rules.PlanInput(
    goal=Decimal(600_000),
    closed=Decimal(0),
    average_sale=Decimal(20_000),
    ratios=ratios.ASSUMED,
    working_weeks=Decimal(46),
)
PLAN = PlanShown(
    plan_id=7,
    version=3,
    state="proposed",
    origin="rep",
    rep="U0OWNREP",
    rep_name="Priya Nair",
    coach="U0OWNCOACH",
    coach_name="Dana Whitfield",
    team_name="Harbor Sales",
    reader=READER,
    span=SPAN,
    goal=Decimal(600_000),
    closed=Figure(Decimal(0), Provenance.ASSUMED),
    average_sale=Figure(Decimal(20_000), Provenance.OVERRULED),
    ratios=tuple(Ratio(step, ratios.ASSUMED[step], Provenance.ASSUMED) for step in Step),
    working_weeks=Decimal(46),
    weeks_counted=Decimal(46),
    plan=rules.compute(NUMBERS),
    goals=(),
    conflicts=(),
    findings=(),
    targets_now={"conversations": Decimal(20), "base_moves": Decimal(9), "sales": Decimal(10_000)},
    from_week=None,
    next_week=date(2026, 2, 9),
    based_on=None,
    proposed_at=MOMENT,
    rep_agreed_at=MOMENT,
    coach_agreed_at=None,
    coach_agreed_by=None,
    decided_by=None,
    decided_at=None,
    reason=None,
    replaced_by=None,
    ended=False,
    coach_channel="C0OWN",
)
GOAL = GoalShown(
    goal_id=5,
    key="k5",
    kind="personal",
    words="Run a half marathon",
    amount=Decimal(21),
    unit="km",
    metric=None,
    commission=None,
    hours=Decimal("3.5"),
    begins_on=None,
    ends_on=date(2026, 10, 4),
)
NUMBERS_STEP = NumbersStep(
    plan_id=7,
    span=SPAN,
    first_week=date(2026, 2, 9),
    goal=Decimal(600_000),
    closed=PLAN.closed,
    average_sale=PLAN.average_sale,
    ratios=PLAN.ratios,
    working_weeks=Decimal(46),
    weeks_counted=Decimal("44.2"),
    days_away=9,
    sales_cycle_days=60,
    reader=READER,
)


def measured(hits: int, trials: int, since: date | None = MARCH) -> Ratio:
    return ratios.ratio(Step.SECOND, hits=hits, trials=trials, since=since)


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (measured(12, 31), "measured: 12 of 31 since 3 March"),
        (measured(3, 7), "thin: 3 of 7 since 3 March, somewhere between 15 and 75 %"),
        (measured(0, 0), "assumed: nothing is logged yet"),
        (measured(0, 9), "assumed: none of 9 since 3 March got there"),
        (
            ratios.overruled(measured(12, 31), Decimal(45)),
            "yours; measured 38.7 %, 12 of 31 since 3 March",
        ),
        (
            ratios.overruled(measured(3, 7, date(2025, 3, 3)), Decimal(45)),
            "yours; thin 42.8 %, 3 of 7 since 3 March 2025",
        ),
        (ratios.overruled(measured(0, 0), Decimal(45)), "yours; nothing is logged yet"),
        (
            ratios.overruled(measured(0, 9), Decimal(45)),
            "yours; none of 9 since 3 March got there",
        ),
    ],
)
def test_a_ratio_says_where_it_comes_from(ratio: Ratio, words: str) -> None:
    assert plan_words.ratio_origin(ratio, READER, 2026) == words


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (
            Figure(Decimal(14_300), Provenance.MEASURED, Decimal(14_300), 40, MARCH),
            "measured: $14,300 over 40 sales since 3 March",
        ),
        (
            Figure(Decimal(14_300), Provenance.THIN, Decimal(14_300), 1, MARCH),
            "thin: $14,300 over only 1 sale since 3 March",
        ),
        (
            Figure(Decimal(20_000), Provenance.OVERRULED, Decimal(14_300), 40, MARCH),
            "yours; measured $14,300 over 40 sales since 3 March",
        ),
        (
            Figure(None, Provenance.ASSUMED),
            "nothing is logged yet: type what one sale usually brings",
        ),
        (Figure(Decimal(20_000), Provenance.OVERRULED), "yours; nothing is logged yet"),
    ],
)
def test_an_average_sale_says_where_it_comes_from(figure: Figure, words: str) -> None:
    assert plan_words.average_origin(figure, READER, 2026) == words


def test_what_was_typed_over_is_yours_in_a_draft_and_by_hand_to_whoever_reads_it_later() -> None:
    ratio = ratios.overruled(measured(12, 31), Decimal(45))
    draft = replace(PLAN, ratios=(ratio,), state="draft")
    assert "*1st → 2nd 45 %*  yours; measured 38.7 %" in plan_words.origins(draft)[0]
    sent = replace(draft, state="proposed", working_weeks=Decimal(44))
    assert "*1st → 2nd 45 %*  by hand; measured 38.7 %" in plan_words.origins(sent)[0]
    assert plan_words.origins(sent)[-1] == "*44 working weeks*  by hand; the calendar gives 46"
    view = plan_decisions.suggest_modal(replace(NUMBERS_STEP, ratios=(ratio,)))
    assert "By hand; measured 38.7 %, 12 of 31 since 3 March." in text_of(view)


def test_what_is_closed_says_what_the_log_has() -> None:
    logged = Figure(Decimal(12_400), Provenance.MEASURED, Decimal(12_400), since=MARCH)
    assert plan_words.closed_origin(logged, READER, 2026) == "the log says $12,400 since 3 March"
    nothing = replace(logged, logged=Decimal(0))
    assert plan_words.closed_origin(nothing, READER, 2026) == "nothing is logged in this time yet"
    mine = replace(logged, value=Decimal(0), provenance=Provenance.OVERRULED)
    assert plan_words.closed_origin(mine, READER, 2026).startswith("yours; the log says $12,400")


def test_the_chain_of_the_worked_example_can_be_followed_line_by_line() -> None:
    assert plan_words.chain(PLAN).splitlines() == [
        "*30* sales = $600,000 ÷ $20,000",
        "*50* on 3rd = 30 ÷ 60 %",
        "*100* on 2nd = 50 ÷ 50 %",
        "*200* on 1st = 100 ÷ 50 %",
        "*1,000* conversations = 200 ÷ 20 %",
        "*22 a week* = 1,000 ÷ 46 weeks",
        "*380* base moves = 200 + 100 + 50 + 30",
        "*9 a week* = 380 ÷ 46 weeks",
    ]
    closed = replace(PLAN, closed=Figure(Decimal(120_000), Provenance.ASSUMED))
    closed = replace(closed, plan=rules.compute(replace(NUMBERS, closed=Decimal(120_000))))
    assert plan_words.chain(closed).splitlines()[:2] == [
        "*$480,000* to sell = $600,000 − $120,000 closed",
        "*24* sales = $480,000 ÷ $20,000",
    ]


def test_what_a_ratio_is_worth_comes_best_first_and_leaves_out_what_is_full() -> None:
    lines = plan_words.worth(PLAN.plan.worth, READER).splitlines()
    assert lines[0] == ("Conversation → 1st at 25 %: *4 fewer*, 1 a point")
    assert len(lines) == 4
    full = rules.compute(replace(NUMBERS, ratios={**ratios.ASSUMED, Step.HOME: Decimal(100)}))
    assert "3rd → home" not in plan_words.worth(full.worth, READER)


def test_the_week_is_shown_beside_what_counts_now() -> None:
    assert plan_words.weekly(PLAN).splitlines() == [
        "*22* conversations  (now 20)",
        "*9* base moves",
        "*$13,044* in sales  (now $10,000)",
    ]


# The wizard


def test_the_first_step_asks_for_dates_only_where_they_are_wanted() -> None:
    quarter = span_of(Period.THIS_QUARTER, today=TODAY)
    step = GoalStep(
        plan_id=None,
        periods={Period.THIS_YEAR: SPAN, Period.THIS_QUARTER: quarter},
        period=Period.THIS_YEAR,
        dates=None,
        goal=None,
        today=TODAY,
        reader=READER,
    )
    view = plan_wizard.goal_modal(step)
    check_sound_view(view)
    assert [block["block_id"] for block in inputs(view)] == ["plan.period", "plan.goal"]
    options = inputs(view)[0]["element"]["options"]
    assert options[0]["text"]["text"] == "This year: 1 January – 31 December 2026"
    dated = plan_wizard.goal_modal(replace(step, period=Period.DATES, goal=Decimal(600_000)))
    check_sound_view(dated)
    form = plan_wizard.read_goal(filled_in(dated))
    assert (form.period, form.begins_on, form.ends_on) == ("dates", TODAY, None)
    assert form.goal == "$600,000"


def test_the_second_step_comes_back_as_it_was_filled_in() -> None:
    view = plan_wizard.numbers_modal(NUMBERS_STEP)
    check_sound_view(view)
    form = plan_wizard.read_numbers(filled_in(view))
    assert (form.closed, form.average_sale, form.working_weeks) == ("$0", "$20,000", "46")
    assert form.ratios == {"first": "20", "second": "50", "third": "50", "home": "60"}
    hints = {block["block_id"]: block["hint"]["text"] for block in inputs(view)}
    assert hints["plan.ratio.first"] == "Assumed: nothing is logged yet."
    assert hints["plan.working_weeks"] == (
        "The calendar gives 44.2 from 9 February on, without 9 days of leave and public holidays."
    )


def test_the_third_step_sends_to_the_coach_by_name_and_says_who_reads_it() -> None:
    view = plan_wizard.review_modal(
        ReviewStep(PLAN, (Pair("sales", "Sell $600,000", "k5", "Run"),))
    )
    check_sound_view(view)
    assert view["submit"]["text"] == "Send to Dana"
    words = text_of(view)
    assert "<@U0OWNCOACH> in <#C0OWN>; who is in that channel reads all of it" in words
    assert inputs(view)[0]["label"]["text"] == "Does “Sell $600,000” get in the way of “Run”?"
    answered = filled_in(view)
    answered["state"]["values"]["plan.pair.sales:k5"]["value"]["selected_option"] = {"value": "no"}
    assert plan_wizard.read_pairs(answered) == {"sales:k5": "no"}
    assert plan_wizard.read_pairs(filled_in(view)) == {}


@pytest.mark.parametrize("kind", ["income", "personal", "leave", "metric"])
def test_the_form_of_a_goal_asks_what_its_kind_has(kind: str) -> None:
    metrics = ((3, "Referrals", "count"), (4, "Practice", "hours"))
    new = OtherGoalStep(7, kind, None, metrics, None, READER)
    goal = replace(
        GOAL,
        kind=kind,
        unit="money" if kind == "income" else "km",
        commission=Decimal("12.5"),
        begins_on=TODAY,
    )
    changed = OtherGoalStep(7, kind, goal, metrics, 4, READER)
    for step in (new, changed):
        check_sound_view(plan_goals.goal_modal(step))
    form = plan_goals.read_goal(filled_in(plan_goals.goal_modal(changed)), kind)
    expected = {
        "income": ("", "$21", "12.5", None),
        "personal": ("Run a half marathon", "21", "", None),
        "leave": ("Run a half marathon", "", "", None),
        "metric": ("", "21", "", 4),
    }[kind]
    assert (form.words, form.amount, form.commission, form.metric_id) == expected
    assert kind == "income" or (form.begins_on, form.ends_on) == (TODAY, date(2026, 10, 4))


def test_a_team_that_counts_nothing_leaves_a_form_without_a_button() -> None:
    view = plan_goals.goal_modal(OtherGoalStep(7, "metric", None, (), None, READER))
    check_sound_view(view)
    assert "submit" not in view


# The messages

REP, COACH = "<@U0OWNREP>", "<@U0OWNCOACH>"
MONDAY = date(2026, 2, 9)
DECIDE = "approve approve_later send_back suggest"
OFFERED = {"state": "offered", "origin": "sights"}
BY_COACH = {"coach_agreed_by": "U0OWNCOACH", "coach_agreed_at": MOMENT}
UNAGREED: dict[str, Any] = {"rep_agreed_at": None}
SIGNED_BY = {"state": "approved", "decided_by": "U0OWNCOACH", "from_week": MONDAY}
NOT_NOW = {"state": "declined", "origin": "sights", "decided_by": "U0OWNREP"}
SENT_BACK = {"state": "sent_back", "decided_by": "U0OWNCOACH", "reason": "Too <!here>"}

COACH_STATES: list[tuple[dict[str, Any], str, str]] = [
    ({}, "sends a plan to be signed*, version 3", DECIDE),
    ({"origin": "coach"}, "accepted the suggested numbers", DECIDE),
    ({"state": "suggested", **BY_COACH}, f"{COACH} *suggested numbers to* {REP}", "see"),
    ({**OFFERED, **UNAGREED}, "Nothing changes until rep and coach", "agree not_now"),
    (OFFERED, f"{REP} is in; it needs {COACH}, too", "agree not_now"),
    ({**OFFERED, **UNAGREED, **BY_COACH}, f"{COACH} is in; it needs {REP}, too", "see"),
    (
        SIGNED_BY,
        f"{COACH} *signed the plan of* {REP}, version 3. It counts from the week 9–15 February on",
        "see suggest",
    ),
    ({**SIGNED_BY, "origin": "sights"}, f"The sights of* {REP} *are raised", "see suggest"),
    ({**SIGNED_BY, "ended": True}, "signed the plan of", "see"),
    (SENT_BACK, f"*sent back the plan of* {REP}", "see"),
    ({"state": "declined", "origin": "coach"}, "did not take the suggested numbers", "see"),
    (NOT_NOW, f"{REP} would *not raise the sights*", "see"),
    ({"state": "replaced", "replaced_by": 4}, "version 4 took its place", "see"),
    ({"state": "replaced"}, "a later version took its place", "see"),
]


@pytest.mark.parametrize(("changes", "words", "buttons"), COACH_STATES)
def test_the_coach_reads_what_became_of_a_version_and_can_do_what_fits(
    changes: dict[str, Any], words: str, buttons: str
) -> None:
    message = plan_messages.plan_message(replace(PLAN, **changes))
    check_sound_message(message)
    assert words in text_of(message)
    assert buttons_of(message) == {f"plan.{name}" for name in buttons.split()}
    assert all(
        element["accessibility_label"]
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    )


REP_STATES: list[tuple[dict[str, Any], str, str]] = [
    ({"state": "suggested", **BY_COACH}, f"{COACH} *suggests other numbers", "accept decline"),
    ({**OFFERED, **UNAGREED}, "Raise your sights?", "agree not_now"),
    (OFFERED, f"it needs {COACH}, too", ""),
    ({"origin": "coach"}, f"You accepted version 3. It counts once {COACH} signs it", ""),
    (SIGNED_BY, "Your plan is signed.* It counts from the week 9–15 February", ""),
    (SENT_BACK, f"{COACH} *gave your plan back to you", "change"),
    ({"state": "declined", "origin": "coach"}, "You did not take these numbers", ""),
    (NOT_NOW, "Your sights stay as they are", ""),
    ({"state": "replaced", "replaced_by": 4}, "version 4 took its place", ""),
]


@pytest.mark.parametrize(("changes", "words", "buttons"), REP_STATES)
def test_the_rep_reads_what_became_of_a_version_and_can_answer(
    changes: dict[str, Any], words: str, buttons: str
) -> None:
    message = plan_messages.plan_reply_message(replace(PLAN, **changes))
    check_sound_message(message)
    assert words in text_of(message)
    assert buttons_of(message) == {f"plan.{name}" for name in buttons.split()}


def test_where_the_channel_fails_the_message_says_why_it_came_directly() -> None:
    message = plan_messages.plan_message(replace(PLAN, problem="is_archived"))
    check_sound_message(message)
    assert "Plans for <#C0OWN> come to you directly because the channel is archived" in (
        text_of(message)
    )


# Overview, versions, Home


def own(**changes: Any) -> PlanOverview:
    found = PlanOverview(
        rep="U0OWNREP",
        rep_name="Priya Nair",
        own=True,
        in_force=None,
        waiting=None,
        draft_id=None,
        sent_back=None,
        versions=0,
        targets_now=PLAN.targets_now,
        reader=READER,
    )
    return replace(found, **changes)


SIGNED = replace(PLAN, state="approved", from_week=date(2026, 2, 2), version=2)


SUGGESTED = replace(PLAN, state="suggested", reason="Try")
WRITE = "change afresh versions"


@pytest.mark.parametrize(
    ("changes", "words", "buttons"),
    [
        ({"versions": 1}, "What the coach set counts: 20 conversations", WRITE),
        ({"in_force": SIGNED, "versions": 2}, "Your signed plan, version 2", WRITE),
        ({"versions": 2, "draft_id": 9}, "Nobody sees it before", "change discard versions"),
        ({"in_force": replace(SIGNED, ended=True), "versions": 2}, "Its time is over", WRITE),
        ({"waiting": PLAN, "versions": 3}, f"Your plan waits for* {COACH}", WRITE),
        ({"waiting": SUGGESTED, "versions": 3}, "other numbers", f"accept decline {WRITE}"),
        ({"sent_back": replace(PLAN, **SENT_BACK), "versions": 3}, "Too <!here>", WRITE),
        (
            {"own": False, "waiting": PLAN, "in_force": SIGNED, "versions": 3},
            "sends a plan to be signed",
            f"{DECIDE} versions",
        ),
        ({"own": False, "in_force": SIGNED, "versions": 2}, "Nair’s signed", "suggest versions"),
        ({"own": False}, "ask them to type `/plan`", ""),
    ],
)
def test_the_overview_says_where_things_stand_and_offers_what_can_be_done(
    changes: dict[str, Any], words: str, buttons: str
) -> None:
    view = plan_overview.overview_modal(own(**changes))
    check_sound_view(view)
    assert words in text_of(view)
    assert buttons_of(view) == {f"plan.{name}" for name in buttons.split()}


def test_only_a_rep_without_any_version_begins_at_once() -> None:
    assert plan_overview.begins_at_once(own(draft_id=9))
    assert not plan_overview.begins_at_once(own(versions=1))
    assert not plan_overview.begins_at_once(own(own=False))


def test_a_comparison_shows_only_what_differs() -> None:
    other = replace(
        PLAN,
        version=4,
        goal=Decimal(650_000),
        goals=(GOAL,),
        plan=rules.compute(replace(NUMBERS, goal=Decimal(650_000))),
    )
    view = plan_versions.comparison_modal(Comparison(PLAN, other))
    check_sound_view(view)
    assert "*Goal*\n$600,000 → $650,000" in text_of(view)
    assert "*Conversations a week*\n22 → 24" in text_of(view)
    assert "– → *Run a half marathon*  21 km, 3.5 hours a week, by 4 October 2026" in text_of(view)
    assert "Average sale" not in text_of(view)
    same = plan_versions.comparison_modal(Comparison(PLAN, replace(PLAN, version=4)))
    assert "Nothing differs" in text_of(same)


def rep_home(plan: PlanInShort) -> View:
    rep = RepHome(
        team="Harbor Sales",
        coach="U0OWNCOACH",
        coach_name="Dana Whitfield",
        second_coach=None,
        coach_channel="C0OWN",
        week=date(2026, 2, 2),
        goals=(),
        work=None,
        away_until=None,
        planned=(),
        by_hand=False,
        open_check_in=None,
        open_week=None,
        comes_at=None,
        deadline_at=None,
        next_due_at=None,
        history=(),
        streak=0,
        plan=plan,
    )
    coached = CoachedRep("U0OWNREP", "Priya Nair", (), "none", None, None, None, None, plan)
    team = CoachHome(1, "Harbor Sales", "C0OWN", None, "USD", (coached,), 0)
    return home_view(HomeShown("Priya Nair", READER, rep, (team,), None))


@pytest.mark.parametrize(
    ("state", "waits_for", "for_rep", "for_coach"),
    [
        ("none", "", "Write my plan", "Plan: none yet"),
        ("draft", "", "Go on with my plan", "Plan: none yet"),
        ("proposed", "coach", "See my plan", "Plan: *waits for you*"),
        ("suggested", "rep", "Answer Dana", "Plan: your numbers wait for the rep"),
        ("offered", "rep coach", "Look at it", "Plan: *waits for you*"),
        ("offered", "coach", "See my plan", "Plan: *waits for you*"),
        ("offered", "rep", "Look at it", "Plan: higher sights wait for the rep"),
        ("sent_back", "rep", "Answer Dana", "Plan: sent back"),
        ("signed", "", "See my plan", "Plan: signed, to 31 December 2026"),
        ("ended", "", "Start afresh", "Plan: its time is over"),
    ],
)
def test_home_has_the_next_thing_to_do_for_rep_and_coach(
    state: str, waits_for: str, for_rep: str, for_coach: str
) -> None:
    numbers = (3, Decimal(600_000), SPAN.last, None, 22, 9, Decimal(13_044))
    known = numbers if state not in {"none", "draft"} else ()
    plan = replace(
        PlanInShort(state, *known),
        waits_for_rep="rep" in waits_for,
        waits_for_coach="coach" in waits_for,
    )
    view = rep_home(plan)
    check_sound_view(view)
    accessories = [b["accessory"]["text"]["text"] for b in view["blocks"] if "accessory" in b]
    assert accessories[0] == for_rep
    assert for_coach in text_of(view)
    if known:
        assert "$600,000 by 31 December 2026: 22 conversations · 9 base moves" in text_of(view)
    decide = {"coach": ["Decide"], "": ["See plan"]}["coach" if "coach" in waits_for else ""]
    assert accessories[1:] == ([] if not known else decide)


# Whatever people type, and however long it is

hostile = st.one_of(
    st.text(max_size=80),
    st.sampled_from(["<!channel>", "<@U0DANA>", "<#C1|x>", "<https://x|y> & co", "&lt;!here&gt;"]),
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
    check_sound_message(plan_messages.plan_message(shown))
    check_sound_message(plan_messages.plan_reply_message(shown))
    check_sound_message(plan_overview.usage_message(name))
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
        check_sound_view(view)


def test_a_hundred_versions_fit_and_each_compares_with_the_one_before() -> None:
    rows = tuple(
        VersionRow(
            plan_id=number,
            version=number,
            state="approved",
            origin="rep",
            span=SPAN,
            goal=Decimal(600_000),
            conversations=22,
            base_moves=9,
            sales=Decimal(13_044),
            from_week=date(2026, 2, 9),
            at=MOMENT,
        )
        for number in range(100, 0, -1)
    )
    view = plan_versions.versions_modal(Versions("U0OWNREP", "Priya", False, rows, 5, READER))
    check_sound_view(view)
    assert "And 65 older versions." in text_of(view)
    menu = view["blocks"][1]["accessory"]["options"]
    assert [option["value"] for option in menu] == ["see:100", "compare:99:100"]
    single = plan_versions.versions_modal(Versions("U0", "P", True, rows[-1:], 0, READER))
    assert [o["value"] for o in single["blocks"][0]["accessory"]["options"]] == ["see:1"]


def test_the_coachs_suggestion_comes_back_as_it_was_filled_in() -> None:
    view = plan_decisions.suggest_modal(NUMBERS_STEP)
    check_sound_view(view)
    form = plan_decisions.read_suggestion(filled_in(view))
    assert (form.goal, form.average_sale, form.working_weeks) == ("$600,000", "$20,000", "46")
    assert form.ratios["home"] == "60"


# How they are read


def inputs(view: View) -> list[dict[str, Any]]:
    return [block for block in view["blocks"] if block["type"] == "input"]


def filled_in(view: View) -> View:
    """The view as it is submitted when every initial value stays."""
    values = {}
    for block in inputs(view):
        element = block["element"]
        values[block["block_id"]] = {
            element["action_id"]: {
                "type": element["type"],
                "value": element.get("initial_value"),
                "selected_option": element.get("initial_option"),
                "selected_date": element.get("initial_date"),
            }
        }
    return {**view, "state": {"values": values}}


def buttons_of(surface: Message | View) -> set[str]:
    return {
        element["action_id"]
        for block in surface["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    }


def text_of(surface: Message | View) -> str:
    return "\n".join(texts_in(surface["blocks"]))


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)


OURS = re.compile(r"<@U0OWN(?:REP|COACH)>|<#C0OWN>")


def check_sound_message(message: Message) -> None:
    assert check_message(message["blocks"]) == []
    assert message["text"]
    check_nothing_live(message["text"])
    for text in mrkdwn_in(message["blocks"]):
        check_nothing_live(text)


def check_sound_view(view: View) -> None:
    assert check_view(view) == []
    for text in mrkdwn_in(view):
        check_nothing_live(text)


def check_nothing_live(text: str) -> None:
    """Every control, mention and link of Slack's has these signs; of ours only the people and the channel."""
    rest = OURS.sub("", text)
    assert "<" not in rest
    assert ">" not in rest


def mrkdwn_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        for inner in value.values():
            yield from mrkdwn_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from mrkdwn_in(inner)
