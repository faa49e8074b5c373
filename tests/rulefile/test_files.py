"""What careless and hostile rule files do: each fault is told with its place, all of them in one run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ragengine.problem import Problem
from ragengine.rulefile.load import load_rules

BOOK = '[book]\ntitle   = "Plan"\nedition = "2020-21"\nmissing = "grey"\n'
AREA = """\
[area]
title = "Assessment"
[kpi.seen]
title     = "Children seen in time"
unit      = "%"
direction = "higher"
target    = 90
tolerance = "10 pp"
"""
ACTION = '[action.train]\ntitle = "Train"\ndue = 2020-09-30\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound rulebook."""
    (tmp_path / "book.toml").write_bytes(BOOK.encode())
    (tmp_path / "assessment.toml").write_bytes(AREA.encode())
    return tmp_path


def told(folder: Path) -> list[str]:
    """The problems of a folder, a line each."""
    return [str(problem) for problem in load_rules(folder)[1]]


def changed(old: str, new: str, more: str = "") -> list[Problem]:
    """The problems of the sound texts with one thing changed."""
    assert old in AREA
    return load_rules({"book.toml": BOOK, "assessment.toml": AREA.replace(old, new, 1) + more})[1]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (AREA.replace("Children", "Children’s £").encode("cp1252"), "assessment.toml:4:22: error RAG001: not UTF-8: byte 0x92, perhaps '’' of Windows-1252; save the file as UTF-8"),
        (AREA.encode("utf-16"), "assessment.toml:1: error RAG001: the file is UTF-16; save it as UTF-8"),
        (AREA.encode("utf-16-be"), "assessment.toml:1: error RAG001: the file has NUL bytes, perhaps it is UTF-16; save it as UTF-8"),
        (AREA.encode("utf-32"), "assessment.toml:1: error RAG001: the file is UTF-32; save it as UTF-8"),
        (AREA.encode() + b"\n\x00", "assessment.toml:10: error RAG001: the file has NUL bytes"),
        (AREA.replace("\n", "\r").encode(), "assessment.toml:1:7: error RAG002: not TOML"),
        (b"\xff", "assessment.toml:1:1: error RAG001: not UTF-8: byte 0xff"),
        (AREA.encode() + b"# \xc3", "assessment.toml:9:3: error RAG001: not UTF-8: byte 0xc3"),
        (b"", "assessment.toml:1:1: error RAG005: the file has no [area]; no KPIs here"),
        (b"# nothing yet\n", "assessment.toml:1:1: error RAG005: the file has no [area]; no KPIs here"),
        (AREA.encode() + b"#" + b"x" * 5000, "assessment.toml:9: error RAG003: the line has 5,001 characters, at most 4,096 are read"),
        (AREA.encode() + (b"#" * 99 + b"\n") * 10_600, "assessment.toml: error RAG003: the file has 1,060,147 bytes, at most 1 MiB is read"),
    ],
    ids=["cp1252", "UTF-16", "UTF-16 without a mark", "UTF-32", "NUL", "CR", "0xff", "cut off", "empty", "comment", "long line", "over 1 MiB"],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_told(folder: Path, raw: bytes, said: str) -> None:
    """The encoding and the line are named, and so are the bounds."""
    (folder / "assessment.toml").write_bytes(raw)

    assert [line for line in told(folder) if line.startswith(said)], told(folder)


@pytest.mark.parametrize(
    "raw",
    [b"\xef\xbb\xbf" + AREA.encode(), AREA.replace("\n", "\r\n").encode(), b"\xef\xbb\xbf" + AREA.replace("\n", "\r\n").encode(), AREA.rstrip("\n").encode(), AREA.encode() + b"#" * 4096],
    ids=["BOM", "CRLF", "both", "no last line end", "a line of 4 KiB"],
)  # fmt: skip
def test_what_editors_write_is_read(folder: Path, raw: bytes) -> None:
    """A byte order mark and Windows line ends are no one's fault, and the positions stay right."""
    (folder / "assessment.toml").write_bytes(raw)
    rules, problems = load_rules(folder)

    assert problems == []
    assert rules is not None
    assert rules.kpis["assessment.seen"].line == 3


def test_a_file_of_exactly_one_mebibyte_is_read(folder: Path) -> None:
    """The bound itself is inside."""
    filled = (AREA + ("#" * 99 + "\n") * 11_000).encode()[: 1024 * 1024]
    (folder / "assessment.toml").write_bytes(filled)

    assert told(folder) == []


def test_a_folder_without_a_book_is_told(folder: Path) -> None:
    """The area's own faults are told beside it."""
    (folder / "book.toml").unlink()
    (folder / "assessment.toml").write_text(AREA.replace("= 90", '= "90"'))

    assert [line.partition(";")[0] for line in told(folder)] == [
        "assessment.toml:7:13: error RAG006: assessment.seen: target: the target '90' is not a number",
        "book.toml: error RAG005: there is no book.toml",
    ]


@pytest.mark.parametrize("make", ["nothing", "file", "round link", "empty"])
def test_a_folder_that_is_none_is_told(tmp_path: Path, make: str) -> None:
    """A path that leads to no rulebook is a problem that names it."""
    path = tmp_path / "rules"
    if make == "file":
        path.write_text(BOOK)
    elif make == "round link":
        path.symlink_to(path)
    elif make == "empty":
        path.mkdir()
    said = {"file": "RAG001: .* is not a folder", "empty": "RAG005: there is no book.toml"}
    rules, problems = load_rules(path)

    assert rules is None
    assert len(problems) == 1
    assert problems[0].code in said.get(make, "RAG001: does not exist")


def test_links_are_refused_by_name(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A link within the folder, out of it, to itself, to a device, or to nothing."""
    outside = tmp_path_factory.mktemp("outside") / "secret.toml"
    outside.write_text(AREA)
    targets = {"a": "assessment.toml", "b": str(outside), "c": "c.toml", "d": "/dev/zero", "e": "nowhere"}
    for name, target in targets.items():
        (folder / f"{name}.toml").symlink_to(target)

    assert told(folder) == [
        f"{name}.toml: error RAG001: the file is a link; put the file itself there" for name in targets
    ]


def test_a_linked_book_is_refused(folder: Path) -> None:
    """The book is a file like the others, and it is not said to be missing too."""
    (folder / "book.toml").rename(folder / "book.txt")
    (folder / "book.toml").symlink_to("book.txt")

    assert "book.toml: error RAG001: the file is a link; put the file itself there" in told(folder)


def test_what_is_no_regular_file_is_refused_and_never_waited_for(folder: Path) -> None:
    """A FIFO without a writer would block, a folder cannot be read: each is named at once."""
    os.mkfifo(folder / "pipe.toml")
    (folder / "sub.toml").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "ragengine", "check", str(folder)], capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 1
    assert done.stdout.splitlines()[:2] == [
        "pipe.toml: error RAG001: the file is no regular file; put the file itself there",
        "sub.toml: error RAG001: the file is no regular file; put the file itself there",
    ]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="whoever may read everything is refused nothing")
def test_a_file_that_may_not_be_read_is_told(folder: Path) -> None:
    """The system's own word for it."""
    (folder / "assessment.toml").chmod(0)

    assert "assessment.toml: error RAG001: cannot be read: Permission denied" in told(folder)


def test_names_that_are_nearly_right_are_told(folder: Path) -> None:
    """A capital suffix is not passed over, and a name that is no id is no area."""
    (folder / "Visits.TOML").write_text(AREA)
    (folder / "Early Help.toml").write_text(AREA.replace("kpi.seen", "kpi.other"))
    (folder / os.fsdecode(b"\xff\x1b.toml")).write_text(AREA.replace("kpi.seen", "kpi.third"))
    lines = told(folder)

    assert "Visits.TOML: error RAG001: the file is not read: its name ends in capitals; name it Visits.toml" in lines
    assert any(
        line.startswith("Early Help.toml:1:1: error RAG007: the file name 'Early Help' is not") for line in lines
    )
    assert any(line.startswith("\\xdcff\\x1b.toml:1:1: error RAG007") for line in lines)


HOSTILE: list[tuple[str, str, str]] = [
    ("a dotted key 20,000 deep", "a." * 19_999 + "a = 1\n", r"RAG003: the line has 40,003 characters"),
    ("a dotted key 2,000 deep", "a." * 1_999 + "a = 1\n", "RAG003: a key has more than 8 dots"),
    ("dotted keys in inline tables", "".join(f"n{n} = {{ {'a.' * 2000}a = 1 }}\n" for n in range(250)), "RAG003: a key has more than 8 dots"),
    ("a dotted header", "[" + "a." * 2000 + "a]\n", "RAG003: a key has more than 8 dots"),
    ("a spaced and quoted key", "'a' . \"b\" . " * 5 + "c = 1\n", "RAG003: a key has more than 8 dots"),
    ("500 nested arrays", "note = " + "[" * 500 + "]" * 500 + "\n", "RAG003: arrays or tables are nested too deep"),
    ("200 nested arrays", "note = " + "[" * 200 + "]" * 200 + "\n", "RAG003: arrays or tables are nested too deep"),
    ("2,000 arrays over lines", "note = " + "[\n" * 2000 + "]\n" * 2000, "RAG003: arrays or tables are nested too deep"),
    ("300 nested tables", "note = " + "{ a = " * 300 + "1" + " }" * 300 + "\n", "RAG003: arrays or tables are nested too deep"),
    ("unknown keys", "".join(f"key{n} = 1\n" for n in range(90_000)), "RAG003: there are more than 5,000 problems"),
    ("empty KPIs", "".join(f"[kpi.k{n}]\n" for n in range(70_000)), "RAG003: there are more than 5,000 problems"),
    ("unknown tables", "".join(f"[key{n}]\n" for n in range(90_000)), "RAG003: there are more than 5,000 problems"),
    ("bands", "[kpi.b]\ntitle = 'B'\ndirection = 'higher'\nbands = [\n" + "{ rag = 'red', below = 1 },\n" * 30_000 + "]\n", "RAG003: .*30,000 bands, at most 100"),
    ("graces", "grace = [\n" + "{ },\n" * 90_000 + "]\n", "RAG003: .*90,000 graces, at most 100"),
    ("dates", "[kpi.d]\ntitle = 'D'\ndirection = 'higher'\ntolerance = 1\n[kpi.d.target]\n" + "".join(f"{1900 + n // 336}-{1 + n // 28 % 12:02}-{1 + n % 28:02} = 9\n" for n in range(50_000)), "RAG003: .*50,000 dates, at most 1,000"),
    ("a text that never ends", "note = \"\"\"" + "\\\"\"\" 1.2.3.4.5.6.7.8.9.0 \n" * 40_000, "RAG002: not TOML"),
    ("unclosed quotes", "# 1.2.3.4.5.6.7.8.9.0\nnote = " + "'\"\n" * 200_000, "RAG002: not TOML"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), [h[1:] for h in HOSTILE], ids=[h[0] for h in HOSTILE])
def test_what_would_take_for_ever_is_refused_at_once(folder: Path, text: str, said: str) -> None:
    """Depth, length and number are bounded before anything recursive or quadratic meets them: 20 s and 300 MB."""
    (folder / "assessment.toml").write_text(AREA + text[: 1024 * 1024 - len(AREA)])
    # the peak that getrusage tells begins with that of the process which started this one; Linux tells its own beside it
    code = (
        "import pathlib, re, resource, sys; from ragengine.rulefile.load import load_rules\n"
        "rules, problems = load_rules(sys.argv[1])\n"
        "told = any(re.search(sys.argv[2], p.pretty()) for p in problems)\n"
        "status = pathlib.Path('/proc/self/status')\n"
        "own = re.search(r'VmHWM:\\s*(\\d+)', status.read_text()) if status.exists() else None\n"
        "peak = int(own[1]) if own else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print(rules is None, told, peak < 300 * 1024)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(folder), said], capture_output=True, text=True, timeout=20)

    assert (done.stdout.strip(), done.stderr) == ("True True True", "")


def test_dots_where_they_mean_nothing_are_allowed() -> None:
    """In comments, texts and long texts; and a few in a key."""
    dots = ".".join("abcdefghijklmnop")
    more = f'# {dots} = [[[[[[[[[[\nnote = """\n{dots} = 1\n[{dots}]\n"""\nsource = "{dots}" # "{dots}\n'

    assert changed("= 90", "= 90", more) == []
    assert "RAG004" in {p.code for p in changed("= 90", "= 90", ".".join("abcdef") + " = 1\n")}


NUMBERS: list[tuple[str, str, str]] = [
    ("nan", "RAG008", "not finite"), ("-nan", "RAG008", "not finite"), ("inf", "RAG008", "not finite"), ("-inf", "RAG008", "not finite"),
    ("1e999", "RAG008", "too large"), ("-1e999", "RAG008", "too large"), ("1e999999999", "RAG008", "too large"), ("1e-999999999", "RAG008", "too many digits"),
    ("1e13", "RAG008", "too large"), ("1000000000001", "RAG008", "too large"), ("-1000000000001", "RAG008", "too large"), ("9" * 4000, "RAG008", "too large"),
    ("0x" + "f" * 4000, "RAG008", "too large"), ("0b" + "1" * 4000, "RAG008", "too large"), ("0.0000000000000001", "RAG008", "too many digits"),
    ("9" * 4301, "RAG003", "at most 4,096 are read"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "code", "said"), NUMBERS, ids=[n[0][:12] for n in NUMBERS])
def test_a_number_out_of_bounds_is_told(number: str, code: str, said: str) -> None:
    """Finite, at most 1e12, at most 15 places; the line is cut, and nothing is written out or computed."""
    problems = changed("= 90", f"= {number}")

    assert [(p.code, p.place.file, p.place.line) for p in problems] == [(code, "assessment.toml", 7)]
    assert said in str(problems[0])
    assert max(map(len, problems[0].pretty().splitlines())) < 250


@pytest.mark.parametrize(
    "more",
    ["decimals = %s", "grace = [%s]", "weight = %s", "critical = %s", "title2 = %s", "words = { a = %s }", "max_age = %s",
     "[[kpi.seen.examples]]\nvalue = 1\nrag = %s", "[kpi.seen.entities.e]\ntarget = %s", "[rollup]\nrules = [{ rag = %s }]",
     "[rollup]\nminimum_coverage = %s", "[action.a]\ntitle = 'A'\ndue = %s", "[kpi.b]\ntitle = 'B'\nbands = [{ rag = 'red', below = %s }]"],
)  # fmt: skip
@pytest.mark.parametrize("number", ["0x" + "f" * 4000, "1e999999999", "nan", "-inf"])
def test_a_wild_number_anywhere_is_a_problem(more: str, number: str) -> None:
    """Wherever it stands, it is told in its file, and never an exception."""
    problems = changed("= 90", "= 90", more % number + "\n")

    assert problems
    assert {p.place.file for p in problems} == {"assessment.toml"}
    assert max(len(str(p)) for p in problems) < 700


def test_a_wild_number_in_a_case_or_an_example_is_cheap_to_keep() -> None:
    """A value to rate may be anything; the fingerprint of the rules is made all the same."""
    more = '[[kpi.seen.examples]]\nvalue = 1e999999999\nrag = "green"\n'
    rules, problems = load_rules({"book.toml": BOOK, "assessment.toml": AREA + more})

    assert problems == []
    assert rules is not None
    assert len(rules.fingerprint) == 64


VALUES = {
    "a text": '"x"', "a number": "5", "a broken number": "5.5", "true or false": "true", "a date": "2020-04-01",
    "a date with a time": "2020-04-01T10:00:00", "a time": "10:00:00", "a list": '["x"]', "a table": "{ x = 1 }",
}  # fmt: skip
WANTED: dict[str, tuple[str, set[str]]] = {
    "title": ("text", {"a text"}),
    "lead": ("text", {"a text"}),
    "weight": ("number", {"a number", "a broken number"}),
    "decimals": ("whole number", {"a number"}),
    "critical": ("flag", {"true or false"}),
    "rated_from": ("date", {"a date"}),
    "inputs": ("list of texts", {"a list"}),
    "max_age": ("duration", set()),
    "formula": ("expression", set()),
    "direction": ("word", set()),
    "basis": ("word", set()),
}
MISFITS = [(key, kind) for key, (_, right) in WANTED.items() for kind in VALUES if kind not in right]


@pytest.mark.parametrize(("key", "kind"), MISFITS)
def test_no_value_is_taken_for_another_type(key: str, kind: str) -> None:
    """``"95"`` is no number, ``true`` no 1, 5.5 no 5, ``["x"]`` no text: told at the value, and never coerced."""
    kpi = f"[kpi.other]\n{key} = {VALUES[kind]}\n" + "".join(
        line
        for line in ('title = "O"\n', 'direction = "higher"\n', "target = 9\ntolerance = 1\n")
        if not line.startswith(key)
    )
    _, problems = load_rules({"book.toml": BOOK, "assessment.toml": AREA + kpi})
    at_value = [p for p in problems if (p.place.line, p.place.column) >= (10, len(key) + 4) and p.place.line == 10]

    assert [p.code for p in at_value] in (["RAG006"], ["RAG007"], ["RAG018"])
    assert kind == "a text" or at_value[0].code == "RAG006" or key == "decimals"


@pytest.mark.parametrize("value", ['"95"', "true", '"false"', '["x"]', "2020-04-01T00:00:00", "10:00:00", "[]", "{ }"])
@pytest.mark.parametrize("key", ["due", "start"])
def test_a_due_date_is_a_day_or_a_text_that_names_one(key: str, value: str) -> None:
    """A date with a time is refused like anything else that is no day."""
    text = ACTION.replace("2020-09-30", value) if key == "due" else ACTION + f"start = {value}\n"
    _, problems = load_rules({"book.toml": BOOK, "assessment.toml": "[area]\ntitle = 'A'\n" + text})
    line = 5 if key == "due" else 6

    assert [(p.place.line, p.code) for p in problems] in ([(line, "RAG006")], [(line, "RAG027")])


def test_ids_that_only_look_different_are_told(folder: Path) -> None:
    """Case, look-alike letters and Unicode forms; in one file and across files."""
    (folder / "as5essment.toml").write_text('[area]\ntitle = "B"\n[kpi.seen]\ntitle = "S"\ndirection = "monitor"\n')
    (folder / "assessment.toml").write_text(
        AREA + '[kpi.s33n]\ntitle = "S"\ndirection = "monitor"\n[action.5een]\ntitle = "T"\ndue = "TBC"\n'
        '[kpi."sеen"]\ntitle = "S"\ndirection = "monitor"\n[kpi.SEEN]\ntitle = "S"\ndirection = "monitor"\n'
    )
    lines = [line.rpartition(";")[0] for line in told(folder)]

    assert "assessment.toml:1:2: warning RAG010: area: assessment looks like as5essment in as5essment.toml" in lines
    assert (
        "assessment.toml:3:6: warning RAG010: assessment.seen: assessment.seen looks like as5essment.seen in as5essment.toml"
        in lines
    )
    assert (
        "assessment.toml:12:9: warning RAG010: assessment.5een: assessment.5een looks like as5essment.seen in as5essment.toml"
        in lines
    )
    assert (
        "assessment.toml:15:6: error RAG007: assessment.sеen: the id 'sеen' is not of small letters, digits and hyphens"
        in lines
    )
    assert (
        "assessment.toml:18:6: error RAG007: assessment.SEEN: the id 'SEEN' is not of small letters, digits and hyphens"
        in lines
    )


def test_a_parent_that_is_not_there_and_circles_are_shown(folder: Path) -> None:
    """A did-you-mean, and the circle from area to area; each circle once."""
    parents = {"assessment": "mashh", "mash": "plans", "plans": "visits", "visits": "mash", "alone": "alone"}
    for name, parent in parents.items():
        (folder / f"{name}.toml").write_text(f'[area]\ntitle = "T"\nparent = "{parent}"\n')

    assert told(folder) == [
        "alone.toml:3:10: error RAG022: area.parent: the areas form a cycle: alone → alone; let one of them have no parent",
        "assessment.toml:3:10: error RAG019: area.parent: no area is called 'mashh'; did you mean mash?",
        "mash.toml:3:10: error RAG022: area.parent: the areas form a cycle: mash → plans → visits → mash; let one of them have no parent",
    ]


def test_all_faults_of_all_files_come_in_one_run(folder: Path) -> None:
    """Encoding, syntax, keys, types, levels, conditions and references: nobody meets a second round."""
    (folder / "book.toml").write_text(BOOK.replace('"grey"', '"gray"') + "[rollup]\nrules = [{ rag = 'yellow' }]\n")
    (folder / "assessment.toml").write_text(
        AREA.replace("= 90", '= "90"') + 'grace = ["covid"]\nformula = "vlaue"\n' + ACTION.replace("due", "deu")
    )
    (folder / "mash.toml").write_bytes('[area]\ntitle = "£"\n'.encode("cp1252"))
    (folder / "plans.toml").write_text("[area]\ntitle = “Plans”\n")
    (folder / "visits.toml").write_text('[area]\ntitle = "V"\nparent = "asessment"\n[kpis.x]\n')
    (folder / "link.toml").symlink_to("mash.toml")
    found = [(p.place.file, p.place.line, p.code) for p in load_rules(folder)[1]]

    assert found == [
        ("assessment.toml", 7, "RAG006"),
        ("assessment.toml", 9, "RAG019"),
        ("assessment.toml", 10, "RAG018"),
        ("assessment.toml", 13, "RAG004"),
        ("book.toml", 4, "RAG007"),
        ("book.toml", 6, "RAG017"),
        ("link.toml", 0, "RAG001"),
        ("mash.toml", 2, "RAG001"),
        ("plans.toml", 2, "RAG002"),
        ("visits.toml", 3, "RAG019"),
        *[("visits.toml", 4, "RAG005")] * 3,
        ("visits.toml", 4, "RAG004"),
    ]


def test_one_slip_is_told_once(folder: Path) -> None:
    """A file that cannot be read, and a direction misspelt, bring no second problem about what hangs on them."""
    (folder / "assessment.toml").write_text(AREA + '[kpi.x]\ntitle = "X"\ntarget = 90%\n')
    (folder / "assessment.cases.toml").write_text("")
    (folder / "mash.toml").write_text(
        '[area]\ntitle = "M"\n[kpi.k]\ntitle = "K"\nunit = "%"\ndrection = "higher"\ntarget = 90\n'
        'tolerance = "10% of target"\n'
    )

    assert [(line.partition(" ")[0], line.split()[2].rstrip(":")) for line in told(folder)] == [
        ("assessment.toml:11:12:", "RAG002"),
        ("mash.toml:6:1:", "RAG004"),
    ]


def test_no_area_has_the_id_of_the_roll_up_of_all_areas() -> None:
    """An area called programme could not be told from the programme in frames, reports and comparisons."""
    problems = load_rules({"book.toml": BOOK, "programme.toml": AREA})[1]
    assert [str(problem).splitlines()[0] for problem in problems] == [
        "programme.toml:1:1: error RAG007: 'programme' is the roll-up of all areas, and no area can have its id; "
        "name the file otherwise; the title may be any text"
    ]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("visits.toml.txt", "name it visits.toml"),
        ("visits.tml", "name it visits.toml"),
        ("visits.toml ", "name it visits.toml"),
        ("Targets.CSV", "name it targets.csv"),
        ("target.csv", "name it targets.csv"),
        ("more/visits.toml", "put them beside book.toml"),
        ("visits.toml.bak", ""),
        (".visits.toml", ""),
        ("readme.md", ""),
        ("2019-20/book.toml", ""),
    ],
)
def test_a_file_that_somebody_thinks_is_read_is_a_warning(folder: Path, name: str, hint: str) -> None:
    """No rule is passed over in silence: what an editor names visits.toml.txt, and what lies a folder too deep."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(AREA.replace("kpi.seen", "kpi.other"))
    found = [line for line in told(folder) if "is not read" in line]

    assert [line.rpartition("; ")[2] for line in found] == ([hint] if hint else [])
    assert all(" warning RAG001: " in line for line in found)
