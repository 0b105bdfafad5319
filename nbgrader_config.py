"""Makes this directory an nbgrader course: nbgrader's own commands then examine with the kit."""

from autograder.nbgrader_setup import configure

configure(get_config())  # noqa: F821 (nbgrader puts get_config here)
