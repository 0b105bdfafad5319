"""How a worker's process starts: which Python, where NumPy is, an empty environment; and the template of this process.

Imports next to nothing, so that a command can let the template start while it reads its own modules (``ahead``).
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
from importlib.util import find_spec
from pathlib import Path

from htilde.isolation.template import Template, available

__all__ = ["PACKAGE", "PLACES", "PYTHON", "ahead", "end_template", "environment", "template"]

PACKAGE = Path(__file__).resolve().parents[1]
# Past the links of a virtual environment, which stands outside of what a worker may read.
_INTERPRETER = os.path.realpath(sys.executable) if os.name == "posix" else sys.executable
PYTHON = (_INTERPRETER, "-I", "-S", "-B", "-X", "utf8", "-c")
_numpy = find_spec("numpy")
PLACES = {
    "package": str(PACKAGE.parent),
    "numpy": str(Path(_numpy.origin).resolve().parents[1]) if _numpy and _numpy.origin else "",
}
"""What a worker's import path needs besides the standard library."""

_TEMPLATE = """
import socket, sys
library = list(sys.path)
sys.path += [{package!r}, {numpy!r}]
import numpy.linalg, numpy.random
from htilde.isolation.template import serve
from htilde.isolation.worker import main
def become(memory_mib, cpu_seconds):
    numpy.random.seed()
    main(library, memory_mib, cpu_seconds)
serve(socket.socket(fileno={descriptor}), become)
"""


def environment() -> dict[str, str]:
    """Nothing of the examiner's but what a system needs to start a process; one thread for linear algebra."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM")}
    return {**kept, **threads, "LC_ALL": "C.UTF-8"}


_templates: dict[int, Template] = {}
"""By process: who forks can't share one."""
_making = threading.Lock()


def template() -> Template:
    """That of this process; it is started for the first who asks. Raises OSError if it can't be."""
    with _making:
        if (mine := os.getpid()) not in _templates:
            _templates.clear()  # those of a process that this one was forked from

            def command(descriptor: int) -> list[str]:
                return [*PYTHON, _TEMPLATE.format(**PLACES, descriptor=descriptor)]

            _templates[mine] = Template(command, env=environment(), cwd=Path(os.sep).resolve())
        return _templates[mine]


def ahead() -> None:
    """Let the template start now, beside whatever is done before the first worker is needed."""
    if available() and _numpy:
        try:
            template()
        except OSError:  # told when a worker is needed
            pass


@atexit.register
def end_template() -> None:
    """End the process from which workers are forked, and them with it; the next worker starts another."""
    with _making:
        if (ended := _templates.pop(os.getpid(), None)) is not None:
            ended.close()
