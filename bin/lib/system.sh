# shellcheck shell=bash
# System packages: only what is missing, by one run of apt, and no service is started.

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

has_program() { command -v "$1" >/dev/null 2>&1; }

# The newest PostgreSQL on this machine that has PostGIS.
postgres_bin() {
  local control version
  for control in $(printf '%s\n' /usr/share/postgresql/*/extension/postgis.control | sort -Vr); do
    version=${control#/usr/share/postgresql/}
    version=${version%%/*}
    if [ -x "/usr/lib/postgresql/$version/bin/initdb" ]; then
      printf '/usr/lib/postgresql/%s/bin\n' "$version"
      return 0
    fi
  done
  return 1
}

has_library() { compgen -G "/usr/lib/*/$1" >/dev/null || compgen -G "/lib/*/$1" >/dev/null; }

# Debian's redis-server is a link to the program that redis-tools brings; installing the tools
# alone gives us the server without giving the machine a service.
redis_program() { command -v redis-server || command -v redis-check-rdb; }

find_python() {
  local candidate
  for candidate in python3.11 python3.12 python3 /usr/bin/python3; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' \
      2>/dev/null; then
      command -v "$candidate"
      return 0
    fi
  done
  return 1
}

missing_python() {
  local python
  if python=$(find_python); then
    "$python" -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
  else
    echo python3 python3-venv
  fi
}

missing_servers() {
  postgres_bin >/dev/null || echo POSTGIS
  redis_program >/dev/null || echo redis-tools
}

missing_browser() {
  has_program chromium || echo chromium
}

# What the PDF tickets are set with: shaping of every script, and fonts that hold its letters.
missing_paper() {
  local noto=/usr/share/fonts/truetype/noto
  has_library libpangoft2-1.0.so.0 || echo libpangoft2-1.0-0
  has_library libharfbuzz-subset.so.0 || echo libharfbuzz-subset0
  [ -e "$noto/NotoSansThai-Regular.ttf" ] || echo fonts-noto-core
  [ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] || echo fonts-noto-cjk
}

# What makes the guides heard: a voice that needs no network, and the one who cuts and levels.
missing_sound() {
  has_program ffmpeg || echo ffmpeg
  has_program espeak-ng || echo espeak-ng
}

missing_load() { has_program wrk || echo wrk; }

# need_packages GROUP…: python, servers, paper, sound, browser, load.
need_packages() {
  local group
  MISSING=()
  for group in "$@"; do
    # shellcheck disable=SC2207 # package names have no spaces
    MISSING+=($("missing_$group"))
  done
  [ ${#MISSING[@]} -gt 0 ] || return 0
  has_program apt-get ||
    fail "This system has no apt-get. Please install by hand: ${MISSING[*]} (POSTGIS: PostgreSQL with PostGIS)."
  [ "$(id -u)" = 0 ] || has_program sudo ||
    fail "Installing ${MISSING[*]} needs root: run this once as root, or install sudo."
  step "System packages" install_missing
  has_group_now "$@"
}

has_group_now() {
  local group left=
  for group in "$@"; do left+=$("missing_$group"); done
  [ -z "$left" ] || fail "apt did not bring everything; still missing: $left. See $SETUP_LOG."
}

install_missing() {
  local packages=() package
  printf 'missing: %s\n' "${MISSING[*]}"
  # One unreachable source of several must not stop what the others can give.
  as_root apt-get -q update || echo "apt-get update failed; trying with the lists at hand"
  for package in "${MISSING[@]}"; do
    if [ "$package" = POSTGIS ]; then package=$(postgis_package); fi
    packages+=("$package")
  done
  keep_main_cluster_away
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -q install -y --no-install-recommends "${packages[@]}"
  allow_main_cluster
}

# For the PostgreSQL that is here already, else the newest that apt offers.
postgis_package() {
  local offers here
  offers=$(apt-cache search --names-only '^postgresql-[0-9]+-postgis-3$' | awk '{ print $1 }' | sort -V)
  for here in $(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -Vr); do
    here=${here#/usr/lib/postgresql/}
    if grep -qx "postgresql-${here%%/*}-postgis-3" <<<"$offers"; then
      printf 'postgresql-%s-postgis-3\n' "${here%%/*}"
      return 0
    fi
  done
  tail -n 1 <<<"$offers"
}

MAIN_CLUSTER_RULE=/etc/postgresql-common/createcluster.d/ngomon.conf

# Debian's package would create a cluster of its own on port 5432 and start it at every boot.
keep_main_cluster_away() {
  as_root mkdir -p "${MAIN_CLUSTER_RULE%/*}"
  echo 'create_main_cluster = false' | as_root tee "$MAIN_CLUSTER_RULE" >/dev/null
}

allow_main_cluster() { as_root rm -f "$MAIN_CLUSTER_RULE"; }
