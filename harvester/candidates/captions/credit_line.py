"""Cuts the credit out of a caption: by `credit_marks` and `credit_agencies`, in any language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from harvester.candidates.captions.credit_agencies import AGENCIES
from harvester.candidates.captions.credit_marks import MARKS, Mark

LONGEST = 140  # characters of a credit; anything longer is a sentence
MOST_WORDS = 16
LONGEST_CAPTION = 4_000  # characters; anything longer is body text, in which no credit is looked for
MOST_PARTS = 24  # separators between names at the end of a caption; with more it is not a credit, and slow to match
_LONGEST_MARK = 40


def cut(pieces: Sequence[str]) -> tuple[str | None, str | None]:
    """Split a caption, given in the pieces in which it is laid out, into its text and its credit."""
    if sum(map(len, pieces)) > LONGEST_CAPTION:
        return _tidy(" ".join(pieces)) or None, None
    said, credited = _separated(pieces)
    if not credited and len(said) > 1 and _is_signed(said[-1]):
        credited.append(_LABEL_AT_START.sub("", said.pop()))
    caption = " ".join(said)
    for form in (_in_brackets, _after_mark, _at_the_end):
        if credited:
            break
        caption, found = form(caption)
        credited = [found] if found else []
    return _tidy(caption) or None, joined(credit.strip("/ ") for credit in credited)


def without_mark(credit: str) -> str:
    """Return the name in *credit*, without mark and enclosing brackets; empty where there is only a mark."""
    bare = _unbracketed(credit.strip())
    return _unbracketed(_MARK_AT_START.sub("", bare).strip(_EDGE))


def is_signature(text: str) -> bool:
    """Return whether *text* does nothing but credit somebody."""
    return _is_credit(text) or _ONLY_AGENCY.fullmatch(text) is not None


def joined(names: Iterable[str]) -> str | None:
    """Join credits with ` / `, each once and none that another one contains; None when there are none."""
    kept: list[str] = []
    for name in names:
        if name and not any(name.casefold() in other.casefold() for other in kept):
            kept = [other for other in kept if other.casefold() not in name.casefold()]
            kept.append(name)
    return " / ".join(kept) or None


def _marks_at(where: str) -> list[Mark]:
    return [mark for mark in MARKS if mark.where == where]


def _alternation(words: Iterable[str]) -> str:
    return "(?:" + "|".join(words) + ")"


_LABEL = _alternation(rf"{_alternation(mark.words)}\s*(?:{mark.joins})" for mark in _marks_at("label"))
_BARE_LABEL = _alternation(word for mark in _marks_at("label") for word in mark.words)
_ONLY_LABEL = re.compile(rf"{_BARE_LABEL}|{_LABEL}", re.IGNORECASE)
_SIGN = _alternation(word for mark in _marks_at("sign") for word in mark.words)
_AGENCY = rf"(?<!\w){_alternation(AGENCIES)}(?!\w)"
_MARK = rf"(?<![\w@/])(?:{_LABEL}|(?:{_BARE_LABEL}\s*)?{_SIGN})\s*[:：]?\s*"
# Every sign contains one of these, or every label is followed by one, in lower case; a search for them is fast.
_HINTS = (*": ： ... … = ＝ © ⓒ ℗ (c) copyright courtesy fot. dok.".split(), " by", " par", " de")
_STROKES = ("/", "／")  # after labels in scripts other than Latin
_MARK_AT_START = re.compile(rf"^[\W_]{{0,4}}(?:{_MARK})+", re.IGNORECASE)
_MARK_AT_END = re.compile(rf"(?:^|\s){_MARK}$", re.IGNORECASE)
_JOINED = (":", "：", "=", "＝", "…", "...")
_MARKED = re.compile(rf"[(\[（【［]?\s*{_MARK}")  # for lower-case texts, which takes half the time of ignoring case
_AFTER = _alternation(word for mark in _marks_at("after") for word in mark.words)
_BRACKETS = {"(": ")", "[": "]", "（": "）", "【": "】", "［": "］"}
_ENCLOSING = frozenset((*_BRACKETS, *_BRACKETS.values()))
_IN_BRACKETS = re.compile(r"[(\[（【［]([^()\[\]（）【】［］]{1,140})[)\]）】］]")
_IN_BRACKETS_AT_END = re.compile(_IN_BRACKETS.pattern + r"[\s.。]*$")
_NAMES = re.compile(rf"{_AGENCY}|\w\s?/\s?\w|{_AFTER}$")
_WORD = r"(?:(?:(?<!\w)[^\W\d_]{1,2}\.)+[^\s/|;:!?().]*|[^\s/|;:!?().]+)"
_PERSON = re.compile(r"(?:[A-ZÀ-ÞĀ-Ž][^\s\d()/]*\s){1,3}[A-ZÀ-ÞĀ-Ž][^\s\d()/]*$")
_NAME = rf"{_WORD}(?: {_WORD}){{0,5}}"
_OF_AGENCY = "Photos?|PHOTOS?|Images?|Wire|Pool|Sports|Stock|연합뉴스|뉴시스|뉴스1"
_FROM_AGENCY = rf"{_AGENCY}(?: (?:{_OF_AGENCY}))*(?:\s?(?:[/|,(–-]|via)\s?{_NAME}\)?){{0,3}}"
_AGENCY_AT_END = re.compile(
    rf"(?:(?<=[.!?。！？…»”\"')\]）।।])\s*|\s[-–—|/]+\s*)(?:(?i:{_BARE_LABEL})\s)?"
    rf"(?:[가-힣]{{2,8}}\s?=\s?)?"  # Korean papers put the place before it: Seoul=Agency
    rf"(?P<name>(?:{_NAME}\s?(?:[/|,–-]|via)\s?){{0,3}}{_FROM_AGENCY})[\s.]*$"
)
_ONLY_AGENCY = re.compile(rf"^(?P<name>(?:{_NAME}\s?(?:/|via)\s?){{0,3}}{_FROM_AGENCY})[\s.]*$")
_LABEL_AT_START = re.compile(rf"^{_BARE_LABEL}\s(?=\S)", re.IGNORECASE)
_NAME_AND_AGENCY = re.compile(rf"{_NAME} \((?:{_NAME}\s?[/-]\s?)?{_AGENCY}\)")
_PHOTO_AND_NAME = re.compile(rf"(?:Photos?|PHOTOS?|Fotos?|FOTOS?|Bild) (?=[A-ZÀ-ÞĀ-Ž]){_NAME}(?:\s?[/|]\s?{_NAME})?")
_STROKE_AT_END = re.compile(r"(?:^|(?<=[.!?…”\"])\s+)(?:photo|foto|picture)s?\s/\s(?P<name>[^/]+)$", re.IGNORECASE)
_BEFORE_AFTER = (  # what may come before a name that is recognised by the word after it
    r"\s[/|–—-]\s+|(?<=\.)\s+|(?<=\.)\s*/\s*|(?<=[。！？])\s*|\s(?=(?:新华社|新華社|中新社|人民网|本报))|、(?=[^、。＝]{2,12}撮影$)"
)
_AFTER_AT_END = re.compile(rf"(?:{_BEFORE_AFTER})(?P<name>[^|。]{{2,60}}?{_AFTER})\W*$", re.IGNORECASE)
_PIPE_AT_END = re.compile(rf"\s\|\s*(?P<name>{_NAME})\s*$")
_PARTING = re.compile(r"[/|,–-]")
_EDGE = " \t\n|/–—-:;,·•"


def _separated(pieces: Sequence[str]) -> tuple[list[str], list[str]]:
    """Separate the pieces that are a credit, with a mark before them, in them or as a piece, from the others."""
    said: list[str] = []
    credited: list[str] = []
    is_announced = False
    for piece in pieces:
        is_label = _ONLY_LABEL.fullmatch(piece) is not None
        if credited and (piece.startswith("/") or credited[-1].endswith("/")):
            credited[-1] += piece
        elif _is_credit(piece) or (is_announced and _may_be_credit(piece)):
            credited.append(without_mark(piece))
        elif not is_label:
            said.append(piece)
        is_announced = is_label
    return said, credited


def _is_signed(last: str) -> bool:
    """Return whether the last of several pieces is a credit: an agency, a name with one, or `Photo` and a name."""
    return any(form.fullmatch(last) for form in (_ONLY_AGENCY, _NAME_AND_AGENCY, _PHOTO_AND_NAME))


def _is_credit(piece: str) -> bool:
    marked = _MARK_AT_START.match(piece)
    return marked is not None and _may_follow(marked[0], piece[marked.end() :])


def _may_follow(mark: str, name: str) -> bool:
    """Return whether *name* may be the credit after *mark*: `Foto de familia` shows a family."""
    is_of = mark.rstrip().lower().endswith(" de")
    return _may_be_credit(name) and (not is_of or name[:1].isupper())


def _may_be_credit(name: str) -> bool:
    name = name.strip(_EDGE)
    return 0 < len(name) <= LONGEST and len(name.split()) <= MOST_WORDS and re.search(r"\w", name) is not None


def _in_brackets(text: str) -> tuple[str, str | None]:
    for found in _IN_BRACKETS.finditer(text):
        if _is_credit(found[1]):
            return text[: found.start()] + text[found.end() :], without_mark(found[1])
    last = _IN_BRACKETS_AT_END.search(text)
    if last and _may_be_credit(last[1]) and _names_somebody(text[: last.start()], last[1].strip()):
        return text[: last.start()], last[1].strip()
    return text, None


def _names_somebody(before: str, bracketed: str) -> bool:
    """Return whether brackets at the end of a caption hold a credit: an agency, a name after a sentence."""
    if _NAMES.search(bracketed) or not before.strip():
        return True
    return before.rstrip().endswith((".", "!", "?", "…")) and bool(_PERSON.match(bracketed))


def _after_mark(text: str) -> tuple[str, str | None]:
    lower = _lower(text)
    hint = _first_hint(lower)  # many captions have none, and matching all marks is slow
    found = None if hint is None else _MARKED.search(lower, max(0, hint - _LONGEST_MARK))
    if found and _may_follow(found[0], name := text[found.end() :]):
        return text[: found.start()], without_mark(name)
    return text, None


def _lower(text: str) -> str:
    """Return *text* in lower case at the same length: letters that would become two stay as they are."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(low if len(low := c.lower()) == 1 else c for c in text)


def _first_hint(lower: str) -> int | None:
    """Return where the first mark may end, or None when there is none."""
    hints = _HINTS if lower.isascii() else _HINTS + _STROKES
    return min((lower.find(hint) for hint in hints if hint in lower), default=None)


def _at_the_end(text: str) -> tuple[str, str | None]:
    tail = max(0, len(text) - LONGEST)
    agency = (_AGENCY_AT_END,) if len(_PARTING.findall(text, tail)) <= MOST_PARTS else ()
    for form in (*agency, _AFTER_AT_END, _PIPE_AT_END, _ONLY_AGENCY, _STROKE_AT_END):
        found = form.search(text, tail)
        if found and _may_be_credit(found["name"]):
            return text[: found.start()], found["name"].strip(_EDGE)
    return text, None


def _unbracketed(text: str) -> str:
    """Return *text* without brackets around all of it, and without a bracket that has lost its partner."""
    if text and _BRACKETS.get(text[0]) == text[-1]:
        text = text[1:-1].strip()
    if text[:1] not in _ENCLOSING and text[-1:] not in _ENCLOSING:
        return text
    for opening, closing in _BRACKETS.items():
        if text.endswith(closing) and opening not in text:
            text = text[:-1].strip()
        if text.startswith(opening) and closing not in text:
            text = text[1:].strip()
    return text


def _tidy(caption: str) -> str:
    """Fold white space and drop what the removed credit leaves at the end of a caption: a mark, a bar, a bracket."""
    text = " ".join(caption.split())
    if text.endswith(_JOINED) and len(text) <= LONGEST_CAPTION:
        text = _MARK_AT_END.sub("", text)
    return text.rstrip("|/–—-([（、 ")
