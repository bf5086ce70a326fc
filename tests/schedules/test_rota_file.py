"""Reading a rota file: what may be left out, every mistake with its place and cure, no text that makes it fall over.

The mistakes stand as files in rota_files/bad, each with its exact messages beside it; `python tests/schedules/renew.py`
writes the messages anew: look at the difference as a tired lead would.
"""

import json
import sys
import tomllib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.triage_rules import ALARMS, CALM, NOISE, SERVICE, SUSPICIONS
from schedules.ladder import Target, TargetKind, escalation_for
from schedules.rota import Absence, Network, Put, Unit
from schedules.rota_edit import add_absence, add_override
from schedules.rota_file import Problem, RotaErrors, decode, dump, load
from schedules.rota_file_people import RULES

EXAMPLE = Path(__file__).parents[2] / "rota.example.toml"
FILES = Path(__file__).parent / "rota_files"
BAD = sorted((FILES / "bad").glob("*.toml"))
GOOD = [*sorted((FILES / "good").glob("*.toml")), EXAMPLE]
# From Python 3.15 on, whose TOML is 1.1, these read.
NEWER = "toml_newer_"

SMALL = """timezone = "Europe/Rome"
[people.a]
role = "lead"
[[rotas.primary.layers]]
people = ["a"]
starts = 2026-11-27
turn = "1 week"
"""


def problems(text: str) -> tuple[Problem, ...]:
    try:
        assert dump(load(text, "r.toml")) == text
    except RotaErrors as errors:
        return errors.problems
    return ()


def assert_told_well(text: str) -> None:
    """Either a plan, or mistakes each of which has a line of the file, words and a cure, and can be printed."""
    for problem in problems(text):
        assert 1 <= problem.line <= text.count("\n") + 1
        assert problem.message
        assert problem.cure
        assert str(problem).isprintable()


def mistakes(text: str) -> list[str]:
    return [str(problem) for problem in problems(text)]


def test_the_complete_example() -> None:
    plan = load(EXAMPLE.read_text(encoding="utf-8"))
    assert list(plan.people) == ["giulia", "alessio", "sara", "marco"]
    assert plan.people["alessio"].network is Network.OTHER
    assert plan.leads == {"marco"}
    assert plan.holidays.dates == {date(2026, 12, 24)}
    assert plan.contacts["noc"].rules == ("C1", "C2", "U8")
    layer = plan.rotas["primary"].layers[0]
    assert (layer.turn.count, layer.turn.unit) == (1, Unit.WEEK)
    assert layer.starts.instant == datetime(2026, 1, 16, 17, tzinfo=UTC)
    assert plan.absences[0].start == datetime(2026, 12, 19, 23, tzinfo=UTC)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "bom"])
def test_export_then_import_changes_nothing(path: Path, ends: str, mark: str) -> None:
    raw = (mark + path.read_text(encoding="utf-8").replace("\n", ends)).encode()
    plan = load(decode(raw))
    assert dump(plan).encode() == raw
    assert [*load(dump(plan)).people] == [*plan.people]


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_an_edit_leaves_what_people_wrote(path: Path) -> None:
    """Remarks, order, odd spacing: what stood there stands there still, and means the same."""
    before = load(path.read_text(encoding="utf-8"))
    rota, person = next(iter(before.rotas)), next(iter(before.people))
    start, end = datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 3, 2, tzinfo=UTC)
    longer = add_override(before.text, rota, Put(frozenset({person}), start, end))
    longer = add_absence(longer, Absence(person, start, end))
    after = load(longer)
    lines = [line.rstrip(" ,]}") for line in before.text.splitlines()]
    assert all(line in longer for line in lines)
    assert after.rotas[rota].overrides[:-1] == before.rotas[rota].overrides
    assert (after.rotas[rota].layers, after.people, after.office) == (
        before.rotas[rota].layers,
        before.people,
        before.office,
    )
    assert after.absences[:-1] == before.absences


def test_what_may_be_left_out() -> None:
    plan = load(SMALL)
    person = plan.people["a"]
    assert (person.name, person.signature, person.language, person.lines) == ("a", "a", "it", ())
    assert plan.office is None
    ladder = escalation_for(plan, None, None)
    assert [(step.page, step.wait) for step in ladder.steps] == [
        ((Target(TargetKind.ROTA, "primary"),), timedelta(minutes=5)),
        ((Target(TargetKind.LEADS), Target(TargetKind.LAST_RESORT)), timedelta(minutes=10)),
    ]


@pytest.mark.parametrize(
    ("line", "account", "expected"),
    [
        pytest.param("191", "TIM_Official", "business", id="the line's"),
        pytest.param("119", "TIM_Official", "standard", id="the file's"),
        pytest.param(None, None, "standard", id="nothing known"),
        pytest.param("nope", "@nope", "standard", id="nothing known by these names"),
        pytest.param("119", "@vip", "business", id="the account's, whatever its case"),
    ],
)
def test_which_ladder(line: str | None, account: str | None, expected: str) -> None:
    text = EXAMPLE.read_text(encoding="utf-8") + '\n[accounts.VIP]\nescalation = "business"\n'
    assert escalation_for(load(text), line, account).name == expected


def test_without_a_choice_the_first_ladder() -> None:
    step = '[[escalations.{}.steps]]\npage = ["leads"]\nwait_min = 0.5\n'
    plan = load(SMALL + step.format("z") + step.format("a"))
    assert escalation_for(plan, None, None).name == "z"
    assert escalation_for(plan, None, None).steps[0].wait == timedelta(seconds=30)


# -- mistakes --


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_file_is_told_with_place_and_cure(path: Path) -> None:
    """Word for word: a change of a message is seen and agreed."""
    if path.name.startswith(NEWER) and sys.version_info >= (3, 15):
        pytest.skip("this Python's TOML allows it")
    raw = path.read_bytes()
    with pytest.raises(RotaErrors) as raised:
        load(decode(raw, path.name), path.name)
    assert [str(problem) for problem in raised.value.problems] == path.with_suffix(".txt").read_text(
        "utf-8"
    ).splitlines()
    for problem in raised.value.problems:
        assert 1 <= problem.line <= raw.count(b"\n") + 1
        assert problem.message
        assert problem.cure


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(
            SMALL.encode("utf-16"),
            'r.toml:1: not UTF-8 but UTF-16; save the file as plain text, encoding "UTF-8"',
            id="utf-16",
        ),
        pytest.param(
            SMALL.encode() + b"# perch\xe9\n",
            'r.toml:8: not UTF-8; save the file as plain text, encoding "UTF-8"',
            id="latin-1",
        ),
        pytest.param(
            SMALL.replace('"lead"', '"le\x00ad"').encode(),
            'r.toml:3: role = "le�ad": a character that cannot be seen (U+0000); '
            "delete it, or write the line anew; the file must be plain text",
            id="nul",
        ),
        pytest.param(
            SMALL.replace("\n", "\r").encode(),
            "a character that cannot be seen (U+000D); delete it, or write the line anew; the file must be plain text",
            id="old line ends",
        ),
        pytest.param(
            SMALL.replace("role", "\u00a0role").encode(),
            'r.toml:3: role = "lead": a character that cannot be seen (U+00A0); '
            "delete it, or write the line anew; the file must be plain text",
            id="space of a web page",
        ),
        pytest.param(
            ("\ufeff" + SMALL.replace('"lead"', "lead")).replace("\n", "\r\n").encode(),
            'r.toml:3: role = lead: a text without quotes; write role = "lead"',
            id="bom and crlf",
        ),
        pytest.param(
            b"# " + b"x" * 5_000_000,
            "r.toml:1: the file is longer than 2000000 characters; take out old overrides and absences",
            id="5 MB",
        ),
        pytest.param(
            b"\xff" * 9_000_000,
            "r.toml:1: the file is longer than 2000000 characters; take out old overrides and absences",
            id="9 MB of anything",
        ),
        pytest.param(
            SMALL.encode() + b"x = " + b"[" * 5000,
            "r.toml:1: nested too deeply; take some of the brackets out",
            id="deep",
        ),
        pytest.param(
            SMALL.encode() + b"a" + b".a" * 5000 + b" = 1",
            "r.toml:8: a key of more than 200 parts; write [header] and key = value",
            id="endless key",
        ),
    ],
)
def test_a_file_that_is_no_text_or_too_much(raw: bytes, expected: str) -> None:
    with pytest.raises(RotaErrors) as raised:
        load(decode(raw, "r.toml"), "r.toml")
    assert expected in str(raised.value)
    assert len(str(raised.value)) < 1000


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        pytest.param(
            '[[absences]]\nperson = "a"\nstart = 2027-01-01\nend = 2027-01-02\n' * 5001,
            "too many: 5001; at most 5000; take out what is over or not needed",
            id="absences",
        ),
        pytest.param("".join(f"[people.p{n}]\n" for n in range(1000)), "too many: 1001; at most 1000", id="people"),
        pytest.param("".join(f"[accounts.p{n}]\n" for n in range(501)), "too many: 501; at most 500", id="accounts"),
        pytest.param("".join(f"[rotas.p{n}]\n" for n in range(200)), "too many: 201; at most 200", id="rotas"),
        pytest.param("[[escalations.x.steps]]\npage = ['leads']\n" * 51, "too many: 51; at most 50", id="steps"),
        pytest.param(
            "[contacts.noc]\nlines = [" + '"119", ' * 1001 + "]\n", "too many: 1001; at most 1000", id="names in a list"
        ),
        pytest.param(f"[contacts.noc]\ntext = '{'x' * 2001}'\n", "too long; at most 2000 characters", id="text"),
        pytest.param(f"[lines.{'x' * 61}]\n", "not a usable name; write 1 to 60 letters", id="name"),
    ],
)
def test_everything_that_can_grow_has_a_limit(more: str, expected: str) -> None:
    found = mistakes(SMALL + more)
    assert len(found) == 1
    assert expected in found[0]


def test_ten_thousand_layers_and_their_mistakes_are_told_within_bounds() -> None:
    found = mistakes(SMALL + '[[rotas.nights.layers]]\npeople = ["zoe"]\nturn = "1 day"\n' * 10_000)
    assert len(found) == 51
    assert "too many: 10000; at most 200" in found[0]
    assert found[-1].endswith("and 351 more; put those above right, then check again")


@pytest.mark.parametrize(("written", "read"), [("", "a"), (" \\n\\t ", "a"), (" A. \\n Rossi", "A. Rossi")])
def test_a_name_is_one_line_and_never_empty(written: str, read: str) -> None:
    """Whoever has no first name could not be named in any message, and their pages would not leave."""
    plan = load(SMALL.replace("[people.a]", f'[people.a]\nname = "{written}"'), "test")
    assert plan.people["a"].name == read


def test_nothing_in_a_message_can_steer_a_terminal() -> None:
    text = SMALL + '[people."\\u001b[2J\\u202e"]\n"\\n\\u0007" = "\\u001b]0;x\\u0007"\nlines = ["\\u001b[31m"]\n'
    assert all(mistake.isprintable() for mistake in mistakes(text))
    assert len(mistakes(text)) >= 3


def test_the_rules_of_the_rubric_are_those_that_triage_knows() -> None:
    told = (*ALARMS, *SUSPICIONS, *CALM, *SERVICE, *NOISE)
    assert {rule.code for rule in told if rule.code[0] in "CUN"} == set(RULES)


def test_all_mistakes_come_at_once_in_the_order_of_the_file() -> None:
    broken = SMALL.replace('role = "lead"', "role = 3").replace('"1 week"', '"x"').replace('["a"]', '["b", 3]')
    assert [mistake.split(":")[1] for mistake in mistakes(broken)] == ["2", "3", "5", "5", "7"]


WORDS = [
    "[", "]", "[[", "]]", "{", "}", "=", ",", ".", '"', "'", '"""', "#", "timezone", "people",
    "rotas", "layers", "starts", "2026-11-27", "2026-11-27T02:30:00Z", "1", "-inf", "true", "turn",
    "windows", '"Europe/Rome"', '"1 week"', '"holiday"', "[people.a]", "[[rotas.p.layers]]",
    "[rotas.p]", "\n", " ", "\r\n", "\x00",
]  # fmt: skip


def _pieces() -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(WORDS), max_size=40).map("".join)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(), _pieces(), _pieces().map(lambda piece: SMALL + piece)))
def test_no_text_makes_it_fall_over(text: str) -> None:
    assert_told_well(text)


VALUES = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=5),
        st.dates(),
        st.datetimes(),
        st.times(),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=6,
)
KEYS = [
    "timezone", "escalation", "office", "people", "lines", "accounts", "contacts", "rotas", "absences", "escalations",
    "hours", "quiet", "holidays", "layers", "overrides", "starts", "until", "turn", "windows", "changes", "put", "swap",
    "replace", "with", "drop", "add", "start", "end", "page", "steps", "wait_min", "repeat", "priority", "days", "from",
]  # fmt: skip


def as_toml(value: object) -> str:
    """A value on one line of TOML."""
    match value:
        case dict():
            return (
                "{"
                + ", ".join(f"{json.dumps(key, ensure_ascii=False)} = {as_toml(each)}" for key, each in value.items())
                + "}"
            )
        case list():
            return "[" + ", ".join(map(as_toml, value)) + "]"
        case date() | time():
            return value.isoformat()
        case float():
            return str(value)
        case _:
            return json.dumps(value, ensure_ascii=False)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_value_makes_it_fall_over(data: st.DataObject) -> None:
    """Any value of any type in place of any key of the complete example."""

    def mangled(value: object) -> object:
        if isinstance(value, dict):
            return {key: odd() if key in KEYS and data.draw(st.integers(0, 20)) == 0 else mangled(each)
                    for key, each in value.items()}  # fmt: skip
        if isinstance(value, list):
            return [mangled(each) for each in value]
        return value

    def odd() -> object:
        return data.draw(VALUES)

    raw = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    mangled_raw = mangled(raw)
    assert isinstance(mangled_raw, dict)
    assert_told_well("".join(f"{key} = {as_toml(value)}\n" for key, value in mangled_raw.items()))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(GOOD), st.data())
def test_no_slip_of_the_hand_makes_it_fall_over(path: Path, data: st.DataObject) -> None:
    """A good file with letters lost, doubled, swapped or struck by mistake."""
    text = path.read_text(encoding="utf-8")
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        end = min(at + data.draw(st.sampled_from([0, 0, 1, 1, 2, 5, 40])), len(text))
        struck = data.draw(st.one_of(st.sampled_from(["", *WORDS]), st.text(max_size=3), st.just(text[at:end] * 2)))
        text = text[:at] + struck + text[end:]
    assert_told_well(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a = " + "{a=" * 50_000, id="nested tables"),
        pytest.param("a = " + "9" * 10_000, id="long number"),
        pytest.param(SMALL.replace("2026-11-27", "0001-01-01"), id="year 1"),
        pytest.param(SMALL.replace("2026-11-27", "9999-12-31T23:59:59.999999-23:59"), id="year 9999"),
        pytest.param(SMALL.replace("2026-11-27", "0001-01-01T00:00:00+23:59"), id="before year 1"),
    ],
)
def test_hostile_texts(text: str) -> None:
    assert_told_well(text)
