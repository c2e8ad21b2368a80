# shellcheck shell=bash
# shellcheck disable=SC2034 # the parts read these
# What bin/demo, bin/test and bin/manage share. Source it; it changes nothing by itself.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# Data, secrets and logs; the environment and the builds stay with the checkout.
LOCAL=${NGOMON_LOCAL:-$ROOT/.local}
VENV=$ROOT/.local/venv
SETUP_LOG=$LOCAL/setup.log
OPEN_STEP=

say() { printf '%s\n' "$*"; }

# One sentence to the person at the terminal, even from inside a step, and the end.
fail() {
  OPEN_STEP=
  printf '\n%s\n' "$*" >&7
  exit 1
}

# Vietnamese and half of Europe write the clock of the shell with a comma.
seconds_since() {
  LC_ALL=C awk -v from="${1/,/.}" -v to="${EPOCHREALTIME/,/.}" 'BEGIN { printf "%.1f", to - from }'
}

# step NAME COMMAND…: run it with its output in the set-up log, and say how long it took.
# The command runs in this shell and outside any condition, so that `set -e` holds inside it.
step() {
  local name=$1 from=$EPOCHREALTIME
  shift
  OPEN_STEP=$name
  printf '  %-34s' "$name"
  printf '\n== %s\n' "$name" >>"$SETUP_LOG"
  "$@" >>"$SETUP_LOG" 2>&1
  OPEN_STEP=
  printf '%7s s\n' "$(seconds_since "$from")"
}

# For the EXIT trap: what went wrong in the step that never ended. The trap inherits the
# redirection of that step and gives it back first.
explain_open_step() {
  exec >&6 2>&7
  [ -n "$OPEN_STEP" ] || return 0
  printf '\n\n%s failed. The end of %s:\n' "$OPEN_STEP" "$SETUP_LOG" >&2
  tail -n 30 "$SETUP_LOG" >&2
}

# A shell that starts a command in the background makes it deaf to SIGINT, and bash cannot
# undo that by itself; so the command starts itself once more with ears.
hear_interrupts() {
  local ignored
  ignored=$(awk '/^SigIgn:/ { print $2 }' /proc/$$/status)
  if (((16#$ignored >> 1) & 1)); then
    exec env --default-signal=INT "$@"
  fi
}

# Opens .local for this person, and keeps two set-ups from working in it at once.
open_local() {
  mkdir -p "$LOCAL" "$ROOT/.local"
  [ -O "$LOCAL" ] || fail "$LOCAL belongs to another user: run this as that user, or remove the folder."
  exec 8>"$ROOT/.local/setup.lock"
  if ! flock -n 8; then
    say "  waiting for another set-up in this checkout"
    flock 8
  fi
  : >"$SETUP_LOG"
}

close_local() { exec 8>&-; }

# What a person's own shell says about other projects does not concern this one.
unset PYTHONHOME PYTHONPATH CDPATH
export DJANGO_SETTINGS_MODULE=backend.settings
# Our servers are on this machine, whatever proxy leads out of it.
export no_proxy=127.0.0.1,localhost${no_proxy:+,$no_proxy}
export NO_PROXY=$no_proxy

# Descriptors that stay open in this shell and in none of its servers: 6 and 7 are the
# person at the terminal, 8 the lock of the set-up, 9 the lock of the run.
exec 6>&1 7>&2
for part in system python web cluster processes; do
  # shellcheck source=/dev/null
  . "$ROOT/bin/lib/$part.sh"
done
unset part
