"""``python -m htilde``."""

from htilde.cli.main import main

main()
