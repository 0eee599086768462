"""Become another program, on an account of its own, that is told to end when its parent ends.

Run as a script without the rest of the package, before the program itself:
`python -I -S launch.py PARENT SIGNAL UID GID PROGRAM ARGUMENT…`; a UID of -1 keeps the present account.
A script rather than a hook between fork and exec, because those may deadlock in a process with threads.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    parent, end_signal, uid, gid = (int(argument) for argument in arguments[:4])
    program = arguments[4:]
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if library is not None:
        # Only now: the kernel forgets this wish whenever a process changes its user.
        library.prctl(_PR_SET_PDEATHSIG, end_signal)
    if os.getppid() != parent:
        sys.exit("the process that started this one has ended")
    # Python ignores these for itself, and programs inherit what is ignored.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    os.execv(program[0], program)  # noqa: S606  # Replacing this process is the purpose; no shell is wanted.


if __name__ == "__main__":
    main(sys.argv[1:])
