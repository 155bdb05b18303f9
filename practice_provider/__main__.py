"""The provider as a process: ``python -m practice_provider``; reads its arguments and stops at once when told to."""

import argparse
import signal
import sys
import threading

from practice_provider.server import start
from practice_provider.words import gettext as _


def main(arguments: list[str] | None = None) -> int:
    """Run the provider until SIGTERM or Ctrl-C; return the exit code.

    Effects: prints one line with the address once calls are answered.
    """
    parser = argparse.ArgumentParser(prog="practice_provider", description=_("A payment provider to practise against."))
    parser.add_argument("--port", type=int, default=8010, help=_("where to listen on 127.0.0.1; 0 chooses a free port"))
    parser.add_argument("--data", default="var/practice.sqlite3", help=_("the SQLite file to keep everything in"))
    options = parser.parse_args(arguments)
    told_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: told_to_stop.set())
    try:
        running = start(options.data, port=options.port)
    except OSError as unusable:
        print(_("The practice provider cannot start: {reason}").format(reason=unusable), file=sys.stderr)  # noqa: T201 - a command line prints
        return 1
    print(_("Practice provider listening on {url}").format(url=running.url), flush=True)  # noqa: T201
    told_to_stop.wait()
    running.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
