"""Sends files into a person's direct messages, in Slack's two steps.

The addresses for the bytes come from Slack, so the bot posts to them only where Slack's own files are:
files.slack.com, or the host of `SLACK_API_URL` if that is not Slack's. Redirects are not followed.

https://docs.slack.dev/messaging/working-with-files#uploading_files
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.database import Database
from bot.domain.access import Caller
from bot.domain.privacy import sent_files
from bot.domain.privacy.sheets import File
from bot.slack.outcomes import CallOutcome, DeliveryError, classify

log = logging.getLogger(__name__)

SLACK_FILES = "files.slack.com"
TIMEOUT = aiohttp.ClientTimeout(total=60)


class NotSent(DeliveryError):
    """Slack did not take the files; `code` is Slack's error code, or our own word for what happened."""

    def __init__(self, code: str, outcome: CallOutcome = CallOutcome.NOT_DONE) -> None:
        super().__init__(code)
        self.code = code
        self.outcome = outcome


@dataclass(frozen=True)
class Upload:
    """Files for one person, with the members whose records they hold."""

    caller: Caller
    files: Sequence[File]
    about: Collection[int]
    comment: str
    order_id: int | None = None
    """The request that the files answer: see `bot.domain.privacy.export_orders`."""


class Uploads:
    """Sends files over the app's shared session."""

    def __init__(
        self, *, session: aiohttp.ClientSession, api_url: str, database: Database, clock: Clock
    ) -> None:
        self._session = session
        self._api = urlsplit(api_url)
        self._database = database
        self._clock = clock

    async def send(self, client: AsyncWebClient, upload: Upload) -> None:
        """Send the files as one message. Raises NotSent, and Refusal if somebody in them was deleted meanwhile.

        The files are registered before a byte of them leaves, in a transaction of its own.
        """
        try:
            await self._send(client, upload)
        except Exception as error:
            failure = classify(error)
            if failure is None or isinstance(error, NotSent):
                raise
            log.warning("files not sent", extra={"code": failure.code, "detail": failure.detail})
            raise NotSent(failure.code, failure.outcome) from error

    async def _send(self, client: AsyncWebClient, upload: Upload) -> None:
        opened = await client.conversations_open(users=upload.caller.slack_user_id)
        places = [await self._place(client, file) for file in upload.files]
        await self._database.write(
            sent_files.register,
            caller=upload.caller,
            about=upload.about,
            slack_file_ids=[file_id for _, file_id in places],
            now=self._clock.now(),
            order_id=upload.order_id,
        )
        for file, (url, _) in zip(upload.files, places, strict=True):
            await self._post(url, file)
        await client.files_completeUploadExternal(
            files=[
                {"id": file_id, "title": file.name}
                for file, (_, file_id) in zip(upload.files, places, strict=True)
            ],
            channel_id=str(opened["channel"]["id"]),
            initial_comment=upload.comment,
        )

    async def _place(self, client: AsyncWebClient, file: File) -> tuple[str, str]:
        """Return the address for the file's bytes, and its id."""
        answer = await client.files_getUploadURLExternal(
            filename=file.name, length=len(file.content)
        )
        url = str(answer["upload_url"])
        if not self._is_slacks(url):
            log.warning("upload_url refused")
            raise NotSent("upload_url", CallOutcome.OPERATOR)
        return url, str(answer["file_id"])

    async def _post(self, url: str, file: File) -> None:
        async with self._session.post(
            url, data=file.content, timeout=TIMEOUT, allow_redirects=False
        ) as response:
            if response.status != 200:
                raise NotSent(f"http_{response.status}")

    def _is_slacks(self, url: str) -> bool:
        """Return whether Slack (or the workspace at SLACK_API_URL) could have sent this address."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        if parts.username is not None or parts.password is not None:
            return False
        if (self._api.hostname or "").endswith("slack.com"):
            return (parts.scheme, parts.netloc) == ("https", SLACK_FILES)
        return (parts.scheme, parts.netloc) == (self._api.scheme, self._api.netloc)
