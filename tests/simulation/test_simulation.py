"""Some seconds of the deterministic simulation in every test run, with fresh seeds; `make simulate` plays minutes.

Source: RELIABILITY.md, "Tests, in order of value", 1.
"""

import os
import time

from sim_night import play, told

SECONDS = 2.0
AT_LEAST = 2


def test_whatever_fails_nothing_is_lost_and_nothing_said_twice() -> None:
    """Another seed every time: what is seldom is found some day, and then its seed plays it again."""
    first = int.from_bytes(os.urandom(4)) // 1000 * 1000
    begun, nights = time.monotonic(), 0
    while nights < AT_LEAST or time.monotonic() - begun < SECONDS:
        verdict = play(first + nights)
        nights += 1
        assert not verdict.violations, told(verdict)


def test_a_seed_is_a_night() -> None:
    """The same seed plays the same night to the last line, or a failure could not be looked at again."""
    one, other = play(11), play(11)
    assert one.faults, "a night on which nothing fails shows nothing"
    assert one.trace == other.trace
