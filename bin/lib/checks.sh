# shellcheck shell=bash
# The checks of bin/test. Each runs whatever the others said, and has one line with its seconds.

CHECKS_LANE=

# check NAME COMMAND…: its output is shown only when it fails. Two lanes may check at once.
check() {
  local name=$1 from=$EPOCHREALTIME log="$LOCAL/test/log/check $1.log"
  shift
  if run_marked "$@" >"$log" 2>&1; then
    printf '  %-34s%7s s\n' "$name" "$(seconds_since "$from")"
    printf 'passed  %s\n' "$name" >>"$LOCAL/test/checks"
  else
    printf '  %-34s%7s s  FAILED\n%s\n' "$name" "$(seconds_since "$from")" "$(sed 's/^/    /' "$log")"
    printf 'failed  %s\n' "$name" >>"$LOCAL/test/checks"
  fi
}

# tests NAME PATH…: pytest speaks for itself; its counts come from its report.
tests() {
  local name=$1 report=$LOCAL/test/$1.xml
  shift
  printf '\n%s tests\n' "$name"
  rm -f "$report"
  run_marked "$VENV/bin/python" -m pytest --junitxml="$report" "$@" ||
    printf 'failed  %s tests\n' "$name" >>"$LOCAL/test/checks"
}

# One lane for each of the two cores.
check_all() {
  check_web &
  CHECKS_LANE=$!
  check_python
  check_deployment
  wait "$CHECKS_LANE"
  CHECKS_LANE=
}

stop_checks() {
  [ -z "$CHECKS_LANE" ] || kill "$CHECKS_LANE" 2>/dev/null || true
}

check_python() {
  local bin=$VENV/bin
  check "ruff check" "$bin/ruff" check
  check "ruff format" "$bin/ruff" format --check
  check "mypy" "$bin/mypy"
  check "import contracts" "$bin/lint-imports"
  check "Django" "$bin/python" manage.py check
  check "migrations complete" "$bin/python" manage.py makemigrations --check --dry-run
  check "migrations from nothing" "$bin/python" manage.py migrate --no-input --verbosity 0
}

check_deployment() {
  local bin=$VENV/bin
  check "shell scripts" "$bin/shellcheck" -x -P . .ci/run bin/bench bin/demo bin/lock bin/manage bin/messages bin/test bin/lib.sh bin/lib/*.sh
  check "Dockerfile" "$bin/hadolint" Dockerfile
  check "docker-compose.yml" "$bin/check-jsonschema" --builtin-schema vendor.compose-spec docker-compose.yml
}

check_web() {
  has_web || return 0
  check "web types" npm --prefix web run check
  check "web layout" npm --prefix web run lint
  # The server judges many random cases; the unit tests of the gate app judge them once more.
  check "cases of the gates' table" "$VENV/bin/python" manage.py judge_cases \
    --seed "$RANDOM" --count 100000 --file "$LOCAL/judge_cases.jsonl"
  check "web unit tests" npm --prefix web run test
}

count_checks() { grep -c "^$1" "$LOCAL/test/checks" || true; }

# The last line: how many tests and checks passed, how many failed.
summary() {
  local passed failed
  passed=$(count_checks passed)
  failed=$(count_checks failed)
  printf '\n%s checks passed, %s failed\n' "$passed" "$failed"
  sed -n 's/^failed/  FAILED/p' "$LOCAL/test/checks"
  "$VENV/bin/python" "$ROOT/bin/lib/count.py" "$passed" "$failed" "$LOCAL"/test/*.xml
  [ "$failed" = 0 ]
}
