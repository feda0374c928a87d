"""Where the project lies, for tests that read its files or start it."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
