"""Outbox → phones: due messages are claimed, worded, sent and settled.

A message says what is true when it leaves. What may have arrived is sent again and says "(repeat)"; whom Telegram
cannot reach is passed over; the order within a chat is kept.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from sqlmodel import Session

from bot.clock import Clock
from bot.core.message import Message
from bot.core.options import Options
from bot.core.reply import LEASE
from bot.core.ticket import State
from bot.core.trouble import BackOff, told_until, waited
from bot.current_rota import CurrentRota
from bot.delivery.pictures import Drawing, Pictures, drawing
from bot.errors import DoorError, InDoubt, Temporary
from bot.paging import pass_over
from bot.showing import Showing
from bot.store import holds, outbox, people, story, tickets
from bot.store.db import Store
from bot.store.durations import facts_of, first_page_of_mention
from bot.store.tables import OutboxRow, PersonRow, TicketRow
from bot.store.trouble import tell_leads

log = logging.getLogger("reperibile.delivery")

# Messages claimed at once: small, so that a kill repeats few.
TAKE = 8
# A doubtful message is sent again after this long, doubled from the first up to the last: Telegram answers an outage
# with 5xx, so a page given up after a few doubts would be a page lost. A copy too many says "(repeat)".
REPEAT_AFTER: BackOff = (timedelta(seconds=2), timedelta(seconds=30))
# What is no page is given up when it has been in doubt for so long; a page goes on while its ticket pages.
DOUBT_MAX = timedelta(hours=1)
# Notices about alarms that nobody has: once somebody has each of them, there is nothing to tell.
WHILE_PAGING = frozenset({"unrung", "nobody_to_ring", "ladder_over"})
# After "nothing was sent": a chat asks that often at most.
BACK_OFF: BackOff = (timedelta(seconds=1), timedelta(seconds=15))


class Phones(Protocol):
    """What is needed of the Telegram door."""

    async def send(self, chat_id: int, message: Message, *, reply_to: int | None = None) -> int: ...


@dataclass(frozen=True, slots=True)
class _Parcel:
    """A claimed message, ready to leave."""

    row_id: int
    attempt: int
    version: int
    chat_id: int
    message: Message
    drawing: Drawing | None = None


class Messages:
    """Sends what is due."""

    def __init__(
        self,
        store: Store,
        phones: Phones,
        options: Options,
        rota: CurrentRota,
        clock: Clock,
    ) -> None:
        self._store = store
        self._phones = phones
        self._options = options
        self._rota = rota
        self._clock = clock
        self._pictures = Pictures()

    async def send_some(self) -> int:
        """Send the most pressing of the due messages; gives how many were tried, 0 when none is due."""
        parcels = await self._store.run(self._take, self._clock.now())
        if parcels:
            await self._each_chat(parcels)
        return len(parcels)

    def _take(self, session: Session, now: datetime) -> list[_Parcel]:
        """Claim due messages and word them; what has become pointless is dropped here."""
        take = holds.take if holds.is_on_hold(session) else outbox.take
        while rows := take(session, now, LEASE, TAKE):
            # Words ask of these rows only which pages were dropped; so each is written once, with where it goes.
            with session.no_autoflush:
                parcels = self._parcels(session, rows, now)
            if parcels:
                return parcels
            session.flush()
        return []

    def _parcels(self, session: Session, rows: Sequence[OutboxRow], now: datetime) -> list[_Parcel]:
        reach = people.reachable(session)
        showing = Showing(session, self._rota.plan(session), now, self._options, reach)
        parcels = []
        for row in rows:
            assert row.id is not None
            # Held until the words are made, so that it is read once.
            ticket = tickets.get(session, row.ticket_id) if row.ticket_id is not None else None
            chat = reach.get(row.person) if row.person is not None else row.chat_id
            why_not = "" if chat is not None else "no phone"
            if row.kind == "page" and not why_not and not _pages(ticket):
                why_not = "no longer needed"
            if row.kind == "notice" and row.facts.get("what") in WHILE_PAGING and not why_not:
                why_not = "" if tickets.any_pages(session, row.facts["tickets"]) else "no longer needed"
            if why_not:
                row.state, row.error = "dropped", why_not
                session.add(row)
                # The cards behind it name those who were paged.
                session.flush()
                continue
            assert chat is not None
            try:
                message = showing.message(row)
                seen = drawing(row, showing, self._rota.number)
            except Exception as problem:
                # One message that cannot be worded must not stop the rest.
                log.exception("message %s (%s) cannot be worded", row.id, row.kind)
                row.state, row.error = "failed", type(problem).__name__
                session.add(row)
                continue
            row.chat_id = chat
            parcels.append(_Parcel(row.id, row.attempts, row.version, chat, message, drawing=seen))
        return parcels

    async def _each_chat(self, parcels: Sequence[_Parcel]) -> None:
        """Chats side by side, each chat's messages in order."""
        by_chat: dict[int, list[_Parcel]] = defaultdict(list)
        for parcel in parcels:
            by_chat[parcel.chat_id].append(parcel)
        await asyncio.gather(*(self._one_chat(rows) for rows in by_chat.values()))

    async def _one_chat(self, parcels: Sequence[_Parcel]) -> None:
        for i, parcel in enumerate(parcels):
            if not await self._send(parcel):
                # Order within a chat is kept: what follows a message that must wait, waits with it.
                for later in parcels[i + 1 :]:
                    await self._store.run(_put_back, later.row_id, later.attempt, parcel.row_id, self._clock.now())
                return

    async def _send(self, parcel: _Parcel) -> bool:
        """Send one message and settle it; False when its chat has to wait."""
        try:
            message_id = await self._phones.send(parcel.chat_id, await self._whole(parcel))
        except DoorError as problem:
            return await self._store.run(self._not_sent, parcel, problem, self._clock.now())
        await self._store.run(_sent, parcel, message_id, self._clock.now())
        return True

    async def _whole(self, parcel: _Parcel) -> Message:
        """The message with its picture, if it has one."""
        if parcel.drawing is None:
            return parcel.message
        return replace(parcel.message, photo=await self._pictures.png(parcel.drawing))

    def _not_sent(self, session: Session, parcel: _Parcel, problem: DoorError, now: datetime) -> bool:
        row = session.get(OutboxRow, parcel.row_id)
        if row is None or row.attempts != parcel.attempt or row.state != "sending":
            return True
        row.error = problem.reason
        session.add(row)
        match problem:
            case InDoubt():
                if row.kind != "page" and row.attempts > 2 and now - row.made_at > DOUBT_MAX:
                    # It may stand on the phone; more copies would help nobody.
                    row.state, row.sent_at, row.shown = "sent", now, row.version
                    return True
                row.state, row.due_at, row.in_doubt = "due", now + waited(REPEAT_AFTER, row.attempts), True
                _tell_ring(session, row, "in doubt", now)
                return False
            case Temporary() if problem.reason == "chat_migrated":
                _migrated(session, row, problem, now)
                return True
            case Temporary():
                row.state = "due"
                row.due_at = told_until(problem, now) or now + waited(BACK_OFF, row.attempts)
                if row.attempts == 1:
                    _tell_ring(session, row, "waits", now)
                return False
            case _:
                row.state = "failed"
                log.error("message %s (%s) was refused: %s", row.id, row.kind, problem)
                _tell_ring(session, row, "failed", now)
                if row.person is None:
                    self._nobodys_failed(session, row, now)
                elif problem.reason == "unreachable":
                    self._unreachable(session, row.person, parcel.chat_id, now)
                elif row.kind == "page":
                    self._page_failed(session, row, now)
                else:
                    self._refused(session, row, now)
                return True

    def _tell(self, session: Session, now: datetime, key: str, facts: dict[str, object], but: str = "") -> None:
        tell_leads(session, self._rota.plan(session).leads, now, key, facts, but=but)

    def _unreachable(self, session: Session, person: str, chat_id: int, now: datetime) -> None:
        """The next step of the ladder now, and the leads are told; not when they have another phone by now."""
        row = session.get(PersonRow, person)
        if row is None or row.unreachable_since is not None or row.user_id != chat_id:
            return
        row.unreachable_since = now
        session.add(row)
        people.log(session, now, "delivery", "unreachable", detail=person)
        facts: dict[str, object] = {"what": "unreachable", "person": person}
        key = f"unreachable:{person}:{now.timestamp()}"
        self._tell(session, now, key, facts, but=person)
        pass_over(session, person, now)

    def _page_failed(self, session: Session, row: OutboxRow, now: datetime) -> None:
        _next_step(session, row.ticket_id, now)
        facts: dict[str, object] = {"what": "page_failed", "ticket": row.ticket_id, "person": row.person}
        self._tell(session, now, f"page_failed:{row.id}", facts)

    def _refused(self, session: Session, row: OutboxRow, now: datetime) -> None:
        """Telegram never takes this message: what it should have rung for climbs now, and the leads are told."""
        if row.kind in ("notice", "refusal", "help"):
            # Nobody waits for these; and a notice about a refused notice would go on for ever.
            return
        if row.kind == "summary":
            for number in row.facts.get("tickets", []):
                _next_step(session, int(number), now)
        facts: dict[str, object] = {"what": "message_failed", "person": row.person}
        self._tell(session, now, f"message_failed:{row.kind}:{row.person}:{now:%Y%m%d%H}", facts)

    def _nobodys_failed(self, session: Session, row: OutboxRow, now: datetime) -> None:
        """The team's group takes nothing any more: the leads hear of it once a day."""
        if row.kind == "team":
            self._tell(session, now, f"team_failed:{now:%Y%m%d}", {"what": "team_failed"})


def _next_step(session: Session, number: int | None, now: datetime) -> None:
    """The ladder of this ticket climbs now, if it still rings."""
    ticket = tickets.get(session, number or 0)
    if ticket is not None and ticket.state == State.PAGING.value:
        ticket.next_step_at = now
        session.add(ticket)


def _pages(ticket: TicketRow | None) -> bool:
    return ticket is not None and ticket.state == State.PAGING.value


def _sent(session: Session, parcel: _Parcel, message_id: int, now: datetime) -> None:
    row = session.get(OutboxRow, parcel.row_id)
    if row is None or row.attempts != parcel.attempt or row.state != "sending":
        return
    row.state, row.sent_at, row.remote_id, row.error = "sent", now, message_id, ""
    # What changed while it was on its way is edited in afterwards.
    row.shown = parcel.version
    if row.facts.get("nonce"):
        # Nobody can make its link again, not even we.
        row.facts = {**row.facts, "nonce": ""}
    _tell_ring(session, row, "sent", now)
    session.add(row)


def _tell_ring(session: Session, row: OutboxRow, how: str, now: datetime) -> None:
    """What became of a message that rings for tickets; nobody's story needs the others."""
    if row.kind not in ("page", "summary"):
        return
    facts = facts_of(session, how, row.ticket_id, now)
    facts |= {"person": row.person, "attempt": row.attempts, "reason": row.error or None}
    if row.kind == "summary":
        facts["tickets"] = len(row.facts.get("tickets", []))
    elif how == "sent":
        facts["mention_s"] = first_page_of_mention(session, row, now)
    grave = how != "sent"
    story.tell(session, now, "delivery", f"{row.kind} {how}", ticket=row.ticket_id, grave=grave, facts=facts)


def _put_back(session: Session, row_id: int, attempt: int, behind: int, now: datetime) -> None:
    row, first = session.get(OutboxRow, row_id), session.get(OutboxRow, behind)
    if row is None or row.attempts != attempt or row.state != "sending":
        return
    row.state, row.attempts = "due", row.attempts - 1
    row.due_at = first.due_at if first is not None else now
    session.add(row)


def _migrated(session: Session, row: OutboxRow, problem: DoorError, now: datetime) -> None:
    """A group became a supergroup: its new chat id is told once, and everything for it goes there."""
    assert row.chat_id is not None
    row.state, row.due_at = "due", now
    outbox.moved(session, row.chat_id, int(problem.detail))
