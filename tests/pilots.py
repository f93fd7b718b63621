"""An app in a test, driven by a hand that waits until all is done that a key brought, and no longer.

Textual's own pilot waits until the processor has been idle for a while, several times for each key: that is most of
what a test of screens costs.
"""

import asyncio
import unicodedata
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

from textual import events
from textual.app import App
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.message_pump import MessagePump
from textual.pilot import Pilot

from tracker.tui.form import FillScreen

MOST_ROUNDS = 2_000
"""Rounds of messages after which an app that never comes to rest has failed."""

QUIET = 3
"""Rounds in a row in which nothing is to be done, before every widget is asked."""


class Hand(Pilot[Any]):
    """Presses keys, clicks, and waits by looking at what is still to be done."""

    async def press(self, *keys: str) -> None:
        """Keys, one after the other, each with all that follows from it."""
        for key in keys:
            self._type(key)
            await self.pause()

    def _type(self, key: str) -> None:
        name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
        character: str | None
        try:
            character = unicodedata.lookup(_get_unicode_name_from_key(REPLACED_KEYS.get(name, name)))
        except KeyError:
            character = name if len(name) == 1 else None
        event = events.Key(name, character)
        event.set_sender(self.app)
        driver = self.app._driver
        assert driver is not None
        driver.send_message(event)

    async def pause(self, delay: float | None = None) -> None:
        """Until no message waits, no work is under way and nothing is to be laid out."""
        if delay is not None:
            await super().pause(delay)
            return
        quiet = 0
        for _round in range(MOST_ROUNDS):
            if self.app._exit or self.app._exception is not None:
                # It was left, or has failed and says so when it is left.
                await super().pause()
                return
            for screen in self.app.screen_stack:
                screen._on_timer_update()
                if screen._layout_required:
                    # It is laid out when it has nothing else to do, which it sees after a message.
                    screen.check_idle()
            await asyncio.sleep(0)
            busy = self._is_busy()
            quiet = 0 if busy else quiet + 1
            if busy and (running := [w for w in self.app.workers if not w.is_finished]):
                await asyncio.wait([w._task for w in running if w._task is not None], timeout=60)
            # A message that is being handled waits nowhere: that each widget answers is asked, at a price, last.
            if quiet == QUIET and await self._wait_for_screen() and not self._is_busy():
                return
            quiet %= QUIET
        raise AssertionError("the app does not come to rest")

    def _is_busy(self) -> bool:
        return (
            self.app._resize_event is not None
            or any(not worker.is_finished for worker in self.app.workers)
            or any(not pump._message_queue.empty() or pump._next_callbacks for pump in self._pumps())
            or any(screen._layout_required or screen._callbacks for screen in self.app.screen_stack)
        )

    def _pumps(self) -> Iterator[MessagePump]:
        yield self.app
        for screen in self.app.screen_stack:
            yield from screen.walk_children(with_self=True)


@asynccontextmanager
async def driven(app: App[Any], size: tuple[int, int] = (80, 24), **options: Any) -> AsyncIterator[Hand]:
    """The app without a terminal; it jumps where it would glide."""
    app.animation_level = "none"
    async with app.run_test(size=size, **options) as _pilot:
        hand = Hand(app)
        await hand.pause()
        yield hand


def screen(pilot: Pilot[None]) -> FillScreen:
    """The form on the screen."""
    found = pilot.app.screen_stack[0]
    assert isinstance(found, FillScreen)
    return found


async def type_(pilot: Pilot[None], text: str) -> None:
    """Letters as a terminal sends them, Chinese ones too."""
    await pilot.press(*text)
    await pilot.pause()
