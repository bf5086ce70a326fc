"""How long delivery waits before it tries again."""

from datetime import timedelta

# After "nothing was sent", doubled from the first up to the last: a chat asks that often at most.
BACK_OFF = (timedelta(seconds=1), timedelta(seconds=15))


def back_off(span: tuple[timedelta, timedelta], attempts: int) -> timedelta:
    """The first of the span after one attempt, doubled with each further one, at most the last."""
    doubled = 1 << min(max(attempts - 1, 0), 10)
    return min(span[0] * doubled, span[1])
