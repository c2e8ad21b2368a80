"""What bin/ starts, it stops; what a crash left behind, the next start clears."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import ROOT

# A run as bin/demo does it, as far as the part that a test plays.
PROLOGUE = """
set -euo pipefail
. bin/lib.sh
mkdir -p "$LOCAL"
open_run demo || { echo "already running"; exit 3; }
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """Give a checkout of its own: the real scripts and environment, and no run of anybody."""
    shutil.copytree(ROOT / "bin", tmp_path / "bin")
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local/venv").symlink_to(ROOT / ".local/venv")
    yield tmp_path
    shell(tmp_path, PROLOGUE + "stop_marked; cluster_remove demo")


def start(checkout: Path, script: str) -> subprocess.Popen[str]:
    """Start a script that sources the library. Its log is a file: servers may outlive it."""
    with (checkout / "log").open("a") as log:
        return subprocess.Popen(  # noqa: S603 - our own scripts
            ["/bin/bash", "-c", script], cwd=checkout, stdout=log, stderr=log, text=True
        )


def shell(checkout: Path, script: str) -> str:
    """Run a script to its end and return what it said."""
    before = (checkout / "log").stat().st_size if (checkout / "log").exists() else 0
    code = start(checkout, script).wait(timeout=90)
    said = (checkout / "log").read_text()[before:]
    assert code == 0, said
    return said


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < deadline, (path.parent / "log").read_text()
        time.sleep(0.05)


def alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


FAMILY = """
spawn family bash -c 'sleep 600 & echo $! >child; sleep 600'
until [ -s child ]; do sleep 0.05; done; touch ready; wait
"""


def test_a_new_run_stops_what_a_killed_one_left_with_its_children(checkout: Path) -> None:
    run = start(checkout, PROLOGUE + FAMILY)
    wait_for(checkout / "ready")
    child = int((checkout / "child").read_text())
    run.kill()
    run.wait()
    assert alive(child)

    shell(checkout, PROLOGUE + "stop_marked")

    assert not alive(child)


def test_a_new_run_stops_the_redis_of_a_killed_one(checkout: Path) -> None:
    script = """
    environment demo --free-ports
    redis_start
    echo "${PROCESS[redis]}" >child
    touch ready
    wait
    """
    run = start(checkout, PROLOGUE + script)
    wait_for(checkout / "ready")
    run.kill()
    run.wait()

    shell(checkout, PROLOGUE + "stop_marked")

    assert not alive(int((checkout / "child").read_text()))


def test_a_second_run_in_the_same_checkout_is_told_so(checkout: Path) -> None:
    run = start(checkout, PROLOGUE + FAMILY)
    wait_for(checkout / "ready")

    second = start(checkout, PROLOGUE)

    assert second.wait(timeout=10) == 3
    run.kill()
    run.wait()


def test_nothing_of_another_checkout_is_stopped(checkout: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(checkout / "bin", other / "bin")
    run = start(checkout, PROLOGUE + FAMILY)
    wait_for(checkout / "ready")

    shell(other, PROLOGUE + "stop_marked")

    assert alive(int((checkout / "child").read_text()))
    run.kill()
    run.wait()


def test_a_process_deaf_to_the_request_is_ended(checkout: Path) -> None:
    script = """
    spawn deaf bash -c 'trap "" TERM; echo $$ >child; while :; do sleep 1; done'
    until [ -s child ]; do sleep 0.05; done
    PATIENCE=3 stop_marked
    """
    shell(checkout, PROLOGUE + script)

    assert not alive(int((checkout / "child").read_text()))


CLUSTER = """
environment demo --free-ports
cluster_stop demo
cluster_start demo >/dev/null
"""
QUERY = """
sql() {
  PGPASSWORD=$(database_part password) "$(postgres_bin)/psql" -h 127.0.0.1 \
    -p "$(database_part port)" -U ngomon -d ngomon -X -A -t -c "$1"
}
"""


def test_a_cluster_survives_its_own_crash_and_a_foreign_process_with_its_number(
    checkout: Path,
) -> None:
    shell(checkout, PROLOGUE + CLUSTER + QUERY + "sql 'create table kept as select 7'")
    pid = int(shell(checkout, PROLOGUE + "cluster_pid demo"))
    os.kill(pid, signal.SIGKILL)
    while alive(pid):
        time.sleep(0.05)
    # After a restart of the machine its number may belong to anybody; here, to this test.
    script = """
    file=$(cluster_home demo)/data/postmaster.pid
    as_postgres sed -i "1s/.*/$PPID/" "$file"
    """
    shell(checkout, PROLOGUE + script)

    said = shell(checkout, PROLOGUE + CLUSTER + QUERY + "sql 'table kept'")

    assert said == "7\n"


def test_the_demo_cluster_forgets_nothing_and_listens_on_loopback_alone(checkout: Path) -> None:
    asked = (
        "select string_agg(name || '=' || setting, ' ' order by name)"
        " from pg_settings where name in"
    )
    names = (
        "('fsync','synchronous_commit','full_page_writes',"
        "'listen_addresses','unix_socket_directories')"
    )

    said = shell(checkout, PROLOGUE + CLUSTER + QUERY + f'sql "{asked} {names}"')

    assert said == (
        "fsync=on full_page_writes=on listen_addresses=127.0.0.1"
        " synchronous_commit=on unix_socket_directories=\n"
    )


def test_the_cluster_wants_its_password(checkout: Path) -> None:
    script = """
    PGPASSWORD=wrong "$(postgres_bin)/psql" -h 127.0.0.1 -p "$(database_part port)" -U ngomon \
      -d ngomon -c 'select 1' || true
    """

    assert "password authentication failed" in shell(checkout, PROLOGUE + CLUSTER + script)


def test_secrets_stay_and_a_taken_port_is_left_alone(checkout: Path) -> None:
    file = checkout / ".local/demo.env"
    shell(checkout, PROLOGUE + "environment demo --free-ports")
    before = dict(line.split("=", 1) for line in file.read_text().splitlines())
    script = """
    environment demo
    "$VENV/bin/python" -c '
import socket, sys, time
taken = socket.create_server(("127.0.0.1", int(sys.argv[1])))
open("ready", "w").close()
time.sleep(30)' "$NGOMON_RUN_REDIS_PORT" &
    until [ -e ready ]; do sleep 0.05; done
    environment demo --free-ports
    kill $!
    """

    shell(checkout, PROLOGUE + script)

    after = dict(line.split("=", 1) for line in file.read_text().splitlines())
    moved = {name for name in before if before[name] != after[name]}
    assert moved == {"NGOMON_RUN_REDIS_PORT", "REDIS_URL"}
    assert file.stat().st_mode & 0o077 == 0
