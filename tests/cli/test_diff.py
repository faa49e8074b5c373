"""``diff`` as a user runs it: two folders, revisions of one, data, formats and exit codes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ragengine.cli import main

ROOT = Path(__file__).resolve().parent.parent.parent
GOLDEN = ROOT / "tests" / "golden"
Run = Callable[..., tuple[int, str, str]]


def golden(name: str, text: str) -> None:
    """Compares with a golden file; ``RAGENGINE_GOLDEN=write`` writes it, for a person to read as a diff."""
    path = GOLDEN / name
    # the fingerprint of the plan moves with every edit of it
    text = re.sub(r"\b[0-9a-f]{12}\b", "0123456789ab", text)
    if os.environ.get("RAGENGINE_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """One command in a folder of its own, 80 columns wide."""
    monkeypatch.chdir(tmp_path)

    def ran(*arguments: str, columns: int = 80) -> tuple[int, str, str]:
        monkeypatch.setenv("COLUMNS", str(columns))
        try:
            code = main(["diff", *arguments])
        except SystemExit as left:
            code = int(str(left.code))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return ran


def edited(file: Path, *changes: tuple[str, str]) -> None:
    """Changes a file; each text must be there."""
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    """The plan in ``old``, and in ``new`` with a year's worth of changes."""
    for name in ("old", "new"):
        shutil.copytree(ROOT / "rules", tmp_path / name, ignore=shutil.ignore_patterns("*.cases.toml"))
    new = tmp_path / "new"
    edited(
        new / "book.toml",
        ('edition = "2020-21"', 'edition = "2020-21, revised"'),
        ("until         = 2020-09-30", "until         = 2020-12-31"),
        ("amber > rated / 2", "amber > rated / 4"),
    )
    edited(
        new / "assessment.toml",
        ("target      = 90\n", "target      = { 2000-04-01 = 90, 2020-07-01 = 94 }\n"),
        ("Children allocated within 48 hours of referral", "Children allocated within two days of referral"),
    )
    edited(
        new / "mash.toml",
        ('target      = 75\ntolerance   = "10 pp"', 'target      = 75\ntolerance   = "10% of target"'),
    )
    edited(new / "mash.toml", ('due       = "Sep -20"', 'due       = "Nov -20"'))
    with (new / "early-help.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[kpi.waiting-days]\ntitle = "Days from referral to first visit"\nunit = "days"\n'
            'direction = "lower"\ntarget = 5\ntolerance = "2 days"\n'
        )
    return tmp_path


DATA = str(ROOT / "docs/examples/2020-08")


def test_a_years_changes_as_text(edition: Path, run: Run) -> None:
    """A target raised from a date, a tolerance of another kind, a grace extended, a roll-up, a KPI and a due date."""
    code, out, err = run("old", "new", "--data", DATA)

    assert (code, err) == (0, "")
    golden("diff.txt", out)
    assert max(map(len, out.splitlines())) <= 80


def test_a_years_changes_as_markdown_for_a_pull_request(edition: Path, run: Run) -> None:
    """The same, with the explanations of each flip folded away."""
    code, out, _ = run("old", "new", "--data", DATA, "--format", "markdown", "-o", "diff.md")

    assert (code, out) == (0, "")
    golden("diff.md", (edition / "diff.md").read_text(encoding="utf-8"))


def test_a_narrow_window_breaks_no_line(edition: Path, run: Run) -> None:
    """Forty columns hold every line."""
    _, out, _ = run("old", "new", "--data", DATA, columns=40)

    assert max(map(len, out.splitlines())) <= 40
    assert "● Amber" in out


def test_verbose_explains_each_flip(edition: Path, run: Run) -> None:
    """Old and new, one after the other."""
    _, out, _ = run("old", "new", "--data", DATA, "-v", columns=120)

    assert "- Old: Green. Single assessments completed within 45 working days (Assessment), August 2020" in out
    assert "- New: Amber. Single assessments completed within 45 working days (Assessment), August 2020" in out


def test_json_is_for_machines(edition: Path, run: Run) -> None:
    """Levels by id, days as ISO dates, numbers as exact texts."""
    _, out, _ = run("old", "new", "--data", DATA, "--format", "json")
    found = json.loads(out)
    raised = next(change for change in found["changes"] if change["id"] == "assessment.single-assessments-45-days")

    assert found["new"]["edition"] == "2020-21, revised"
    assert raised["levels"][-1] == {
        "where": "from 90% to below 94%",
        "lower": {"at": "90", "text": "90", "included": True},
        "upper": {"at": "94", "text": "94", "included": False},
        "old": "green",
        "new": "amber",
        "start": "2020-07-01",
        "end": None,
        "under": [],
        "granted": False,
        "entity": "",
    }
    assert sum(found["flips"]["causes"].values()) == len(found["flips"]["flips"])


def test_changes_are_no_failure_unless_asked(edition: Path, run: Run) -> None:
    """As with git: a comparison that worked is exit 0; ``--exit-code`` makes changes 1."""
    assert run("old", "new")[0] == 0
    assert run("old", "new", "--exit-code")[0] == 1
    code, out, _ = run("old", "old", "--exit-code")
    assert code == 0
    assert "Nothing changed in meaning." in out


def test_a_reworded_rulebook_is_exit_0_even_if_asked(edition: Path, run: Run) -> None:
    """A title changes no rating."""
    edited(edition / "old" / "mash.toml", ("Contacts received", "Contacts"))
    shutil.copytree(ROOT / "rules", edition / "plan")
    code, out, _ = run("plan", "old", "--exit-code")

    assert code == 0
    assert "Only worded or written otherwise, and rated the same: mash.contacts." in out


def test_a_rulebook_that_cannot_be_used(edition: Path, run: Run) -> None:
    """Its problems, which of the two it is, and exit 3."""
    edited(edition / "new" / "mash.toml", ("tolerance ", "tolerence "))
    code, out, err = run("old", "new")

    assert (code, out) == (3, "")
    assert "did you mean tolerance?" in err
    assert err.endswith("ragengine: new: the rules cannot be used\n")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("old",), 2, "name NEW too, or --rev REV"),
        (("old", "new", "--rev", "HEAD"), 2, "with --rev name one folder"),
        (("old", "nowhere"), 3, "nowhere does not exist"),
        (("old", "new", "--data", "nowhere"), 3, "there is no such file or folder"),
        (("old", "new", "-o", "no/such/folder/x.md"), 3, "cannot be written"),
        (("old", "--rev", "HEAD"), 3, "old is in no git repository: name two folders instead"),
        (("nowhere", "--rev", "HEAD"), 3, "nowhere is no folder"),
    ],
)
def test_what_cannot_be_compared(edition: Path, run: Run, arguments: tuple[str, ...], code: int, words: str) -> None:
    """Wrong use is 2, what cannot be read or written is 3."""
    if "--rev" in arguments and len(arguments) == 3 and _in_a_repository(edition):
        pytest.skip("the temporary folder lies in a git repository")
    ended, out, err = run(*arguments)

    assert (ended, out) == (code, "")
    assert words in err


def _in_a_repository(folder: Path) -> bool:
    return any((parent / ".git").exists() for parent in folder.parents)


def test_bad_rows_in_the_data_are_reported(edition: Path, run: Run) -> None:
    """The comparison is shown, the problem is told once, and the exit code is 1."""
    (edition / "measurements.csv").write_text(
        "kpi,period,value\nmash.referrals-24h,Jul-20,90%\nmash.refferals-24h,Jul-20,90%\n"
    )
    code, out, err = run("old", "new", "--data", "measurements.csv")

    assert code == 1
    assert "Ratings that flip" in out
    assert err.count("did you mean mash.referrals-24h?") == 1


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


BOOK = '[book]\ntitle = "B"\nedition = "1"\nmissing = "grey"\n'
SEEN = '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n'


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """A repository whose target was 90, then 92 (tagged), and is 94 in the folder; its book extends a sibling."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    for name in ("first", "rules"):
        (tmp_path / "plan" / name).mkdir(parents=True)
    (tmp_path / "plan/first/book.toml").write_text(BOOK)
    (tmp_path / "plan/first/a.toml").write_text(SEEN)
    (tmp_path / "plan/rules/book.toml").write_text('[book]\nedition = "2"\nextends = "../first"\n')
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "one")
    edited(tmp_path / "plan/first/a.toml", ("target = 90", "target = 92"))
    git(tmp_path, "commit", "-q", "-a", "-m", "two")
    git(tmp_path, "tag", "agreed")
    edited(tmp_path / "plan/first/a.toml", ("target = 92", "target = 94"))
    return tmp_path


@pytest.mark.parametrize(
    ("revision", "detail"),
    [
        ("HEAD", "target 92% → 94%"),
        ("agreed", "target 92% → 94%"),
        ("HEAD~1", "target 90% → 94%"),
        ("HEAD~1..agreed", "target 90% → 92%"),
        ("HEAD~1..", "target 90% → 92%"),
        ("agreed..HEAD~1", "target 92% → 90%"),
        # three dots begin where the two went apart
        ("HEAD...HEAD~1", "Nothing changed in meaning."),
        ("HEAD~1...HEAD", "target 90% → 92%"),
    ],
)
def test_a_revision_with_the_edition_it_extends(history: Path, run: Run, revision: str, detail: str) -> None:
    """The folder as git has it, and the sibling it extends as it was then."""
    code, out, err = run("plan/rules", "--rev", revision)

    assert (code, err) == (0, "")
    assert detail in out


def test_a_revision_is_named_with_its_commit(history: Path, run: Run) -> None:
    """In the head, beside the folder."""
    _, out, _ = run("plan/rules", "--rev", "agreed")

    assert re.search(r"^Old +plan/rules at agreed \([0-9a-f]{7}\) +2 ", out, re.MULTILINE)
    assert re.search(r"^New +plan/rules +2 ", out, re.MULTILINE)


@pytest.mark.parametrize("asked", ["HEAD", "HEAD~1..HEAD"])
def test_a_revision_runs_inside_a_hook(history: Path, run: Run, monkeypatch: pytest.MonkeyPatch, asked: str) -> None:
    """Git's own variables, set while a hook runs, lead nowhere else."""
    monkeypatch.setenv("GIT_DIR", "elsewhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "elsewhere")

    assert run("plan/rules", "--rev", asked)[0] == 0


@pytest.mark.parametrize(
    ("revision", "words"),
    [
        ("nosuch", "the repository has no revision 'nosuch'"),
        ("HEAD..nosuch", "the repository has no revision 'nosuch'"),
        ("--output=x", "'--output=x' is no revision"),
        ("HEAD:plan", "the repository has no revision 'HEAD:plan'"),
    ],
)
def test_a_revision_that_is_not_there(history: Path, run: Run, revision: str, words: str) -> None:
    """Exit 3 with its name; nothing is taken for an option of git."""
    code, out, err = run("plan/rules", f"--rev={revision}")

    assert (code, out) == (3, "")
    assert words in err


def test_a_folder_that_a_revision_does_not_have(history: Path, run: Run) -> None:
    """New since then: said, and not taken for an empty rulebook."""
    shutil.copytree(history / "plan/first", history / "plan/later")
    code, _, err = run("plan/later", "--rev", "HEAD")

    assert code == 3
    assert err == "ragengine: HEAD has no rule files in plan/later\n"


def test_a_rulebook_that_was_broken_then(history: Path, run: Run) -> None:
    """Its problems, and at which revision."""
    git(history, "stash")
    edited(history / "plan/first/a.toml", ("tolerance", "tolerence"))
    git(history, "commit", "-q", "-a", "-m", "three")
    edited(history / "plan/first/a.toml", ("tolerence", "tolerance"))
    code, out, err = run("plan/rules", "--rev", "HEAD")

    assert (code, out) == (3, "")
    assert "../first/a.toml:8:1: error RAG004" in err
    assert re.search(r"plan/rules at HEAD \([0-9a-f]{7}\): the rules cannot be used", err)


def test_links_in_a_revision_are_not_followed(history: Path, run: Run) -> None:
    """A link among the rule files is refused by name, as in a folder."""
    (history / "plan/rules/b.toml").symlink_to("../first/a.toml")
    git(history, "add", ".")
    git(history, "commit", "-q", "-m", "three")
    (history / "plan/rules/b.toml").unlink()
    code, _, err = run("plan/rules", "--rev", "HEAD")

    assert code == 3
    assert "plan/rules/b.toml is no regular file at" in err


def test_without_git_two_folders_are_the_way_out(history: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """No stack trace where the program is missing."""
    monkeypatch.setenv("PATH", "")
    code, _, err = run("plan/rules", "--rev", "HEAD")

    assert code == 3
    assert err == "ragengine: git is not installed, or not on the PATH: name two folders instead\n"
