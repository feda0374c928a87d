"""manifest.json: the model's structs, with an outcome's fields beside those of its image or video.

In memory an outcome is one of four shapes, so that a saved picture without a file cannot be said; on disk its fields
stand flat (`status`, `reason`, `error`, `file`, ...), as readers of JSON expect. Absent facts are null.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from threading import Lock
from typing import Any, TypeVar

import msgspec

from harvester import urls
from harvester.errors import FolderError
from harvester.model import FORMAT, Manifest

Json = dict[str, Any]
T = TypeVar("T")

IMAGE_OUTCOME = (
    "status", "reason", "error", "file", "duplicate_of", "fingerprint", "thumbhash", "rights", "thumbnails",
)  # fmt: skip
VIDEO_OUTCOME = ("retry_after", "status", "reason", "error", "file", "duplicate_of")
_EMPTY: Json = {"thumbnails": []}
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_LEARNING = Lock()


def builtins(manifest: Manifest) -> Json:
    """Return the manifest as plain dicts and lists, as they stand in the file."""
    plain: Json = msgspec.to_builtins(manifest)
    plain = {"format": plain.pop("format"), **plain}
    plain["images"] = [_flat(image, IMAGE_OUTCOME) for image in plain["images"]]
    plain["videos"] = [_flat_video(video) for video in plain["videos"]]
    return plain


def dump(manifest: Manifest, earlier: bytes | None = None) -> bytes:
    """Write the manifest as readable JSON; keys of *earlier* that this version does not know are kept.

    Raises FolderError where such a key is nested too deeply to be written again.
    """
    plain = builtins(manifest)
    if earlier is not None:
        _keep_unknown(_decoded(earlier), plain)
    try:
        return msgspec.json.format(msgspec.json.encode(plain), indent=1) + b"\n"
    except RecursionError:
        raise FolderError("a manifest that is nested too deeply to be written", code="manifest_damaged") from None


def encoded(value: object) -> bytes:
    """Write any value as one line of JSON; a byte of a file's name that is no UTF-8 as its escape (`\\xe9`)."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return msgspec.json.encode(_spelled(msgspec.to_builtins(value)))


def line(manifest: Manifest) -> bytes:
    """Write the manifest as one line of JSON."""
    return msgspec.json.encode(builtins(manifest))


def load(data: bytes) -> Manifest:
    """Read a manifest; raises FolderError when it is damaged or of a newer format."""
    plain = _decoded(data)
    written = plain.get("format")
    if not isinstance(written, int) or written > FORMAT:
        raise FolderError(
            f"a manifest of format {written!r}; this version reads up to {FORMAT}. Use a newer harvester.",
            code="manifest_newer",
        )
    try:
        plain["images"] = [_folded(image, IMAGE_OUTCOME) for image in plain.get("images", ())]
        plain["videos"] = [_folded_video(video) for video in plain.get("videos", ())]
        return shaped(plain, Manifest)
    except (msgspec.ValidationError, AttributeError, TypeError) as error:
        raise FolderError(f"a manifest that does not hold what it must: {error}", code="manifest_damaged") from None


def objects(lines: bytes) -> Iterator[Json]:
    """Yield the JSON object of each line; a line that is none, or was cut off or overwritten, is passed over."""
    for line in lines.splitlines():
        with suppress(*_UNREADABLE):
            plain = msgspec.json.decode(line)
            if isinstance(plain, dict):
                yield plain


def shaped(plain: object, shape: type[T]) -> T:
    """Read plain values as one of the model's types, from any thread; raises msgspec.ValidationError."""
    # msgspec 0.22 learns a type at its first use, and crashes when two threads are the first.
    with _LEARNING:
        return msgspec.convert(plain, shape)


def schema() -> Json:
    """Return the JSON Schema (2020-12) that every written manifest validates against."""
    _, components = msgspec.json.schema_components([Manifest], ref_template="#/$defs/{name}")
    definitions = {name: _all_required(shape) for name, shape in components.items()}
    for name, fields in (("Image", IMAGE_OUTCOME), ("Video", VIDEO_OUTCOME)):
        _flatten_schema(definitions, name, fields)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"harvester manifest, format {FORMAT}",
        **definitions.pop("Manifest"),
        "$defs": definitions,
    }


def _decoded(data: bytes) -> Json:
    try:
        plain = msgspec.json.decode(data)
    except _UNREADABLE as error:
        raise FolderError(f"a manifest that is not JSON: {error}", code="manifest_damaged") from None
    if not isinstance(plain, dict):
        raise FolderError("a manifest that is not a JSON object", code="manifest_damaged")
    return plain


def _spelled(plain: Any) -> Any:
    if isinstance(plain, str):
        return urls.spelled(plain)
    if isinstance(plain, dict):
        return {_spelled(key): _spelled(value) for key, value in plain.items()}
    return [_spelled(value) for value in plain] if isinstance(plain, list | tuple) else plain


def _flat(plain: Json, fields: tuple[str, ...]) -> Json:
    outcome = plain["outcome"]
    result: Json = {}
    for key, value in plain.items():
        if key == "outcome":
            result.update({field: outcome.get(field, _EMPTY.get(field)) for field in fields})
        else:
            result[key] = value
    return result


def _flat_video(plain: Json) -> Json:
    flat = _flat(plain, VIDEO_OUTCOME)
    if flat["poster"] is not None:
        flat["poster"] = _flat(flat["poster"], IMAGE_OUTCOME)
    return flat


def _folded(plain: Json, fields: tuple[str, ...]) -> Json:
    outcome = {field: plain[field] for field in fields if plain.get(field) is not None}
    return {**{key: value for key, value in plain.items() if key not in fields}, "outcome": outcome}


def _folded_video(plain: Json) -> Json:
    folded = _folded(plain, VIDEO_OUTCOME)
    if folded.get("poster") is not None:
        folded["poster"] = _folded(folded["poster"], IMAGE_OUTCOME)
    return folded


def _keep_unknown(old: Json, new: Json) -> None:
    """Carry over what another version wrote and this one has no word for: at the top, in the article, in its media."""
    _carry(old, new, set(Manifest.__struct_fields__))
    if isinstance(old.get("article"), dict):
        _carry(old["article"], new["article"], set(new["article"]))
    for kind in ("images", "videos"):
        theirs = {item.get("number"): item for item in _dicts(old.get(kind))}
        for ours in new[kind]:
            _carry(theirs.get(ours["number"], {}), ours, set(ours))


def _carry(old: Json, new: Json, known: set[str]) -> None:
    new.update({key: value for key, value in old.items() if key not in known})


def _dicts(value: object) -> Iterator[Json]:
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())


def _all_required(shape: Json) -> Json:
    return {**shape, "required": sorted(shape.get("properties", {}))} if shape.get("type") == "object" else shape


def _flatten_schema(definitions: Json, name: str, fields: tuple[str, ...]) -> None:
    """Put the fields of the outcomes beside those of the image, and say which of them each status has."""
    shapes = {tag: definitions[tag.capitalize()] for tag in ("planned", "saved", "skipped", "failed")}
    outcome: Json = {}
    for shape in shapes.values():
        for field in fields:
            if field in shape["properties"] and field != "status":
                outcome.setdefault(field, shape["properties"][field])
    properties = {key: value for key, value in definitions[name]["properties"].items() if key != "outcome"}
    loose = {field: {"anyOf": [_without_default(value), {"type": "null"}]} for field, value in outcome.items()}
    properties |= {"status": {"enum": list(shapes)}, **loose}
    definitions[name] = {
        **definitions[name],
        "properties": properties,
        "required": sorted(properties),
        "oneOf": [_of_status(tag, shape) for tag, shape in shapes.items()],
    }


def _of_status(tag: str, shape: Json) -> Json:
    needed = {"saved": ("file",), "failed": ("error",), "skipped": ("reason",)}.get(tag, ())
    return {"properties": {"status": {"const": tag}, **{field: shape["properties"][field] for field in needed}}}


def _without_default(shape: Json) -> Json:
    return {key: value for key, value in shape.items() if key != "default"}
