"""The ladder: whom the next step of an escalation pages, and when the step after it comes (ROTA.md, "The ladder")."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.mention import Urgency
from schedules.ladder import Step, TargetKind, escalation_for
from schedules.on_duty import who
from schedules.rota import Plan

# After all runs a critical ticket repeats the last step this often, an urgent one rings the leads this often.
CRITICAL_AGAIN = timedelta(minutes=10)
URGENT_AGAIN = timedelta(hours=1)
# When nobody at all can be reached it stays due and is tried again this soon, besides at once when a phone is linked.
NOBODY_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Climb:
    """What to do now: page `people` (sorted), then act again at `next_at`.

    step: steps taken after this one, over all runs. silent: cards arrive without a sound (quiet hours). last_resort:
    the step also names the last resort. skipped: steps that reached nobody, for the log. unreached: nobody could be
    paged at all.
    """

    people: tuple[str, ...]
    step: int
    next_at: datetime
    silent: bool = False
    last_resort: bool = False
    skipped: tuple[int, ...] = ()
    unreached: bool = False


def climb(
    plan: Plan,
    urgency: Urgency,
    line: str,
    account: str,
    step: int,
    now: datetime,
    reachable: Container[str],
    *,
    office_open: bool = False,
    quiet_until: datetime | None = None,
    has_last_resort: bool = False,
) -> Climb:
    """The step to take at `now`.

    step: steps already taken. reachable: people with a linked phone that takes messages. office_open: the ladder goes
    on to the leads until claimed. quiet_until: the end of the quiet hours running now, None outside them.
    """
    escalation = escalation_for(plan, line, account)
    steps, total = escalation.steps, len(escalation.steps) * escalation.repeat
    if office_open:
        people = _present(plan.leads, reachable)
        again = CRITICAL_AGAIN if urgency is Urgency.CRITICAL else URGENT_AGAIN
        return _reached(people, step + 1, now + again, now, last_resort=has_last_resort and not people)
    if quiet_until is not None and urgency is not Urgency.CRITICAL:
        at = steps[min(step, total - 1) % len(steps)]
        return Climb(_people(plan, at, now, reachable), step, quiet_until, silent=True)
    skipped: list[int] = []
    while step < total:
        this = steps[step % len(steps)]
        people = _people(plan, this, now, reachable)
        last_resort = has_last_resort and _names_last_resort(this)
        step += 1
        if people or last_resort:
            return Climb(people, step, now + this.wait, last_resort=last_resort, skipped=tuple(skipped))
        skipped.append(step)
    if len(skipped) == total:
        # Every step was empty: leads and last resort follow without waiting.
        people = _present(plan.leads, reachable)
        return _reached(people, 0, now + CRITICAL_AGAIN, now, skipped=tuple(skipped), last_resort=has_last_resort)
    if urgency is Urgency.CRITICAL:
        people, again = _people(plan, steps[-1], now, reachable), CRITICAL_AGAIN
        last_resort = has_last_resort and (_names_last_resort(steps[-1]) or not people)
        people = people or _present(plan.people, reachable)
    else:
        people, again = _present(plan.leads, reachable), URGENT_AGAIN
        last_resort = has_last_resort and not people
    return _reached(people, step + 1, now + again, now, skipped=tuple(skipped), last_resort=last_resort)


def first_called(plan: Plan, now: datetime) -> frozenset[str]:
    """Those the first step of the usual ladder pages: the on-duty phone (or phones); all on duty when it names none."""
    first = _people(plan, escalation_for(plan, None, None).steps[0], now, plan.people)
    return frozenset(first) & on_duty_now(plan, now) or on_duty_now(plan, now)


def on_duty_now(plan: Plan, now: datetime) -> frozenset[str]:
    """Everybody on duty on any rota."""
    return frozenset().union(*(who(plan, rota, now) for rota in plan.rotas))


def _reached(
    people: tuple[str, ...],
    step: int,
    next_at: datetime,
    now: datetime,
    *,
    skipped: tuple[int, ...] = (),
    last_resort: bool,
) -> Climb:
    if people or last_resort:
        return Climb(people, step, next_at, last_resort=last_resort, skipped=skipped)
    return Climb((), max(step - 1, 0), now + NOBODY_AGAIN, skipped=skipped, unreached=True)


def _names_last_resort(step: Step) -> bool:
    return any(target.kind is TargetKind.LAST_RESORT for target in step.page)


def _people(plan: Plan, step: Step, now: datetime, reachable: Container[str]) -> tuple[str, ...]:
    wanted: set[str] = set()
    for target in step.page:
        match target.kind:
            case TargetKind.ROTA:
                wanted |= who(plan, target.name, now)
            case TargetKind.PERSON:
                wanted.add(target.name)
            case TargetKind.LEADS:
                wanted |= plan.leads
            case TargetKind.EVERYONE:
                wanted |= set(plan.people)
            case TargetKind.LAST_RESORT:
                pass
    return _present(wanted, reachable)


def _present(wanted: Iterable[str], reachable: Container[str]) -> tuple[str, ...]:
    return tuple(sorted(p for p in wanted if p in reachable))
