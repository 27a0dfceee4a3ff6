#!/bin/sh
# Installs what package-lock.json names, once: a second run at the same time waits for the first and finds it done.
set -eu

up_to_date() {
  [ -f node_modules/.package-lock.json ] && [ ! package-lock.json -nt node_modules/.package-lock.json ]
}

command -v npm >/dev/null || {
  echo 'npm is missing: install Node.js 20 or newer with npm (the Node that runs Lotwarden comes with npm ci).' >&2
  exit 1
}
mkdir -p .lotwarden
if command -v flock >/dev/null; then
  exec 9>.lotwarden/npm.lock
  flock 9
fi
if up_to_date; then exit 0; fi

echo 'Installing what package-lock.json names …'
# --ignore-scripts: no package may run code at install, and none of ours needs to.
npm ci --ignore-scripts --no-progress --loglevel=error
touch node_modules/.package-lock.json
