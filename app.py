"""Start the page from a checkout, from any folder, or on a Hugging Face Space."""

import sys

from visualizer.cli import main

if __name__ == "__main__":
    sys.exit(main())
