"""HTTP, as a good guest: guarded, polite, patient, and always bounded in time and size."""

from harvester.web.answers import Answer, Response
from harvester.web.checks import check
from harvester.web.session import Web

__all__ = ["Answer", "Response", "Web", "check"]
