"""A letter that takes long holds up neither answers nor threads."""

import asyncio

from gateway.press import Press
from services.journal.work import Typeset

LETTER = Typeset(title="Kvittering", file_name="kvittering.pdf", content=b"%PDF")


async def at_once() -> Typeset:
    return LETTER


def test_a_letter_is_had_at_once() -> None:
    assert asyncio.run(Press().letter(at_once)) == LETTER


def test_what_takes_too_long_is_done_without_and_keeps_its_turn_to_the_end() -> None:
    async def try_it() -> None:
        press, may_end, began = Press(0.02), asyncio.Event(), 0

        async def slow() -> Typeset:
            nonlocal began
            began += 1
            await may_end.wait()
            return LETTER

        assert await press.letter(slow) is None
        assert await press.letter(slow) is None
        assert began == 1
        may_end.set()
        assert await press.letter(at_once) == LETTER
        assert await press.letter(slow) == LETTER

    asyncio.run(asyncio.wait_for(try_it(), 10))


def test_a_letter_that_fails_gives_its_turn_up() -> None:
    async def try_it() -> None:
        press = Press()

        async def failing() -> Typeset:
            raise ValueError

        for _ in range(2):
            try:
                await press.letter(failing)
            except ValueError:
                continue
            raise AssertionError
        assert await press.letter(at_once) == LETTER

    asyncio.run(asyncio.wait_for(try_it(), 10))
