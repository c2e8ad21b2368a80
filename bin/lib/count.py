"""Print `N passed, N failed` over the checks and the tests of one run."""

import sys
from pathlib import Path
from xml.etree import ElementTree as ET


def count(reports: list[Path]) -> tuple[int, int]:
    """Add up what pytest's reports say: passed, failed."""
    passed = failed = 0
    for report in reports:
        for suite in ET.parse(report).iter("testsuite"):  # noqa: S314 - our own file
            wrong = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            passed += int(suite.get("tests", 0)) - wrong - int(suite.get("skipped", 0))
            failed += wrong
    return passed, failed


if __name__ == "__main__":
    checks_passed, checks_failed = int(sys.argv[1]), int(sys.argv[2])
    passed, failed = count([path for path in map(Path, sys.argv[3:]) if path.exists()])
    # A pytest run that failed without a failed test (no test found, a crash) still counts.
    sys.stdout.write(f"{passed + checks_passed} passed, {max(failed, checks_failed)} failed\n")
