"""From bytes to a tree: charset, repair of tags that lost their white space, then Lexbor."""

from harvester.markup.charset import decode
from harvester.markup.document import Document, Node, ancestors, attributes, parse, text_of, walk
from harvester.markup.repair import repair

__all__ = ["Document", "Node", "ancestors", "attributes", "decode", "parse", "repair", "text_of", "walk"]
