"""Sizes written into a file's name: taken off, the upload itself remains."""

from __future__ import annotations

from harvester.renditions.rules import Rule

NAMES: tuple[Rule, ...] = (
    Rule(
        id="wordpress-size",
        kind="drop_suffix",
        hint="/uploads/",
        find=r"-(?P<w>\d{2,4})x(?P<h>\d{2,4})(?=(?:\.\w{3,4}){1,2}$)",
        examples=(
            (
                "https://site.example/wp-content/uploads/2024/05/harbour-300x200.jpg",
                "https://site.example/wp-content/uploads/2024/05/harbour.jpg",
            ),
        ),
    ),
)
