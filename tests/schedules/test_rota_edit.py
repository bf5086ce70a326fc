"""What is added to a rota file means what was meant, and nothing else in the text moves."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.rota import Absence, Add, Drop, Given, Override, Put, Replace, Swap
from schedules.rota_edit import add_absence, add_override, without_absence, without_override
from schedules.rota_file import load

EXAMPLE = (Path(__file__).parents[2] / "rota.example.toml").read_text(encoding="utf-8")
START, END = datetime(2026, 10, 25, 1, 30, tzinfo=UTC), datetime(2026, 12, 6, 23, tzinfo=UTC)

OVERRIDES = [
    pytest.param(Put(frozenset({"sara", "marco"}), START, END, "giulia", 'says "yes"\n^'), id="put"),
    pytest.param(Put(frozenset(), START, END), id="put nobody"),
    pytest.param(Add(frozenset({"sara"}), START, END), id="add"),
    pytest.param(Drop("sara", START, END, why="ill"), id="drop"),
    pytest.param(Replace("sara", "marco", START, END), id="replace"),
    pytest.param(
        Swap(Given("sara", START, END), Given("marco", END, datetime(2027, 1, 1, tzinfo=UTC)), True), id="swap"
    ),
]


@pytest.mark.parametrize("override", OVERRIDES)
def test_an_override_is_appended(override: Override) -> None:
    """The start is the second 02:30 of the night the clocks go back: only UTC can say it."""
    text = add_override(EXAMPLE, "primary", override, made=datetime(2026, 11, 1, 12, 0, 0, 5, tzinfo=UTC))
    assert text.startswith(EXAMPLE)
    assert "made = 2026-11-01T12:00:00Z" in text
    assert load(text).rotas["primary"].overrides == (*load(EXAMPLE).rotas["primary"].overrides, override)


def test_wall_times_are_written_where_they_say_the_same() -> None:
    text = add_override(EXAMPLE, "backup", Drop("sara", START, END))
    assert text.endswith(
        '[[rotas.backup.overrides]]\ndrop = "sara"\nstart = 2026-10-25T01:30:00Z\nend = 2026-12-07T00:00:00\n'
    )


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param('overrides = [{ put = ["a"], start = 2026-01-01, end = 2026-01-02 }] # kept\n', id="inline array"),
        pytest.param("layers = []\n", id="nothing yet"),
    ],
)
def test_other_forms_of_the_same_table(rest: str) -> None:
    text = f'# first\ntimezone = "Europe/Rome"\npeople = {{ a = {{ role = "lead" }} }}\n[rotas.p]\n{rest}'
    after = add_override(text, "p", Drop("a", START, END))
    assert load(after).rotas["p"].overrides[-1] == Drop("a", START, END)
    assert after.startswith("# first\n")
    inline = 'timezone = "Europe/Rome"\npeople = { a = { role = "lead" } }\nrotas = { p = { layers = [] } }\n'
    assert load(add_override(inline, "p", Drop("a", START, END))).rotas["p"].overrides == (Drop("a", START, END),)


def test_an_absence_is_appended() -> None:
    absence = Absence("sara", START, END, "sara", "away")
    text = add_absence(EXAMPLE, absence)
    assert text.startswith(EXAMPLE)
    assert load(text).absences[-1] == absence


def test_unknown_rota() -> None:
    with pytest.raises(KeyError):
        add_override(EXAMPLE, "nights", Drop("sara", START, END))


instants = st.integers(0, 3 * 365 * 24 * 60).map(lambda m: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=m))
names = st.sampled_from(["giulia", "alessio", "sara", "marco"])
texts = st.text(max_size=30)
groups = st.frozensets(names, max_size=3)


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, Override | Absence]:
    """An override of one of the rotas, or an absence (told by an empty rota)."""
    person, other = draw(st.tuples(names, names))
    said = {"by": draw(texts), "why": draw(texts)}

    def stretch() -> tuple[datetime, datetime]:
        start = draw(instants)
        return start, start + timedelta(minutes=draw(st.integers(1, 90_000)))

    match draw(st.sampled_from(["put", "add", "drop", "replace", "swap", "absence"])):
        case "absence":
            return "", Absence(person, *stretch(), **said)
        case "put":
            return draw(st.sampled_from(["primary", "backup"])), Put(draw(groups), *stretch(), **said)
        case "add":
            return "primary", Add(draw(groups), *stretch(), **said)
        case "drop":
            return "primary", Drop(person, *stretch(), **said)
        case "replace":
            return "backup", Replace(person, other, *stretch(), **said)
        case _:
            swap = Swap(Given(person, *stretch()), Given(other, *stretch()), draw(st.booleans()), **said)
            return "primary", swap


ENDS = {
    "as it is": EXAMPLE,
    "no last line end": EXAMPLE.rstrip(),
    "blank lines": EXAMPLE + "\n\n",
    "blanks": EXAMPLE + "   ",
    "a remark": EXAMPLE + "# the end",
    "as Windows writes it": EXAMPLE.replace("\n", "\r\n"),
    "the same without a last line end": EXAMPLE.rstrip().replace("\n", "\r\n"),
    "from Notepad": "\ufeff" + EXAMPLE,
}


def added(text: str, rota: str, edit: Override | Absence) -> str:
    return add_absence(text, edit) if isinstance(edit, Absence) else add_override(text, rota, edit, made=END)


def count(text: str, rota: str) -> int:
    plan = load(text)
    return len(plan.rotas[rota].overrides if rota else plan.absences)


def taken_out(text: str, rota: str, place: int) -> str:
    return without_override(text, rota, place) if rota else without_absence(text, place)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(sorted(ENDS)), edits(), edits())
def test_an_edit_and_its_undo_give_the_same_bytes(
    ending: str, one: tuple[str, Override | Absence], two: tuple[str, Override | Absence]
) -> None:
    """Whatever stood there before, and also when another edit came after the one that is taken back."""
    text = ENDS[ending]
    first = added(text, *one)
    both = added(first, *two)
    assert taken_out(first, one[0], count(first, one[0]) - 1) == text
    assert taken_out(both, two[0], count(both, two[0]) - 1) == first
    assert taken_out(both, one[0], count(first, one[0]) - 1) == added(text, *two)


def test_what_stands_around_a_block_stays() -> None:
    """A remark above it belongs to who wrote it; values over several lines go as a whole."""
    block = (
        "# about it\n[[rotas.primary.overrides]] # here\nswap = [ # two\n"
        '  { person = "sara", start = 2027-01-02, end = 2027-01-03 },\n'
        '  { person = "giulia", start = 2027-01-09, end = 2027-01-10 },\n]\n'
    )
    after = '\n# next\n[people.paolo]\nname = """\n[[rotas.primary.overrides]]"""\n'
    text = EXAMPLE + "\n" + block + after
    place = count(text, "primary") - 1
    assert without_override(text, "primary", place) == EXAMPLE + "\n# about it\n" + after


def test_forms_that_are_no_block_of_their_own() -> None:
    start = 'timezone = "Europe/Rome"\npeople = { a = { role = "lead" } }\n[rotas.p]\n'
    inline = start + 'overrides = [{ put = ["a"], start = 2026-01-01, end = 2026-01-02 }] # kept\n'
    assert load(without_override(inline, "p", 0)).rotas["p"].overrides == ()
    assert "# kept" in without_override(inline, "p", 0)
    apart = (
        start + "[[rotas.p.overrides]]\nopen = true\n[[rotas.p.overrides.swap]]\n"
        'person = "a"\nstart = 2026-01-01\nend = 2026-01-02\n# between\n[lines.119]\ntitle = "x"\n'
        '[[rotas.p.overrides.swap]]\nperson = "a"\nstart = 2026-01-03\nend = 2026-01-04\n'
    )
    assert len(load(apart).rotas["p"].overrides) == 1
    with pytest.raises(ValueError, match="only a person"):
        without_override(apart, "p", 0)
    with pytest.raises(LookupError):
        without_override(inline, "p", 1)
    with pytest.raises(LookupError):
        without_absence(inline, 0)
