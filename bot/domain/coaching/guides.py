"""How each act is done, in three lines: the built-in ones, or those that an admin wrote for the workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from bot.domain.access import Caller, coached_teams, deny, known_member
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.tables import ActGuide
from bot.rules.act_guides import GUIDES, read_lines
from bot.rules.acts import Act
from bot.rules.problems import InputProblem


@dataclass(frozen=True)
class Guides:
    """The lines of each act, for a person who reads them or may write them."""

    lines: Mapping[Act, tuple[str, ...]]
    may_write: bool


def of_workspace(session: Session, workspace_id: int) -> dict[Act, tuple[str, ...]]:
    """Return the lines of each act."""
    found = session.exec(select(ActGuide).where(ActGuide.workspace_id == workspace_id))
    own = {guide.act: tuple(guide.lines.splitlines()) for guide in found}
    return {act: own.get(act, GUIDES[act]) for act in Act}


def read(session: Session, *, caller: Caller) -> Guides:
    """Return the lines for a coach or an admin; raises Refusal for anybody else."""
    member = known_member(session, caller)
    if not member.is_admin and not coached_teams(session, member):
        deny(member, "read", "act guides", member.workspace_id)
        raise Refusal("Only coaches and workspace admins can read how acts are done.")
    return Guides(of_workspace(session, member.workspace_id), member.is_admin)


def write(
    session: Session, *, caller: Caller, typed: Mapping[str, tuple[str, str]], now: datetime
) -> None:
    """Keep the workspace's own lines; without a line, and with the built-in ones, an act goes back to those.

    `typed` maps an act to (field, the text typed there). Raises FieldProblems, or Refusal for who is no admin.
    """
    member = known_member(session, caller)
    if not member.is_admin:
        deny(member, "write", "act guides", member.workspace_id)
        raise Refusal("Only a workspace admin can change how acts are done. Ask one of them.")
    lines: dict[Act, tuple[str, ...]] = {}
    problems: dict[str, str] = {}
    for act, (field, text) in typed.items():
        if act not in set(Act):
            raise Refusal("This form is from an older version of Basecoach. Open it again.")
        try:
            lines[Act(act)] = read_lines(text)
        except InputProblem as problem:
            problems[field] = str(problem)
    if problems:
        raise FieldProblems(problems)
    found = session.exec(select(ActGuide).where(ActGuide.workspace_id == member.workspace_id))
    own = {guide.act: guide for guide in found}
    for act, wanted in lines.items():
        guide = own.get(act)
        if not wanted or wanted == GUIDES[act]:
            if guide is not None:
                session.delete(guide)
            continue
        if guide is None:
            guide = ActGuide(
                workspace_id=member.workspace_id, act=act.value, lines="", set_by=0, set_at=now
            )
            session.add(guide)
        guide.lines, guide.set_by, guide.set_at = "\n".join(wanted), member.id, now
    session.flush()
