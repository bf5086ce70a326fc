"""Tickets → pages: whatever the ladder asks for now, written in the transaction of the line that asks.

Intake calls it for a new alarm, the desk after Escalate or Release, the watch when a step is due: one way to ring.

Floods: beyond `RINGS_MAX` an hour for a phone, and after downtime or quiet hours for more than `BATCH_MAX` at once,
`urgent` tickets are gathered in one summary that rings at most every `SUMMARY_EVERY`; `critical` ones always ring by
themselves. Nothing is dropped: every ticket stands on the summary and stays on its ladder.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.core.ladder import Climb, climb
from bot.core.mention import Urgency
from bot.core.options import Options
from bot.core.ticket import State
from bot.store import outbox, people, tickets
from bot.store.outbox import Saying
from bot.store.tables import LogRow, OutboxRow, TicketRow
from schedules.office import is_open, is_quiet, next_quiet_end
from schedules.rota import Plan

# DESIGN.md, "Floods" and promise 1.
RINGS_MAX = 10
RINGS_WITHIN = timedelta(hours=1)
SUMMARY_EVERY = timedelta(minutes=10)
BATCH_MAX = 5


@dataclass(frozen=True, slots=True)
class _Ring:
    """One ticket's step for one person. due_at: when it fell due. woken: it waited for the end of the quiet hours."""

    row: TicketRow
    step: Climb
    due_at: datetime
    woken: bool


def next_climb(
    session: Session, plan: Plan, row: TicketRow, at: datetime, options: Options, reach: Mapping[str, int] | None = None
) -> Climb:
    """What the ladder of this ticket would do at `at`."""
    return climb(
        plan,
        Urgency(row.urgency),
        row.line,
        row.account,
        row.step,
        at,
        people.reachable(session) if reach is None else reach,
        office_open=is_open(plan, at),
        quiet_until=next_quiet_end(plan, at) if is_quiet(plan, at) else None,
        has_last_resort=options.last_resort,
    )


def start_ladder(row: TicketRow, now: datetime) -> None:
    """The ticket's ladder begins anew, its first step due at once; the row must be in `paging`."""
    row.ladder += 1
    row.step = 0
    row.paged_at = None
    row.next_step_at = now


def pass_over(session: Session, person: str, now: datetime) -> None:
    """This phone cannot be reached any more: what rang for it, or was about to, takes its next step now."""
    gathered = session.exec(
        select(OutboxRow).where(OutboxRow.person == person, OutboxRow.kind == "summary", OutboxRow.state != "dropped")
    ).all()
    summed_up = {number for summary in gathered if not summary.facts.get("over") for number in summary.facts["tickets"]}
    for row in tickets.in_state(session, State.PAGING):
        assert row.id is not None
        if row.id in summed_up or person in outbox.paged(session, row.id, row.ladder):
            row.next_step_at = now
            session.add(row)


def ring_due(session: Session, plan: Plan, now: datetime, options: Options) -> int:
    """Take every ladder step that is due; gives the number of messages written."""
    due = tickets.ringing_due(session, now)
    if not due:
        return 0
    reach = people.reachable(session)
    by_person: dict[str, list[_Ring]] = defaultdict(list)
    for row in due:
        assert row.id is not None
        assert row.next_step_at is not None
        due_at = row.next_step_at
        step = next_climb(session, plan, row, now, options, reach)
        woken = not step.silent and is_quiet(plan, due_at - timedelta.resolution)
        first_silent = step.silent and row.paged_at is not None
        if not first_silent:
            for person in step.people:
                by_person[person].append(_Ring(row, step, due_at, woken))
        row.step = step.step
        row.next_step_at = step.next_at
        if step.people:
            row.paged_at = now
        session.add(row)
        for number in step.skipped:
            _log_once(session, row, "step reached nobody", f"ladder {row.ladder} step {number}", now)
        if step.unreached:
            _log_once(session, row, "reached nobody", f"ladder {row.ladder}", now)
        if step.last_resort:
            _last_resort(session, row, due_at, now)
    _team(session, due, now, options)
    outbox.tickets_changed(session, {row.id for row in due if row.id is not None})
    outbox.lists_changed(session)
    written = 0
    for person, wanted in sorted(by_person.items()):
        written += _ring_person(session, plan, person, wanted, now, options, reach)
    return written


def _ring_person(
    session: Session,
    plan: Plan,
    person: str,
    wanted: list[_Ring],
    now: datetime,
    options: Options,
    reach: dict[str, int],
) -> int:
    loud = [ring for ring in wanted if not ring.step.silent and ring.row.urgency != Urgency.CRITICAL.value]
    # Many at once after downtime, or what waited for the end of the quiet hours: one ring with a list.
    batch = len(loud) > BATCH_MAX or sum(ring.woken for ring in loud) > 1
    rung = outbox.rings_since(session, person, now - RINGS_WITHIN)
    waiting = outbox.pages_waiting(session, person)
    gathered: list[TicketRow] = []
    pages: list[Saying] = []
    logged: list[people.LogLine] = []
    for ring in wanted:
        row, step = ring.row, ring.step
        critical = row.urgency == Urgency.CRITICAL.value
        if not step.silent and not critical and (batch or rung >= RINGS_MAX):
            gathered.append(row)
            continue
        assert row.id is not None
        if not step.silent and row.id in waiting:
            # An earlier page has not left yet (Telegram is down): it rings for this step as well, once.
            continue
        pages.append(
            Saying(
                f"page:{row.id}:{row.ladder}:{step.step}:{int(step.silent)}:{_at(ring.due_at)}:{person}",
                "page",
                person=person,
                ticket_id=row.id,
                mention_id=row.newest_mention_id,
                silent=step.silent,
                priority=outbox.PAGE if step.step <= 1 else outbox.ESCALATION,
            )
        )
        facts = {"line": row.line, "urgency": row.urgency}
        logged.append(
            people.LogLine(now, "watch", "page", ticket=row.id, detail=f"{person} step {step.step}", facts=facts)
        )
        rung += not step.silent
    outbox.say_all(session, now, pages)
    people.log_all(session, logged)
    written = len(pages)
    if gathered:
        _summary(session, person, gathered, now)
        written += 1
        if not batch:
            _backup_once(session, plan, gathered[0], person, now, options, reach)
    return written


def _summary(session: Session, person: str, rows: list[TicketRow], now: datetime, *, key: str = "") -> None:
    """Add tickets to the person's running summary; it rings anew when the last ring is old enough."""
    latest = session.exec(
        select(OutboxRow)
        .where(OutboxRow.person == person, OutboxRow.kind == "summary", OutboxRow.made_at > now - RINGS_WITHIN)
        .order_by(col(OutboxRow.id).desc())
    ).first()
    numbers = [row.id for row in rows]
    earlier = list(latest.facts.get("tickets", [])) if latest is not None else []
    together = list(dict.fromkeys([*earlier, *numbers]))
    # One from the future was made before the clock was set back: it does not keep this one from ringing.
    # Nor does one that never reached the phone, for nobody would see what is added to it.
    arrives = latest is not None and latest.state not in ("failed", "dropped")
    if latest is not None and arrives and now - SUMMARY_EVERY < latest.made_at <= now:
        latest.facts = {**latest.facts, "tickets": together}
        outbox.row_changed(session, latest)
        return
    if latest is not None:
        outbox.retire(session, latest)
    outbox.say(
        session,
        now,
        key or f"summary:{person}:{int(now.timestamp())}",
        "summary",
        person=person,
        facts={"tickets": together},
        silent=False,
        priority=outbox.PAGE,
    )


def _backup_once(
    session: Session,
    plan: Plan,
    row: TicketRow,
    person: str,
    now: datetime,
    options: Options,
    reach: dict[str, int],
) -> None:
    """A phone beyond its hourly rings: whoever comes next on the ladder is told once an hour."""
    after = next_climb(session, plan, row, now, options, reach)
    hour = now.strftime("%Y%m%d%H")
    for backup in after.people:
        if backup != person:
            outbox.say(
                session,
                now,
                f"flood:{hour}:{person}:{backup}",
                "notice",
                person=backup,
                facts={"what": "flood", "person": person},
                silent=False,
                priority=outbox.ESCALATION,
            )


def _at(instant: datetime) -> int:
    """Part of a key: a step that is taken again later (nobody could be reached but the leads) is another ring."""
    return int(instant.timestamp())


def _team(session: Session, rows: Sequence[TicketRow], now: datetime, options: Options) -> None:
    """The team group sees number, line, urgency and owner, never a customer's words."""
    if options.team_chat is None:
        return
    chat_id = outbox.now_at(session, options.team_chat)
    outbox.say_all(
        session,
        now,
        [Saying(f"team:{row.id}", "team", chat_id=chat_id, ticket_id=row.id, priority=outbox.RECEIPT) for row in rows],
    )


def _log_once(session: Session, row: TicketRow, verb: str, detail: str, now: datetime) -> None:
    """While nobody has a phone the same steps are tried every minute: that is one line of the log, not a thousand."""
    logged = select(LogRow.id).where(LogRow.ticket_id == row.id, LogRow.verb == verb, LogRow.detail == detail)
    if session.exec(logged).first() is None:
        people.log(session, now, "watch", verb, ticket=row.id, detail=detail)


def _last_resort(session: Session, row: TicketRow, due_at: datetime, now: datetime) -> None:
    outbox.say(
        session,
        now,
        f"last_resort:{row.id}:{row.ladder}:{row.step}:{_at(due_at)}",
        "last_resort",
        ticket_id=row.id,
        silent=False,
        priority=outbox.PAGE,
    )
