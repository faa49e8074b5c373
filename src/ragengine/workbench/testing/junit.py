"""Case results as JUnit XML, which CI systems read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from xml.etree import ElementTree

from ...display import clean
from .case_runner import CaseResult

__all__ = ["junit"]


def junit(results: Sequence[tuple[str, CaseResult]]) -> str:
    """One ``testsuite`` per rules folder; a failed case carries what was expected, what came out and why."""
    root = ElementTree.Element("testsuites", name="ragengine")
    for folder in dict.fromkeys(folder for folder, _ in results):
        own = [result for name, result in results if name == folder]
        failures = sum(not result.passed for result in own)
        suite = ElementTree.SubElement(
            root, "testsuite", name=folder, tests=str(len(own)), failures=str(failures), errors="0", skipped="0"
        )
        for result in own:
            case = ElementTree.SubElement(
                suite,
                "testcase",
                name=clean(result.name),
                classname=result.subject or PurePath(result.file).name,
                file=PurePath(folder, result.file).as_posix(),
                line=str(result.line),
            )
            if not result.passed:
                failure = ElementTree.SubElement(case, "failure", message=clean(result.wrong[0]))
                failure.text = clean("\n".join((*result.wrong, result.explanation)))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"
