"""Pages whose reading once grew with the square of their length: four times as much may take eight times as long."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from harvester.config import Config
from harvester.model import Source
from harvester.pipeline.plan import plan
from harvester.steps import Lead, Opened

ADDRESS = "https://a.example/story"
MAKERS: dict[str, tuple[int, Callable[[int], str]]] = {
    "one picture many times": (5000, lambda n: '<img src="/a/pic.jpg" width=600 height=400>' * n),
    "backgrounds": (3000, lambda n: "".join(f'<p style="background:url(/b/{i}.jpg)">y</p>' for i in range(n))),
    "head pictures": (5000, lambda n: "".join(f'<meta property="og:image" content="/{i}.jpg">' for i in range(n))),
    "escaped pictures": (2000, lambda n: "".join(f'<i data-x="&lt;img src=/e/{i}.jpg&gt;"></i>' for i in range(n))),
    "quotes in JSON-LD": (40_000, lambda n: '<script type="application/ld+json">{"a":"' + '"\\' * n + "}</script>"),
    "captions": (3000, lambda n: "".join(f"<img src=/c/{i}.jpg><p>A caption</p>" for i in range(n))),
}


def taken(body: str) -> float:
    page = f"<title>t</title><article><h1>t</h1><p>Words of an article.</p>{body}</article>"
    lead = Lead(source=Source(kind="page", given=ADDRESS), url=ADDRESS)
    opened = Opened(lead=lead, url=ADDRESS, final_url=ADDRESS, base_url=ADDRESS, body=page)
    before = time.process_time()
    plan(opened, Config())
    return time.process_time() - before


@pytest.mark.slow
@pytest.mark.parametrize("name", MAKERS)
def test_four_times_the_page_takes_no_more_than_eight_times_as_long(name: str) -> None:
    count, make = MAKERS[name]
    once = min(taken(make(count)) for _ in range(3))

    assert min(taken(make(4 * count)) for _ in range(3)) <= 8 * max(once, 0.05)
