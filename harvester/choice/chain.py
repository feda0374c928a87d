"""The search for an image's best rendition, as a value: what to try, what to compare it with, and the results. Pure.

    chain = start(image, settings, given_up=...)
    while (candidate := following(chain)) is not None:
        download it; on failure: chain = failed(chain, candidate); continue
        while (sibling := sibling_for(chain, candidate)) is not None:
            download and measure it; chain = compared(chain, sibling, measured)      (None: it could not be fetched)
        decode the candidate; verdict = judged(chain, candidate, measured, size=bytes)
        Accepted: keep it, `best_of` says why, and stop; else: chain = turned_down(chain, candidate, measured, verdict)

Derived renditions come first, in order of trust: each must be wider than the best declared one and, by its fingerprint,
the same picture as a declared sibling. Then come the declared ones, best first. A doubtful candidate comes up again,
with a better sibling to compare it with. A sibling may come up again as a candidate, so its bytes are worth keeping.
"""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct
from msgspec.structs import replace

from harvester.choice import reasons
from harvester.choice.accept import Accepted, Doubted, Refused, Verdict, is_as_wide, is_wider, judge, prove
from harvester.choice.propose import room_for
from harvester.choice.rank import candidates, ranked_variants, vouchers
from harvester.config import Choice
from harvester.model import Best, Derived, Image
from harvester.steps import Candidate, Measured
from harvester.urls import host

GIVE_UP_AFTER = 3  # refusals of a rule on a host, after which it is not tried there again
SPARES = ("smaller", "not_larger")  # refusals of renditions that will do if nothing wider is found
LOST = 2  # siblings that could not be fetched, after which nothing can be proved
# Rules whose URLs name the picture by an id of its own: no sibling has to vouch for it.
BY_ID = frozenset({"youtube-thumbnail"})


class Chain(Struct, frozen=True, kw_only=True):
    """The state of the search: what is left to try, what may vouch, and the siblings measured (None: not fetched)."""

    settings: Choice
    declared: tuple[Candidate, ...]
    vouchers: tuple[Candidate, ...]
    left: tuple[Candidate, ...]
    siblings: dict[str, Measured | None] = {}
    doubted: bool = False
    spare: Candidate | None = None
    refused: int = 0


def start(image: Image, settings: Choice, *, given_up: Collection[tuple[str, str]] = ()) -> Chain:
    """Begin with the renditions of *image*; *given_up* holds rules with the hosts where they are no longer tried."""
    ranked = ranked_variants(image, settings)
    declared = candidates(ranked, settings)
    proposed = [_derived_candidate(derived) for derived in image.derived]
    tried = [candidate for candidate in proposed if rule_at(candidate) not in given_up]
    left = (*tried[: room_for(declared, settings)], *declared)[: settings.max_attempts]
    return Chain(settings=settings, declared=declared, vouchers=vouchers(ranked, settings), left=left)


def rule_at(candidate: Candidate) -> tuple[str, str]:
    """Return the rule and the host of a derived candidate, by which its refusals are counted."""
    return candidate.rule or "", host(candidate.url)


def following(chain: Chain) -> Candidate | None:
    """Return the candidate to try next; None when nothing is left.

    A rendition refused for being smaller than it claimed comes up again once no other one left claims more pixels than
    it turned out to have.
    """
    first = chain.left[0] if chain.left else None
    if first is None or (chain.spare and first.width is not None and first.width <= _width(chain.spare)):
        return chain.spare or first
    return first


def sibling_for(chain: Chain, candidate: Candidate) -> Candidate | None:
    """Return the declared rendition to measure before *candidate* can be judged, or None if there is none."""
    if not _needs_sibling(chain, candidate) or list(chain.siblings.values()).count(None) >= LOST:
        return None
    largest = max(chain.vouchers, key=_width)
    wanted = (largest,) if chain.doubted or largest.width is None else chain.vouchers
    for sibling in wanted:
        if sibling.url not in chain.siblings:
            return sibling
        if chain.siblings[sibling.url] is not None:
            return None
    return None


def compared(chain: Chain, sibling: Candidate, measured: Measured | None) -> Chain:
    """Continue with a sibling's measurements; None if it could not be fetched."""
    return replace(chain, siblings={**chain.siblings, sibling.url: measured})


def judged(chain: Chain, candidate: Candidate, measured: Measured, *, size: int) -> Verdict:
    """Judge the download of *candidate*: *size* bytes that decoded whole."""
    verdict = judge(candidate, measured, size=size, settings=chain.settings)
    if candidate.rule is None:
        return _judge_declared(chain, candidate, measured, verdict)
    return verdict if isinstance(verdict, Refused) else _judge_derived(chain, candidate, measured)


def turned_down(chain: Chain, candidate: Candidate, measured: Measured, verdict: Verdict) -> Chain:
    """Continue after *candidate* was refused or doubted."""
    if isinstance(verdict, Doubted):
        return replace(chain, doubted=True)
    spare = chain.spare
    wider = is_wider(measured, max(_width(spare), _width(_widest(chain)) if candidate.rule else 0))
    if isinstance(verdict, Refused) and verdict.code in SPARES and wider:
        spare = replace(candidate, width=measured.width, height=measured.height)
    return replace(failed(chain, candidate), spare=spare if spare != candidate else None)


def failed(chain: Chain, candidate: Candidate) -> Chain:
    """Continue after *candidate* could not be fetched."""
    left = tuple(other for other in chain.left if other.url != candidate.url)
    spare = None if chain.spare and chain.spare.url == candidate.url else chain.spare
    return replace(chain, left=left, spare=spare, doubted=False, refused=chain.refused + (candidate.rule is None))


def best_of(chain: Chain, candidate: Candidate, measured: Measured, verdict: Accepted) -> Best:
    """Return what was chosen, and why, in words."""
    if candidate.rule is None:
        why = reasons.of_declared(candidate, measured, chain.refused)
    else:
        why = reasons.of_derived(candidate, measured, _best_width(chain), verdict)
    return Best(url=candidate.url, width=measured.width, reason=why)


def _derived_candidate(derived: Derived) -> Candidate:
    why = reasons.of_proposal(derived.rule, derived.expects)
    return Candidate(url=derived.url, rule=derived.rule, expects=derived.expects, reason=why)


def _needs_sibling(chain: Chain, candidate: Candidate) -> bool:
    return candidate.rule is not None and candidate.rule not in BY_ID and bool(chain.vouchers)


def _judge_declared(chain: Chain, candidate: Candidate, measured: Measured, verdict: Accepted | Refused) -> Verdict:
    """Accept a rendition that is smaller than claimed, or of an unclaimed size, only if nothing left claims more."""
    if isinstance(verdict, Refused) and verdict.code != "smaller":
        return verdict
    if candidate.width is not None and isinstance(verdict, Accepted):
        return verdict
    others = [*chain.left, *filter(None, [chain.spare])]
    wider = [other for other in others if other.url != candidate.url and not is_as_wide(measured, other.width)]
    if not wider:
        return Accepted()
    message = f"{measured.width} px wide, and {wider[0].width} px are available"
    return verdict if isinstance(verdict, Refused) else Refused(code="smaller", message=message)


def _judge_derived(chain: Chain, candidate: Candidate, measured: Measured) -> Verdict:
    best = 0 if candidate == chain.spare else _best_width(chain)
    if not _needs_sibling(chain, candidate) and is_wider(measured, best):
        return Accepted()
    verdict = prove(measured, _widest(chain), best, uncropped=chain.settings.uncropped)
    return verdict.as_refused() if isinstance(verdict, Doubted) and chain.doubted else verdict


def _best_width(chain: Chain) -> int:
    """Return the width of the largest rendition in the picture's frame, as declared, else as measured; 0 if unknown."""
    return max(map(_width, chain.vouchers), default=0) or _width(_widest(chain))


def _widest(chain: Chain) -> Measured | None:
    return max(filter(None, chain.siblings.values()), key=_width, default=None)


def _width(one: Candidate | Measured | None) -> int:
    return one.width or 0 if one else 0
