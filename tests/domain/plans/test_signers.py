"""Who signs the plan of a coach who is a rep of their own team."""

from __future__ import annotations

import pytest

from bot.domain.outbox import outbox
from bot.domain.people.members import Profile, apply_profile
from bot.domain.plans import drafts, places, sights, sign_off, signers
from bot.domain.plans import overview as plans
from bot.domain.shown.plans import SIGNER
from bot.domain.tables import OutboxItem, Plan, PlanState
from tests.domain.mondays import Mondays


@pytest.fixture
def alone(mondays: Mondays) -> Mondays:
    """Dana alone coaches Harbor, and is one of its reps."""
    mondays.change(mondays.team(), second_coach_id=None)
    mondays.write(lambda session: mondays.enrol(session, "UC", "Harbor", now=mondays.now))
    return mondays


def proposed(alone: Mondays, signer: str | None) -> int:
    """Dana's own plan, sent to the person whom Dana chose; its id."""
    plan_id = written(alone)
    alone.do(drafts.propose, "UC", plan_id=plan_id, pairs={}, signer=signer)
    return plan_id


def written(alone: Mondays) -> int:
    plan_id = alone.draft("UC").plan_id
    alone.numbers(plan_id, "UC")
    return plan_id


def place(alone: Mondays, plan_id: int) -> tuple[str | None, str | None]:
    """The channel in which the version is shown, and who decides about it."""
    found = alone.database.read_now(lambda s: places.place(s, s.get_one(Plan, plan_id)))
    return found.channel, found.acting


def deciding(alone: Mondays, plan_id: int) -> set[str]:
    return {
        user
        for user in ("UA", "UC", "UD", "UN", "U1")
        if alone.database.read_now(
            lambda s, user=user: signers.decides(s, alone.member(user), s.get_one(Plan, plan_id))
        )
        and user != "UC"  # the rep, whom every use case refuses
    }


@pytest.mark.parametrize("signer", ["UN", "UA"], ids=["another coach", "an admin"])
def test_it_goes_to_the_person_whom_the_coach_chose(alone: Mondays, signer: str) -> None:
    plan_id = proposed(alone, signer)
    assert place(alone, plan_id) == (None, signer)
    assert deciding(alone, plan_id) == {signer}
    assert alone.do(plans.version, signer, plan_id=plan_id).coach == signer
    refused = alone.refused(sign_off.approve, "UC", plan_id=plan_id)
    assert refused.startswith("Nobody signs their own plan")
    assert alone.approve(plan_id, signer).state == PlanState.APPROVED


@pytest.mark.parametrize(
    ("signer", "said"),
    [
        (None, "Nobody signs their own plan, and nobody else coaches Harbor: choose"),
        ("UC", "Nobody signs their own plan: choose another coach"),
        ("U1", "Priya is neither a coach nor a workspace admin."),
        ("U9", "Basecoach does not know this person"),
    ],
)
def test_anybody_else_is_refused_in_words(alone: Mondays, signer: str | None, said: str) -> None:
    plan_id = written(alone)
    problems = alone.problems(drafts.propose, "UC", plan_id=plan_id, pairs={}, signer=signer)
    assert problems[SIGNER].startswith(said)
    assert alone.plan(plan_id).state == PlanState.DRAFT


def test_the_form_asks_only_a_coach_who_coaches_alone(mondays: Mondays) -> None:
    mondays.write(lambda session: mondays.enrol(session, "UC", "Harbor", now=mondays.now))
    plan_id = mondays.draft("UC").plan_id
    assert not mondays.numbers(plan_id, "UC").asks_signer
    mondays.change(mondays.team(), second_coach_id=None)
    assert mondays.do(drafts.review_step, "UC", plan_id=plan_id).asks_signer
    mondays.change(mondays.plan(plan_id), signer_id=mondays.member("UN").id)
    assert mondays.do(drafts.review_step, "UC", plan_id=plan_id).signer == "UN"


def test_a_second_coach_takes_the_choice_away(alone: Mondays) -> None:
    plan_id = proposed(alone, "UN")
    alone.change(alone.team(), second_coach_id=alone.member("UD").id)
    assert place(alone, plan_id) == ("CHarbor", "UD")
    assert deciding(alone, plan_id) == {"UD"}


def test_a_chosen_person_who_becomes_a_guest_decides_nothing(alone: Mondays) -> None:
    plan_id = proposed(alone, "UA")
    (before,) = alone.rows(OutboxItem, surface=outbox.PLAN, subject_id=plan_id)
    guest = Profile("UA", "Alex", "Europe/London", is_guest=True)
    alone.write(apply_profile, workspace_id=alone.workspace_id, profile=guest, now=alone.now)
    (after,) = alone.rows(OutboxItem, surface=outbox.PLAN, subject_id=plan_id)
    assert after.desired_version > before.desired_version
    assert place(alone, plan_id) == (None, None)
    assert deciding(alone, plan_id) == set()


def test_higher_sights_are_agreed_with_the_same_person(alone: Mondays) -> None:
    plan_id = proposed(alone, "UN")
    alone.approve(plan_id, "UN")
    offer = alone.offered(plan_id)
    assert place(alone, offer) == (None, "UN")
    alone.do(sights.agree, "UC", plan_id=offer)
    assert alone.do(sights.agree, "UN", plan_id=offer).state == PlanState.APPROVED
