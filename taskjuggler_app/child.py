"""Starts a program that ends with its parent: `python -m taskjuggler_app.child PARENT LIFELINE GRACE program arg…`.

On Linux the kernel sends SIGTERM when the parent, whose pid is PARENT, dies, however it died (prctl(2),
PR_SET_PDEATHSIG). What still runs GRACE seconds later is killed by a guard, a shell in the program's process group: it
reads LIFELINE, a pipe that nobody writes to and that only the parent holds open. The guard ends with its group.
"""

import ctypes
import os
import signal
import subprocess
import sys

_PR_SET_PDEATHSIG = 1
_GUARD = "trap '' TERM INT HUP; read -r _ || { sleep \"$1\"; kill -KILL 0; }"


def main() -> None:
    """Tie this process, which leads a process group of its own, to its parent; then become the program."""
    parent, lifeline, grace, *program = sys.argv[1:]
    quiet = subprocess.DEVNULL
    subprocess.Popen(["/bin/sh", "-c", _GUARD, "guard", grace], stdin=int(lifeline), stdout=quiet, stderr=quiet)
    os.close(int(lifeline))
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):  # it died before the kernel was asked
        os.killpg(0, signal.SIGKILL)
    os.execvp(program[0], program)  # noqa: S606  # replaces this process; the arguments are a list


if __name__ == "__main__":
    main()
