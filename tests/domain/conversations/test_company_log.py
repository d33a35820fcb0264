"""What is read of a rep's companies: their opportunities and the conversations that were not undone."""

from __future__ import annotations

from typing import TypeVar

from sqlmodel import Session, select

from bot.domain.conversations.company_log import (
    CompanyLog,
    known_companies,
    read_companies,
    read_deal,
)
from bot.domain.tables import Member
from tests.counting import counted
from tests.domain.conversations.rep import Rep

T = TypeVar("T")


def logs(rep: Rep, *keys: str) -> dict[str, CompanyLog]:
    def read(session: Session) -> dict[str, CompanyLog]:
        member = session.exec(select(Member).where(Member.slack_user_id == rep.user)).one()
        return read_companies(session, member.id, keys)

    return rep.database.read_now(read)


def known(rep: Rep, *, without: int | None = None) -> dict[str, str]:
    def read(session: Session) -> dict[str, str]:
        member = session.exec(select(Member).where(Member.slack_user_id == rep.user)).one()
        return known_companies(session, member.id, without=without)

    return rep.database.read_now(read)


def test_a_companys_conversations_come_in_the_order_they_were_held(rep: Rep) -> None:
    rep.log("Acme 2nd")
    rep.log("Acme 1st 11/18")
    rep.undo(rep.log("Acme 3rd"))
    rep.log("Acme home")
    rep.log("Acme")
    rep.log("Delta 1st")
    Rep(rep.database, rep.clock, "U0SAM").log("Acme 3rd")
    found = logs(rep, "acme", "other")
    assert [one.base for one in found["acme"].live] == [1, 2, 4, None]
    assert [(deal.base, deal.status) for deal in found["acme"].opportunities] == [
        (4, "won"),
        (0, "open"),
    ]
    assert (found["other"].opportunities, found["other"].live) == ([], [])
    won, again = found["acme"].opportunities
    deals = [rep.database.read_now(read_deal, deal.id) for deal in (won, again)]
    assert [[one.base for one in deal] for deal in deals] == [[1, 2, 4], [None]]

    first = found["acme"].live[0]
    found["acme"].take_out(first.id)
    assert [one.base for one in found["acme"].live] == [2, 4, None]


def test_a_company_is_known_while_a_conversation_with_it_stands(rep: Rep) -> None:
    rep.log("Acme 1st")
    only = rep.log("Delta 1st")
    rep.undo(rep.log("Northwind 1st"))
    assert known(rep) == {"acme": "Acme", "delta": "Delta"}
    assert known(rep, without=only.conversation_id) == {"acme": "Acme"}
    assert known(Rep(rep.database, rep.clock, "U0SAM")) == {}


def test_more_companies_take_no_more_statements_to_read(rep: Rep) -> None:
    for company in ("Acme", "Delta", "Northwind"):
        rep.log(f"{company} home")
        rep.log(f"{company} 1st")
    with counted(rep.database) as few:
        logs(rep, "acme")
    with counted(rep.database) as many:
        logs(rep, "acme", "delta", "northwind")
    assert len(many) == len(few)
