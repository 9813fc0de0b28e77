"""Take from a query worker what it does not need: the network, other programs, a life of its own.

The guard keeps SERVICE away from the engine; this is the second wall behind it (DESIGN section 5).
Linux only: a seccomp filter that nobody needs privileges for. Elsewhere the guard stands alone.
"""

import ctypes
import errno
import platform
import signal
import struct
import sys

_PDEATHSIG, _DUMPABLE, _SECCOMP, _NO_NEW_PRIVS, _FILTER = 1, 4, 22, 38, 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_X32 = 0x40000000
_NUMBER, _ARCHITECTURE = 0, 4  # offsets in struct seccomp_data

# audit architecture; numbers of the calls socket, connect, execve, execveat, io_uring_setup
_SYSTEMS = {
    "x86_64": (0xC000003E, (41, 42, 59, 322, 425)),
    "aarch64": (0xC00000B7, (198, 203, 221, 281, 425)),
}


def die_with_parent() -> None:
    """End this process when the server's thread that started it ends, and leave no core file."""
    if sys.platform == "linux":
        _libc().prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        _libc().prctl(_DUMPABLE, 0, 0, 0, 0)


def without_network() -> bool:
    """Refuse new sockets and new programs to this process from now on; False where not possible."""
    system = _SYSTEMS.get(platform.machine())
    if sys.platform != "linux" or system is None:
        return False
    program = _program(*system)
    code = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: the number of instructions, padding, the address of the first
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    libc = _libc()
    if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_SECCOMP, _FILTER, ctypes.create_string_buffer(header), 0, 0) == 0)


def _program(architecture: int, denied: tuple[int, ...]) -> bytes:
    """Give the filter: calls of another architecture and ``denied`` ones fail with EACCES."""
    count = len(denied)
    # a jump skips as many lines as it says; all of them lead to the last line, which denies
    lines = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 0, count + 3, architecture),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, count + 1, 0, _X32),
        *((_EQUAL, count - at, 0, number) for at, number in enumerate(denied)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _ERRNO | errno.EACCES),
    ]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
