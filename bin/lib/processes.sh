# shellcheck shell=bash
# shellcheck disable=SC2034 # bin/demo reads BORN
# The processes of one run. Each gets its own session, so that Ctrl-C reaches bin/demo alone
# and it can stop them in order; and a mark in its environment, so that a later run can find
# what a crash left behind, with all its children, and nothing else.

declare -A PROCESS=() BORN=()
RUN_KIND=
# How long a process may take to end when asked, in tenths of a second.
PATIENCE=100

# One run of a kind at a time in this checkout.
open_run() {
  RUN_KIND=$1
  exec 9>"$LOCAL/$RUN_KIND.lock"
  flock -n 9 || return 1
  mkdir -p "$LOCAL/$RUN_KIND/log"
  [ -s "$LOCAL/mark" ] || od -An -N8 -tx8 /dev/urandom | tr -d ' \n' >"$LOCAL/mark"
}

run_mark() { printf 'NGOMON_RUN=%s:%s:%s' "$(cat "$LOCAL/mark")" "$RUN_KIND" "$ROOT"; }

# spawn NAME COMMAND…: start it with its output in a log of its own.
spawn() {
  local name=$1
  shift
  (
    cd "$ROOT" || exit
    exec 6>&- 7>&- 8>&- 9>&-
    exec setsid env "$(run_mark)" "$@"
  ) </dev/null >>"$LOCAL/$RUN_KIND/log/$name.log" 2>&1 &
  PROCESS[$name]=$!
  BORN[$name]=$EPOCHSECONDS
}

# stop_process NAME: ask it, and insist for its whole session when patience ends.
stop_process() {
  local pid=${PROCESS[$1]:-} wait=$PATIENCE
  [ -n "$pid" ] || return 0
  unset "PROCESS[$1]"
  kill -TERM "$pid" 2>/dev/null || true
  while [ $((wait--)) -gt 0 ] && kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
  kill -KILL -- "-$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
}

# Everything that carries the mark of this checkout and kind, from this run or from one that
# was killed.
marked_processes() {
  { grep -lszxF -- "$(run_mark)" /proc/[0-9]*/environ || true; } | cut -d/ -f3
}

stop_marked() {
  local pids
  pids=$(marked_processes)
  [ -n "$pids" ] || return 0
  # shellcheck disable=SC2086 # a list of numbers
  kill -TERM $pids 2>/dev/null || true
  # shellcheck disable=SC2086
  wait_for_end "$PATIENCE" $pids
  pids=$(marked_processes)
  [ -n "$pids" ] || return 0
  # shellcheck disable=SC2086
  kill -KILL $pids 2>/dev/null || true
  # Even this order is heard only when the process next gets its turn.
  # shellcheck disable=SC2086
  wait_for_end 50 $pids
}

# wait_for_end TENTHS PID…: until neither they nor their marked children run.
wait_for_end() {
  local wait=$1
  shift
  while [ $((wait--)) -gt 0 ] && { any_alive "$@" || [ -n "$(marked_processes)" ]; }; do
    sleep 0.1
  done
}

# any_alive PID…: whether one of them still runs; one that only waits to be counted does not.
any_alive() {
  local pid state
  for pid in "$@"; do
    state=$(sed -n 's/^State:[[:space:]]*//p' "/proc/$pid/status" 2>/dev/null) || continue
    [[ $state == [ZX]* ]] || return 0
  done
  return 1
}

# run_marked COMMAND…: in the foreground of our eyes and the background of the shell, so that a
# signal is heard at once.
run_marked() {
  env "$(run_mark)" "$@" </dev/null 6>&- 7>&- 8>&- 9>&- &
  wait $!
}

# The web server as production runs it.
web_start() {
  set -a
  # shellcheck source=deploy/granian.env
  . "$ROOT/deploy/granian.env"
  set +a
  spawn web "$VENV/bin/granian" --port "$NGOMON_RUN_WEB_PORT" backend.wsgi:application
}

redis_start() {
  local home=$LOCAL/$RUN_KIND program
  program=$(redis_program)
  mkdir -p "$home"
  (umask 077 && "$VENV/bin/python" -c '
import os, urllib.parse
url = urllib.parse.urlsplit(os.environ["REDIS_URL"])
print(f"bind 127.0.0.1\nport {url.port}\nrequirepass {url.password}")
print("save \"\"\nappendonly no\nmaxmemory-policy noeviction")
# A title would be written over the environment, where its mark is.
print("set-proc-title no")' >"$home/redis.conf")
  # Its name tells the program whether it is the server or the checker.
  # shellcheck disable=SC2016 # for the inner shell
  spawn redis bash -c 'cd "$2" && exec -a redis-server "$1" redis.conf' - "$program" "$home"
  wait_for_port redis "$(sed -n 's/^port //p' "$home/redis.conf")"
}

# wait_for_port NAME PORT: until it listens; its log is shown when it never does.
wait_for_port() {
  local name=$1 port=$2 wait=300
  until (exec 5<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
    if [ $((wait--)) -le 0 ] || ! kill -0 "${PROCESS[$name]}" 2>/dev/null; then
      tail -n 30 "$LOCAL/$RUN_KIND/log/$name.log"
      return 1
    fi
    sleep 0.1
  done
}

# Until the server says that database, broker, worker and timetable are all well.
wait_for_health() {
  "$VENV/bin/python" -c '
import sys, time, urllib.error, urllib.request
deadline = time.monotonic() + 60
while True:
    try:
        urllib.request.urlopen(sys.argv[1], timeout=5)
        break
    except OSError as error:
        if time.monotonic() > deadline:
            print(getattr(error, "fp", None) and error.fp.read().decode())
            raise
        time.sleep(0.2)' "$NGOMON_PUBLIC_URL/api/v1/health"
}
