"""junit.xml: one test case a check and scenario, so that CI shows findings where it shows failing tests.

JUnit knows pass, skipped, failure and error. An unknown check is an error and never skipped: CI shows a skipped test as
green, and only pass is green here.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from harness.base.judgement import CheckResult, JudgedFinding, RunVerdict
from harness.evidence.archive import Archive
from harness.evidence.store import write_bytes
from reports import figures
from reports.stories import figure_name
from reports.texts import clean


class Junit:
    """The checks as test cases."""

    def render(self, evidence: Archive, out: Path) -> Path:
        """Write junit.xml into `out`."""
        tree = _tree(evidence, evidence.verdict())
        ET.indent(tree)
        path = out / "junit.xml"
        write_bytes(path, ET.tostring(tree, encoding="utf-8", xml_declaration=True) + b"\n")
        return path


def _tree(evidence: Archive, verdict: RunVerdict) -> ET.Element:
    """A suite a scenario, and one for the run itself, so that a run without a single check is not green either."""
    root = ET.Element("testsuites", name=clean(f"gonogo {verdict.engine.name} {verdict.engine.version}"))
    _suite(root, "run", [_run_case(verdict)], evidence)
    for name in dict.fromkeys(result.scenario for result in verdict.checks):
        cases = [_case(result, verdict) for result in verdict.checks if result.scenario == name]
        _suite(root, name, cases, evidence)
    for key in ("tests", "failures", "errors"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    return root


def _suite(root: ET.Element, name: str, cases: list[ET.Element], evidence: Archive) -> None:
    suite = ET.SubElement(
        root, "testsuite", name=clean(name), tests=str(len(cases)), skipped="0",
        failures=str(sum(case.find("failure") is not None for case in cases)),
        errors=str(sum(case.find("error") is not None for case in cases)),
        timestamp=clean(evidence.run.started_utc.removesuffix("Z")),
    )  # fmt: skip
    suite.extend(cases)


def _run_case(verdict: RunVerdict) -> ET.Element:
    """The verdict for the use that decides, as a test case of its own."""
    deciding = next(use for use in verdict.uses if use.name == verdict.use)
    case = ET.Element("testcase", classname="gonogo", name=clean(f"verdict for {verdict.use}"))
    because = f"{deciding.verdict}: {', '.join(deciding.because)}"
    if deciding.verdict == "NO-GO":
        ET.SubElement(case, "failure", message=clean(because), type=deciding.verdict)
    elif deciding.verdict != "GO" or not verdict.valid:
        ET.SubElement(case, "error", message=clean(verdict.why_invalid or because), type=deciding.verdict)
    return case


def _case(result: CheckResult, verdict: RunVerdict) -> ET.Element:
    case = ET.Element("testcase", classname=clean(f"gonogo.{result.scenario}"), name=clean(result.name))
    if result.verdict == "fail":
        failure = ET.SubElement(case, "failure", message=clean(result.reason), type="fail")
        found = [finding for finding in verdict.findings if finding.id in result.findings]
        failure.text = clean(
            "\n\n".join(
                [
                    *map(_finding, found),
                    *(_broken(result) or [result.reason] * (not found)),
                    *[_again(result)] * (not found),
                ]
            )
        )
    elif result.verdict == "unknown":
        error = ET.SubElement(case, "error", message=clean(result.reason.split("\n")[0]), type="unknown")
        error.text = clean(f"{result.reason}\n\n{_again(result)}")
    return case


def _finding(finding: JudgedFinding) -> str:
    return (
        f"{finding.title} ({finding.severity}, {finding.id})\nexpected: {finding.expected}\ngot: {finding.got}\n"
        f"seen {figures.counted(finding.count, 'time')}, first at command {figures.count(finding.first_command)}\n"
        f"Reproduce with: {finding.reproduce}"
    )


def _broken(result: CheckResult) -> list[str]:
    return [
        f"{figure_name(m)} is {figures.measured(m)}, wanted {figures.limit(m.limit)}"
        for m in result.measures
        if m.verdict == "fail"
    ]


def _again(result: CheckResult) -> str:
    return f"Reproduce with: {result.reproduce}"


FORMAT = Junit()
