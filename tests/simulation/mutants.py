"""Broken variants of the service that the simulation must notice: the test of the test.

Each is a small patch of the running code, put in place for one night and taken away again; nothing of it stands in the
product. What stands in NAMED is named in RELIABILITY.md, "Tests, in order of value", 2.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import select

from bot.core import reply as protocol
from bot.core.options import Options
from bot.core.reply import Reply, ReplyState, Waits
from bot.delivery import messages
from bot.delivery import replies as posting
from bot.delivery.messages import Messages
from bot.delivery.replies import Replies
from bot.desk import line as desk
from bot.desk.line import Desk
from bot.errors import DoorError, Temporary
from bot.intake import line as intake
from bot.intake.line import Intake
from bot.store import outbox
from bot.store.tables import OutboxRow, ReplyRow


@dataclass(frozen=True)
class Mutant:
    """name: as it stands in the table. patches: (object, attribute) → what stands there instead, made from what did."""

    name: str
    patches: dict[tuple[Any, str], Callable[[Any], Any]]
    options: Callable[[Options], Options] = lambda options: options

    @contextmanager
    def alive(self) -> Iterator[None]:
        before = {where: getattr(*where) for where in self.patches}
        try:
            for (holder, name), change in self.patches.items():
                setattr(holder, name, change(before[holder, name]))
            yield
        finally:
            for (holder, name), was in before.items():
                setattr(holder, name, was)
            posting._most_due.cache_clear()
            outbox._ready.cache_clear()


def _done_before_send(take: Any) -> Any:
    def changed(self: Any, session: Any, now: datetime) -> Any:
        parcels = take(self, session, now)
        for parcel in parcels:
            session.get(OutboxRow, parcel.row_id).state = "sent"
        return parcels

    return changed


def _blind_retry(_doubtful: Any) -> Any:
    def changed(reply: Reply, now: datetime, waits: Waits) -> Reply:
        return replace(reply, state=ReplyState.HELD, due_at=now + timedelta(seconds=5))

    return changed


def _confirm_first(_listen: Any) -> Any:
    async def changed(self: Any, now: Any, timeout_s: int) -> int:
        offset = await self._store.run(desk._offset)
        try:
            raws = await self._door.updates(offset, timeout_s)
            if raws:
                raws += await self._door.updates(raws[-1]["update_id"] + 1, 0)
        except DoorError as problem:
            raise Temporary(problem.reason) from None
        await self._store.run(desk._keep, raws, now())
        return len(raws)

    return changed


def _cursor_first(poll: Any) -> Any:
    async def changed(self: Any, account: str, now: datetime, news: Any) -> Any:
        def moved(session: Any) -> None:
            cursor = intake._cursor(session, account)
            cursor.good_at = cursor.full_at = now
            session.add(cursor)

        due = await self._store.run(self._due, account, now)
        if due is None:
            return False
        found, _, problem = await self._read(account, due, now, None)
        if problem is not None:
            await self._store.run(self._failed, account, found, frozenset(), now, problem)
            return False
        await self._store.run(moved)
        await self._store.run(self._done, account, found, frozenset(), [], due, now, judging=False)
        return True

    return changed


def _too_early(options: Options) -> Options:
    second = timedelta(seconds=1)
    return replace(options, waits=replace(options.waits, first_look=second, second_look=second))


def _rings_on(_pages: Any) -> Any:
    return lambda ticket: ticket is not None


def _death_is_no_doubt(_found: Any) -> Any:
    def changed(self: Any, session: Any, now: datetime) -> int:
        rows = session.exec(select(ReplyRow).where(ReplyRow.state == "sending")).all()
        for row in rows:
            row.state, row.due_at = "held", now
            session.add(row)
        return len(rows)

    return changed


NAMED = (
    Mutant("done before send", {(Messages, "_take"): _done_before_send}),
    Mutant("blind retry", {(protocol, "doubtful"): _blind_retry}),
    Mutant("confirm Telegram before storing", {(Desk, "listen"): _confirm_first}),
    Mutant("cursor before rows", {(Intake, "_poll"): _cursor_first}),
    Mutant("read too early", {}, _too_early),
)
OURS = (
    Mutant("a page leaves though somebody has claimed", {(messages, "_pages"): _rings_on}),
    Mutant("a death while posting is no doubt", {(Replies, "found_sending"): _death_is_no_doubt}),
)
MUTANTS = (*NAMED, *OURS)
