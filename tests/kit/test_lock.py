"""What a locked process can't do, and what it still can. Each claim is tried in a fresh process that locks itself."""

from __future__ import annotations

import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from users import ordinary

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = Path(np.__file__).resolve().parents[1]
NOBODY = 65534
QUIET = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

BEGIN = """
import sys
sys.path.append({packages!r})
import numpy as np
sys.path.append({root!r} + "/autograder")
import ctypes, os, resource
from htilde.isolation import lock as module
ROOT, TEMP, VICTIM, PARENT = {root!r}, {temp!r}, {victim}, os.getppid()
sys.path.append(TEMP)
OPENED = os.open(TEMP + "/grading.toml", os.O_RDONLY) if TEMP else -1
PROCESSORS = os.sched_getaffinity(0)
CORE = resource.getrlimit(resource.RLIMIT_CORE)
library = ctypes.CDLL(None, use_errno=True)
def c(name, *arguments):
    words = [ctypes.c_ulong(a) if isinstance(a, int) else a for a in arguments]
    answer = getattr(library, name)(*words)
    if answer == -1:
        raise OSError(ctypes.get_errno(), name)
    return answer
def lock(memory_bytes=2 * 2**30, cpu_seconds=20):
    return module.lock(readable=module.readable_paths(), memory_bytes=memory_bytes, cpu_seconds=cpu_seconds)
def attempt(attack):
    try:
        exec(attack, globals())
    # What a refusal looks like; NameError and the like are mistakes of the test and end it.
    except (OSError, MemoryError, ImportError, RuntimeError) as error:
        return "held " + type(error).__name__
    except ValueError as error:  # the resource module's word for EPERM
        if "limit" not in str(error):
            raise
        return "held " + type(error).__name__
    return "breached"
"""

# What each does would succeed without the lock: test_attacks_are_real runs it so.
ATTACKS = {
    "read a system file": "open('/etc/passwd').read()",
    "list the root": "os.listdir('/')",
    "list temporary files": "os.listdir(TEMP)",
    "read the course": "open(TEMP + '/grading.toml').read()",
    "read the kit's source": "open(ROOT + '/autograder/htilde/isolation/lock.py').read()",
    "read the environment in /proc": "open('/proc/self/environ').read()",
    "read the memory map": "open('/proc/self/maps').read()",
    "read the parent's command line": "open(f'/proc/{PARENT}/cmdline').read()",
    "list the parent's descriptors": "os.listdir(f'/proc/{VICTIM}/fd')",
    "open the null device for writing": "open('/dev/null', 'w')",
    "write a file": "open(TEMP + '/new', 'w').write('x')",
    "write over a file": "open(TEMP + '/grading.toml', 'w').write('x')",
    "append to a file": "open(TEMP + '/grading.toml', 'a').write('x')",
    "write through /proc/self/fd": "open(f'/proc/self/fd/{OPENED}', 'w').write('x')",
    "hold a bare path": "os.open('/', os.O_PATH)",
    "truncate": "os.truncate(TEMP + '/grading.toml', 0)",
    "remove": "os.unlink(TEMP + '/grading.toml')",
    "rename": "os.rename(TEMP + '/grading.toml', TEMP + '/other')",
    "make a directory": "os.mkdir(TEMP + '/folder')",
    "make a symbolic link": "os.symlink('/', TEMP + '/link')",
    "make a hard link": "os.link(TEMP + '/grading.toml', TEMP + '/hard')",
    "make a fifo": "os.mkfifo(TEMP + '/fifo')",
    "change the mode": "os.chmod(TEMP + '/grading.toml', 0o777)",
    "change the mode of an open file": "os.fchmod(OPENED, 0o777)",
    "change the times": "os.utime(TEMP + '/grading.toml', (0, 0))",
    "change the owner": "os.chown(TEMP + '/grading.toml', os.getuid(), os.getgid())",
    "change the working directory": "os.chdir(TEMP)",
    "change the mask": "os.umask(0)",
    "read a link": "os.readlink('/proc/self/exe')",
    "TCP": "import socket; socket.socket(socket.AF_INET, socket.SOCK_STREAM)",
    "UDP": "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "unix socket": "import socket; socket.socket(socket.AF_UNIX)",
    "pair of sockets": "import socket; socket.socketpair()",
    "fork": "os.fork() or os._exit(0)",
    "spawn": "os.posix_spawn('/bin/true', ['true'], {})",
    "subprocess": "import subprocess; subprocess.run(['/bin/true'])",
    "shell": "if os.system('true') != 0: raise OSError",
    "thread": "import threading; threading.Thread(target=print, daemon=True).start()",
    "ask whether the parent lives": "os.kill(PARENT, 0)",
    "kill another process": "os.kill(VICTIM, 9)",
    "signal another process by queue": "c('sigqueue', VICTIM, 0, 0)",
    "pidfd": "os.pidfd_open(VICTIM)",
    "priority": "os.setpriority(os.PRIO_PROCESS, 0, 19)",
    "scheduling": "os.sched_setaffinity(0, PROCESSORS)",
    "ask about another process": "os.sched_getaffinity(VICTIM)",
    "limit another process": "resource.prlimit(VICTIM, resource.RLIMIT_CPU, (1, 1))",
    "change its own limit": "resource.setrlimit(resource.RLIMIT_CORE, CORE)",
    "undo 'not dumpable'": "c('prctl', 4, 1, 0, 0, 0)",
    "outlive the parent": "c('prctl', 1, 0, 0, 0, 0)",
    "memory in a descriptor": "os.memfd_create('x')",
    "System V shared memory": "c('shmctl', c('shmget', 0, 4096, 0o1600), 0, 0)",
    "POSIX shared memory": "from multiprocessing import shared_memory as s; s.SharedMemory(None, True, 9).unlink()",
    "pipe": "os.pipe()",
    "eventfd": "os.eventfd(0)",
    "timer": "import signal; signal.setitimer(signal.ITIMER_REAL, 1000)",
    "own a descriptor's signals": "import fcntl; fcntl.fcntl(0, 8, VICTIM)",
    "change a descriptor's mode": "import fcntl; fcntl.fcntl(OPENED, fcntl.F_SETFL, os.O_NONBLOCK)",
    "watch files": "c('inotify_init1', 0)",
    "import a neighbour of NumPy": "import pytest",
    "import from a folder that isn't allowed": "import planted",
}  # fmt: skip

# These need privileges, spare kernels or would do harm without the lock.
ATTACKS_WITHOUT_CONTROL = {
    "import torch": "import torch",
    "an unnamed temporary file": "os.open(TEMP, os.O_TMPFILE | os.O_RDWR)",
    "grow beyond the memory limit": "x = np.empty(2**29)",
    "execute": "os.execv('/bin/echo', ['echo', 'breached'])",
    "kill everyone": "os.kill(-1, 9)",
    "kill the group": "os.kill(0, 9)",
    "kill the parent": "os.kill(PARENT, 9)",
    "trace": "c('ptrace', 16, VICTIM, 0, 0)",
    "read another's memory": "c('process_vm_readv', VICTIM, 0, 0, 0, 0, 0)",
    "io_uring": "c('syscall', 425, 8, ctypes.create_string_buffer(120))",
    "clone3": "c('syscall', 435, ctypes.create_string_buffer(88), 88)",
    "openat2": "c('syscall', 437, -100, b'/', ctypes.create_string_buffer(24), 24)",
    "become another user": "os.setuid(12345)",
    "become its own user": "os.setuid(os.getuid())",
    "take a capability back": "c('capset', b'\\x22\\x05\\x08\\x20' + bytes(4), b'\\xff' * 24)",
    "change the root": "os.chroot('/')",
    "mount": "c('mount', b'none', TEMP.encode(), b'tmpfs', 0, 0)",
    "new namespaces": "c('unshare', 0x10000000)",
    "a larger address space": "resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
}

MODULES = """
    abc argparse array ast asyncio base64 bisect calendar cmath cmd codecs collections colorsys configparser
    contextlib copy copyreg csv ctypes dataclasses datetime decimal difflib dis email.message enum fnmatch
    fractions functools gc getpass glob gzip hashlib heapq hmac html http.client inspect io itertools json
    keyword linecache logging lzma math multiprocessing numbers operator pathlib pdb pickle platform pprint
    queue random re secrets shelve shutil sqlite3 ssl statistics string struct subprocess tempfile textwrap
    threading timeit token tokenize traceback types typing unittest.mock urllib.request uuid warnings weakref
    zipfile zlib zoneinfo
"""

WORK = {
    "linear algebra": "a = np.eye(200) + 1; np.linalg.inv(a) @ a; np.linalg.svd(a); np.linalg.eigh(a)",
    "a product of large matrices": "a = np.ones((500, 500)); assert (a @ a)[0, 0] == 500",
    "Fourier transforms": "import numpy.fft; assert np.allclose(np.fft.ifft(np.fft.fft(np.arange(9.))), np.arange(9))",
    "random numbers": "import numpy.random; np.random.default_rng(1).normal(size=9); np.random.default_rng()",
    "saving in memory": "import io; f = io.BytesIO(); np.save(f, np.ones(3)); f.seek(0); assert np.load(f).sum() == 3",
    "masked arrays and polynomials": "import numpy.ma, numpy.polynomial; np.polyfit([0, 1, 2.], [0, 1, 4], 2)",
    "NumPy's own checks": "np.testing.assert_allclose([1.0], [1.0])",
    "printing arrays": "assert str(np.arange(2000)) and repr(np.float64(1))",
    "standard modules": f"for name in {MODULES.split()}: __import__(name)",
    "sleeping": "import time; time.sleep(0.01)",
    "waiting": "import select; select.select([], [], [], 0.001)",
    "warnings": "import warnings; warnings.warn('x'); np.log(np.zeros(1))",
    "tracebacks with source lines": """
import json, traceback
try: json.loads('{')
except ValueError: assert 'return _default_decoder.decode(s)' in traceback.format_exc()""",
    "deep recursion": """
def f(n): return f(n + 1)
try: f(0)
except RecursionError: pass""",
    "classes and annotations": """
from dataclasses import dataclass
@dataclass
class P: x: int
assert P(1) == P(1)""",
    "digests": "import hashlib; assert hashlib.sha256(b'x').hexdigest() and hashlib.md5(b'x').digest()",
    "time zones": "import datetime, zoneinfo; datetime.datetime.now().astimezone()",
    "processor time": "import time; time.process_time(); time.perf_counter(); time.monotonic()",
    "asking for limits": "resource.getrlimit(resource.RLIMIT_AS); resource.getrusage(resource.RUSAGE_SELF)",
    "asking who it is": "import platform; os.getpid(); os.getuid(); os.getcwd(); platform.platform()",
    "asking how many processors there are": "os.cpu_count(); os.sched_getaffinity(0)",
    "a hundred megabytes": "x = np.ones(100 * 2**17); assert x.sum() == x.size",
    "locks": "import threading; threading.Lock().acquire(timeout=0.01)",
    "functions of C": "import ctypes; assert ctypes.CDLL(None).abs(-3) == 3",
    "pickles": "import pickle; assert (pickle.loads(pickle.dumps(np.arange(3))) == np.arange(3)).all()",
    "collecting garbage": "import gc; gc.collect()",
}


@dataclass(frozen=True)
class Place:
    """A folder open to every user, holding a course to steal, and another process of the same user to harm."""

    folder: Path
    victim: subprocess.Popen[bytes]

    def run(
        self, code: str, *, interpreter: str = sys.executable, user: int | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run the code after BEGIN in a fresh process; its output goes to pipes, since no file may grow."""
        begin = BEGIN.format(packages=str(PACKAGES), root=str(ROOT), temp=str(self.folder), victim=self.victim.pid)
        command = [interpreter, "-I", "-S", "-B", "-c", begin + code]
        # A group of its own: "kill the group" must not reach the tests, should it ever work.
        return subprocess.run(
            command,
            env=QUIET,
            capture_output=True,
            check=False,
            text=True,
            timeout=60,
            user=user,
            cwd="/",
            process_group=0,
        )

    def says(self, code: str) -> str:
        """What the code printed; its errors fail the test."""
        done = self.run(code)
        assert done.returncode == 0, done.stderr or done
        return done.stdout.strip()


def places(user: int | None) -> Iterator[Place]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        for file in ("grading.toml", "planted.py"):
            (folder / file).write_text("secret = 1\n")
            (folder / file).chmod(0o666)
        if user is not None:
            os.chown(folder / "grading.toml", user, user)
        # The victim sleeps in C: waiting for a signal needs nothing else.
        with subprocess.Popen(["sleep", "60"], user=user) as victim:
            yield Place(folder, victim)
            victim.kill()


@pytest.fixture
def place() -> Iterator[Place]:
    yield from places(None)


def _official() -> bool:
    if sys.platform != "linux":
        return False
    begin = BEGIN.format(packages=str(PACKAGES), root=str(ROOT), temp="", victim=0)
    command = [sys.executable, "-I", "-S", "-B", "-c", begin + "print(lock().official)"]
    return subprocess.run(command, env=QUIET, capture_output=True, text=True, check=False).stdout.strip() == "True"


on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these layers")
protected = pytest.mark.skipif(not _official(), reason="this kernel, or the container around it, lacks a layer")


@protected
@pytest.mark.parametrize("name", [*ATTACKS, *ATTACKS_WITHOUT_CONTROL])
def test_attack_is_refused(place: Place, name: str) -> None:
    """After locking, the attack meets an exception; the victim lives and the course is as it was."""
    attack = ATTACKS.get(name) or ATTACKS_WITHOUT_CONTROL[name]
    assert place.says(f"lock(); print(attempt({attack!r}))").startswith("held")
    assert place.victim.poll() is None
    assert (place.folder / "grading.toml").read_text() == "secret = 1\n"
    assert sorted(path.name for path in place.folder.iterdir()) == ["grading.toml", "planted.py"]


@on_linux
@pytest.mark.parametrize("name", ATTACKS)
def test_attacks_are_real(place: Place, name: str) -> None:
    """Without the lock the same attack succeeds: that it is refused above is the lock's doing."""
    assert place.says(f"print(attempt({ATTACKS[name]!r}))") == "breached"


@protected
@pytest.mark.parametrize("name", WORK)
def test_work_goes_on(place: Place, name: str) -> None:
    """Legitimate work, its modules first imported after locking, runs as if there were no lock."""
    assert place.says(f"lock()\n{WORK[name]}\nprint('fine')").splitlines()[-1] == "fine"


@protected
def test_every_layer_is_observed(place: Place) -> None:
    """Where everything holds, all five layers are named, none is missing, and grading may be official."""
    said = place.says("p = lock(); print(len(p.layers), p.missing, p.official)")
    assert said == "5 () True"


@on_linux
@pytest.mark.parametrize(("locked", "closed"), [("lock()", True), ("", False)], ids=["locked", "as it was"])
def test_nobody_else_of_the_same_user_looks_inside(place: Place, locked: str, closed: bool) -> None:
    """The memory and the descriptors of a locked process are closed to others, which no filter of its own could do."""
    begin = BEGIN.format(packages=str(PACKAGES), root=str(ROOT), temp=str(place.folder), victim=place.victim.pid)
    code = f"{begin}{locked}\nprint('ready', flush=True)\nsys.stdin.read()"
    command = [sys.executable, "-I", "-S", "-B", "-c", code]
    with (
        ordinary(),
        subprocess.Popen(command, env=QUIET, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process,
    ):
        assert process.stdin is not None and process.stdout is not None and process.stdout.readline() == "ready\n"
        for name in ("cwd", "fd/0", "mem"):
            assert _is_open(f"/proc/{process.pid}/{name}") is not closed, name
        process.stdin.close()


def _is_open(path: str) -> bool:
    try:
        os.close(os.open(path, os.O_RDONLY))
    except PermissionError:
        return False
    return True


@on_linux
def test_second_thread_is_refused(place: Place) -> None:
    """A process with two threads isn't locked at all: the filters would bind only one of them."""
    code = """
import threading
stop = threading.Event()
threading.Thread(target=stop.wait).start()
before = resource.getrlimit(resource.RLIMIT_FSIZE)
try: lock()
except RuntimeError as error: print(error, resource.getrlimit(resource.RLIMIT_FSIZE) == before)
stop.set()
"""
    assert place.says(code) == ("cannot lock a process with 2 threads: set OPENBLAS_NUM_THREADS=1 and start none True")


@protected
@pytest.mark.parametrize(
    ("ignoring", "ends_by"), [("", signal.SIGXCPU), ("signal.signal(signal.SIGXCPU, signal.SIG_IGN)", signal.SIGKILL)]
)
def test_endless_loop_ends(place: Place, ignoring: str, ends_by: signal.Signals) -> None:
    """A loop ends when the processor time is used up, by SIGKILL a second later when it ignores the first signal."""
    done = place.run(f"import signal\nlock(cpu_seconds=1)\n{ignoring}\nwhile True: pass")
    assert done.returncode == -ends_by


@protected
def test_abort_ends_only_itself(place: Place) -> None:
    """abort() works: it needs a signal to itself, and such a crash must look like one to the examiner."""
    assert place.run("lock(); os.abort()").returncode == -signal.SIGABRT


@protected
@pytest.mark.skipif(platform.machine() != "x86_64", reason="only x86_64 has other numbers for the same calls")
@pytest.mark.parametrize(
    "code",
    [
        "c('syscall', 2**30 + 39)",  # x32's getpid
        # i386's getpid: mov eax, 20; int 0x80; ret
        "import mmap; m = mmap.mmap(-1, 4096, prot=7); m.write(bytes.fromhex('b814000000cd80c3'))\n"
        "ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(m)))()",
    ],
)
def test_other_numbers_end_the_process(place: Place, code: str) -> None:
    """System calls by the numbers of x32 or i386 end the process instead of slipping past the filter."""
    assert place.run(f"import mmap; lock()\n{code}").returncode == -signal.SIGSYS


@protected
def test_worker_ends_with_its_examiner(place: Place) -> None:
    """When the process that started the worker ends, the worker does not go on alone."""
    begin = BEGIN.format(packages=str(PACKAGES), root=str(ROOT), temp="", victim=0)
    begin += "lock(); print('locked', flush=True)\nimport time; time.sleep(50)"
    worker = [sys.executable, "-I", "-S", "-c", begin]
    code = f"""
import subprocess
p = subprocess.Popen({worker!r}, stdout=subprocess.PIPE, env=dict(os.environ))
print(p.stdout.readline().decode(), flush=True)
os._exit(0)
"""
    # The worker shares the pipe for errors, so this returns when it has ended too, or else times out.
    command = [sys.executable, "-I", "-S", "-c", "import os" + code]
    done = subprocess.run(command, env=QUIET, capture_output=True, text=True, timeout=20, check=False)
    assert done.stdout.strip() == "locked"


@on_linux
def test_missing_layer_is_said(place: Place) -> None:
    """A kernel without Landlock raises nothing: the layer is named with the kernel's answer, nothing is official."""
    code = """
import errno
def absent(paths): raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
module.landlock.restrict = absent
p = lock()
print("landlock" in p.layers, p.official, *(m for m in p.missing if "landlock" in m))
"""
    assert place.says(code) == (
        "False False landlock: the kernel answered ENOSYS (this kernel, or the container around it, has no such call)"
    )


@on_linux
def test_claims_are_probed(place: Place) -> None:
    """A layer that pretends to be set up and does nothing is found out."""
    code = "module.landlock.restrict = lambda paths: None; module.seccomp.load = lambda: None; print(lock().missing)"
    said = place.says(code)
    assert "landlock: it was set up, yet" in said
    assert "seccomp: it was set up, yet" in said


@on_linux
@pytest.mark.parametrize(("system", "layers"), [("darwin", "('resource limits',)"), ("win32", "()")])
def test_other_systems_promise_nothing(place: Place, system: str, layers: str) -> None:
    """On macOS only the resource limits are claimed, on Windows nothing; both import, neither is official."""
    code = f"""
sys.platform = {system!r}
p = module.lock(readable=(), memory_bytes=2**31, cpu_seconds=20)
print(p.layers, p.official, len(p.missing) + len(p.layers))
"""
    assert place.says(code) == f"{layers} False 5"


@on_linux
@pytest.mark.parametrize("limit", ["memory_bytes", "cpu_seconds"])
def test_limits_must_be_positive(place: Place, limit: str) -> None:
    """Zero or less, which the kernel would read as no limit, is refused."""
    assert "limits must be positive" in place.run(f"lock({limit}=-1)").stderr


def _interpreter_for_nobody() -> str | None:
    for candidate in (sys.executable, shutil.which("python3", path="/usr/local/bin:/usr/bin")):
        places = [str(PACKAGES), str(ROOT / "autograder")]
        code = f"import sys; sys.path[:0] = {places}; import numpy, htilde.isolation.lock"
        try:
            command = [candidate or "", "-I", "-S", "-B", "-c", code]
            done = subprocess.run(command, user=NOBODY, env=QUIET, capture_output=True, cwd="/", check=False)
            if done.returncode == 0:
                return candidate
        except OSError:
            continue
    return None


@protected
def test_ordinary_user_is_as_safe(place: Place) -> None:
    """All of it holds for a user without privileges too, in one process that tries every attack in turn."""
    if os.geteuid() != 0:
        pytest.skip("not root: every other test here ran as an ordinary user")
    interpreter = _interpreter_for_nobody()
    if interpreter is None:
        pytest.skip("no interpreter and NumPy here that the user nobody may read")
    attacks = ATTACKS | ATTACKS_WITHOUT_CONTROL
    code = f"""
p = lock()
print(os.getuid(), p.official, p.missing)
for name, attack in {attacks!r}.items(): print(name, '=', attempt(attack), flush=True)
for work in {list(WORK.values())!r}: exec(work)
print('fine')
"""
    for other in places(NOBODY):
        done = other.run(code, interpreter=interpreter, user=NOBODY)
        first, *tries, last = done.stdout.splitlines()
        assert (first, last) == (f"{NOBODY} True ()", "fine"), done.stderr
        assert [line for line in tries if "= held" not in line] == []
        assert len(tries) == len(attacks)
