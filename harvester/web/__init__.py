"""HTTP, as a guest behaves: guarded, polite, patient, and never without an end."""

from harvester.web.answers import Answer, Response
from harvester.web.checks import check
from harvester.web.session import Web

__all__ = ["Answer", "Response", "Web", "check"]
