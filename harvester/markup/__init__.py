"""From bytes to a tree: charset, repair of tags that lost their white space, limits, then Lexbor."""

from harvester.markup.charset import decode, reader_of
from harvester.markup.document import Document, Node, ancestors, attributes, parse, text_of
from harvester.markup.json_ld import types_of
from harvester.markup.json_values import joined_halves, value_at, with_whole_letters
from harvester.markup.repair import repair

__all__ = [
    "Document",
    "Node",
    "ancestors",
    "attributes",
    "decode",
    "joined_halves",
    "parse",
    "reader_of",
    "repair",
    "text_of",
    "types_of",
    "value_at",
    "with_whole_letters",
]
