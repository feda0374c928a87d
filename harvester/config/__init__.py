"""The configuration.

`config.toml` at the top of the repository lists every key with its unit and a sentence; a test keeps the two in step.
Nothing here reads the environment: the command line says where to look.
"""

from harvester.config.files import load, parse
from harvester.config.jobs import of_job, span
from harvester.config.reading import access, digest, dump, tables
from harvester.config.sections import (
    CENTURY,
    Candidates,
    Choice,
    Config,
    Job,
    Output,
    State,
    Thumbnails,
    Videos,
    Web,
)

__all__ = [
    "CENTURY",
    "Candidates",
    "Choice",
    "Config",
    "Job",
    "Output",
    "State",
    "Thumbnails",
    "Videos",
    "Web",
    "access",
    "digest",
    "dump",
    "load",
    "of_job",
    "parse",
    "span",
    "tables",
]
