# shellcheck shell=bash
# The two web apps: Node from the Python environment, packages from package-lock.json.

WEB=$ROOT/web

has_web() { [ -e "$WEB/package-lock.json" ]; }

ensure_web_packages() {
  has_web || return 0
  [ "$(cat "$WEB/node_modules/.stamp" 2>/dev/null)" = "$(packages_stamp)" ] && return 0
  step "Web packages" install_web_packages
}

packages_stamp() { sha256sum <"$WEB/package-lock.json"; }

install_web_packages() {
  in_web npm ci --no-audit --no-fund
  packages_stamp >"$WEB/node_modules/.stamp"
}

ensure_web_build() {
  has_web || return 0
  [ "$(cat "$WEB/dist/.stamp" 2>/dev/null)" = "$(web_stamp)" ] && return 0
  step "Web apps" build_web
}

# The names and the contents of all that the build reads.
web_stamp() {
  (cd "$WEB" && find . \( -path ./node_modules -o -path ./dist \) -prune -o -type f -print0 |
    sort -z | xargs -0 sha256sum | sha256sum)
}

build_web() {
  local stamp
  stamp=$(web_stamp)
  in_web npm run build
  printf '%s\n' "$stamp" >"$WEB/dist/.stamp"
}

in_web() { (cd "$WEB" && PATH=$VENV/bin:$PATH exec "$@"); }
