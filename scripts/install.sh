#!/usr/bin/env bash
# Makes .venv with everything that requirements.lock pins; does nothing when it is there already.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*"; }
die() { printf '\033[1;31mStopped:\033[0m %s\n' "$*" >&2; exit 1; }

stamp=.venv/.installed
wanted=$(cat requirements.lock pyproject.toml scanner.lock/package-lock.json scripts/install.sh | sha256sum | cut -d' ' -f1)" $PWD"
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && exit 0

[ -n "${PYTHON:-}" ] || die "Python 3.11 is needed. On Debian: apt-get install python3 python3-venv"
"$PYTHON" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
  || die "Python 3.11 to 3.13 is needed, this is $("$PYTHON" --version). On Debian 12: apt-get install python3 python3-venv"
"$PYTHON" -c 'import ensurepip, venv' 2>/dev/null \
  || die "Python's venv is missing. On Debian: apt-get install python3-venv"

say "Installing into .venv (once, and again when requirements.lock changes)"
# A virtual environment holds its own path: one that was moved or copied here is made anew.
if [ ! -x .venv/bin/python ] || [ "$(cat .venv/.path 2>/dev/null || true)" != "$PWD" ]; then
  rm -rf .venv
  "$PYTHON" -m venv .venv
  printf '%s' "$PWD" > .venv/.path
fi
say "  the installer"
.venv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'
say "  the packages"
.venv/bin/python -m uv pip sync --quiet --compile-bytecode --python .venv/bin/python --require-hashes requirements.lock
say "  TaskJuggler"
.venv/bin/python -m uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
# axe-core (MPL-2.0), unmodified, for the scanner: what scanner.lock pins, by our own Node.
say "  the accessibility rules"
mkdir -p .venv/tools
cp scanner.lock/package.json scanner.lock/package-lock.json .venv/tools/
PATH="$PWD/.venv/bin:$PATH" .venv/bin/npm ci --silent --no-audit --no-fund --prefix .venv/tools
printf '%s' "$wanted" > "$stamp"
say "Installed."
