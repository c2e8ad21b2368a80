# shellcheck shell=bash
# The checks of bin/test. Each runs whatever the others said, with a headline and its seconds.

CHECKS_PASSED=0
CHECKS_FAILED=()

# check NAME COMMAND…: its output is shown only when it fails.
check() {
  local name=$1 from=$EPOCHREALTIME log
  shift
  log=$LOCAL/test/log/check.log
  printf '  %-34s' "$name"
  if run_marked "$@" >"$log" 2>&1; then
    CHECKS_PASSED=$((CHECKS_PASSED + 1))
    printf '%7s s\n' "$(seconds_since "$from")"
  else
    CHECKS_FAILED+=("$name")
    printf '%7s s  FAILED\n' "$(seconds_since "$from")"
    sed 's/^/    /' "$log"
  fi
}

# tests NAME PATH…: pytest speaks for itself; its counts come from its report.
tests() {
  local name=$1 report=$LOCAL/test/$1.xml
  shift
  printf '\n%s tests\n' "$name"
  rm -f "$report"
  run_marked "$VENV/bin/python" -m pytest --junitxml="$report" "$@" || CHECKS_FAILED+=("$name tests")
}

check_python() {
  local bin=$VENV/bin
  check "ruff check" "$bin/ruff" check
  check "ruff format" "$bin/ruff" format --check
  check "mypy" "$bin/mypy"
  check "import contracts" "$bin/lint-imports"
  check "Django" "$bin/python" manage.py check
  check "migrations complete" "$bin/python" manage.py makemigrations --check --dry-run
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

# The last line: how many tests and checks passed, how many failed.
summary() {
  local name
  printf '\n%s checks passed, %s failed\n' "$CHECKS_PASSED" "${#CHECKS_FAILED[@]}"
  for name in "${CHECKS_FAILED[@]}"; do printf '  FAILED  %s\n' "$name"; done
  "$VENV/bin/python" "$ROOT/bin/lib/count.py" "$CHECKS_PASSED" "${#CHECKS_FAILED[@]}" \
    "$LOCAL"/test/*.xml
  [ ${#CHECKS_FAILED[@]} -eq 0 ]
}
