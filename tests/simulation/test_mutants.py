"""Broken variants of the service, each noticed within a minute: the test of the test.

Source: RELIABILITY.md, "Tests, in order of value", 2. `make mutants` runs them all; a plain `make test` does not.
"""

import time

import pytest
from mutants import MUTANTS, Mutant
from sim_night import play

MINUTE_S = 60.0
"""Of the processor's time, so that a busy machine judges as a quiet one does."""
FIRST_SEED = 1000
"""Fixed: a mutant that is killed today is killed tomorrow, unless somebody has changed the code or the test."""


@pytest.mark.torture
@pytest.mark.timeout(900)
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_the_mutant_is_killed(mutant: Mutant) -> None:
    begun, nights = time.process_time(), 0
    while time.process_time() - begun < MINUTE_S:
        with mutant.alive():
            verdict = play(FIRST_SEED + nights, mutant.options)
        nights += 1
        if verdict.violations:
            took = time.process_time() - begun
            print(f"\n{mutant.name:45} killed in {took:5.1f} s, {nights:3} nights: {verdict.violations[0]}")
            return
    pytest.fail(f"{mutant.name}: survived {nights} nights")


def test_a_mutant_leaves_no_trace() -> None:
    """What it replaced stands there again."""
    for mutant in MUTANTS:
        before = [getattr(*where) for where in mutant.patches]
        with mutant.alive():
            pass
        assert [getattr(*where) for where in mutant.patches] == before
