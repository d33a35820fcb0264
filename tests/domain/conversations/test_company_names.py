"""Which company a name stands for: asked once, and the answer kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import Session, select

from bot.domain.conversations import logging as conversations
from bot.domain.conversations.company_names import Meant, Names, names_of
from bot.domain.refusals import Refusal
from bot.domain.shown.conversations import Draft, Logged, Question
from bot.domain.tables import Member
from tests.counting import counted
from tests.domain.conversations.rep import TODAY, Rep


def names(rep: Rep) -> Names:
    def look(session: Session) -> Names:
        member = session.exec(select(Member).where(Member.slack_user_id == rep.user)).one()
        return names_of(session, member.id)

    return rep.database.read_now(look)


def answer(rep: Rep, question: Question, company: str, *, typed: str) -> Logged:
    draft = replace(question.draft, company=company)
    return rep.do(  # type: ignore[no-any-return]
        conversations.log_draft, draft=draft, request_key=rep.key(), typed=typed
    )


@pytest.mark.parametrize(
    ("logged", "typed"),
    [
        ("Acme", "Acme Inc"),
        ("Ørsted", "Orsted"),
        ("Procter & Gamble", "Procter and Gamble"),
        ("Газпром", "Gazprom"),
    ],
)
def test_is_it_acme_is_asked_once(rep: Rep, logged: str, typed: str) -> None:
    rep.log(f"{logged} 1st")
    question = rep.line(f"{typed} 2nd")
    assert isinstance(question, Question)
    assert question.candidates == (logged,)
    answer(rep, question, logged, typed=typed)
    again = rep.log(f"{typed} 3rd")
    assert (again.company, again.moves) == (logged, 1)
    assert again.notes == (f"I took “{typed}” for {logged}.",)
    assert rep.opportunities() == [(logged, 3, "open")]


def test_a_company_of_its_own_is_asked_once_too(rep: Rep) -> None:
    rep.log("Acme 1st")
    question = rep.line("Acme Inc 2nd")
    logged = answer(rep, question, "Acme Inc", typed="Acme Inc")
    rep.undo(logged)  # and is still known once nothing of it is in the log
    assert rep.log("Acme Inc 1st").notes == ()
    assert names(rep).said == {"acmeinc": Meant("acmeinc", "Acme Inc")}


def test_the_answer_is_the_reps_own(rep: Rep) -> None:
    sam = Rep(rep.database, rep.clock, "U0SAM")
    for one in (rep, sam):
        one.log("Acme 1st")
    answer(rep, rep.line("Acme Inc 2nd"), "Acme", typed="Acme Inc")
    assert isinstance(sam.line("Acme Inc 2nd"), Question)


def test_an_answer_in_the_form_is_kept(rep: Rep) -> None:
    rep.log("Acme 1st")
    form = replace(
        rep.form_of("Acme Inc"),
        asked_about="Acme Inc",
        candidates=("Acme",),
        choice="Acme",
    )
    assert rep.form(form).company == "Acme"
    assert rep.log("Acme Inc 2nd").company == "Acme"


def test_edit_asks_again_and_the_later_answer_counts(rep: Rep) -> None:
    rep.log("Acme 1st")
    logged = answer(rep, rep.line("Acme Inc 2nd"), "Acme", typed="Acme Inc")
    question = rep.edit(logged, company="Acme Inc")
    assert isinstance(question, Question)
    assert question.candidates == ("Acme",)
    edited = rep.edit(
        logged,
        company="Acme Inc",
        asked_about="Acme Inc",
        candidates=("Acme",),
        choice="*",
    )
    assert edited.company == "Acme Inc"
    assert rep.log("Acme Inc 3rd").company == "Acme Inc"


def test_a_name_that_does_not_look_like_one_is_asked_about_once(rep: Rep) -> None:
    question = rep.line("Initech 2")
    assert isinstance(question, Question)
    assert [one.company for one in question.readings] == ["Initech", "Initech 2"]
    assert rep.count() == 0
    answer(rep, question, "Initech 2", typed="Initech 2")
    assert rep.log("Initech 2 3rd").company == "Initech 2"
    assert rep.log("Initech 2").company == "Initech 2"


def test_a_reading_that_was_chosen_may_still_be_misspelt(rep: Rep) -> None:
    rep.log("Northwind 1st")
    question = rep.line("Northwnd 2")
    assert isinstance(question, Question)
    chosen = rep.do(
        conversations.log_draft, draft=question.readings[0], request_key="k", certain=False
    )
    assert isinstance(chosen, Question)
    assert chosen.candidates == ("Northwind",)
    assert rep.count() == 1


def test_a_forged_name_is_refused(rep: Rep) -> None:
    draft = Draft("Acme", None, TODAY)
    with pytest.raises(Refusal, match="A mention is not a company"):
        rep.do(conversations.log_draft, draft=draft, request_key="k", typed="<!here>")
    assert names(rep).said == {}


def test_names_are_read_by_one_statement(rep: Rep) -> None:
    rep.log("Acme 1st")
    answer(rep, rep.line("Acme Inc 2nd"), "Acme", typed="Acme Inc")
    with counted(rep.database) as said:
        names(rep)
    assert len([one for one in said if "company" in one]) == 1
