# shellcheck shell=bash
# A private PostgreSQL cluster for one kind (demo, test or bench), reached by TCP on loopback alone:
# no socket file whose path could be too long, and no other cluster is ever touched.

# PostgreSQL refuses to run as root, so root lends it the user that Debian made for it.
as_postgres() {
  if [ "$(id -u)" = 0 ]; then
    (cd / && runuser -u postgres -- "$@")
  else
    (cd / && "$@")
  fi
}

# The folder of the cluster: in .local, or in /var/lib when that user cannot come in there.
# It is written down, so that a later change of modes does not lose the data.
cluster_home() {
  local kind=$1 record=$LOCAL/$1.cluster home
  if [ -s "$record" ]; then
    cat "$record"
    return 0
  fi
  home=$LOCAL/$kind-cluster
  if [ "$(id -u)" = 0 ] && ! as_postgres test -x "$LOCAL"; then
    home=/var/lib/ngomon-$(cat "$LOCAL/mark")-$kind
  fi
  printf '%s\n' "$home" | tee "$record"
}

cluster_program() {
  local home=$1 program=$2 version
  if version=$(cat_as_postgres "$home/data/PG_VERSION"); then
    [ -x "/usr/lib/postgresql/$version/bin/$program" ] ||
      fail "The data in $home is of PostgreSQL $version, which is not installed any more: install postgresql-$version, or remove the folder."
    printf '/usr/lib/postgresql/%s/bin/%s\n' "$version" "$program"
  else
    printf '%s/%s\n' "$(postgres_bin)" "$program"
  fi
}

cat_as_postgres() { as_postgres cat "$1" 2>/dev/null; }

# cluster_start KIND: create it when it is not there, start it, and make its database.
# DATABASE_URL says where it listens and which password it has.
cluster_start() {
  local kind=$1 home port
  home=$(cluster_home "$kind")
  port=$(database_part port)
  as_postgres test -d "$home/data/base" || cluster_create "$kind" "$home"
  cluster_settings "$kind" "$port" | as_postgres tee "$home/data/ngomon.conf" >/dev/null
  as_postgres "$(cluster_program "$home" pg_ctl)" -D "$home/data" -l "$home/log" -w -t 60 -s \
    start 6>&- 7>&- 8>&- 9>&- ||
    { as_postgres tail -n 20 "$home/log" && return 1; }
  cluster_database "$home"
}

database_part() {
  "$VENV/bin/python" -c '
import os, sys, urllib.parse
print(getattr(urllib.parse.urlsplit(os.environ["DATABASE_URL"]), sys.argv[1]))' "$1"
}

cluster_create() {
  local kind=$1 home=$2 speed=()
  rm -rf "$home"
  mkdir -p "$home"
  chmod 700 "$home"
  if [ "$kind" = test ]; then speed=(--no-sync); fi
  database_part password >"$home/password"
  if [ "$(id -u)" = 0 ]; then chown -R postgres: "$home"; fi
  as_postgres "$(postgres_bin)/initdb" -D "$home/data" -U ngomon --pwfile="$home/password" \
    -A scram-sha-256 -E UTF8 --locale=C.UTF-8 "${speed[@]}"
  rm "$home/password"
  echo "include 'ngomon.conf'" | as_postgres tee -a "$home/data/postgresql.conf" >/dev/null
}

# Only the test cluster may be forgetful. Its races ask from many threads of both workers at once.
cluster_settings() {
  local durable=on clients=100
  if [ "$1" = test ]; then durable=off clients=300; fi
  cat <<END
listen_addresses = '127.0.0.1'
port = $2
unix_socket_directories = ''
max_connections = $clients
shared_buffers = '256MB'
random_page_cost = 1.1
fsync = $durable
synchronous_commit = $durable
full_page_writes = $durable
log_checkpoints = off
END
}

# cluster_sql HOME STATEMENT: what the cluster there answers.
cluster_sql() {
  PGPASSWORD=$(database_part password) "$(cluster_program "$1" psql)" -X -q -A -t \
    -h 127.0.0.1 -p "$(database_part port)" -U ngomon -d postgres -c "$2"
}

cluster_database() {
  local there
  there=$(cluster_sql "$1" "select 1 from pg_database where datname = 'ngomon'") ||
    fail "The cluster in $1 refuses the password in $LOCAL: restore the .env file there, or remove .local and $1 to begin anew."
  if [ -z "$there" ]; then
    cluster_sql "$1" 'create database ngomon'
  fi
}

# The process of the cluster of this kind; nothing when there is none.
cluster_pid() {
  [ -s "$LOCAL/$1.cluster" ] || return 0
  cat_as_postgres "$(cluster_home "$1")/data/postmaster.pid" | head -n 1 || true
}

# Stops the cluster of this kind if it runs, and clears what a crash of the machine left.
cluster_stop() {
  local kind=$1 home pid
  pid=$(cluster_pid "$kind")
  [ -n "$pid" ] || return 0
  home=$(cluster_home "$kind")
  if grep -qzxF -- "$home/data" "/proc/$pid/cmdline" 2>/dev/null; then
    as_postgres "$(cluster_program "$home" pg_ctl)" -D "$home/data" -m fast -w -t 30 -s stop ||
      as_postgres "$(cluster_program "$home" pg_ctl)" -D "$home/data" -m immediate -w -s stop
  else
    as_postgres rm -f "$home/data/postmaster.pid"
  fi
}

cluster_remove() {
  local kind=$1
  cluster_stop "$kind"
  if [ -s "$LOCAL/$kind.cluster" ]; then rm -rf "$(cluster_home "$kind")"; fi
  rm -f "$LOCAL/$kind.cluster"
}
