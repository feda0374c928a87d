"""`python -m harvester`."""

from harvester.terminal.main import main

main()
