"""`basecoach sandbox --weeks`: a team that lived through weeks, held against an account from the raw answers."""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from bot import event_loop
from bot.commands import sandbox_weeks
from bot.commands.running import ready_database
from bot.config import Settings
from bot.demo.weeks.team import REPS, TRAVELLER
from bot.domain.outbox import budget
from bot.domain.tables import Member
from tests.commands.lived import PINGS, Lived, moment
from tests.commands.messages import number_before, table_rows, words
from tests.commands.started import outcome
from tests.repository import MANIFEST

WEEKS = int(os.environ.get("SANDBOX_WEEKS", "5"))
"""`SANDBOX_WEEKS=12` lives through all of what `make sandbox ARGS="--weeks 12"` does."""

END = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)
"""A Wednesday. Clocks were put back in the weeks before: in London on 25 October, in New York on 1 November."""


LONDON = ZoneInfo("Europe/London")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    folder = tmp_path_factory.mktemp("weeks")
    days: list[None] = []
    with ready_database(Settings(database_url=f"sqlite:///{folder / 'sandbox-bot.db'}")) as bot:
        event_loop.run(
            sandbox_weeks.live(
                file=folder / "sandbox.db",
                database=bot,
                manifest=MANIFEST,
                weeks=WEEKS,
                end=END,
                each_day=lambda: days.append(None),
            )
        )
        spent = bot.read_now(_spent)
    assert len(days) == WEEKS * 5 + 2
    return Lived.read(folder, end=END, spent=spent)


def _spent(session: Session) -> dict[str, tuple[int, int]]:
    """What each rep has had of this week's budget, and may have, as Home says it."""
    members = {one.id: one.slack_user_id for one in session.exec(select(Member))}
    budgets = budget.read(session, members, now=END)
    found = {who: budgets.spent(id, END) for id, who in members.items()}
    return {who: (one.messages, one.most) for who, one in found.items()}


def test_everybody_lived_through_every_week(lived: Lived) -> None:
    assert set(lived.weeks) == {rep.slack_user_id for rep in REPS}
    assert {len(weeks) for weeks in lived.weeks.values()} == {WEEKS}
    results = Counter(week.result(END) for weeks in lived.weeks.values() for week in weeks)
    assert set(results) >= {"met", "missed", "silent", "away"}, results
    acts = {row["act"] for row in lived.rows["alert"] if row["act"]}
    assert acts == {"hold_accountable", "motivate", "coach", "mentor"}
    overridden = [r for r in lived.rows["alert"] if r["act"] and r["act"] != r["suggested_act"]]
    assert overridden
    agreements = lived.rows["agreement"]
    assert {row["kept"] for row in agreements} == {"yes", "no", None}
    assert {"yes"} < {row["helped"] for row in agreements} <= {"yes", "no", None}
    assert lived.rows["praise"]
    assert [row for row in lived.rows["alert"] if row["passed_on_to"]]


def test_the_briefs_say_how_every_week_ended(lived: Lived) -> None:
    assert len(lived.posts["brief"]) == WEEKS
    for brief in lived.rows["brief"]:
        shown = {
            name: week.split(",")[0]
            for name, week, *_ in table_rows(lived.posts["brief"][brief["id"]])
        }
        expected = {
            lived.name_of(rep): week.result(END).capitalize()
            for rep, weeks in lived.weeks.items()
            for week in weeks
            if week.monday.isoformat() == brief["week"]
        }
        assert shown == expected, brief["week"]


def test_streaks_in_check_ins_and_in_praise_are_those_of_the_answers(lived: Lived) -> None:
    told = 0
    for check_in_id, message in lived.posts["check_in"].items():
        week, said = lived.week_of(check_in_id), words(message)
        if "met every goal" in said:
            streak = lived.streak(week, END)
            assert (f"That is {streak} weeks in a row." in said) == (streak > 1), (week, said)
            told += streak > 1
    assert told > 5
    praised = [row for row in lived.rows["praise"] if "weeks in a row" in row["because"]]
    assert praised
    for row in praised:
        week, given = lived.week_of(row["check_in_id"]), moment(row["given_at"])
        assert given is not None
        assert number_before(row["because"], "weeks in a row") == lived.streak(week, given)
        assert lived.is_carried(week, given)


def test_each_alert_suggests_what_the_design_says(lived: Lived) -> None:
    missed = {
        (week.rep, week.monday)
        for weeks in lived.weeks.values()
        for week in weeks
        if week.result(END) in {"missed", "silent"}
    }
    alerted = {row["check_in_id"]: row for row in lived.rows["alert"]}
    weeks = {check_in_id: lived.week_of(check_in_id) for check_in_id in alerted}
    assert {(week.rep, week.monday) for week in weeks.values()} >= missed
    found = Counter()
    for check_in_id, alert in alerted.items():
        week = weeks[check_in_id]
        at = moment(alert["taken_at"]) or END
        if alert["suggested_act"] is not None:
            shown = alert["suggested_act"]
        elif week.result(END) in {"missed", "silent"}:
            said = words(lived.posts["alert"][alert["id"]])
            shown = said.split("*Suggested: ")[1].split(".*")[0].replace(" ", "_")
        else:
            continue  # it was met after all
        assert shown == lived.act(week, at), (week, alert["suggested_because"])
        found[shown] += 1
    assert set(found) == {"hold_accountable", "motivate", "coach", "mentor"}, found


def test_momentum_alarms_are_raised_once_and_by_the_right_week(lived: Lived) -> None:
    shown = set()
    kinds = ("conversation", "base move", "first appointment")
    for alert in lived.rows["alert"]:
        week, said = lived.week_of(alert["check_in_id"]), words(lived.posts["alert"][alert["id"]])
        shown |= {(week.rep, week.monday, k) for k in kinds if f"weeks without a {k}.*" in said}
    expected = {
        (rep, monday, kind)
        for rep, weeks in lived.weeks.items()
        for monday, kind in lived.alarms(rep)
        if any(w.monday == monday and w.result(END) in {"missed", "silent"} for w in weeks)
    }
    assert shown == expected
    assert shown


def test_higher_sights_are_offered_when_they_are_earned_and_not_again(lived: Lived) -> None:
    made = {
        (
            lived.rep_of(row["member_id"]),
            (moment(row["proposed_at"]) or END).date() - timedelta(days=8),
        )
        for row in lived.rows["plan"]
        if row["origin"] == "sights"
    }
    expected = {(rep, monday) for rep in lived.weeks for monday in lived.offers(rep)}
    assert made == expected
    assert made


def test_nobody_gets_more_pings_a_week_than_the_budget_has(lived: Lived) -> None:
    (most,) = {row["weekly_messages"] for row in lived.rows["workspace"]}
    pings = Counter(
        (rep, at.astimezone(zone_of(lived, rep, at)).date().isocalendar()[:2])
        for surface, rep, at in lived.sent_to_reps()
        if surface in PINGS
    )
    assert pings
    assert max(pings.values()) <= most, pings.most_common(3)
    for rep in lived.weeks:
        this_week = END.astimezone(zone_of(lived, rep, END)).date().isocalendar()[:2]
        assert lived.spent[rep] == (pings[rep, this_week], most), rep


def test_nothing_comes_outside_working_hours(lived: Lived) -> None:
    """Not to reps, nor to their coaches, who are in London; in these weeks clocks change and a rep travels."""
    (team,) = lived.rows["team"]
    opens, closes = (str(team[name])[:5] for name in ("working_from", "working_until"))
    to_reps = {
        (surface, rep, at): zone_of(lived, rep, at) for surface, rep, at in lived.sent_to_reps()
    }
    to_coaches = {(surface, "coaches", at): LONDON for surface, at in lived.sent_to_coaches()}
    for (surface, reader, at), zone in (to_reps | to_coaches).items():
        local = at.astimezone(zone)
        assert local.weekday() < 5, (surface, reader, local)
        assert opens <= f"{local:%H:%M}" <= closes, (surface, reader, local)
    assert {surface for surface, _, _ in to_reps} == {
        *("check_in", "reminder", "agreement", "praise", "midweek"),
    }
    assert {surface for surface, _, _ in to_coaches} == {
        *("alert", "brief", "advice", "passed_on", "plan"),
    }


def zone_of(lived: Lived, rep: str, at: datetime) -> ZoneInfo:
    """Where the rep was then: one works from New York in the fifth and sixth week."""
    first = min(week.monday for week in lived.weeks[rep])
    weeks = (at.date() - first).days / 7
    if rep == TRAVELLER and 4 - 0.3 < weeks < 6 - 0.2:
        return ZoneInfo("America/New_York")
    return LONDON if rep == TRAVELLER else ZoneInfo(lived.zones[rep])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--weeks", "0"), "1<=x<=26"),
        (("--weeks", "27"), "1<=x<=26"),
        (("--weeks", "12", "--empty"), "leave --empty out, or --weeks"),
        (("--weeks", "12", "--no-bot"), "leave --no-bot out, or --weeks"),
    ],
)
async def test_what_does_not_go_together_is_refused(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    code, output = await outcome("sandbox", *arguments, folder=tmp_path)
    assert code != 0
    assert said in output
    assert list(tmp_path.iterdir()) == []


async def test_a_sandbox_that_is_there_already_is_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "sandbox.db").write_bytes(b"somebody's")
    code, output = await outcome("sandbox", "--weeks", "12", folder=tmp_path)
    assert code == 1
    assert "has a team in it already. Start afresh with --weeks and --reset" in output
    assert [path.name for path in data.iterdir()] == ["sandbox.db"]
    assert (data / "sandbox.db").read_bytes() == b"somebody's"
