# shellcheck shell=bash
# The Python environment: .local/venv, exactly as requirements.lock says.

python_is_ready() {
  [ -x "$VENV/bin/python" ] && [ "$(cat "$VENV/.stamp" 2>/dev/null)" = "$(python_stamp)" ]
}

# An environment knows its own path, so a moved checkout needs a new one.
python_stamp() { printf '%s %s\n' "$VENV" "$(sha256sum <"$ROOT/requirements.lock")"; }

ensure_python() {
  python_is_ready && return 0
  step "Python environment" build_python
}

build_python() {
  if ! venv_is_ours; then
    rm -rf "$VENV"
    "$(find_python)" -m venv "$VENV"
  fi
  [ -x "$VENV/bin/uv" ] || "$VENV/bin/python" -m pip install --quiet 'uv>=0.5'
  # pip knows indexes that a machine's administrator set for pip alone.
  (cd "$ROOT" && "$VENV/bin/uv" pip sync --python "$VENV/bin/python" requirements.lock) ||
    "$VENV/bin/python" -m pip install --require-hashes -r "$ROOT/requirements.lock"
  python_stamp >"$VENV/.stamp"
}

venv_is_ours() {
  "$VENV/bin/python" -m pip --version >/dev/null 2>&1 &&
    head -n 3 "$VENV/bin/pip" | grep -qF "$VENV/bin/python"
}

compile_messages() {
  local source
  for source in "$ROOT"/locale/*/LC_MESSAGES/django.po; do
    [ -e "$source" ] || continue
    [ "${source%.po}.mo" -nt "$source" ] && continue
    "$VENV/bin/pybabel" -q compile -i "$source" -o "${source%.po}.mo"
  done
}

manage() { (cd "$ROOT" && exec "$VENV/bin/python" manage.py "$@"); }

# manage_each COMMAND… -- COMMAND…: several commands for the price of one start.
manage_each() { (cd "$ROOT" && exec "$VENV/bin/python" bin/lib/commands.py "$@"); }

# environment KIND [OPTION…]: make .local/KIND.env, and take it over into this shell.
environment() {
  local kind=$1
  shift
  "$VENV/bin/python" "$ROOT/bin/lib/environment.py" "$LOCAL/$kind.env" \
    --kind "$kind" --home "$LOCAL/$kind" "$@"
  set -a
  # shellcheck source=/dev/null
  . "$LOCAL/$kind.env"
  set +a
}
