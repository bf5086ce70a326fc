"""What the tables of hand-written cases share: a small file to write rotas into, and who is on duty at an edge."""

from datetime import UTC, datetime, timedelta

from schedules.on_duty import who
from schedules.rota import Plan
from schedules.rota_file import load

HEAD = """
timezone = "Europe/Rome"
[office]
holidays = ["IT", "IT-MI", 2026-12-24]
[people.a]
role = "lead"
[people.b]
[people.c]
[people.d]
"""
A_MOMENT = timedelta(microseconds=1)


def plan(*parts: str) -> Plan:
    return load(HEAD + "".join(parts))


def layer(text: str = 'people = ["a"]\nstarts = 2026-01-01\nturn = "1 week"', rota: str = "primary") -> str:
    return f"[[rotas.{rota}.layers]]\n{text}\n"


def dealt(people: str, starts: str, windows: str, turn: str = "1 window") -> str:
    return layer(f'people = {people}\nstarts = {starts}\nturn = "{turn}"\nwindows = {windows}\n')


def override(text: str, start: str, end: str, rota: str = "primary") -> str:
    return f"[[rotas.{rota}.overrides]]\n{text}\nstart = {start}\nend = {end}\n"


def swap(first: tuple[str, str, str], second: tuple[str, str, str], is_open: str = "false") -> str:
    sides = ", ".join(f'{{ person = "{who}", start = {start}, end = {end} }}' for who, start, end in (first, second))
    return f"[[rotas.primary.overrides]]\nswap = [{sides}]\nopen = {is_open}\n"


def away(person: str, start: str, end: str) -> str:
    return f'[[absences]]\nperson = "{person}"\nstart = {start}\nend = {end}\n'


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def on(of: Plan, when: str, rota: str = "primary") -> str:
    """The people at an instant, sorted and joined; "" for nobody."""
    return "".join(sorted(who(of, rota, at(when))))


def edge(of: Plan, when: str) -> str:
    """A microsecond before an instant and at it: "a|b"."""
    return "".join(sorted(who(of, "primary", at(when) - A_MOMENT))) + "|" + on(of, when)
