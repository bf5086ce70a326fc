"""The rota's picture on its way to a phone: drawn once for all who ask, and never in the way of the words."""

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.delivery.pictures import Drawing, Pictures
from schedules.rota_file import load
from schedules.weeks import unchanged_since

PLAN = load((Path(__file__).parents[2] / "rota.example.toml").read_text(encoding="utf-8"), "the example")
SATURDAY = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
DRAWING = Drawing(PLAN, 1, ("primary",), SATURDAY, 1, "it")


async def test_it_is_drawn_once_for_all_who_ask() -> None:
    pictures = Pictures()
    first, second = await asyncio.gather(pictures.png(DRAWING), pictures.png(DRAWING))
    assert first is second
    assert await pictures.png(replace(DRAWING, language="en")) != first
    assert await pictures.png(replace(DRAWING, revision=2)) is not first


async def test_what_cannot_be_drawn_is_logged_and_leaves_the_words(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert await Pictures().png(replace(DRAWING, weeks=99)) == b""
    assert "its words go alone" in caplog.text


@pytest.mark.parametrize(
    ("now", "since"),
    [
        pytest.param((17, 9), (17, 0), id="long after the handoff of 17:00 UTC"),
        pytest.param((17, 0), (17, 0), id="at the handoff"),
        pytest.param((16, 59), (16, 50), id="before it"),
        pytest.param((8, 5), (8, 0), id="the office opened"),
    ],
)
def test_a_kept_picture_never_hides_a_handoff(now: tuple[int, int], since: tuple[int, int]) -> None:
    """A picture of ten minutes ago would name who is off duty by now."""
    at = datetime(2026, 11, 27, *now, 30 if now[1] else 0, tzinfo=UTC)
    start = at.replace(minute=at.minute // 10 * 10, second=0)
    assert unchanged_since(PLAN, ("primary", "backup"), start, at) == datetime(2026, 11, 27, *since, tzinfo=UTC)


def test_a_handoff_in_between_starts_it_anew() -> None:
    text = PLAN.text.replace("starts = 2026-01-16T18:00:00", "starts = 2026-01-16T18:04:30")
    plan = load(text, "the example, four minutes later")
    start, now = datetime(2026, 11, 27, 17, 0, tzinfo=UTC), datetime(2026, 11, 27, 17, 6, tzinfo=UTC)
    assert unchanged_since(plan, ("backup",), start, now) == datetime(2026, 11, 27, 17, 4, 30, tzinfo=UTC)
