"""kill -9 of the real process between every two steps of a page and of a reply: before and after each commit and each
network call. After the restart the page stands on the phone at least once, the reply on X exactly once.

Source: DESIGN.md, "What it promises", 1 to 4; RELIABILITY.md, "Tests, in order of value", 3.
"""

from pathlib import Path

import pytest
from night import complaints, play, play_all
from prepared import Databases
from reaper import Step, each_kind, every_step, together
from service import InstalledCommand

POST = "POST /2/tweets"
PAGE = "POST /bot/sendMessage"
ANSWER = "POST /bot/answerCallbackQuery"
# What an installation must not be without, were the steps ever renamed.
MUST_DIE_AT = {
    (what, side)
    for what in (PAGE, POST, "POST /bot/editMessageText", "POST /bot/getUpdates", "GET /2/users/*/mentions")
    for side in ("before", "after")
}


async def steps_of_a_night(databases: Databases, folder: Path) -> tuple[Step, ...]:
    """A night on which nobody dies: what there is to die at."""
    (quiet,) = await play_all(databases, folder, [()])
    assert not quiet.problem, quiet.problem
    assert quiet.again == 0
    return quiet.steps


@pytest.mark.timeout(400)
async def test_death_at_each_kind_of_step(on_sqlite: Databases, tmp_path: Path) -> None:
    """Every distinct commit and request, both sides; one death in each phase of a night."""
    kinds = each_kind(await steps_of_a_night(on_sqlite, tmp_path))
    assert {(s.what, s.side) for s in kinds} >= MUST_DIE_AT
    outcomes = await play_all(on_sqlite, tmp_path, together(kinds))
    assert not complaints(outcomes), complaints(outcomes)


@pytest.mark.timeout(200)
async def test_death_around_page_and_post_on_postgresql(on_postgresql: Databases, tmp_path: Path) -> None:
    """The deaths that matter most, on the other database."""
    nights = [
        [Step(0, phase, what, side, 1) for phase, what in (("page", PAGE), ("claim", ANSWER), ("send", POST))]
        for side in ("before", "after")
    ]
    outcomes = await play_all(on_postgresql, tmp_path, nights)
    assert not complaints(outcomes), complaints(outcomes)


@pytest.mark.timeout(200)
async def test_the_installed_command_comes_back(on_sqlite: Databases, tmp_path: Path) -> None:
    """`reperibile run` itself, killed when the page has arrived and again when the post stands on X."""
    deaths = [Step(0, "page", PAGE, "after", 1), Step(0, "send", POST, "after", 1)]
    outcome = await play(InstalledCommand(), on_sqlite, tmp_path, deaths)
    assert not complaints([outcome]), complaints([outcome])


@pytest.mark.torture
@pytest.mark.timeout(3600)
async def test_death_at_every_single_step(databases: Databases, tmp_path: Path) -> None:
    """The whole walk, one death a night, on both databases."""
    steps = every_step(await steps_of_a_night(databases, tmp_path))
    outcomes = await play_all(databases, tmp_path, [[step] for step in steps])
    assert not complaints(outcomes), complaints(outcomes)


@pytest.mark.torture
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("first", [("page", PAGE), ("send", POST)])
async def test_death_during_the_recovery(
    on_sqlite: Databases, tmp_path: Path, first: tuple[str, str], side: str
) -> None:
    """The service dies at the page or at the post, and again at every step of coming back from that."""
    phase, what = first
    death = Step(1, phase, what, side, 1)
    (once,) = await play_all(on_sqlite, tmp_path, [[death]])
    assert not complaints([once]), complaints([once])
    second: dict[tuple[str, str], Step] = {}
    for step in once.steps:
        if step.life == 2 and step.phase == phase and "[]" not in step.what:
            second.setdefault((step.what, step.side), step)
    outcomes = await play_all(on_sqlite, tmp_path, [[death, step] for step in second.values()])
    assert not complaints(outcomes), complaints(outcomes)
