#!/bin/sh
# Finds a Python that is new enough and hands over to set_up.py. POSIX sh, because nothing else is certain to be there.
set -eu
cd "$(dirname "$0")/.."

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

# PYTHON names the interpreter to use; otherwise the machine's own comes first.
for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.14 python3.11}; do
    if is_new_enough "$candidate"; then
        exec "$candidate" scripts/set_up.py "$@"
    fi
done

found=$("${PYTHON:-python3}" --version 2>&1) || found="none that runs"
cat >&2 <<MESSAGE
Orderwright needs Python 3.11 or newer. Found as ${PYTHON:-python3}: $found.

  Debian, Ubuntu   apt-get install python3 python3-venv     (Debian 12, Ubuntu 24.04 or newer)
  macOS            brew install python                      or an installer from https://www.python.org/downloads/

With another interpreter: make PYTHON=/path/to/python3 run
MESSAGE
exit 1
