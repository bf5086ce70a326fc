"""Phone → store: what people type and press becomes moves, replies and rota edits. Nothing is sent here.

`line` keeps raw updates and takes them one by one, each in one transaction; `moves`, `replies` and `team` are what a
command can do; `visit` is what they share.
"""

from bot.desk.line import Desk

__all__ = ["Desk"]
