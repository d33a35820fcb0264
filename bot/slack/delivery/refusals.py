"""Decides what follows when Slack did not take a call.

The rule: no answer of Slack's gives a message up. Only the end of its own window does, or a person of whom Slack
says, when it is asked, that they are gone. Everything else waits with growing pauses. What the code is good for is
to choose what else is tried meanwhile: the coach instead of the channel, a DM that is opened anew, plain text.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from slack_sdk.errors import SlackApiError

from bot.clock import Clock
from bot.database import Database
from bot.domain import deliveries
from bot.domain.outbox import sending, unshown
from bot.domain.outbox.outbox import NOTHING_TO_SHOW, Lane
from bot.domain.outbox.sending import Claimed
from bot.domain.outbox.unshown import Ended, PutBack, Unknown
from bot.domain.people.enrolled import BOT, DEACTIVATED
from bot.slack.delivery.addressing import Rendered, ToChannel, ToHome, ToMember
from bot.slack.delivery.calls import SlackCalls, cannot_look
from bot.slack.delivery.probing import Probing, pause_after
from bot.slack.delivery.token_check import TokenCheck
from bot.slack.outcomes import CallOutcome, Failure, classify

log = logging.getLogger(__name__)

TRIES = 3
"""After this many refused tries another way is taken, where there is one."""

LOOK_TRIES = 11
"""After this many refused tries, about three quarters of an hour, a message is sent again without a look."""

LOOK_AFTER = timedelta(seconds=60)
"""The time between an unknown outcome and a look, and between two looks: Slack shows an accepted post by then."""

LAST_TRY = timedelta(minutes=2)
"""How long before the end of its window a row is tried once more, if its pause would outlast the window."""

ABOUT_EVERYBODY = frozenset({CallOutcome.REFUSED, CallOutcome.PAUSED, CallOutcome.OPERATOR})
"""The refusals that may be meant for the whole workspace."""


class Refusals:
    """Reports failed calls to the outbox, for one sender."""

    def __init__(
        self, *, database: Database, calls: SlackCalls, clock: Clock, token: TokenCheck, sender: str
    ) -> None:
        self.probing = {lane: Probing() for lane in Lane}
        self._database = database
        self._calls = calls
        self._clock = clock
        self._token = token
        self._sender = sender

    async def report(
        self, claimed: Claimed, rendered: Rendered, failure: Failure, started: datetime
    ) -> None:
        """Report what a failed call, begun at `started`, means for the row."""
        facts = {**ids(claimed), "code": failure.code, "detail": failure.detail}
        log.warning("not delivered", extra=facts)
        posting = lane_of(claimed, rendered) is Lane.POST
        match failure.outcome:
            case CallOutcome.RATE_LIMITED:
                later = self._clock.now() + timedelta(seconds=failure.retry_after)
                await self.put_back(claimed, later, counts=False, refused_because=failure.code)
            case CallOutcome.UNKNOWN if posting:
                await self.unknown(claimed, looked=False, since=started, because=failure.code)
            case CallOutcome.UNKNOWN | CallOutcome.NOT_DONE:
                unknown = failure.outcome is CallOutcome.UNKNOWN
                await self.put_back(
                    claimed,
                    self._clock.now() + backoff(claimed.attempts),
                    counts=True,
                    refused_because=failure.code,
                    may_arrive_since=started if unknown else None,
                )
            case CallOutcome.TOKEN_DEAD:
                if not await self.token_refused(claimed, failure):
                    await self._waits(claimed, rendered, failure)
            case CallOutcome.CHANNEL_UNUSABLE | CallOutcome.RECIPIENT_GONE:
                await self._place_refused(claimed, rendered, failure)
            case CallOutcome.STALE if claimed.ts is not None:
                await self._message_refused(claimed, rendered, failure)
            case _:
                await self._waits(claimed, rendered, failure)

    async def _waits(self, claimed: Claimed, rendered: Rendered, failure: Failure) -> None:
        """Put the row back for a growing pause; close its method when everybody is refused."""
        now = self._clock.now()
        lane = lane_of(claimed, rendered)
        probing = self.probing[lane]
        was_closed = probing.next_at is not None
        if failure.outcome in ABOUT_EVERYBODY or (
            failure.outcome in {CallOutcome.PAYLOAD, CallOutcome.TOKEN_DEAD} and lane is Lane.POST
        ):
            probing.refused(place_of(rendered), row=claimed.id, now=now)
        latest = rendered.latest if isinstance(rendered, ToMember) and claimed.ts is None else None
        pause = pause_after(claimed.attempts, within_window=latest is not None)
        if was_closed and probing.next_at is not None:
            # The method is closed for all, so this says nothing about the row: it is tried in its turn.
            pause = max(probing.next_at - now, pause_after(0))
        due_at = now + pause
        if latest is not None and due_at > latest - LAST_TRY > now:
            due_at = latest - LAST_TRY
        await self.put_back(claimed, due_at, counts=not was_closed, refused_because=failure.code)

    async def token_refused(self, claimed: Claimed, failure: Failure) -> bool:
        """Put the row back if the token is dead, as auth.test says; return whether it is."""
        if not await self._token.is_dead(claimed.workspace_id):
            return False
        later = self._clock.now() + pause_after(0)
        await self.put_back(claimed, later, counts=False, refused_because=failure.code)
        return True

    async def _place_refused(self, claimed: Claimed, rendered: Rendered, failure: Failure) -> None:
        """Handle a channel that the bot can't post in, or a person whom it can't write to."""
        channel_refused = failure.outcome is CallOutcome.CHANNEL_UNUSABLE
        if not isinstance(rendered, (ToMember, ToHome)):
            if claimed.ts is None and channel_refused and claimed.attempts < TRIES:
                await self._database.write(
                    deliveries.channel_failed,
                    claimed=claimed,
                    sender=self._sender,
                    code=failure.code,
                    now=self._clock.now(),
                )
                return
        elif (gone := await self._why_gone(rendered)) is not None:
            await self._database.write(
                deliveries.recipient_gone,
                claimed=claimed,
                sender=self._sender,
                member_id=rendered.member_id,
                because=gone,
                now=self._clock.now(),
            )
            return
        elif isinstance(rendered, ToMember) and claimed.ts is None:
            await self._open_dm_anew(rendered)
        await self._waits(claimed, rendered, failure)

    async def _why_gone(self, rendered: ToMember | ToHome) -> str | None:
        """Ask Slack whether the person is gone, and return why; None if they are there or Slack does not say."""
        try:
            answer = await self._calls.call("users.info", user=rendered.slack_user_id)
        except Exception as error:
            if classify(error) is None:
                raise
            return None
        user = answer.get("user")
        if not isinstance(user, dict):
            return None
        if user.get("deleted"):
            return DEACTIVATED
        return BOT if user.get("is_bot") else None

    async def _open_dm_anew(self, rendered: ToMember) -> None:
        """Have Slack open the DM with somebody who is there, and store its channel."""
        try:
            answer = await self._calls.call("conversations.open", users=rendered.slack_user_id)
            channel = str(answer["channel"]["id"])
        except Exception as error:
            if classify(error) is None:
                raise
            return
        if channel != rendered.dm_channel:
            await self._database.write(
                deliveries.dm_opened, member_id=rendered.member_id, channel=channel
            )

    async def _message_refused(
        self, claimed: Claimed, rendered: Rendered, failure: Failure
    ) -> None:
        """Post anew what is gone from its conversation; a message that stands there is tried again.

        Where the bot can't read the conversation, it is posted anew after TRIES. A look that an outage stopped is
        made again: a message that stands must not be forgotten, for nobody would withdraw or redraw it any more.
        """
        stands = await self._stands(claimed)
        if stands is False or (stands is None and claimed.attempts >= TRIES):
            await self._database.write(
                sending.forget_post, claimed=claimed, sender=self._sender, now=self._clock.now()
            )
        else:
            await self._waits(claimed, rendered, failure)

    async def _stands(self, claimed: Claimed) -> bool | None:
        """Return whether the message is in its conversation, or may be there; None if the bot can't read it."""
        try:
            answer = await self._calls.call(
                "conversations.history",
                channel=claimed.channel,
                oldest=claimed.ts,
                latest=claimed.ts,
                inclusive=True,
                limit=1,
            )
        except Exception as error:
            if classify(error) is None:
                raise
            return None if isinstance(error, SlackApiError) and cannot_look(error) else True
        return any(message.get("ts") == claimed.ts for message in answer["messages"])

    async def look_refused(self, claimed: Claimed, failure: Failure) -> None:
        """Report that Slack refused to look for the message. That says nothing about posting."""
        log.warning("could not look", extra={**ids(claimed), "code": failure.code})
        later = self._clock.now() + backoff(claimed.attempts)
        await self.put_back(claimed, later, counts=True, refused_because=failure.code)

    async def waits_for_coach(self, claimed: Claimed) -> None:
        """Put a message to coaches back while nobody coaches the rep who can be written to."""
        later = self._clock.now() + pause_after(claimed.attempts, within_window=False)
        await self.put_back(claimed, later, counts=True, refused_because=NOTHING_TO_SHOW)

    async def put_back(
        self,
        claimed: Claimed,
        due_at: datetime,
        *,
        counts: bool,
        refused_because: str | None = None,
        may_arrive_since: datetime | None = None,
    ) -> None:
        """Report that nothing was done for the row, which is due again at `due_at`; see `PutBack`."""
        report = PutBack(
            claimed=claimed,
            sender=self._sender,
            due_at=due_at,
            counts=counts,
            refused_because=refused_because,
            may_arrive_since=may_arrive_since,
        )
        await self._database.write_batched(unshown.put_back, report)

    async def unknown(
        self,
        claimed: Claimed,
        *,
        looked: bool,
        since: datetime | None = None,
        because: str | None = None,
    ) -> None:
        """Report that the message may have been posted, and that it is looked for later."""
        now = self._clock.now()
        report = Unknown(
            claimed=claimed,
            sender=self._sender,
            since=since or now,
            due_at=now + LOOK_AFTER,
            looked=looked,
            refused_because=because,
        )
        await self._database.write_batched(unshown.mark_unknown, report)

    async def give_up(self, claimed: Claimed, because: str) -> None:
        """Report that the row is not tried again."""
        report = Ended(claimed=claimed, sender=self._sender, because=because, now=self._clock.now())
        await self._database.write_batched(unshown.give_up, report)


def may_be_plain(error: SlackApiError, claimed: Claimed) -> bool:
    """Return whether plain text is worth a try: Slack refuses the content, or refuses again and again."""
    failure = classify(error)
    if failure is None:
        return False
    if failure.outcome is CallOutcome.REFUSED:
        return claimed.attempts >= TRIES
    return failure.outcome is CallOutcome.PAYLOAD


def lane_of(claimed: Claimed, rendered: Rendered) -> Lane:
    """Return which kind of call the row needs."""
    if isinstance(rendered, ToHome):
        return Lane.PUBLISH
    return Lane.POST if claimed.ts is None else Lane.UPDATE


def place_of(rendered: Rendered) -> str:
    """Return the Slack id of the channel or the person that the row is shown to; "" where it only stands."""
    if isinstance(rendered, ToChannel):
        return rendered.channel
    return rendered.slack_user_id if isinstance(rendered, (ToMember, ToHome)) else ""


def backoff(attempts: int) -> timedelta:
    """Return the wait after a passing failure: 2 s, 4 s, 8 s … up to a quarter of an hour."""
    return timedelta(seconds=min(2.0 ** min(attempts + 1, 10), 900.0))


def ids(claimed: Claimed) -> dict[str, object]:
    """Return the ids of the row for a log line."""
    return {"row": claimed.id, "surface": claimed.surface, "subject": claimed.subject_id}
