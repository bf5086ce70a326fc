"""The rota and its people: is there one that works, has it holes, and can those be rung who stand in it?"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bot.checking.check import Check, local
from bot.settings import Settings
from bot.store.tables import PersonRow
from schedules.call_outs import called_out
from schedules.checks import findings
from schedules.checks.rest import rest
from schedules.on_duty import spans
from schedules.problems import Finding, RotaErrors
from schedules.rota import Plan
from schedules.rota_file import decode
from schedules.rota_file import load as load_rota

# Whoever is on duty within this time must have a phone by now.
DUTY_AHEAD = timedelta(days=7)
CURES = {
    "gap": "Fill it: a lead types /override NAME FROM TO, or put somebody into a layer of the rota.",
    "same_person": "Give the second rota another person then: one silent phone would stop both steps of the ladder.",
    "daily_rest": "Let them begin later, or put somebody else on for the next duty: 11 hours in a row are the rule.",
    "weekly_rest": "Leave them a weekend without duty: 35 hours in a row within 14 days are the rule.",
    "same_network": "Put people on different networks behind one another: an outage would silence both phones.",
}
LOOK = "Look at it: reperibile rota show; reperibile rota check."


def plan_in_force(file: Path, row: tuple[int, str] | None, checks: list[Check]) -> Plan | None:
    """The rota in force, or the file that will be; adds what is to be said about it.

    row: number and text of the revision in the database.
    """
    try:
        text = decode(file.read_bytes(), str(file)) if file.is_file() else None
    except (OSError, RotaErrors) as problem:
        why = problem.strerror if isinstance(problem, OSError) else problem.problems[0].message
        checks.append(Check("rota", row is not None, f"ROTA_FILE={file} cannot be read ({why})", f"Look at {file}."))
        text = None
        if row is None:
            return None
    if row is None and text is None:
        cure = f"Copy rota.example.toml to {file} and edit it, then: reperibile rota check {file}"
        checks.append(Check("rota", False, f"there is no rota: ROTA_FILE={file} does not exist", cure))
        return None
    source, used = (f"revision {row[0]}", row[1]) if row is not None else (str(file), text or "")
    try:
        plan = load_rota(used, source)
    except RotaErrors as errors:
        checks += [
            Check("rota", False, str(each).removesuffix(f"; {each.cure}"), each.cure) for each in errors.problems
        ]
        return None
    in_force = "in force" if row is not None else "imported at the first start"
    checks.append(Check("rota", True, f"{source} is {in_force}: {len(plan.people)} people, {', '.join(plan.rotas)}"))
    if row is not None and text is not None and text != row[1]:
        cure = (
            f"To use the file: reperibile rota import {file}. To keep what is in force: reperibile rota export > {file}"
        )
        what = f"{file} differs from the rota in force ({source}); nothing is overwritten by itself"
        checks.append(Check("rota", True, what, cure))
    return plan


def rota_checks(
    plan: Plan,
    settings: Settings,
    phones: Mapping[str, PersonRow],
    called: Mapping[str, Sequence[datetime]],
    now: datetime,
) -> list[Check]:
    """Its holes and oddities, its people's rest after call-outs, its accounts' keys, its people's phones.

    called: person → when they were rung or did something about a ticket, since `now` - LOOK_BACK.
    """
    odd = [*findings(plan, now), *rest(plan, now, called_out(plan, called))]
    return [
        *(_odd(finding, plan, now) for finding in odd),
        *_accounts(plan, settings),
        *_phones(plan, phones, now),
    ]


def _odd(finding: Finding, plan: Plan, now: datetime) -> Check:
    """A warning of the rota, to be looked at; a hole that has begun is wrong."""
    what = finding.message
    if finding.kind == "gap" and finding.when and finding.when[0][0] <= now:
        until = local(finding.when[0][1], plan)
        now_too = f"nobody is on duty now ({', '.join(finding.rotas)}), until {until}"
        return Check("rota gap", False, f"{what}: {now_too}", CURES["gap"])
    if finding.when:
        start, end = (local(at, plan) for at in finding.when[0])
        more = f" and {len(finding.when) - 1} more" if len(finding.when) > 1 else ""
        what += f" (first: {start} to {end}{more})"
    return Check(f"rota {finding.kind.replace('_', ' ')}", True, what, CURES.get(finding.kind, LOOK))


def _accounts(plan: Plan, settings: Settings) -> Iterator[Check]:
    keyed = {account.name for account in settings.accounts}
    for account in plan.accounts.values():
        if account.handle.lower() not in keyed:
            upper = account.handle.upper()
            yield Check(
                f"account @{account.handle}",
                False,
                "stands in the rota but has no keys: nobody reads what customers write to it",
                f"Set X_TOKEN_{upper} and X_TOKEN_SECRET_{upper}, or take it out of the rota.",
            )
    for name in sorted(keyed):
        if plan.account(name) is None:
            yield Check(
                f"account @{name}",
                True,
                "has keys but does not stand in the rota: it is watched, without a line or an escalation of its own",
                f"Add [accounts.{name}] to the rota, or remove its keys.",
            )


def _phones(plan: Plan, phones: Mapping[str, PersonRow], now: datetime) -> Iterator[Check]:
    """Can those be rung who are on duty soon, and at least one lead?"""
    cure = "On this server: reperibile enroll {person}, then open the link on their phone."
    first: dict[str, datetime] = {}
    for rota in plan.rotas:
        for span in spans(plan, rota, now, now + DUTY_AHEAD):
            for person in span.who:
                first[person] = min(first.get(person, span.start), span.start)
    trouble = {person: _trouble(phones.get(person)) for person in plan.people}
    for person, at in sorted(first.items(), key=lambda item: (item[1], item[0])):
        if trouble[person]:
            when = "now" if at <= now else f"from {local(at, plan)}"
            yield Check(
                f"phone of {person}",
                False,
                f"{plan.people[person].name} is on duty {when}, but {trouble[person]}",
                _cure(trouble[person], cure, person),
            )
    if all(not trouble[person] for person in first):
        yield Check("phones", True, f"everybody on duty in the next {DUTY_AHEAD.days} days can be rung")
    leads = sorted(plan.leads)
    if all(trouble[lead] for lead in leads):
        yield Check(
            "leads",
            False,
            f"no lead can be rung ({', '.join(leads)}): nobody is told when something is wrong",
            _cure(trouble[leads[0]], cure, leads[0]) if leads else 'Give somebody role = "lead" in the rota.',
        )
    else:
        yield Check("leads", True, f"{', '.join(lead for lead in leads if not trouble[lead])} can be rung")
    if later := [person for person in plan.people if trouble[person] and person not in first and person not in leads]:
        what = f"not on duty in the next {DUTY_AHEAD.days} days, and cannot be rung yet: {', '.join(later)}"
        yield Check("phones", True, what, cure.format(person=later[0]))


NO_PHONE, LOCKED, UNCONFIRMED = (
    "has no linked phone",
    "their phone is locked out",
    "no lead has confirmed their phone yet",
)
BLOCKS = "their phone blocks the bot"


def _trouble(row: PersonRow | None) -> str:
    """Why this phone cannot be rung; "" when it can."""
    if row is None or row.user_id is None:
        return NO_PHONE
    if row.locked_at is not None:
        return LOCKED
    if not row.confirmed:
        return UNCONFIRMED
    return BLOCKS if row.unreachable_since is not None else ""


def _cure(trouble: str, enrol: str, person: str) -> str:
    if trouble == UNCONFIRMED:
        return "A lead presses Confirm under the message that told them, or types /people."
    if trouble == BLOCKS:
        return "On that phone open the chat with the bot, press Restart (or Unblock), and type /who."
    return enrol.format(person=person)
