"""Reading a rota file: what may be left out, and every mistake named with its place and cure."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.ladder import Target, TargetKind, escalation_for
from schedules.rota import Network, Unit
from schedules.rota_file import RotaErrors, dump, load

EXAMPLE = Path(__file__).parents[2] / "rota.example.toml"

SMALL = """timezone = "Europe/Rome"
[people.a]
role = "lead"
[[rotas.primary.layers]]
people = ["a"]
starts = 2026-11-27
turn = "1 week"
"""


def mistakes(text: str) -> list[str]:
    try:
        load(text, "r.toml")
    except RotaErrors as errors:
        return [str(problem) for problem in errors.problems]
    return []


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


def test_export_then_import_changes_nothing() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert dump(load(text)) == text


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


L = "rotas.primary.layers[0]"
WINDOW_CURE = (
    'write "mon-fri 18:00-09:00", "daily 22:00-07:00", "holiday 00:00-24:00", "fri 18:00 - mon 09:00" '
    'or { days = ["sat"], from = "08:00", to = "20:00" }'
)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            '"1 week"',
            '"1 fortnight"',
            f'r.toml:7: {L}.turn = "1 fortnight": not a turn; write N hour, day, week, month or window, '
            'for example "1 week"',
            id="turn",
        ),
        pytest.param('"1 week"', '"0 week"', f'r.toml:7: {L}.turn = "0 week": not a turn', id="no time at all"),
        pytest.param(
            '"1 week"',
            '"2 windows"',
            f'r.toml:7: {L}.turn = "2 windows": turns of windows need windows',
            id="no windows",
        ),
        pytest.param(
            'people = ["a"]',
            'people = ["a", "aa"]',
            f'r.toml:5: {L}.people[1] = "aa": unknown person; did you mean "a"?',
            id="person",
        ),
        pytest.param('people = ["a"]', "people = []", f"r.toml:5: {L}.people = []: no seat", id="no seat"),
        pytest.param('people = ["a"]', "", f"r.toml:4: {L}.people: missing; add people = …", id="missing"),
        pytest.param(
            "turn =",
            "wnidows = []\nturn =",
            f'r.toml:7: {L}.wnidows = []: unknown key; did you mean "windows"?',
            id="key",
        ),
        pytest.param(
            "turn =",
            "until = 2026-11-26\nturn =",
            f"r.toml:7: {L}.until = 2026-11-26: end before start; write a time after 2026-11-27",
            id="until before starts",
        ),
        pytest.param(
            "turn =",
            'windows = ["fri 18:00 - fri 18:00"]\nturn =',
            f'r.toml:7: {L}.windows[0] = "fri 18:00 - fri 18:00": bad window: a span from one weekday to another '
            f"must be shorter than 7 days; {WINDOW_CURE}",
            id="week-long span",
        ),
        pytest.param(
            "turn =",
            'windows = [\n  "sat 08:00-20:00",\n  "sat 25:00-26:00",\n]\nturn =',
            f'r.toml:9: {L}.windows[1] = "sat 25:00-26:00": bad window: no time of day',
            id="window, on its own line",
        ),
        pytest.param(
            "turn =",
            'windows = [{ days = ["sax"], from = "8:00", to = "24:01", plus_days = -1 }]\nturn =',
            f"r.toml:7: {L}.windows[0].plus_days = -1: not a whole number within bounds; write one from 0 to 366",
            id="window table",
        ),
        pytest.param(
            '"Europe/Rome"',
            '"Europe/Atlantis"',
            'r.toml:1: timezone = "Europe/Atlantis": unknown time zone; write an IANA name such as "Europe/Rome"',
            id="zone",
        ),
        pytest.param('"Europe/Rome"', '"../etc/passwd"', "unknown time zone", id="zone outside"),
        pytest.param('timezone = "Europe/Rome"', "", "r.toml:1: timezone: missing; add timezone = …", id="no zone"),
        pytest.param('role = "lead"', "", 'r.toml:2: people: no lead; give somebody role = "lead"', id="no lead"),
        pytest.param(
            'role = "lead"',
            'role = "lead"\nsignature = "X"\n[people.b]\nsignature = "x"',
            'r.toml:6: people.b.signature = "x": two people with one signature; a already signs so; '
            "give one of them another",
            id="signature",
        ),
        pytest.param(
            'role = "lead"',
            'role = "lead"\nlines = ["112"]',
            'r.toml:4: people.a.lines[0] = "112": unknown line',
            id="line",
        ),
        pytest.param(
            'role = "lead"',
            'role = "lead"\nholidays = ["IT-XX"]',
            'r.toml:4: people.a.holidays[0] = "IT-XX": not a holiday',
            id="province",
        ),
        pytest.param(
            'role = "lead"', 'role = "boss"', 'r.toml:3: people.a.role = "boss": not one of its values', id="role"
        ),
        pytest.param("[people.a]", "[people.a", "r.toml:2: not TOML:", id="TOML"),
    ],
)
def test_a_mistake_is_named_with_place_and_cure(old: str, new: str, expected: str) -> None:
    assert old in SMALL
    found = mistakes(SMALL.replace(old, new))
    assert any(expected in mistake for mistake in found), found


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        pytest.param(
            '[[rotas.primary.overrides]]\nput = ["a"]\nstart = 2026-12-06\nend = 2026-12-05\n',
            "r.toml:11: rotas.primary.overrides[0].end = 2026-12-05: end before start; write a time after 2026-12-06",
            id="end before start",
        ),
        pytest.param(
            '[[rotas.primary.overrides]]\nput = ["a"]\nadd = ["a"]\nstart = 2026-12-04\nend = 2026-12-05\n',
            "r.toml:8: rotas.primary.overrides[0]: two kinds of override at once",
            id="two kinds",
        ),
        pytest.param(
            '[[rotas.primary.overrides]]\nreplace = "a"\nstart = 2026-12-04\nend = 2026-12-05\n',
            "r.toml:8: rotas.primary.overrides[0].with: missing",
            id="replace without with",
        ),
        pytest.param(
            '[[rotas.primary.overrides]]\nswap = [{ person = "a", start = 2026-12-04, end = 2026-12-05 }]\n',
            "rotas.primary.overrides[0].swap = [{…}]: a swap has two sides",
            id="half a swap",
        ),
        pytest.param(
            '[[absences]]\nperson = "z"\nstart = "2026-12-04"\nend = 2026-12-05\n',
            'r.toml:10: absences[0].start = "2026-12-04": not a date or time; '
            "write 2026-11-27T18:00:00 or 2026-11-27, without quotes",
            id="quoted date",
        ),
        pytest.param(
            '[[escalations.x.steps]]\npage = ["rota:nights", "boss"]\nwait_min = nan\n',
            'r.toml:9: escalations.x.steps[0].page[0] = "rota:nights": unknown rota; known: primary',
            id="rota in a ladder",
        ),
        pytest.param(
            '[[escalations.x.steps]]\npage = ["rota:nights", "boss"]\nwait_min = nan\n',
            "r.toml:10: escalations.x.steps[0].wait_min = nan: not a number within bounds; write one from 0 to 10080",
            id="endless wait",
        ),
        pytest.param('[lines.119]\nescalation = "x"\n', "unknown escalation; known: standard", id="escalation"),
        pytest.param('[accounts.X1]\nagent = "z"\n', 'r.toml:9: accounts.X1.agent = "z": unknown person', id="agent"),
        pytest.param("[[rota]]\nx = 1\n", 'r.toml:8: rota = [{…}]: unknown key; did you mean "rotas"?', id="top key"),
        pytest.param("[office]\nhours = 3\n", "r.toml:9: office.hours = 3: not a list", id="no list"),
    ],
)
def test_a_mistake_further_down(more: str, expected: str) -> None:
    found = mistakes(SMALL + more)
    assert any(expected in mistake for mistake in found), found


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
    """Either a plan or mistakes that can be printed."""
    for mistake in mistakes(text):
        assert mistake.encode("utf-8", "backslashreplace")


VALUES = st.recursive(
    st.one_of(
        st.none(),
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


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_value_makes_it_fall_over(data: st.DataObject) -> None:
    """Any value of any type in place of any key of the complete example."""
    import tomllib

    import tomlkit

    def mangled(value: object) -> object:
        if isinstance(value, dict):
            return {key: odd() if key in KEYS and data.draw(st.integers(0, 20)) == 0 else mangled(each)
                    for key, each in value.items()}  # fmt: skip
        if isinstance(value, list):
            return [mangled(each) for each in value]
        return value

    def odd() -> object:
        return data.draw(VALUES.filter(lambda value: value is not None))

    raw = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    try:
        text = tomlkit.dumps(mangled(raw))  # type: ignore[arg-type]  # a dict stays a dict
    except (ValueError, TypeError, tomlkit.exceptions.TOMLKitError):
        return  # values that TOML cannot say
    mistakes(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a = " + "[" * 100_000, id="nested arrays"),
        pytest.param("a = " + "{a=" * 50_000, id="nested tables"),
        pytest.param(".".join(["a"] * 50_000) + " = 1", id="dotted key"),
        pytest.param(SMALL + ".".join(["a"] * 5_000) + " = 1", id="dotted key in a layer"),
        pytest.param("a = " + "9" * 10_000, id="long number"),
        pytest.param("timezone = '" + "x" * 3_000_000 + "'", id="long file"),
        pytest.param(SMALL.replace("2026-11-27", "0001-01-01"), id="year 1"),
        pytest.param(SMALL.replace("2026-11-27", "9999-12-31T23:59:59.999999-23:59"), id="year 9999"),
        pytest.param(SMALL.replace("2026-11-27", "0001-01-01T00:00:00+23:59"), id="before year 1"),
        pytest.param("\ufeff" + SMALL, id="byte order mark"),
        pytest.param(SMALL.replace("\n", "\r\n"), id="windows line ends"),
    ],
)
def test_hostile_texts(text: str) -> None:
    mistakes(text)
