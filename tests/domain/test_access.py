"""Who somebody is, and what they may see and do: now, in their own workspace, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pytest
from sqlmodel import Session, select

from bot.domain import access
from bot.domain.access import Caller, own_key
from bot.domain.people import enrolments
from bot.domain.refusals import Refusal
from bot.domain.tables import Enrolment, Member, Team
from tests.domain.mondays import another_workspace
from tests.domain.planning import FRIDAY, Office

T = TypeVar("T")

NOT_ENROLLED = (
    "You are not in a sales team yet. Ask your coach or a workspace admin to enrol you with /coach."
)


class Lookup:
    """The rows of an Office inside one transaction, and of a second workspace with the same Slack ids."""

    def __init__(self, session: Session, office: Office) -> None:
        self.session = session
        self.workspace_id = office.workspace_id
        self.elsewhere = another_workspace(session, "U1", "UA", "UC", "UX")

    def member(self, user: str, *, elsewhere: bool = False) -> Member:
        return self.session.exec(
            select(Member).where(
                Member.slack_user_id == user,
                Member.workspace_id == (self.elsewhere if elsewhere else self.workspace_id),
            )
        ).one()

    def team(self, name: str = "Harbor") -> Team:
        return self.session.exec(select(Team).where(Team.name == name)).one()

    def add_team(self, name: str, *, coach: Member, second: Member | None = None) -> None:
        facts = self.team().model_dump(exclude={"id"})
        facts |= {"name": name, "name_key": name[::-1], "workspace_id": coach.workspace_id}
        facts |= {"coach_id": coach.id, "second_coach_id": second.id if second else None}
        self.session.add(Team(**facts))
        self.session.flush()

    def may_see(self, viewer: Member, user: str) -> bool:
        member = self.member(user)
        return viewer.id == member.id or access.coaches_rep(self.session, viewer, member.id)

    def refused(self, use_case: Callable[..., object], *args: object) -> str:
        with pytest.raises(Refusal) as refusal:
            use_case(self.session, *args)
        return refusal.value.sentence


@pytest.fixture
def within(office: Office) -> Callable[[Callable[[Lookup], None]], None]:
    """Runs a story inside one transaction."""

    def within(story: Callable[[Lookup], None]) -> None:
        office.database.write_now(lambda session: story(Lookup(session, office)))

    return within


Within = Callable[[Callable[[Lookup], None]], None]


def test_a_slack_id_is_somebody_of_one_workspace(within: Within) -> None:
    @within
    def story(look: Lookup) -> None:
        here, there = look.member("U1"), look.member("U1", elsewhere=True)
        assert access.member_of(look.session, Caller(look.workspace_id, "U1")) is here
        assert access.member_of(look.session, Caller(look.elsewhere, "U1")) is there
        assert access.member_by_slack_id(look.session, look.workspace_id, "U1") is here
        assert access.member_by_slack_id(look.session, look.elsewhere, "U1") is there
        assert access.known_member(look.session, Caller(look.workspace_id, "U1")) is here


def test_who_is_known_in_another_workspace_only_is_a_stranger(within: Within) -> None:
    @within
    def story(look: Lookup) -> None:
        stranger = Caller(look.workspace_id, "UX")
        assert access.member_of(look.session, stranger) is None
        assert access.member_by_slack_id(look.session, look.workspace_id, "UX") is None
        assert look.refused(access.known_member, stranger) == NOT_ENROLLED
        assert look.refused(access.rep, stranger) == NOT_ENROLLED


def test_a_rep_comes_with_their_enrolment_and_their_team(within: Within) -> None:
    @within
    def story(look: Lookup) -> None:
        member, enrolment, team = access.rep(look.session, Caller(look.workspace_id, "U3"))
        assert (member.name, enrolment.member_id, team.name) == ("Kim", member.id, "Quay")
        assert access.enrolment_of(look.session, member.id) is enrolment


def test_who_left_or_never_was_a_rep_is_refused_as_one(within: Within) -> None:
    @within
    def story(look: Lookup) -> None:
        left = look.member("U1")
        enrolments.end(look.session, member=left, now=FRIDAY)
        for user in ("U1", "UC"):
            assert access.enrolment_of(look.session, look.member(user).id) is None
            assert look.refused(access.rep, Caller(look.workspace_id, user)) == NOT_ENROLLED


def test_the_reps_of_teams_are_those_who_are_in_them_now_by_name(within: Within) -> None:
    @within
    def story(look: Lookup) -> None:
        harbor, quay = look.team("Harbor"), look.team("Quay")
        enrolments.end(look.session, member=look.member("U1"), now=FRIDAY)
        assert access.reps_of(look.session, harbor) == [look.member("U2")]
        found = access.enrolled(look.session, [harbor, quay])
        assert [rep.name for rep, _ in found] == ["Kim", "Sam"]
        assert [enrolment.team_id for _, enrolment in found] == [quay.id, harbor.id]
        assert access.enrolled(look.session, []) == []


def test_a_team_has_two_coaches_at_the_most(within: Within) -> None:
    @within
    def story(look: Lookup) -> None:
        harbor, quay = look.team("Harbor"), look.team("Quay")
        coaching = {
            user: [access.coaches(look.session, look.member(user), t) for t in (harbor, quay)]
            for user in ("UC", "UD", "UN", "UA", "U1")
        }
        assert coaching == {
            "UC": [True, False],
            "UD": [True, False],
            "UN": [False, True],
            "UA": [False, False],
            "U1": [False, False],
        }


def test_the_teams_of_a_coach_are_theirs_now_by_name(within: Within) -> None:
    @within
    def story(look: Lookup) -> None:
        dana, nora = look.member("UC"), look.member("UN")
        look.add_team("Anchor", coach=nora, second=dana)
        look.add_team("Zenith", coach=dana)
        look.add_team("Abroad", coach=look.member("UC", elsewhere=True), second=dana)

        def names(user: str) -> list[str]:
            return [t.name for t in access.coached_teams(look.session, look.member(user))]

        assert names("UC") == ["Anchor", "Harbor", "Zenith"]
        assert names("UN") == ["Anchor", "Quay"]
        assert names("UA") == []
        look.team("Anchor").second_coach_id = None
        look.team("Harbor").coach_id = nora.id
        look.session.flush()
        assert names("UC") == ["Zenith"]
        assert names("UN") == ["Anchor", "Harbor", "Quay"]


def test_a_coach_sets_up_their_own_teams_and_an_admin_all_of_the_workspace(within: Within) -> None:
    @within
    def story(look: Lookup) -> None:
        look.add_team("Anchor", coach=look.member("UN"))
        look.add_team("Abroad", coach=look.member("UC", elsewhere=True))

        def names(member: Member) -> list[str]:
            return [team.name for team in access.manageable_teams(look.session, member)]

        assert names(look.member("UA")) == ["Anchor", "Harbor", "Quay"]
        assert names(look.member("UD")) == ["Harbor"]
        assert names(look.member("U1")) == []
        assert names(look.member("UA", elsewhere=True)) == ["Abroad"]


def test_who_may_set_a_team_up(within: Within) -> None:
    @within
    def story(look: Lookup) -> None:
        harbor = look.team()
        for user in ("UA", "UC", "UD"):
            access.must_manage(look.session, look.member(user), harbor)
        sentence = "Only the coach of Harbor or a workspace admin can change it. Ask one of them."
        for user in ("UN", "U1"):
            assert look.refused(access.must_manage, look.member(user), harbor) == sentence
        abroad = look.member("UA", elsewhere=True)
        assert look.refused(access.must_manage, abroad, harbor) == sentence


def test_a_refused_attempt_is_logged_by_ids_only(
    within: Within, caplog: pytest.LogCaptureFixture
) -> None:
    expected: list[dict[str, object]] = []

    @within
    def story(look: Lookup) -> None:
        nora, harbor = look.member("UN"), look.team()
        look.refused(access.must_manage, nora, harbor)
        access.deny(nora, "answer", "check-in", 81)
        expected.append(
            {"member": nora.id, "action": "manage", "kind": "team", "subject": harbor.id}
        )
        expected.append({"member": nora.id, "action": "answer", "kind": "check-in", "subject": 81})

    logged = [record for record in caplog.records if record.name == "bot.domain.access"]
    assert [(record.levelname, record.getMessage()) for record in logged] == [
        ("WARNING", "denied"),
        ("WARNING", "denied"),
    ]
    for record, facts in zip(logged, expected, strict=True):
        assert {name: getattr(record, name) for name in facts} == facts


def test_a_record_is_seen_by_its_rep_and_by_those_who_coach_them_now(within: Within) -> None:
    @within
    def story(look: Lookup) -> None:
        seers = {
            user
            for user in ("UA", "UC", "UD", "UN", "U1", "U2", "U3")
            if look.may_see(look.member(user), "U1")
        }
        assert seers == {"UC", "UD", "U1"}
        assert not look.may_see(look.member("UA"), "UC")
        assert look.may_see(look.member("UA"), "UA")


def test_a_coach_who_is_replaced_loses_sight_at_once(within: Within) -> None:
    @within
    def story(look: Lookup) -> None:
        harbor, nora = look.team(), look.member("UN")
        harbor.coach_id, harbor.second_coach_id = nora.id, None
        look.session.flush()
        assert [look.may_see(look.member(user), "U1") for user in ("UC", "UD", "UN")] == [
            False,
            False,
            True,
        ]


def test_a_coach_sees_nothing_of_who_has_left(within: Within) -> None:
    @within
    def story(look: Lookup) -> None:
        enrolments.end(look.session, member=look.member("U1"), now=FRIDAY + timedelta(days=1))
        assert not look.may_see(look.member("UC"), "U1")
        assert look.may_see(look.member("U1"), "U1")
        assert look.may_see(look.member("UC"), "U2")


def test_a_coach_sees_nobody_of_another_workspace(within: Within) -> None:
    """Even where a row says that they coach there."""

    @within
    def story(look: Lookup) -> None:
        abroad = look.member("U1", elsewhere=True)
        look.add_team("Abroad", coach=look.member("UC", elsewhere=True))
        team = look.team("Abroad")
        team.coach_id = look.member("UC").id
        look.session.add(
            Enrolment(
                workspace_id=look.elsewhere,
                member_id=abroad.id,
                team_id=team.id,
                enrolled_on=FRIDAY.date(),
            )
        )
        look.session.flush()
        assert not access.coaches_rep(look.session, look.member("UC"), abroad.id)


@pytest.mark.parametrize("facts", [{"is_guest": True}, {"inactive_because": "deactivated"}])
def test_a_coach_who_became_a_guest_or_was_deactivated_coaches_nobody(
    within: Within, facts: dict[str, object]
) -> None:
    @within
    def story(look: Lookup) -> None:
        dana = look.member("UC")
        for name, value in facts.items():
            setattr(dana, name, value)
        look.session.flush()
        assert not look.may_see(dana, "U1")
        assert access.coached_teams(look.session, dana) == []
        assert look.refused(access.must_manage, dana, look.team()).startswith("Only the coach")
        assert look.may_see(look.member("UD"), "U1")


def test_a_key_is_stored_as_its_persons_own() -> None:
    assert own_key(7, "view-1") == own_key(7, "view-1")
    assert len({own_key(7, "view-1"), own_key(8, "view-1"), own_key(7, "view-2")}) == 3
    assert own_key(1, "2:x") != own_key(12, "x")
