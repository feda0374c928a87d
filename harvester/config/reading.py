"""From tables to a configuration and back, with errors that name the key and the nearest valid one."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Sequence
from typing import Any, TypeVar, get_args

import msgspec
from msgspec import structs

from harvester.config.sections import Config, Job, Web
from harvester.errors import UsageError

T = TypeVar("T")


def build(raw: Any, where: str = "config.toml") -> Config:
    """Make a Config from decoded tables, which come from TOML or from flags; raises UsageError."""
    raw = dict(raw) if isinstance(raw, dict) else raw
    jobs = raw.pop("job", []) if isinstance(raw, dict) else []
    if not isinstance(jobs, list):
        raise UsageError(f"{where}: jobs are written [[job]], with two brackets on each side")
    config = _converted(raw, Config, where)
    _check_patterns(config, where)
    return structs.replace(config, job=tuple(_job(job, number, where) for number, job in enumerate(jobs, 1)))


def _job(raw: Any, number: int, where: str) -> Job:
    name = raw.get("name") if isinstance(raw, dict) else None
    return _converted(raw, Job, f"{where}: job {name if isinstance(name, str) else number!r}")


def _converted(raw: Any, shape: type[T], where: str) -> T:
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as error:
        raise UsageError(f"{where}: {_explained(str(error), shape)}") from None


def digest(config: Config) -> str:
    """Return a digest of the settings that decide what a manifest says: 16 hexadecimal digits, the same anywhere.

    How servers are asked and where results go is left out: neither changes what is chosen.
    """
    deciding = (config.candidates, config.choice, config.thumbnails, config.videos)
    return _digest_of(deciding)


def access(web: Web) -> str:
    """Return a digest of the [web] settings that decide which pages can be fetched: 16 hexadecimal digits.

    A page refused under some settings may be admitted under others. Secrets are left out, since the digest is stored.
    """
    deciding = (
        web.max_page_bytes,
        web.user_agent,
        web.robots,
        web.respect_opt_out,
        web.ca_file,
        web.cookies,
        web.allow_downgrade,
        web.ports,
        web.allow_networks,
    )
    return _digest_of(deciding)


def tables(config: Config) -> dict[str, Any]:
    """Return the configuration as plain tables, in the order of the sections."""
    result: dict[str, Any] = msgspec.to_builtins(config)
    return result


def dump(config: Config) -> str:
    """Write the configuration as TOML text that `parse` reads back to the same value."""
    lines: list[str] = []
    plain = tables(config)
    jobs = plain.pop("job")
    for section, keys in plain.items():
        lines += [f"[{section}]", *_keys(keys), ""]
    for job in jobs:
        lines += ["[[job]]", *_keys({key: value for key, value in job.items() if value not in (None, {}, [])}), ""]
    return "\n".join(lines)


def _keys(table: dict[str, Any]) -> list[str]:
    return [f"{key} = {_toml(value)}" for key, value in table.items()]


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(str(k))} = {_toml(v)}" for k, v in value.items()) + "}"
    return msgspec.json.encode(value).decode()


def _check_patterns(config: Config, where: str) -> None:
    for key in ("include", "exclude"):
        for pattern in getattr(config.candidates, key):
            try:
                re.compile(pattern)
            except re.error as error:
                raise UsageError(
                    f"{where}: candidates.{key}: {pattern!r} is not a regular expression: {error}"
                ) from None


def _explained(message: str, shape: type) -> str:
    """Reword msgspec's message: the key first, then what was expected, then the nearest valid name."""
    found = re.fullmatch(r"(?P<what>.*?)(?: - at `\$\.?(?P<path>[^`]*)`)?", message, re.DOTALL)
    what, path = (found["what"], found["path"] or "") if found else (message, "")
    if missing := re.search(r"missing required field `([^`]*)`", what):
        return f"{'.'.join(filter(None, (path, missing[1])))} is missing"
    if wrong := re.search(r"[Ii]nvalid enum value (.*)", what):
        return f"{path}: expected one of {', '.join(map(repr, _allowed(_type_at(path, shape))))}, got {wrong[1]}"
    if "matching regex" in what and (examples := _examples(_type_at(path, shape))):
        return f"{path}: write it like {', '.join(map(repr, examples))}"
    unknown = re.search(r"unknown field `([^`]*)`", what)
    if unknown is None:
        return f"{path or 'the file'}: {what[:1].lower()}{what[1:]}"
    known = _keys_of(path, shape)
    key = ".".join(filter(None, (path, unknown[1])))
    near = difflib.get_close_matches(unknown[1], known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else f"known keys here: {', '.join(sorted(known))}"
    return f"unknown key {key!r}; {hint}"


def _keys_of(path: str, shape: type) -> Sequence[str]:
    """Return the valid names at *path* below *shape*."""
    found = _type_at(path, shape)
    return [field.name for field in structs.fields(found)] if _is_section(found) else ()


def _type_at(path: str, shape: Any) -> Any:
    """Return the type at *path* below *shape*, or None."""
    for name in filter(None, path.split(".")):
        fields = structs.fields(shape) if _is_section(shape) else ()
        shape = next((field.type for field in fields if field.name == name), None)
    return shape


def _is_section(found: Any) -> bool:
    return isinstance(found, type) and issubclass(found, msgspec.Struct)


def _examples(found: Any) -> list[str]:
    """Return the examples annotated on a type, also if it is optional."""
    stated = [example for meta in getattr(found, "__metadata__", ()) for example in meta.examples or ()]
    return stated or [example for part in get_args(found) for example in _examples(part)]


def _allowed(found: Any) -> list[str]:
    """Return the values of a `Literal`, also if it is optional."""
    return [value for part in get_args(found) for value in (_allowed(part) or [part]) if isinstance(value, str)]


def _digest_of(deciding: tuple[Any, ...]) -> str:
    encoded = msgspec.json.encode(deciding, order="deterministic")
    return hashlib.sha256(encoded).hexdigest()[:16]
