"""What people of the demo can see and do: a workspace of Slack's, as somebody at a keyboard has it.

The sandbox's people have this shape. The demo knows no more of the sandbox than this, and presses only what stands
on a screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlmodel import Session

Json = dict[str, Any]
T = TypeVar("T")


class Message(Protocol):
    """A message in a channel."""

    @property
    def ts(self) -> str: ...
    @property
    def blocks(self) -> list[Json]: ...


class Done(Protocol):
    """What came of something that somebody did."""

    @property
    def acked(self) -> bool: ...
    @property
    def error(self) -> str | None: ...
    @property
    def body(self) -> Json | None: ...


class Person(Protocol):
    """Somebody at a keyboard; see `bot.sandbox.people.Person`."""

    @property
    def id(self) -> str: ...
    @property
    def modal(self) -> Json | None: ...
    @property
    def home(self) -> Json | None: ...
    @property
    def errors(self) -> dict[str, str]: ...

    def messages(self, channel: str | None = None) -> Sequence[Any]: ...

    async def command(self, command: str, text: str = "") -> Any: ...

    async def press(self, surface: Any, *, action_id: str, value: str | None = None) -> Any: ...

    async def select(
        self, surface: Any, *, action_id: str, value: Any, block_id: str | None = None
    ) -> Any: ...

    async def submit(self, values: Mapping[str, Any] | None = None) -> Any: ...

    async def close_all(self) -> None: ...

    async def open_home(self) -> Any: ...


class World(Protocol):
    """The workspace, with the bot in it and a clock that stands still between moves."""

    @property
    def now(self) -> datetime: ...

    def person(self, slack_user_id: str) -> Person: ...

    async def move_to(self, moment: datetime) -> None:
        """Move the clock to a moment, and let the bot do everything that is due by then."""

    async def settle(self) -> None:
        """Let the bot do everything that is due."""

    def travels(self, slack_user_id: str, timezone: str) -> None:
        """Have Slack tell that somebody is in another time zone now."""

    async def read(self, question: Callable[[Session], T]) -> T:
        """Read from the bot's database."""


class Stuck(Exception):
    """Somebody could not do what they wanted, so what follows would be another story: a fault of the demo's."""


async def typed(person: Person, command: str, text: str = "") -> Json | None:
    """Type a command; return what it was answered with. Raises Stuck if it was not."""
    return _checked(person, f"{command} {text}", await person.command(command, text)).body


async def pressed(person: Person, surface: Any, action_id: str, value: str | None = None) -> None:
    """Press a button that stands there. Raises Stuck if Slack shows an error."""
    _checked(person, action_id, await person.press(surface, action_id=action_id, value=value))


async def selected(
    person: Person, surface: Any, action_id: str, value: Any, *, block_id: str | None = None
) -> None:
    """Choose something in a menu. Raises Stuck if Slack shows an error."""
    done = await person.select(surface, action_id=action_id, value=value, block_id=block_id)
    _checked(person, action_id, done)


async def submitted(
    person: Person, values: Mapping[str, Any] | None = None, *, tries: int = 1
) -> None:
    """Submit the modal on top. Raises Stuck if anything in it is refused, however often it is sent again."""
    title = modal_of(person)["title"]["text"]
    for _ in range(tries):
        done = await person.submit(values)
        if not person.errors:
            _checked(person, title, done)
            return
    raise Stuck(f"{person.id}, “{title}”: {person.errors}")


def modal_of(person: Person) -> Json:
    """Return the modal on top. Raises Stuck without one."""
    if person.modal is None:
        raise Stuck(f"{person.id} has no form open")
    return person.modal


def _checked(person: Person, what: str, done: Done) -> Done:
    if not done.acked or done.error:
        raise Stuck(f"{person.id}, {what}: {done.error}")
    return done


def elements(surface: Any) -> Iterator[Json]:
    """Yield the buttons and menus of a message, a modal or a Home."""
    blocks = surface["blocks"] if isinstance(surface, dict) else surface.blocks
    for block in blocks:
        for element in (*block.get("elements", ()), block.get("accessory") or {}):
            if isinstance(element, dict) and "action_id" in element:
                yield element


def values(surface: Any, action_id: str) -> list[str]:
    """Return the values of the buttons with this action_id, from the top."""
    return [str(one.get("value")) for one in elements(surface) if one["action_id"] == action_id]


def fields(modal: Json, prefix: str) -> list[str]:
    """Return the block_ids of the modal's inputs that begin like this."""
    return [
        block["block_id"]
        for block in modal["blocks"]
        if block["type"] == "input" and block["block_id"].startswith(prefix)
    ]


def standing(person: Person, *action_ids: str, channel: str | None = None) -> list[Any]:
    """Return the messages on which one of these buttons stands now, oldest first."""
    wanted = set(action_ids)
    return [
        message
        for message in person.messages(channel)
        if any(one["action_id"] in wanted for one in elements(message))
    ]
