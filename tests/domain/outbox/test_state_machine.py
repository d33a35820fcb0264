"""The outbox against a Slack that loses, delays and refuses: any order of what can happen, on a real database.

Two senders do what `bot.slack.delivery.delivery` does, a step at a time; between any two steps others change
things, press, look, die. `EXAMPLES=5000` in the environment tries more, and new ones each time.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import Session, col, delete, select

from bot.database import Database
from bot.domain.outbox import outbox, sending, unshown
from bot.domain.outbox.outbox import ALERT, RESPONSE_FIRST, Lane
from bot.domain.outbox.sending import Claimed
from bot.domain.setup import workspaces
from bot.domain.tables import OutboxItem
from tests.conftest import FRIDAY
from tests.domain.outbox.unreliable_slack import Call, Slack, may_stall

T = TypeVar("T")

EXAMPLES = int(os.environ.get("EXAMPLES", "0"))
SUBJECTS = (1, 2)
SENDERS = ("first", "second")
LOOK_AFTER = timedelta(seconds=60)
TIMEOUT = timedelta(seconds=10)
ARRIVES_WITHIN = timedelta(seconds=55)
"""After a call began; so P9 has it."""

FATES = st.sampled_from(
    [
        "answered",
        "in hand",
        "unknown",
        "arrives, unknown",
        "refused",
        "dies",
        "arrives, dies",
        "arrives, in hand",
    ]
)


class OutboxMachine(RuleBasedStateMachine):
    """P8, P9, P16 and disjoint claims, whatever happens in whatever order."""

    database: Database

    @initialize(subjects=st.sampled_from([(1,), (1,), (1, 2)]), posted=st.booleans())
    def begin(self, subjects: tuple[int, ...], posted: bool) -> None:
        self.now = FRIDAY
        self.slack = Slack()
        self.contents = dict.fromkeys(subjects, 0)
        """What is true of each subject: its latest change."""
        self.workspace_id = self._write(self._empty)
        if posted:
            for subject in subjects:
                self.something_changes(subject)
            self.a_sender_claims("first", Lane.POST)
            for call in list(self.slack.calls):
                self._end(call, "answered")

    @staticmethod
    def _empty(session: Session) -> int:
        session.execute(delete(OutboxItem))
        return workspaces.install(
            session, slack_team_id="T1", name="Harbor", bot_user_id="U0BOT", now=FRIDAY
        )

    # What happens to the subjects.

    @rule(subject=st.sampled_from(SUBJECTS))
    def something_changes(self, subject: int) -> None:
        if subject not in self.contents:
            return
        self.contents[subject] += 1
        self._write(outbox.mark_stale, **self._of(subject), now=self.now)

    @rule(subject=st.sampled_from(SUBJECTS), crowd=st.booleans(), fate=FATES)
    def somebody_presses(self, subject: int, crowd: bool, fate: str) -> None:
        if self.slack.of(subject) is None:
            return
        self.contents[subject] += 1
        later = {"now": self.now, "not_before": self.now + RESPONSE_FIRST}
        if crowd:
            named = {"workspace_id": self.workspace_id, "surface": ALERT}
            self._write(outbox.mark_many_stale, **named, subject_ids=[subject], **later)
        else:
            self._write(outbox.mark_stale_if_known, **self._of(subject), **later)
        asked = (self.workspace_id, subject)
        versions = self._read(outbox.versions, surface=ALERT, subjects=[asked])
        version = versions.get(asked)
        if version is not None:
            call = Call(None, "press", subject, self.contents[subject], version, self.now)
            self.slack.calls.append(call)
            self._meets(call, fate)

    # What the senders do.

    @rule(sender=st.sampled_from(SENDERS), waits=st.booleans(), fates=st.lists(FATES, min_size=2))
    def a_sender_works(self, sender: str, waits: bool, fates: list[str]) -> None:
        """Claims what is due, or what is due next, and most of its calls end at once."""
        due = [item.due_at for item in self._items() if item.due_at is not None]
        if waits and due and min(due) > self.now:
            self.time_passes((min(due) - self.now).total_seconds())
        for lane in (Lane.POST, Lane.UPDATE):
            before = set(map(id, self.slack.calls))
            self.a_sender_claims(sender, lane)
            for call in [call for call in self.slack.calls if id(call) not in before]:
                self._meets(call, fates.pop() if fates else "answered")

    def _meets(self, call: Call, fate: str) -> None:
        if fate.startswith("arrives, "):
            self.slack.arrive(call)
        how = fate.removeprefix("arrives, ")
        if how != "in hand":
            self._end(call, how)

    def a_sender_claims(self, sender: str, lane: Lane) -> None:
        named = {"sender": sender, "lane": lane, "now": self.now, "limit": 2}
        for claimed in self._write(sending.claim, **named):
            self.slack.tokens[claimed.subject_id] = claimed.token
            content = self.contents[claimed.subject_id]
            call = Call(
                claimed,
                sender,
                claimed.subject_id,
                content,
                claimed.desired_version,
                began=self.now,
            )
            if claimed.ts is not None or self._may_post(call):
                self.slack.calls.append(call)

    def _may_post(self, call: Call) -> bool:
        """Look first where an earlier post's outcome is not known."""
        claimed = call.claimed
        assert claimed is not None
        if claimed.unknown_since is None:
            return True
        copies = self.slack.copies(claimed.token)
        if copies:
            self._posted(call, copies[0], version=0)
            return False
        if claimed.lookbacks + 1 < 2:
            self._unknown(call, looked=True)
            return False
        return True

    # What becomes of a call.

    @precondition(lambda self: any(not call.arrived_as for call in self.slack.calls))
    @rule(data=st.data())
    def a_call_arrives(self, data: st.DataObject) -> None:
        on_the_way = [call for call in self.slack.calls if not call.arrived_as]
        self.slack.arrive(data.draw(st.sampled_from(on_the_way), label="call"))

    @precondition(lambda self: any(not call.given_up for call in self.slack.calls))
    @rule(data=st.data(), how=st.sampled_from(["answered", "unknown", "refused", "dies"]))
    def a_call_ends(self, data: st.DataObject, how: str) -> None:
        waited_for = [call for call in self.slack.calls if not call.given_up]
        self._end(data.draw(st.sampled_from(waited_for), label="call"), how)

    @precondition(lambda self: any(may_stall(call) for call in self.slack.calls))
    @rule(data=st.data())
    def a_sender_falls_asleep(self, data: st.DataObject) -> None:
        awake = [call for call in self.slack.calls if may_stall(call)]
        data.draw(st.sampled_from(awake), label="call").stalls = True

    def _end(self, call: Call, how: str) -> None:
        if how == "answered" and not call.arrived_as:
            self.slack.arrive(call)
        if how == "refused" and call.arrived_as:
            how = "unknown"  # a gateway's error page
        call.given_up, call.stalls = True, False
        match how:
            case "answered" if call.claimed is None:
                named = {**self._of(call.subject), "version": call.version}
                told = sending.Redrawn(**named, now=self.now)
                self._write(sending.mark_redrawn, redrawn=[told])
            case "answered":
                assert call.arrived_as is not None
                self._posted(call, call.arrived_as, version=call.version)
            case "refused" if call.claimed is not None:
                self._put_back(call, may_arrive_since=None)
            case "unknown" | "refused" if call.claimed is None:
                self._write(sending.not_redrawn, **self._of(call.subject), began=call.began)
            case "unknown" if call.claimed is not None and call.claimed.ts is None:
                self._unknown(call, looked=False)
            case "unknown":
                self._put_back(call, may_arrive_since=call.began)
        if call.arrived_as or how == "refused":
            self.slack.calls.remove(call)

    def _posted(self, call: Call, ts: str, *, version: int) -> None:
        assert call.claimed is not None
        is_post = call.claimed.ts is None
        report = sending.Report(
            Claimed(**{**vars(call.claimed), "desired_version": version}),
            call.sender,
            self.now,
            channel="C1" if is_post else None,
            ts=ts if is_post else None,
        )
        (noted,) = self._write(sending.mark_shown, reports=[report])
        if not noted:
            del self.slack.messages[ts]

    def _unknown(self, call: Call, *, looked: bool) -> None:
        report = unshown.Unknown(
            claimed=call.claimed,
            sender=call.sender,
            since=call.began,
            due_at=self.now + LOOK_AFTER,
            looked=looked,
        )
        self._write(unshown.mark_unknown, reports=[report])

    def _put_back(self, call: Call, *, may_arrive_since: datetime | None) -> None:
        report = unshown.PutBack(
            claimed=call.claimed,
            sender=call.sender,
            due_at=self.now + timedelta(seconds=2),
            counts=True,
            may_arrive_since=may_arrive_since,
        )
        self._write(unshown.put_back, reports=[report])

    # Time.

    @rule(seconds=st.sampled_from([1, 6, 61, 200]))
    def time_passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        for call in [call for call in self.slack.calls if not call.stalls]:
            if not call.given_up and self.now > call.began + TIMEOUT:
                # Whoever waited did so no longer than that.
                then, self.now = self.now, call.began + TIMEOUT
                self._end(call, "unknown")
                self.now = then
            if call in self.slack.calls and self.now > call.began + ARRIVES_WITHIN:
                if not call.arrived_as and call.content % 2:
                    self.slack.arrive(call)
                self.slack.calls.remove(call)

    # What must be so.

    @invariant()
    def nothing_stands_twice(self) -> None:
        if not hasattr(self, "slack"):
            return
        counts = Counter(message.token for message in self.slack.messages.values())
        assert all(count == 1 for count in counts.values()), "P9"

    @invariant()
    def what_rests_is_true(self) -> None:
        """P16: who has nothing to do any more is shown as it is, and nothing can change that."""
        if not hasattr(self, "slack"):
            return
        for item in self._items():
            if item.due_at is None and item.claimed_by is None and item.failed_reason is None:
                assert item.ts is not None
                assert item.rendered_version == item.desired_version
                assert self.slack.messages[item.ts].content == self.contents[item.subject_id]
                assert not any(
                    call.subject == item.subject_id and call.content < self.contents[call.subject]
                    for call in self.slack.calls
                    if not call.stalls
                )

    @invariant()
    def who_works_on_a_row_is_one(self) -> None:
        if not hasattr(self, "slack"):
            return
        held = Counter(
            call.subject
            for call in self.slack.calls
            if call.claimed and not call.given_up and not call.stalls
        )
        assert all(count == 1 for count in held.values())

    def teardown(self) -> None:
        """Everything works from here on: soon all stands once, and as it is."""
        if not hasattr(self, "slack"):
            return
        for call in [call for call in self.slack.calls if not call.given_up]:
            self._end(call, "answered" if call.stalls else "dies")
        for _ in range(12):
            if not self.slack.calls and all(item.due_at is None for item in self._items()):
                break
            self.time_passes(200)
            for lane in (Lane.POST, Lane.UPDATE):
                self.a_sender_claims("first", lane)
                for call in [call for call in self.slack.calls if not call.given_up]:
                    self._end(call, "answered")
        for item in self._items():
            assert (item.due_at, item.claimed_by, item.failed_reason) == (None, None, None), "P8"
        self.what_rests_is_true()
        self.nothing_stands_twice()

    # The database.

    def _of(self, subject: int) -> dict[str, Any]:
        return {"workspace_id": self.workspace_id, "surface": ALERT, "subject_id": subject}

    def _write(self, use_case: Callable[..., T], **given: Any) -> T:
        return self.database.write_now(use_case, **given)

    def _read(self, use_case: Callable[..., T], **given: Any) -> T:
        return self.database.read_now(use_case, **given)

    def _items(self) -> list[OutboxItem]:
        def every(session: Session) -> list[OutboxItem]:
            return list(session.exec(select(OutboxItem).order_by(col(OutboxItem.id))).all())

        return self._read(every)


@pytest.mark.sqlite
def test_any_order_of_trouble_ends_with_everything_shown_once(
    new_sqlite: Callable[[], str],
) -> None:
    database = Database(new_sqlite())

    class OnThisDatabase(OutboxMachine):
        pass

    OnThisDatabase.database = database
    try:
        run_state_machine_as_test(
            OnThisDatabase,
            settings=settings(
                max_examples=EXAMPLES or 60,
                stateful_step_count=25,
                derandomize=not EXAMPLES,
                database=None,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        database.close()
