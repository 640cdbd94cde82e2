"""`evalsys` and `python -m evalsys`."""

from evalsys.cli.main import main

if __name__ == "__main__":
    main()
