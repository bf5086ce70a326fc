"""A lead edits the rota: somebody else for one stretch of it, and the last change taken back."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.rota_change import override_facts, override_of
from bot.core.when import read_stretch
from bot.desk.edits import (
    CONFIRM_WITHIN,
    ask_anew,
    current,
    edited,
    effect_of,
    overtaken,
    settle_previews,
    shown,
    tell_affected,
    this_minute,
    write,
)
from bot.desk.visit import Visit
from bot.errors import Refused
from bot.store import people, rotas
from bot.store.tables import QuestionRow
from schedules.on_duty import spans
from schedules.problems import RotaErrors
from schedules.rota import Add, Drop, Put, Replace
from schedules.rota_diff import changes
from schedules.rota_edit import add_override
from schedules.rota_file import load

OVERRIDE_MAX = timedelta(days=62)
LINES_SHOWN = 8
NOBODY = frozenset({"nobody", "nessuno"})
INSTEAD_OF = frozenset({"for", "per"})

Overriding = Put | Add | Drop | Replace


def override(visit: Visit, text: str) -> None:
    """`/override [+|-]NAME|nobody [for NAME] FROM TO [ROTA]`: previewed; it holds after Confirm."""
    visit.lead_only()
    tokens = text.replace("−", "-").replace(" –", " -").split()
    if len(tokens) < 2:
        raise Refused("usage", command="override")
    kind, person, other, tokens = _whom(visit, tokens)
    known = {"", *(name.casefold() for name in visit.plan.rotas)}
    zone = ZoneInfo(visit.plan.timezone)
    start, end, rest = read_stretch(tokens, visit.now, zone, alone=lambda left: left.casefold() in known)
    rota = visit.rota(" ".join(rest)) if rest else ""
    if end <= visit.now:
        raise Refused("in_the_past")
    if end - start > OVERRIDE_MAX:
        raise Refused("too_far", days=OVERRIDE_MAX.days)
    start = max(start, this_minute(visit))
    made: dict[str, Overriding] = {
        "put": Put(frozenset({person} if person else ()), start, end),
        "add": Add(frozenset({person}), start, end),
        "drop": Drop(person, start, end),
        "replace": Replace(person=other, stand_in=person, start=start, end=end),
    }
    asked = made[kind]
    _propose(visit, rota or _rota_meant(visit, asked), asked)


def _whom(visit: Visit, tokens: list[str]) -> tuple[str, str, str, list[str]]:
    """(kind, whom, in whose place, what is left) of the first words."""
    first = tokens[0]
    if first.casefold() in NOBODY:
        return "put", "", "", tokens[1:]
    if first[0] in "+-":
        tokens = [first[1:], *tokens[1:]] if len(first) > 1 else tokens[1:]
        person, tokens = named(visit, tokens)
        return ("add" if first[0] == "+" else "drop"), person, "", tokens
    person, tokens = named(visit, tokens)
    if tokens and tokens[0].casefold() in INSTEAD_OF:
        other, tokens = named(visit, tokens[1:])
        return "replace", person, other, tokens
    return "put", person, "", tokens


def _rota_meant(visit: Visit, asked: Overriding) -> str:
    """The first rota; for those who stand in or leave, the first on which there is somebody to be replaced."""
    leaving = asked.person if isinstance(asked, Drop | Replace) else ""
    for rota in visit.plan.rotas if leaving else ():
        if any(leaving in span.who for span in spans(visit.plan, rota, asked.start, asked.end)):
            return rota
    return next(iter(visit.plan.rotas))


def _propose(visit: Visit, rota: str, asked: Overriding, meanwhile: dict[str, Any] | None = None) -> None:
    """Show what it would do. Raises: Refused("no_rota" | "changes_nothing")."""
    if rota not in visit.plan.rotas:
        raise visit.no_rota(rota)
    after = edited(lambda: add_override(visit.plan.text, rota, asked))
    found = effect_of(visit, after, asked.end)
    if not found.changes:
        on = frozenset[str]().union(*(span.who for span in spans(visit.plan, rota, asked.start, asked.end)))
        raise Refused("changes_nothing", rota=rota, people=sorted(on))
    settle_previews(visit)
    visit.ask(
        "override",
        visit.who,
        lasts=CONFIRM_WITHIN,
        rota=rota,
        **override_facts(asked),
        **shown(visit, found),
        meanwhile=meanwhile or {},
    )


def override_answered(visit: Visit, question: QuestionRow, yes: bool) -> None:
    visit.lead_only()
    if not yes:
        visit.done("not_changed")
        return
    facts = question.facts
    rota = str(facts["rota"])
    asked = override_of(facts, visit.who, this_minute(visit))
    assert isinstance(asked, Overriding)
    if asked.end <= visit.now:
        raise Refused("in_the_past")
    if (meanwhile := overtaken(visit, question)) is not None:
        ask_anew(visit, question, lambda: _propose(visit, rota, asked, meanwhile))
        return
    after = edited(lambda: add_override(visit.plan.text, rota, asked, visit.now))
    found = effect_of(visit, after, asked.end)
    number = write(visit, after, f"/override {_in_short(facts)} {rota}")
    tell_affected(visit, found, "rota_changed", by=visit.who)
    visit.done("changed", revision=number)


def _in_short(facts: dict[str, Any]) -> str:
    """As it would be typed: "sara for giulia", "+sara", "nobody"."""
    names = "+".join(facts["people"]) or "nobody"
    sign = {"add": "+", "drop": "-"}.get(facts["how"], "")
    return f"{sign}{names}" + (f" for {facts['other']}" if facts.get("other") else "")


# -- taking back --


def undo(visit: Visit, meanwhile: dict[str, Any] | None = None) -> None:
    """`/undo`: the revision before this one again, as a new one; asked twice it goes forward again."""
    visit.lead_only()
    now = current(visit)
    before = rotas.get(visit.session, now.number - 1)
    if before is None:
        raise Refused("nothing_to_undo")
    try:
        plan = load(before.text, f"revision {before.number}")
    except RotaErrors:
        raise Refused("cannot_undo", revision=now.number) from None
    if visit.who not in plan.leads:
        raise Refused("not_yourself_out", revision=now.number)
    found = effect_of(visit, plan)
    said = changes(visit.plan, plan)
    left_out = sorted(row.id for row in people.linked(visit.session) if row.id not in plan.people and not row.locked_at)
    settle_previews(visit)
    visit.ask(
        "undo",
        visit.who,
        lasts=CONFIRM_WITHIN,
        revision=now.number,
        by=now.author,
        made=now.made_at.isoformat(),
        why=now.why,
        lines=[[c.what, c.name, c.key, c.before, c.after] for c in said[:LINES_SHOWN]],
        lines_more=max(0, len(said) - LINES_SHOWN),
        left_out=left_out,
        **shown(visit, found),
        meanwhile=meanwhile or {},
    )


def undo_answered(visit: Visit, question: QuestionRow, yes: bool) -> None:
    visit.lead_only()
    if not yes:
        visit.done("not_changed")
        return
    if (meanwhile := overtaken(visit, question)) is not None:
        if current(visit).why == _undo_of(int(str(question.facts["revision"]))):
            # Another lead took the same change back: to be asked about theirs would be to be asked for the opposite.
            raise Refused("rota_moved")
        ask_anew(visit, question, lambda: undo(visit, meanwhile))
        return
    undone = current(visit)
    before = rotas.get(visit.session, undone.number - 1)
    assert before is not None, "asked about, and revisions are never deleted"
    plan = edited(lambda: before.text)
    found = effect_of(visit, plan)
    number = write(visit, plan, _undo_of(undone.number))
    tell_affected(visit, found, "rota_undone", by=visit.who, revision=undone.number)
    visit.done("undone", revision=number, number=undone.number)


def _undo_of(number: int) -> str:
    return f"/undo of revision {number}"


def named(visit: Visit, tokens: list[str]) -> tuple[str, list[str]]:
    """A person named by the first one or two words, and what is left. Raises: as `Visit.member`."""
    for words in (2, 1):
        try:
            return visit.member(" ".join(tokens[:words])), tokens[words:]
        except Refused:
            if words == 1:
                raise
    raise AssertionError("unreachable")


def instant(value: object) -> datetime:
    """An instant back from a question's facts."""
    return datetime.fromisoformat(str(value))
