"""`harvester`, and `python -m harvester`."""

import signal


def main() -> None:
    """Run the command line; Ctrl-C ends it without a word, also while it is still being imported."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a command that must tidy up listens for itself
    from harvester.terminal.main import main as run

    run()


if __name__ == "__main__":
    main()
