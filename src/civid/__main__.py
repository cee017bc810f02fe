"""``python -m civid`` is the same as ``civid``."""

from civid.cli import main

if __name__ == "__main__":
    main()
