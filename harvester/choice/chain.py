"""The search for one image's best rendition, as a value: what to try, what to compare it with, what came of it. Pure.

    chain = start(image, settings, given_up=...)
    while (candidate := following(chain)) is not None:
        download it; on failure: chain = failed(chain, candidate); continue
        while (sibling := sibling_for(chain, candidate)) is not None:
            download and measure it; chain = compared(chain, sibling, measured)      (None: it could not be had)
        decode the candidate; verdict = judged(chain, candidate, measured, size=bytes)
        Accepted: keep it, `best_of` says why, and stop; else: chain = turned_down(chain, candidate, measured, verdict)

Derived renditions come first, in order of trust: each must be wider than the best declared one and, by its fingerprint,
the same picture as a declared sibling. Then the declared ones come, best first. A doubtful candidate is given again,
with a better sibling to compare it with. A sibling may come again as a candidate, so its bytes are worth keeping.
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
SPARES = ("smaller", "not_larger")  # refusals of what is good enough if nothing wider comes
LOST = 2  # siblings that could not be had, after which nothing can be proved
# Rules whose addresses name the picture by an id of its own: no sibling has to vouch for it.
BY_ID = frozenset({"youtube-thumbnail"})


class Chain(Struct, frozen=True, kw_only=True):
    """Where the search stands: what is left to try, what may vouch, and what came of those (None: not to be had)."""

    settings: Choice
    declared: tuple[Candidate, ...]
    vouchers: tuple[Candidate, ...]
    left: tuple[Candidate, ...]
    siblings: dict[str, Measured | None] = {}
    doubted: bool = False
    spare: Candidate | None = None
    refused: int = 0


def start(image: Image, settings: Choice, *, given_up: Collection[tuple[str, str]] = ()) -> Chain:
    """Begin with the renditions of *image*; *given_up* holds rules with the hosts where they are not tried any more."""
    ranked = ranked_variants(image, settings)
    declared = candidates(ranked, settings)
    proposed = [_proposed(derived) for derived in image.derived]
    tried = [candidate for candidate in proposed if rule_at(candidate) not in given_up]
    left = (*tried[: room_for(declared, settings)], *declared)[: settings.max_attempts]
    return Chain(settings=settings, declared=declared, vouchers=vouchers(ranked, settings), left=left)


def rule_at(candidate: Candidate) -> tuple[str, str]:
    """Name the rule of a derived candidate and the host where it was tried: what refusals are counted by."""
    return candidate.rule or "", host(candidate.url)


def following(chain: Chain) -> Candidate | None:
    """Return the candidate to try next; None when nothing is left.

    A rendition that was refused for being smaller than it claimed is given again once nothing left claims more pixels
    than it turned out to have.
    """
    first = chain.left[0] if chain.left else None
    if first is None or (chain.spare and first.width is not None and first.width <= _width(chain.spare)):
        return chain.spare or first
    return first


def sibling_for(chain: Chain, candidate: Candidate) -> Candidate | None:
    """Return the declared rendition that must be measured before *candidate* can be judged; None when that is done."""
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
    """Go on with what came of a sibling."""
    return replace(chain, siblings={**chain.siblings, sibling.url: measured})


def judged(chain: Chain, candidate: Candidate, measured: Measured, *, size: int) -> Verdict:
    """Judge what came of *candidate*: *size* bytes that decoded whole."""
    verdict = judge(candidate, measured, size=size, settings=chain.settings)
    if candidate.rule is None:
        return _declared(chain, candidate, measured, verdict)
    return verdict if isinstance(verdict, Refused) else _derived(chain, candidate, measured)


def turned_down(chain: Chain, candidate: Candidate, measured: Measured, verdict: Verdict) -> Chain:
    """Go on after *candidate* was refused or doubted."""
    if isinstance(verdict, Doubted):
        return replace(chain, doubted=True)
    spare = chain.spare
    wider = is_wider(measured, max(_width(spare), _width(_widest(chain)) if candidate.rule else 0))
    if isinstance(verdict, Refused) and verdict.code in SPARES and wider:
        spare = replace(candidate, width=measured.width, height=measured.height)
    return replace(failed(chain, candidate), spare=spare if spare != candidate else None)


def failed(chain: Chain, candidate: Candidate) -> Chain:
    """Go on after *candidate* could not be had."""
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


def _proposed(derived: Derived) -> Candidate:
    why = reasons.of_proposal(derived.rule, derived.expects)
    return Candidate(url=derived.url, rule=derived.rule, expects=derived.expects, reason=why)


def _needs_sibling(chain: Chain, candidate: Candidate) -> bool:
    return candidate.rule is not None and candidate.rule not in BY_ID and bool(chain.vouchers)


def _declared(chain: Chain, candidate: Candidate, measured: Measured, verdict: Accepted | Refused) -> Verdict:
    """What is smaller than claimed, or of a size nobody claimed, is taken when nothing left claims more."""
    if isinstance(verdict, Refused) and verdict.code != "smaller":
        return verdict
    if candidate.width is not None and isinstance(verdict, Accepted):
        return verdict
    others = [*chain.left, *filter(None, [chain.spare])]
    wider = [other for other in others if other.url != candidate.url and not is_as_wide(measured, other.width)]
    if not wider:
        return Accepted()
    message = f"{measured.width} px wide, and {wider[0].width} px may be had"
    return verdict if isinstance(verdict, Refused) else Refused(code="smaller", message=message)


def _derived(chain: Chain, candidate: Candidate, measured: Measured) -> Verdict:
    best = 0 if candidate == chain.spare else _best_width(chain)
    if not _needs_sibling(chain, candidate) and is_wider(measured, best):
        return Accepted()
    verdict = prove(measured, _widest(chain), best, uncropped=chain.settings.uncropped)
    return verdict.as_refused() if isinstance(verdict, Doubted) and chain.doubted else verdict


def _best_width(chain: Chain) -> int:
    """The width of the largest rendition in the picture's own frame, as declared, else as measured; 0 without any."""
    return max(map(_width, chain.vouchers), default=0) or _width(_widest(chain))


def _widest(chain: Chain) -> Measured | None:
    return max(filter(None, chain.siblings.values()), key=_width, default=None)


def _width(one: Candidate | Measured | None) -> int:
    return one.width or 0 if one else 0
