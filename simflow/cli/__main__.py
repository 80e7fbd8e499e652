"""``python -m simflow.cli``: the same as ``simflow``."""

from simflow.cli import main

if __name__ == "__main__":
    main()
