"""What is remembered between runs: SQLite behind one class.

Index tables (articles, aliases, files, failures) repeat what the manifests say and can be rebuilt from them; losing the
memory tables (robots, holds, refusals, feeds, missed) only costs requests.
"""

from harvester.state.connecting import copy, is_half
from harvester.state.rows import Failure, Known, Missed, Stored
from harvester.state.timely import State

__all__ = ["Failure", "Known", "Missed", "State", "Stored", "copy", "is_half"]
