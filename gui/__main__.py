"""The entry of the program: the command line."""

from gui.cli import main

if __name__ == "__main__":
    main()
