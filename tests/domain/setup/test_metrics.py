"""A team's own metrics: added, renamed, archived."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.setup import metrics as setup_metrics
from bot.domain.shown.setup import (
    MetricForm,
    OwnMetric,
)
from bot.domain.tables import Metric, Team
from tests.domain.marked import marked, open_homes
from tests.domain.setting_up import FORM, FRIDAY, THIS_WEEK, Setup


def test_a_team_adds_a_metric_of_its_own(setup: Setup) -> None:
    team_id = setup.create().team_id
    form = MetricForm(name=" Demo  hours ", unit="hours", source="hand")
    metric = setup.metric(team_id, form)
    assert (metric.name, metric.unit) == ("Demo hours", "hours")
    assert metric.question == "Did you meet your goal for Demo hours?"
    assert setup.metric(team_id, form).id == metric.id
    member_id = setup.enrol(team_id)
    setup.set_targets(member_id, {"Demo hours": "2.5"})
    assert setup.in_force(member_id, THIS_WEEK) == {"Demo hours": Decimal("2.5")}


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (MetricForm(name="", source="hand"), "name"),
        (MetricForm(name="n" * 41, source="hand"), "name"),
        (MetricForm(name="SALES", source="hand"), "name"),
        (MetricForm(name="Demos", unit="h" * 21, source="hand"), "unit"),
        (MetricForm(name="Demos", unit="1000", source="hand"), "unit"),
        (MetricForm(name="Demos", question="q" * 151, source="hand"), "question"),
        (MetricForm(name="Demos", source="conversations"), "source"),
    ],
)
def test_a_metric_that_cannot_be_is_refused_under_its_input(
    setup: Setup, form: MetricForm, field: str
) -> None:
    team_id = setup.create().team_id
    with pytest.raises(FieldProblems) as refused:
        setup.metric(team_id, form)
    assert list(refused.value.sentences) == [field]


def test_ten_metrics_are_the_most_and_archiving_makes_room(setup: Setup) -> None:
    team_id = setup.create().team_id
    made = [setup.metric(team_id, MetricForm(name=f"M{n}", source="asked")) for n in range(10)]
    with pytest.raises(Refusal, match="10 metrics of its own"):
        setup.metric(team_id, MetricForm(name="M10", source="asked"))

    def archive(session: Session) -> None:
        setup_metrics.archive_metric(
            session, caller=setup.caller("UC"), metric_id=made[0].id, now=FRIDAY
        )

    setup.database.write_now(archive)
    setup.database.write_now(archive)
    again = setup.metric(team_id, MetricForm(name="M0", source="asked"))
    assert again.id != made[0].id  # an archived metric's targets do not come back


def test_a_metric_gets_other_words(setup: Setup) -> None:
    team_id = setup.create().team_id
    metric = setup.metric(team_id, MetricForm(name="Demos", source="asked"))
    setup.metric(team_id, MetricForm(name="Visits", source="asked"))

    def rename(name: str, by: str = "UC") -> OwnMetric:
        return setup.database.write_now(
            setup_metrics.rename_metric,
            caller=setup.caller(by),
            metric_id=metric.id,
            name=name,
            question="",
            now=FRIDAY,
        )

    assert rename("Demonstrations").name == "Demonstrations"
    with pytest.raises(FieldProblems, match="a metric called Visits"):
        rename("visits")
    with pytest.raises(Refusal, match="Only the coach"):
        rename("Mine", by="U1")


def test_a_built_in_metric_is_not_for_a_team_to_change(setup: Setup) -> None:
    setup.create()
    built_in = setup.database.read_now(lambda s: s.exec(select(Metric.id)).first())
    with pytest.raises(Refusal, match="none that a team added"):
        setup.database.write_now(
            setup_metrics.archive_metric,
            caller=setup.caller("UA"),
            metric_id=built_in or 0,
            now=FRIDAY,
        )


def test_a_metric_that_is_added_renamed_or_archived_marks_the_homes_of_reps_too(
    setup: Setup,
) -> None:
    team_id = setup.create().team_id
    setup.enrol(team_id)
    homes = ("UA", "UC", "UD", "U1")
    open_homes(setup.database, homes, now=FRIDAY)
    everybody = {f"home {user}" for user in homes}
    form = MetricForm(name="Demos", source="hand")
    made: list[OwnMetric] = []
    assert marked(setup.database, lambda: made.append(setup.metric(team_id, form))) == everybody

    def rename() -> None:
        setup.database.write_now(
            setup_metrics.rename_metric,
            caller=setup.caller("UC"),
            metric_id=made[0].id,
            name="Visits",
            question="",
            now=FRIDAY,
        )

    def archive() -> None:
        setup.database.write_now(
            setup_metrics.archive_metric,
            caller=setup.caller("UC"),
            metric_id=made[0].id,
            now=FRIDAY,
        )

    assert marked(setup.database, rename) == everybody
    assert marked(setup.database, archive) == everybody
    assert marked(setup.database, archive) == set()


def test_a_metric_of_somebody_elses_team_or_workspace_is_not_there(setup: Setup) -> None:
    metric = setup.metric(setup.create().team_id, MetricForm(name="Demos", source="hand"))
    elsewhere = Setup(setup.database, team="T2")
    arguments = {"metric_id": metric.id, "now": FRIDAY}
    for caller in (elsewhere.caller("UA"), elsewhere.caller("UC")):
        with pytest.raises(Refusal, match="none that a team added"):
            setup.database.write_now(setup_metrics.archive_metric, caller=caller, **arguments)
    with pytest.raises(Refusal, match="Only the coach of Harbor"):
        setup.database.write_now(
            setup_metrics.archive_metric, caller=setup.caller("U1"), **arguments
        )


def test_own_metrics_are_listed_in_the_order_they_are_asked(setup: Setup) -> None:
    team_id = setup.create().team_id
    for name in ("Visits", "Demos"):
        setup.metric(team_id, MetricForm(name=name, source="hand"))
    other = setup.create(replace(FORM, name="North")).team_id
    setup.metric(other, MetricForm(name="Calls", source="asked"))

    def names(session: Session) -> list[str]:
        return [m.name for m in setup_metrics.own_metrics(session, session.get_one(Team, team_id))]

    assert setup.database.read_now(names) == ["Visits", "Demos"]


def test_units_are_read_as_people_type_them(setup: Setup) -> None:
    team_id = setup.create().team_id
    units = [
        setup.metric(team_id, MetricForm(name=f"M{n}", unit=unit, source="hand")).unit
        for n, unit in enumerate(("", " Number ", "MONEY", "Working  hours"))
    ]
    assert units == ["count", "count", "money", "Working hours"]
