"""What a child that handles foreign text may not do: take all memory, open sockets, dump core."""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import struct
from pathlib import Path

_DIE_WITH_PARENT = 1
_NO_NEW_PRIVILEGES = 38
_SET_SECCOMP = 22
_FILTER_MODE = 2
_ALLOW = 0x7FFF0000
_DENY = 0x00050000 | 13  # the call fails with EACCES
_LOAD, _JUMP_EQUAL, _RETURN = 0x20, 0x15, 0x06
# Per machine: its name for auditing, and the numbers of socket(2) and io_uring_setup(2), which
# could make sockets as well.
_MACHINES = {
    "x86_64": (0xC000003E, (41, 425)),
    "aarch64": (0xC00000B7, (198, 425)),
}


def die_with_parent() -> None:
    """End at once when the parent does, also in the middle of a query that never ends."""
    if platform.system() == "Linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)


def limit_memory(more_bytes: int) -> None:
    """Let this process take so many bytes of addresses beyond what it has now; dump no core."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    allowed = pages * resource.getpagesize() + more_bytes
    resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def deny_sockets() -> bool:
    """Make socket(2) fail in this process from now on; False where the system cannot do that."""
    if platform.system() != "Linux" or platform.machine() not in _MACHINES:
        return False
    machine, calls = _MACHINES[platform.machine()]
    program = [(_LOAD, 0, 0, 4), (_JUMP_EQUAL, 1, 0, machine), (_RETURN, 0, 0, _DENY)]
    program.append((_LOAD, 0, 0, 0))
    for number in calls:
        program += [(_JUMP_EQUAL, 0, 1, number), (_RETURN, 0, 0, _DENY)]
    if platform.machine() == "x86_64":
        # The x32 numbering would be a way round.
        program += [(0x35, 0, 1, 0x40000000), (_RETURN, 0, 0, _DENY)]
    program.append((_RETURN, 0, 0, _ALLOW))
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in program))
    filters = struct.pack("HxxxxxxP", len(program), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_SET_SECCOMP, _FILTER_MODE, ctypes.create_string_buffer(filters)) == 0)


def yield_to_others(by: int) -> None:
    """Let the system prefer other processes to this one."""
    os.nice(by)
