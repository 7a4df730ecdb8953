"""``python -m booktools``: the command line."""

import sys

from booktools.cli import main

if __name__ == "__main__":
    sys.exit(main())
