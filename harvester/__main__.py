"""`harvester`, and `python -m harvester`."""

import signal


def main() -> None:
    """Run the command line; Ctrl-C ends it silently, even while modules are still being imported."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a command that must clean up installs its own handler
    from harvester.terminal.main import main as run

    run()


if __name__ == "__main__":
    main()
