"""Starts a program that ends with its parent: `python -m taskjuggler_app.child PARENT_PID program arg…`.

On Linux the kernel sends SIGTERM when the parent dies, however it died (prctl(2), PR_SET_PDEATHSIG).
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Tie this process to its parent, then become the program."""
    parent, program = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before the kernel was asked
        sys.exit(0)
    os.execvp(program[0], program)  # noqa: S606  # replaces this process; the arguments are a list


if __name__ == "__main__":
    main()
