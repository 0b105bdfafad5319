"""Drive JupyterLab in a headless Chromium as a student would: a server, a browser, and what can be done in them.

Nothing leaves 127.0.0.1, nothing is read from or written to the user's own settings, and everything ends with the
``with`` block.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from clone import ROOT
from htilde.authoring.master import read_master
from htilde.course import load_course

if TYPE_CHECKING:
    from selenium.webdriver.chrome.webdriver import WebDriver
    from selenium.webdriver.remote.webelement import WebElement

T = TypeVar("T")
PATIENCE = 90
"""Seconds that anything may take on a busy machine before it counts as never."""

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--hide-scrollbars",
    "--lang=en-US",
    "--force-color-profile=srgb",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
SETTINGS: dict[str, dict[str, Any]] = {
    # Every cell is in the page, also what is scrolled away.
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"checkForUpdates": False, "fetchNews": "false"},
}


def missing() -> str:
    """Return what is needed and isn't installed, or nothing."""
    programs = [name for name in ("chromium", "chromedriver") if not _program(name)]
    modules = [
        name for name in ("selenium", "jupyterlab", "matplotlib", "sklearn") if not importlib.util.find_spec(name)
    ]
    return ", ".join(programs + modules)


def _program(name: str) -> str | None:
    others = {"chromium": ("chromium-browser", "google-chrome")}
    return next((found for each in (name, *others.get(name, ())) if (found := shutil.which(each))), None)


def references(assignment: str) -> dict[str, str]:
    """Return the reference's cell for each exercise."""
    course = load_course(ROOT / "grading.toml")
    listed = course.assignment(assignment)
    master = read_master(course.master(assignment), listed.exercises, tuple(listed.written))
    return {cell.exercise: cell.source for cell in master.cells if cell.exercise}


@contextmanager
def jupyterlab(folder: Path, own: Path, *, dark: bool = False) -> Iterator[str]:
    """Start a server in ``folder`` that keeps its own files in ``own``, and yield its address."""
    settings = SETTINGS | {"apputils-extension/themes": {"theme": f"JupyterLab {'Dark' if dark else 'Light'}"}}
    for name, setting in settings.items():
        path = own / "config" / "lab" / "user-settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(setting), encoding="utf-8")
    labconfig = own / "config" / "labconfig" / "page_config.json"
    labconfig.parent.mkdir(parents=True, exist_ok=True)
    labconfig.write_text(json.dumps({"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}))
    places = {"CONFIG": "config", "DATA": "data", "RUNTIME": "runtime"}
    environment = _environment(own) | {f"JUPYTER_{name}_DIR": str(own / place) for name, place in places.items()}
    options: dict[str, dict[str, object]] = {
        "ServerApp": {"ip": "127.0.0.1", "port": _free_port(), "allow_root": True, "root_dir": str(folder)},
        "IdentityProvider": {"token": ""},
        "LabApp": {
            "open_browser": False,
            "expose_app_in_browser": True,
            "extension_manager": "readonly",
            "user_settings_dir": str(own / "config" / "lab" / "user-settings"),
            "workspaces_dir": str(own / "workspaces"),
        },
    }
    arguments = [f"--{part}.{name}={value}" for part, values in options.items() for name, value in values.items()]
    with (own / "server.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield _address(server, own)
        finally:
            _end(server)


def _environment(own: Path) -> dict[str, str]:
    home = own / "home"
    home.mkdir(exist_ok=True)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "XDG_"))}
    return inherited | {
        "HOME": str(home),
        "IPYTHONDIR": str(home / ".ipython"),
        "MPLCONFIGDIR": str(home / "matplotlib"),
        "PYTHONPATH": str(ROOT / "autograder"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _address(server: subprocess.Popen[bytes], own: Path) -> str:
    """Return the address of the server, which it writes down once it listens. It may have taken another port."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for path in (own / "runtime").glob("jpserver-*.json"):
            with contextlib.suppress(ValueError, OSError):  # not yet whole
                found = json.loads(path.read_text(encoding="utf-8"))
                with socket.create_connection(("127.0.0.1", found["port"]), timeout=1):
                    return f"http://127.0.0.1:{found['port']}"
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab didn't start:\n{(own / 'server.log').read_text(encoding='utf-8')[-3000:]}")


def _end(process: subprocess.Popen[bytes], patience: float = 10) -> None:
    """End a process kindly, so that it ends what it started, then whatever is left of its group."""
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(patience)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def chromium(own: Path, *, width: int = 1200, height: int = 900, scale: float = 1) -> Iterator[Browser]:
    """Start a browser that keeps its own files in ``own``."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(_program("chromium"))
    sizes = [f"--window-size={width},{height}", f"--force-device-scale-factor={scale}"]
    for flag in [*FLAGS, *sizes, f"--user-data-dir={own / 'profile'}"]:
        options.add_argument(flag)
    service = Service(
        _program("chromedriver"),
        env=_environment(own),
        log_output=str(own / "chromedriver.log"),
        popen_kw={"start_new_session": True},
    )
    try:
        driver = webdriver.Chrome(options=options, service=service)
        driver.set_script_timeout(PATIENCE)
        driver.set_page_load_timeout(PATIENCE)
        # JupyterLab's current widget is the focused one, and a headless window has no focus of its own.
        driver.execute_cdp_cmd("Emulation.setFocusEmulationEnabled", {"enabled": True})
        yield Browser(driver)
        driver.quit()
    finally:
        if process := getattr(service, "process", None):  # it has none where it couldn't be started
            _end(process)


class Browser:
    """What a student does and sees. A cell is named by its id, or by what nbgrader calls it."""

    def __init__(self, driver: WebDriver) -> None:
        self.driver = driver

    def open(self, address: str, notebook: str) -> None:
        """Open a notebook and wait until its kernel does."""
        self.driver.get(f"{address}/lab/tree/{notebook}?reset")
        ready = "return Boolean(window.jupyterapp?.shell.currentWidget?.content?.widgets?.length)"
        self.until(lambda: self.driver.execute_script(ready), "JupyterLab shows the notebook")
        self._await(
            "const panel = jupyterapp.shell.currentWidget; return panel.context.ready"
            ".then(() => panel.sessionContext.ready).then(() => panel.sessionContext.session.kernel.info)"
        )
        self.until(lambda: not self.driver.find_elements("id", "jupyterlab-splash"), "the splash is gone")

    def command(self, name: str) -> None:
        """Run a menu's entry and wait for its end."""
        self._await(f"return jupyterapp.commands.execute({name!r})")

    def cell(self, name: str) -> WebElement:
        """Return a cell of the notebook."""
        found: WebElement = self.driver.execute_script(f"return ({_CELL})(arguments[0]).node", name)
        return found

    def write(self, name: str, source: str) -> None:
        """Replace what stands in a cell, by hand."""
        from selenium.webdriver import ActionChains, Keys

        self.look_at(name)
        editor = self.cell(name).find_element("css selector", ".cm-content")
        ActionChains(self.driver).click(editor).key_down(Keys.CONTROL).send_keys("a").key_up(Keys.CONTROL).perform()
        self.driver.execute_cdp_cmd("Input.insertText", {"text": source})
        written = f"return ({_CELL})(arguments[0]).model.sharedModel.getSource() === arguments[1]"
        self.until(lambda: self.driver.execute_script(written, name, source), f"{name} holds what was typed")

    def experiments(self) -> list[str]:
        """Return the ids of the cells that draw and, last, of the one that checks the whole notebook."""
        tagged = "cell => (cell.model.getMetadata('tags') ?? []).includes('experiment')"
        ids = f"jupyterapp.shell.currentWidget.content.widgets.filter({tagged}).map(cell => cell.model.id)"
        found: list[str] = self.driver.execute_script(f"return {ids}")
        return found

    def put(self, **sources: str) -> None:
        """Replace what stands in cells, quicker than by hand."""
        for name, source in sources.items():
            self.driver.execute_script(
                f"({_CELL})(arguments[0]).model.sharedModel.setSource(arguments[1])", name, source
            )

    def run(self, *names: str) -> None:
        """Run cells, each by Shift+Enter's command."""
        for name in names:
            self.driver.execute_script(
                f"const book = jupyterapp.shell.currentWidget.content, cell = ({_CELL})(arguments[0]);"
                "book.activeCellIndex = book.widgets.indexOf(cell); book.deselectAll()",
                name,
            )
            self.command("notebook:run-cell")

    def output(self, name: str) -> WebElement:
        """Return the output of a cell."""
        return self.cell(name).find_element("css selector", ".jp-Cell-outputArea")

    def validate(self) -> str:
        """Press nbgrader's button; what its dialog says."""
        self.driver.find_element("css selector", "jp-button[title='Validate Assignment']").click()
        said = self.until(lambda: self.driver.find_element("id", "validation-message").text, "Validate says something")
        return str(said)

    def close_dialog(self) -> None:
        """Press the dialog's button."""
        self.driver.find_element("css selector", ".jp-Dialog .jp-mod-accept").click()
        self.until(lambda: not self.driver.find_elements("css selector", ".jp-Dialog"), "the dialog is gone")

    def text(self, name: str) -> str:
        """Return the text of a cell's output, as soon as there is some. Run All ends once one cell has failed."""
        said = self.until(lambda: self.output(name).text, f"{name} shows something")
        return str(said)

    def look_at(self, name: str, block: str = "start") -> None:
        """Scroll to a cell."""
        script = "arguments[0].scrollIntoView({block: arguments[1], behavior: 'instant'})"
        self.driver.execute_script(script, self.cell(name), block)

    def until(self, what: Callable[[], T], why: str, seconds: float = PATIENCE) -> T:
        """Wait until something is so."""
        from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
        from selenium.webdriver.support.wait import WebDriverWait

        passing = (NoSuchElementException, StaleElementReferenceException)
        waiting = WebDriverWait(self.driver, seconds, poll_frequency=0.1, ignored_exceptions=passing)
        return waiting.until(lambda _: what(), f"waited in vain: {why}")

    def _await(self, script: str) -> None:
        failed = self.driver.execute_async_script(
            f"const done = arguments[0]; (async () => {{ {script} }})().then(() => done(''), e => done(String(e)))"
        )
        assert not failed, failed


_CELL = """name => jupyterapp.shell.currentWidget.content.widgets.find(
    cell => cell.model.id === name || cell.model.getMetadata('nbgrader')?.grade_id === name)"""
