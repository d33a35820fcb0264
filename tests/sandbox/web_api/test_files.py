"""Uploading in Slack's two steps, downloading on the page, and deleting."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.people import Person
from bot.sandbox.workspace import Workspace


@pytest.fixture(autouse=True)
def may_send_files(workspace: Workspace) -> None:
    scopes = (*workspace.manifest.scopes, "files:write")
    workspace.manifest = replace(workspace.manifest, scopes=scopes)


async def place(client: AsyncWebClient, content: bytes, name: str = "a.csv") -> tuple[str, str]:
    """An address that awaits these bytes, and the file's id."""
    answer = await client.files_getUploadURLExternal(filename=name, length=len(content))
    return str(answer["upload_url"]), str(answer["file_id"])


async def uploaded(client: AsyncWebClient, content: bytes, name: str = "a.csv") -> str:
    url, file_id = await place(client, content, name)
    async with aiohttp.ClientSession() as session, session.post(url, data=content) as response:
        assert (response.status, await response.text()) == (200, f"OK - {len(content)}")
    return file_id


async def error(call: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])


async def test_files_come_as_one_message_and_can_be_saved(
    client: AsyncWebClient, workspace: Workspace, priya: Person
) -> None:
    ids = [await uploaded(client, b"one", "a.csv"), await uploaded(client, b"two", "b.json")]
    channel = (await client.conversations_open(users="U0PRIYA"))["channel"]["id"]
    answer = await client.files_completeUploadExternal(
        files=[{"id": ids[0], "title": "First"}, {"id": ids[1]}],
        channel_id=channel,
        initial_comment="Yours.",
    )
    assert [file["id"] for file in answer["files"]] == ids
    (message,) = priya.messages()
    assert (message.text, message.files, message.from_bot) == ("Yours.", ids, True)
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{workspace.base_url}/p/U0PRIYA/dm") as page:
            html = await page.text()
        assert f'href="/files/{ids[0]}"' in html
        assert ">First</a>" in html
        async with session.get(f"{workspace.base_url}/files/{ids[1]}") as saved:
            assert await saved.read() == b"two"
            assert saved.headers["Content-Disposition"] == 'attachment; filename="b.json"'


async def test_a_deleted_file_is_gone_from_its_message(
    client: AsyncWebClient, workspace: Workspace, priya: Person
) -> None:
    file_id = await uploaded(client, b"one")
    channel = (await client.conversations_open(users="U0PRIYA"))["channel"]["id"]
    await client.files_completeUploadExternal(files=[{"id": file_id}], channel_id=channel)
    assert (await client.files_delete(file=file_id))["ok"]
    assert priya.messages()[0].files == []
    assert await error(client.files_delete(file=file_id)) == "file_not_found"
    address = f"{workspace.base_url}/files/{file_id}"
    async with aiohttp.ClientSession() as session, session.get(address) as gone:
        assert gone.status == 404


async def test_bytes_of_another_length_and_an_unknown_address_are_refused(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    url, file_id = await place(client, b"one")
    async with aiohttp.ClientSession() as session:
        for where in (url, f"{workspace.base_url}/upload/nowhere"):
            async with session.post(where, data=b"more than that") as response:
                assert response.status == 400
    refused = client.files_completeUploadExternal(files=[{"id": file_id}], channel_id="C0COACH")
    assert await error(refused) == "file_not_found"


@pytest.mark.parametrize(
    ("channel", "code"),
    [
        ("C0NOWHERE", "channel_not_found"),
        ("C0GENERAL", "not_in_channel"),
        ("C0ARCHIVED", "is_archived"),
    ],
)
async def test_where_files_may_not_be_shared(
    client: AsyncWebClient, channel: str, code: str
) -> None:
    file_id = await uploaded(client, b"one")
    call = client.files_completeUploadExternal(files=[{"id": file_id}], channel_id=channel)
    assert await error(call) == code


async def test_an_empty_file_and_a_missing_scope_are_refused(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    empty = client.files_getUploadURLExternal(filename="a", length=0)
    assert await error(empty) == "missing_argument"
    scopes = tuple(scope for scope in workspace.manifest.scopes if scope != "files:write")
    workspace.manifest = replace(workspace.manifest, scopes=scopes)
    with pytest.raises(SlackApiError) as refused:
        await client.files_getUploadURLExternal(filename="a", length=1)
    assert refused.value.response["error"] == "missing_scope"
    assert refused.value.response["needed"] == "files:write"
