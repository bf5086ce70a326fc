"""X → store: read the mentions of each account, keep them, judge them, give each its ticket and its page.

`line` reads and keeps; `judging` makes tickets of what is new; `changes` is what customers do to posts that we know.
A crash between keeping and judging loses nothing: the rows wait as `new`.
"""

from bot.intake.line import BACK_OFF, COLD_RINGS, FULL_EVERY, OVERLAP, Intake

__all__ = ["BACK_OFF", "COLD_RINGS", "FULL_EVERY", "OVERLAP", "Intake"]
