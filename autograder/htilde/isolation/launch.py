"""Start the processes of workers: which Python, where NumPy is, an empty environment; and this process's template.

It imports next to nothing, so that a command can start the template before it imports its own modules
(``start_template``).
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
from importlib.util import find_spec
from pathlib import Path

from htilde.isolation.template import Template, available

__all__ = ["PACKAGE", "PLACES", "PYTHON", "end_template", "environment", "start_template", "template"]

PACKAGE = Path(__file__).resolve().parents[1]
# The links of a virtual environment are followed, because a worker mayn't read the environment.
_INTERPRETER = os.path.realpath(sys.executable) if os.name == "posix" else sys.executable
PYTHON = (_INTERPRETER, "-I", "-S", "-B", "-X", "utf8", "-c")
_numpy = find_spec("numpy")
PLACES = {
    "package": str(PACKAGE.parent),
    "numpy": str(Path(_numpy.origin).resolve().parents[1]) if _numpy and _numpy.origin else "",
}
"""The folders that a worker's import path needs besides the standard library."""

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
    """Return a worker's environment variables.

    Of the examiner's there are only those that a system needs to start a process. Linear algebra gets one thread.
    """
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM")}
    return {**kept, **threads, "LC_ALL": "C.UTF-8"}


_templates: dict[int, Template] = {}
"""The template of each process: a forked process can't share that of its parent."""
_making = threading.Lock()


def template() -> Template:
    """Return this process's template, and start it if there is none. Raises OSError if it can't be started."""
    with _making:
        if (mine := os.getpid()) not in _templates:
            _templates.clear()  # those of a process that this one was forked from

            def command(descriptor: int) -> list[str]:
                return [*PYTHON, _TEMPLATE.format(**PLACES, descriptor=descriptor)]

            _templates[mine] = Template(command, env=environment(), cwd=Path(os.sep).resolve())
        return _templates[mine]


def start_template() -> None:
    """Start the template now, so that it is ready when the first worker is needed."""
    if available() and _numpy:
        try:
            template()
        except OSError:  # told when a worker is needed
            pass


@atexit.register
def end_template() -> None:
    """End the template and the workers that were forked from it. The next worker starts another."""
    with _making:
        if (ended := _templates.pop(os.getpid(), None)) is not None:
            ended.close()
