"""The line from the phone: keep every raw update, then take them one by one.

`listen` commits what Telegram gave before the next request confirms it; `work` handles each kept update in one
transaction that also marks it handled. A crash between them loses nothing, a crash inside leaves nothing half done.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy.exc import DataError, SQLAlchemyError, StatementError
from sqlmodel import Session, col, func, select

from bot.core.commands import PRESSES, Command, Press, parse, parse_press, words_in
from bot.core.incoming import Incoming, Pressed, Reach, Wrote
from bot.core.options import Options
from bot.core.trouble import ask_again_at
from bot.current_rota import CurrentRota
from bot.desk import absences, answers, calendars, moves, replies, rota, rota_shown, swaps, team
from bot.desk.visit import Visit
from bot.errors import DoorError, Refused, Temporary
from bot.store import outbox, people, story, tickets, trouble
from bot.store.db import Store
from bot.store.durations import seconds
from bot.store.tables import Cursor, EnrolmentRow, InboxRow, LogRow, OutboxRow, PersonRow, ReplyRow
from bot.wording.notices import refusal
from schedules.rota import Plan

log = logging.getLogger("reperibile.desk")

# A stranger may try this many enrolment links an hour.
GUESSES_MAX = 5
# Back-off after getUpdates failed.
BACK_OFF = (timedelta(seconds=1), timedelta(seconds=30))
_HASHED = "sha256="


class Phones(Protocol):
    """What the desk needs of the Telegram door: reads, and the two best-effort acts a door may make by itself."""

    async def updates(self, offset: int | None, timeout_s: int) -> list[dict[str, Any]]: ...

    def read(self, raw: Mapping[str, Any]) -> Incoming: ...

    async def answer(self, callback_id: str, text: str = "", *, alert: bool = False) -> None: ...

    async def leave(self, chat_id: int) -> None: ...


class _After:
    """What is done, best effort, when the transaction stands: answer a press, leave a group."""

    def __init__(self) -> None:
        self.callback_id = ""
        self.popup = ""
        self.alert = False
        self.leave: int | None = None


class Desk:
    """Takes what comes from phones."""

    def __init__(self, store: Store, door: Phones, options: Options, rota: CurrentRota) -> None:
        self._store = store
        self._door = door
        self._options = options
        self._rota = rota

    async def listen(self, now: Callable[[], datetime], timeout_s: int) -> int:
        """One getUpdates; gives how many updates were kept.

        timeout_s: how long Telegram may hold the request open; 0 for a mere look.
        Raises: Temporary when Telegram cannot be asked now (`until` says when to ask again).
        """
        offset = await self._store.run(_offset)
        try:
            raws = await self._door.updates(offset, timeout_s)
        except DoorError as problem:
            until = await self._store.run(self._listening_failed, now(), problem)
            raise Temporary(problem.reason, problem.detail, until=until) from problem
        await self._store.run(_keep, raws, now())
        return len(raws)

    def _listening_failed(self, session: Session, now: datetime, problem: DoorError) -> datetime:
        """When to ask again; the leads hear at once of somebody else who takes away what our phones say."""
        cursor = session.get(Cursor, "telegram") or Cursor(name="telegram")
        cursor.fails += 1
        cursor.failing_since = cursor.failing_since or now
        cursor.not_before = ask_again_at(problem, cursor.fails, now, BACK_OFF)
        session.add(cursor)
        if problem.reason == "conflict":
            trouble.failed(session, self._rota.plan(session).leads, now, "conflict", problem.reason, "")
            log.error("somebody else reads with our token: %s", problem)
        else:
            log.warning("getUpdates failed: %s", problem)
        return cursor.not_before

    async def work(self, now: Callable[[], datetime]) -> int:
        """Handle every kept update in order; gives how many. Popups come last: no claim waits for another's."""
        count = 0
        afterwards: list[_After] = []
        while (number := await self._store.run(_oldest)) is not None:
            count += 1
            try:
                after = await self._store.run(self._handle, number, now())
            except Exception as problem:
                if isinstance(problem, SQLAlchemyError) and not _values_refused(problem):
                    raise
                # One update that trips us must not block the rest; it is kept as it came, for a person to look at.
                log.exception("update %s could not be handled", number)
                await self._store.run(_set_aside, number, now())
                # In a transaction of its own, best effort: what the update holds may be what trips us again.
                with contextlib.suppress(Exception):
                    await self._store.run(self._tell_set_aside, number, now())
                continue
            afterwards.append(after)
        await asyncio.gather(*(self._afterwards(after) for after in afterwards))
        return count

    def _tell_set_aside(self, session: Session, number: int, now: datetime) -> None:
        row = session.get(InboxRow, number)
        assert row is not None
        match self._door.read(row.raw):
            case Wrote(private=True, user_id=user_id) | Pressed(private=True, user_id=user_id):
                person = people.by_user(session, user_id)
                if person is not None:
                    key, facts = f"set_aside:{number}", {"why": "set_aside"}
                    outbox.say(session, now, key, "refusal", person=person.id, facts=facts)
            case _:
                pass

    async def _afterwards(self, after: _After) -> None:
        if after.callback_id:
            await self._door.answer(after.callback_id, after.popup, alert=after.alert)
        if after.leave is not None:
            await self._door.leave(after.leave)

    # --- one update ----------------------------------------------------------------------------------------------

    def _handle(self, session: Session, number: int, now: datetime) -> _After:
        row = session.get(InboxRow, number)
        assert row is not None
        after = _After()
        incoming = self._door.read(row.raw)
        plan = self._rota.plan(session)
        match incoming:
            case Wrote():
                self._wrote(session, plan, incoming, now, after)
            case Pressed():
                after.callback_id = incoming.callback_id
                self._pressed(session, plan, incoming, now, after)
            case Reach():
                self._reach(session, plan, incoming, now, after)
            case _:
                pass
        # Handled: the words stand where they belong now, the raw update is blanked.
        row.raw, row.handled_at = {}, now
        session.add(row)
        return after

    def _is_team(self, session: Session, chat_id: int) -> bool:
        """Is this the team's group, under the id we were given or the one that Telegram gave it since?"""
        team = self._options.team_chat
        return team is not None and chat_id in (team, outbox.now_at(session, team))

    def _visit(
        self, session: Session, plan: Plan, person: PersonRow, update_id: int, now: datetime, typed: bool
    ) -> Visit:
        return Visit(session, now, plan, self._options, person, update_id, typed=typed, rota_number=self._rota.number)

    def _wrote(self, session: Session, plan: Plan, wrote: Wrote, now: datetime, after: _After) -> None:
        if not wrote.private:
            if not self._is_team(session, wrote.chat_id):
                after.leave = wrote.chat_id
            return
        if wrote.text.startswith("/start ") and not wrote.edited:
            self._start(session, plan, wrote, now)
            return
        person = people.by_user(session, wrote.user_id)
        if person is None or person.id not in plan.people:
            self._stranger(session, wrote.user_id, wrote.chat_id, wrote.language, now)
            return
        visit = self._visit(session, plan, person, wrote.update_id, now, typed=True)
        try:
            with session.begin_nested():
                self._text(visit, wrote)
        except Refused as refused:
            loose = self._kept(visit, wrote)
            visit.say("refusal", why=refused.why, loose=loose, **refused.facts)

    def _kept(self, visit: Visit, wrote: Wrote) -> bool:
        """Keep the words of a command that was refused, if it held any; /reply or /note with a number takes them up."""
        if wrote.edited or wrote.kind != "text":
            return False
        words = words_in(wrote.text, self._options.bot.username)
        if words:
            tickets.add_note(visit.session, visit.who, words, visit.now)
        return bool(words)

    def _text(self, visit: Visit, wrote: Wrote) -> None:
        if wrote.edited:
            words = wrote.text
            if (command := parse(words, self._options.bot.username)) is not None:
                if command.spec.name != "reply":
                    return
                words = command.rest
            replies.edited_message(visit, wrote.message_id, words)
            return
        if wrote.kind != "text":
            if wrote.text.strip():
                tickets.add_note(visit.session, visit.who, wrote.text, visit.now)
            visit.say("refusal", why="only_text", loose=bool(wrote.text.strip()))
            return
        command = parse(wrote.text, self._options.bot.username)
        target = self._target(visit, wrote)
        if command is not None:
            _command(visit, command, target, wrote)
        elif wrote.reply_to is None:
            visit.say("refusal", why="replies_to_nothing")
        elif target is None:
            replies.keep_loose(visit, wrote.text)
        else:
            replies.write(
                visit,
                target.ticket,
                wrote.text,
                mention_id=target.mention,
                replaces=target.reply,
                message_id=wrote.message_id,
            )

    def _target(self, visit: Visit, wrote: Wrote) -> "_Target | None":
        """The ticket that a typed text replies to; None when it replies to nothing, or to what we do not know."""
        if wrote.reply_to is None:
            return None
        row = outbox.by_message(visit.session, wrote.chat_id, wrote.reply_to.message_id)
        if row is not None:
            if row.ticket_id is None:
                return None
            return _Target(row.ticket_id, row.mention_id, row.reply_id)
        if not wrote.reply_to.by_us:
            return None
        # A message of ours whose id we never learnt (the answer was lost): its own buttons say what it shows.
        for data in wrote.reply_to.data:
            try:
                press = parse_press(data)
            except Refused:
                continue
            if press.verb in ("send", "cancel", "edit", "delete"):
                reply = visit.session.get(ReplyRow, press.id)
                if reply is not None:
                    return _Target(reply.ticket_id, reply.mention_id, reply.id)
            elif press.verb not in ("duty", "yes", "no") and tickets.get(visit.session, press.id) is not None:
                return _Target(press.id, None, None)
        return None

    def _pressed(self, session: Session, plan: Plan, pressed: Pressed, now: datetime, after: _After) -> None:
        person = people.by_user(session, pressed.user_id)
        if person is None or person.id not in plan.people or not pressed.private:
            return
        visit = self._visit(session, plan, person, pressed.update_id, now, typed=False)
        on = _message_of(session, person.id, pressed)
        try:
            with session.begin_nested():
                _press(visit, parse_press(pressed.data), on)
        except Refused as refused:
            visit.popup, visit.alert = refusal(visit.words, refused.why, refused.facts, visit.name)[:200], True
            if on is not None:
                # A stale card must not stay: it is brought up to date for whoever pressed on it.
                outbox.row_changed(session, on)
        after.popup, after.alert = visit.popup, visit.alert

    def _reach(self, session: Session, plan: Plan, reach: Reach, now: datetime, after: _After) -> None:
        if not reach.private:
            if reach.reachable and not self._is_team(session, reach.chat_id):
                after.leave = reach.chat_id
            return
        person = people.by_user(session, reach.user_id)
        if person is not None and person.id in plan.people:
            visit = self._visit(session, plan, person, reach.update_id, now, typed=True)
            team.reachable_again(visit, reach.reachable)

    # --- those we do not know ------------------------------------------------------------------------------------

    def _stranger(self, session: Session, user_id: int, chat_id: int, language: str, now: datetime) -> None:
        """One quiet line a day, and nothing else, whatever they write."""
        outbox.say(
            session,
            now,
            f"stranger:{user_id}:{now.date()}",
            "stranger",
            chat_id=chat_id,
            facts={"language": language[:8]},
            priority=outbox.LIST,
        )

    def _start(self, session: Session, plan: Plan, wrote: Wrote, now: datetime) -> None:
        """/start TOKEN: tie this phone to the person the link was made for."""
        token_hash = wrote.text.removeprefix("/start ").strip()
        token_hash = token_hash.removeprefix(_HASHED) if token_hash.startswith(_HASHED) else people.hash_of(token_hash)
        guesses = session.exec(
            select(func.count())
            .select_from(LogRow)
            .where(
                LogRow.verb == "bad link", LogRow.who == f"user {wrote.user_id}", LogRow.at > now - timedelta(hours=1)
            )
        ).one()
        known = people.any_by_user(session, wrote.user_id)
        if guesses >= GUESSES_MAX or (
            known is not None and known.locked_at is not None and not _fresh(session, token_hash, known, now)
        ):
            self._stranger(session, wrote.user_id, wrote.chat_id, wrote.language, now)
            return
        invitation = people.use_invitation(session, token_hash, now)
        if invitation is None or invitation.person not in plan.people:
            people.log(session, now, f"user {wrote.user_id}", "bad link")
            outbox.say(
                session,
                now,
                f"badlink:{wrote.update_id}",
                "stranger",
                chat_id=wrote.chat_id,
                facts={"language": wrote.language[:8], "what": "bad_link"},
                priority=outbox.LIST,
            )
            return
        if invitation.by != "server":
            # Nothing is tied before a lead's Yes: until then the person's earlier phone goes on ringing.
            person = people.get(session, invitation.person) or PersonRow(id=invitation.person)
            people.log(session, now, person.id, "link used", detail=f"invited by {invitation.by}")
            visit = self._visit(session, plan, person, wrote.update_id, now, typed=True)
            team.phone_asks(visit, wrote.user_id, invitation.by)
            return
        person = people.link(session, invitation.person, wrote.user_id, now, confirmed=True)
        people.log(session, now, person.id, "enrolled", detail="invited by server")
        team.started(self._visit(session, plan, person, wrote.update_id, now, typed=True))


class _Target:
    """What a text replies to."""

    def __init__(self, ticket: int, mention: int | None, reply: int | None) -> None:
        self.ticket = ticket
        self.mention = mention
        self.reply = reply


def _command(visit: Visit, command: Command, target: _Target | None, wrote: Wrote) -> None:
    """A typed command. A ticket left out is the one whose card it replies to."""
    number = command.ticket if command.ticket is not None else (target.ticket if target else None)
    name, rest = command.spec.name, command.rest
    if command.spec.role == "lead" and not visit.actor.is_lead:
        raise Refused("lead_only")
    match name:
        case "start" | "help":
            visit.say("help")
        case "language":
            team.language(visit, rest)
        case "who" | "tickets" | "mine" | "people" | "myshifts":
            visit.say(name)
        case "ticket":
            visit.say("story", ticket_id=visit.ticket(number).id)
        case "rota":
            rota_shown.rota(visit, rest)
        case "calendar":
            calendars.calendar(visit, rest)
        case "claim":
            moves.claim(visit, number)
        case "release":
            moves.release(visit, number)
        case "takeover":
            moves.takeover(visit, number)
        case "handover":
            moves.handover(visit, number, rest)
        case "snooze":
            moves.snooze(visit, number, rest)
        case "close":
            moves.close(visit, number, rest)
        case "reopen":
            moves.reopen(visit, number)
        case "normal":
            moves.normal(visit, number)
        case "urgent":
            moves.urgent(visit, number)
        case "escalate":
            moves.escalate(visit, number)
        case "note":
            moves.note(visit, number, rest)
        case "reply":
            mention = target.mention if target and command.ticket is None else None
            replies.write(visit, number, rest, mention_id=mention, message_id=wrote.message_id)
        case "send":
            replies.press_send(visit, replies.of_ticket(visit, number))
        case "cancel":
            replies.press_cancel(visit, replies.of_ticket(visit, number))
        case "delete":
            replies.press_delete(visit, replies.of_ticket(visit, number, to_delete=True))
        case "yes" | "no":
            answers.answer_typed(visit, wrote, name == "yes")
        case "away":
            absences.away(visit, rest)
        case "swap":
            swaps.swap(visit, rest)
        case "override":
            rota.override(visit, rest)
        case "undo":
            rota.undo(visit)
        case "enroll":
            team.enroll(visit, rest)
        case "lock":
            team.lock(visit, rest)
        case _:
            raise AssertionError(f"/{name} stands in COMMANDS but nobody does it")


def _message_of(session: Session, person: str, pressed: Pressed) -> OutboxRow | None:
    """The message whose button was pressed; None when it is none of ours, or was thrown away."""
    if not pressed.message_id:
        return None
    if (on := outbox.by_message(session, pressed.chat_id, pressed.message_id)) is not None:
        return on
    try:
        press = parse_press(pressed.data)
    except Refused:
        return None
    return outbox.learnt(session, person, pressed.chat_id, pressed.message_id, (PRESSES[press.verb], press.id))


def _press(visit: Visit, press: Press, on: OutboxRow | None) -> None:
    """A pressed button; its data came from a client, so everything about it is looked up and checked again."""
    match press.verb:
        case "claim":
            moves.claim(visit, press.id)
        case "release":
            moves.release(visit, press.id)
        case "takeover":
            moves.takeover(visit, press.id)
        case "reply":
            mention = on.mention_id if on is not None and on.ticket_id == press.id else None
            replies.prompt(visit, press.id, mention)
        case "normal":
            moves.normal(visit, press.id)
        case "urgent":
            moves.urgent(visit, press.id)
        case "escalate":
            moves.escalate(visit, press.id)
        case "snooze":
            moves.snooze(visit, press.id, press.rest)
        case "close":
            moves.close(visit, press.id, press.rest)
        case "reopen":
            moves.reopen(visit, press.id)
        case "more":
            moves.more(visit, press.id, on)
        case "keep":
            moves.keep(visit, press.id)
        case "send":
            replies.press_send(visit, press.id)
        case "cancel":
            replies.press_cancel(visit, press.id)
        case "edit":
            replies.press_edit(visit, press.id)
        case "delete":
            replies.press_delete(visit, press.id)
        case "duty":
            team.confirm_duty(visit, press.id)
        case "yes" | "no":
            answers.answer(visit, press.id, press.verb == "yes")
        case _:
            raise Refused("bad_press")


def _values_refused(problem: SQLAlchemyError) -> bool:
    """Did the values make no row? That is the update's doing; anything else is the database's, and may pass."""
    return isinstance(problem, DataError) or type(problem) is StatementError


def _offset(session: Session) -> int | None:
    cursor = session.get(Cursor, "telegram")
    return int(cursor.value) if cursor is not None and cursor.value else None


def _keep(session: Session, raws: Sequence[Mapping[str, Any]], now: datetime) -> None:
    cursor = session.get(Cursor, "telegram") or Cursor(name="telegram")
    for raw in raws:
        number = int(raw["update_id"])
        if session.get(InboxRow, number) is None:
            session.add(InboxRow(update_id=number, raw=_without_token(raw), received_at=now))
        cursor.value = str(number + 1)
    if cursor.failing_since is not None:
        down = {"down_s": seconds(cursor.failing_since, now), "fails": cursor.fails}
        story.tell(session, now, "desk", "Telegram back", facts=down)
    cursor.good_at, cursor.failing_since, cursor.fails, cursor.not_before = now, None, 0, None
    session.add(cursor)


def _without_token(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The update with an enrolment token replaced by its hash: the token itself is never written down."""
    for key in ("message", "edited_message"):
        message = raw.get(key)
        text = message.get("text") if isinstance(message, Mapping) else None
        if isinstance(text, str) and text.startswith("/start "):
            token = text.removeprefix("/start ").strip()
            assert isinstance(message, Mapping)
            return {**raw, key: {**message, "text": f"/start {_HASHED}{people.hash_of(token)}", "entities": []}}
    return dict(raw)


def _oldest(session: Session) -> int | None:
    return session.exec(
        select(InboxRow.update_id).where(col(InboxRow.handled_at).is_(None)).order_by(col(InboxRow.update_id)).limit(1)
    ).first()


def _set_aside(session: Session, number: int, now: datetime) -> None:
    """Out of the way, and kept as it came."""
    row = session.get(InboxRow, number)
    if row is not None:
        row.handled_at, row.error = now, "could not be handled; see the log"
        session.add(row)


def _fresh(session: Session, token_hash: str, known: PersonRow, now: datetime) -> bool:
    """A locked person comes back only by a link made after the lock."""
    row = session.get(EnrolmentRow, token_hash)
    return row is not None and known.locked_at is not None and row.made_at >= known.locked_at and row.expires_at > now
