"""Makes this directory an nbgrader course: nbgrader's own commands then examine with the kit."""

try:
    from htilde.nbgrader.configuration import configure
except ImportError as error:  # nbgrader would log this and go on: unprotected, with its own defaults
    raise SystemExit(f"nbgrader_config.py: {error}. Install the kit: pip install -e '.[instructor]'") from error

configure(get_config(), __file__)  # noqa: F821 (nbgrader puts get_config here)
