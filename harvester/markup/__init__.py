"""From bytes to a tree: charset, repair of tags that lost their white space, limits, then Lexbor."""

from harvester.markup.charset import decode, reader_of
from harvester.markup.document import Document, Node, ancestors, attributes, parse, text_of, walk
from harvester.markup.json_ld import types_of
from harvester.markup.repair import repair

__all__ = [
    "Document",
    "Node",
    "ancestors",
    "attributes",
    "decode",
    "parse",
    "reader_of",
    "repair",
    "text_of",
    "types_of",
    "walk",
]
