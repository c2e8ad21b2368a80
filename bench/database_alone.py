"""Commits statements as fast as PostgreSQL alone can, with pgbench and nothing of ours."""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.load import Measured


@dataclass(frozen=True, slots=True)
class Pgbench:
    program: Path
    database_url: str
    folder: Path

    def commit(
        self, script: str, *, variables: Mapping[str, object], connections: int, seconds: int
    ) -> Measured:
        """Run the script over and over on each connection; every run is one transaction."""
        file = self.folder / "script.sql"
        file.write_text(script, encoding="utf-8")
        logs = self.folder / "transactions"
        command = [str(self.program), "-n", "-M", "prepared", "-f", str(file), "-T", str(seconds)]
        command += ["-c", str(connections), "-j", "1", "-l", f"--log-prefix={logs}"]
        command += [x for name, value in variables.items() for x in ("-D", f"{name}={value}")]
        run = subprocess.run(  # noqa: S603  # our own command
            [*command, self.database_url], check=True, capture_output=True, text=True
        )
        return self._measured(run.stdout)

    def _measured(self, report: str) -> Measured:
        micros = []
        for log in self.folder.glob("transactions.*"):
            lines = log.read_text(encoding="ascii").splitlines()
            micros += [int(line.split()[2]) for line in lines]
            log.unlink()
        micros.sort()
        return Measured(
            rate=_number(r"^tps = ([\d.]+)", report),
            p50_ms=micros[len(micros) // 2] / 1000,
            p99_ms=micros[len(micros) * 99 // 100] / 1000,
            done=len(micros),
            broken=int(_number(r"^number of failed transactions: (\d+)", report)),
        )


def _number(pattern: str, report: str) -> float:
    found = re.search(pattern, report, re.MULTILINE)
    if found is None:
        raise ValueError(report)
    return float(found[1])
