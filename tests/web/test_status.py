"""What a status means, and what Retry-After asks for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.errors import FetchError
from harvester.events import Event, HostHeld
from harvester.model import Validators
from harvester.web import Web
from harvester.web.network.transport import headers_of
from harvester.web.politeness.memory import Forgetful
from harvester.web.retries import retry_after
from tests.support import faults
from tests.support.fetching import body_of, failure, fetch, local
from tests.support.servers import Reply, Site

PICTURE = b"\x89PNG picture"
NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
FINAL = (400, 401, 403, 404, 405, 410, 418, 451, 501, 505, 525, 526)
HEALING = (408, 425, 500, 502, 504, 520, 521, 522, 523, 524)


@pytest.mark.parametrize("status", FINAL)
async def test_a_final_status_is_asked_once_whatever_its_body(status: int, tmp_path: Path) -> None:
    with Site({"/a.png": Reply(PICTURE, "image/png", status)}) as site:
        result = await fetch(f"{site.url}/a.png", tmp_path)

    assert failure(result) == f"http_{status}"
    assert len(site.asked()) == 1


@pytest.mark.parametrize("status", HEALING)
async def test_a_status_that_may_heal_is_tried_a_bounded_number_of_times(status: int, tmp_path: Path) -> None:
    with Site({"/a.png": Reply(status=status)}) as site:
        result = await fetch(f"{site.url}/a.png", tmp_path, retries=2)

    assert failure(result) == f"http_{status}"
    assert len(site.asked()) == 3


@pytest.mark.parametrize("status", [429, 503])
async def test_a_storm_of_refusals_is_not_answered_by_one(status: int, tmp_path: Path) -> None:
    with Site({"/a.png": Reply(status=status)}) as site:
        result = await fetch(f"{site.url}/a.png", tmp_path, retries=3)

    assert failure(result) == f"http_{status}"
    assert len(site.asked()) == 4


async def test_a_wait_that_the_server_asks_for_is_kept(tmp_path: Path) -> None:
    refusal = Reply(status=503, headers={"Retry-After": "1"})
    heard: list[Event] = []
    with Site({"/a.png": faults.once(refusal, Reply(PICTURE))}) as site:
        result = await fetch(f"{site.url}/a.png", tmp_path, emit=heard.append)

    assert body_of(result) == PICTURE
    assert site.requests[1].at - site.requests[0].at >= 1.0
    assert [event.seconds for event in heard if isinstance(event, HostHeld)] == [1.0]


async def test_a_wait_beyond_max_wait_postpones_the_host_instead(tmp_path: Path) -> None:
    refusal = Reply(status=429, headers={"Retry-After": "86400"})
    memory = Forgetful()
    with Site({"/a.png": refusal, "/b.png": PICTURE}) as site:
        result = await fetch(f"{site.url}/a.png", tmp_path, memory=memory, max_wait=60.0)
        later = await fetch(f"{site.url}/b.png", tmp_path, memory=memory, max_wait=60.0)

    assert failure(result) == failure(later) == "postponed"
    assert isinstance(result, FetchError)
    assert result.retryable
    assert result.retry_after == pytest.approx(86_400, abs=5)
    assert isinstance(later, FetchError)
    assert later.retry_after == pytest.approx(86_400, abs=5)
    assert site.asked() == ["/a.png"]


@pytest.mark.parametrize("value", ["soon", "-5", "1e3", "", "Tue, 99 Foo 2020 00:00:00 GMT", "0", "9" * 400])
async def test_a_wait_that_means_nothing_is_not_waited_for(value: str, tmp_path: Path) -> None:
    refusal = Reply(status=503, headers={"Retry-After": value})
    with Site({"/a.png": faults.once(refusal, Reply(PICTURE))}) as site:
        result = await fetch(f"{site.url}/a.png", tmp_path)

    assert body_of(result) == PICTURE


RETRY_AFTER: list[tuple[dict[str, str], float | None]] = [
    ({}, None),
    ({"Retry-After": "120"}, 120.0),
    ({"Retry-After": " 7 "}, 7.0),
    ({"Retry-After": format_datetime(NOW + timedelta(seconds=90), usegmt=True)}, 90.0),
    ({"Retry-After": format_datetime(NOW - timedelta(days=1), usegmt=True)}, 0.0),
    # a server whose clock is a year behind means its own time
    (
        {
            "Retry-After": format_datetime(NOW - timedelta(days=365, seconds=-30), usegmt=True),
            "Date": format_datetime(NOW - timedelta(days=365), usegmt=True),
        },
        30.0,
    ),
    ({"Retry-After": format_datetime(NOW + timedelta(seconds=60), usegmt=True), "Date": "yesterday"}, 60.0),
    ({"Retry-After": "Sunday, 01-Mar-26 12:00:10 GMT"}, 10.0),
    ({"Retry-After": "Sun Mar  1 12:00:20 2026"}, 20.0),
    ({"Retry-After": f"Mon, {9**20} Nov 2026 12:00:00 GMT"}, None),
    ({"Retry-After": "in a moment"}, None),
    ({"Retry-After": "-1"}, None),
    ({"Retry-After": "١٢"}, None),
]


@pytest.mark.parametrize(("fields", "seconds"), RETRY_AFTER)
def test_retry_after_is_read_in_all_its_forms(fields: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers_of(fields.items()), NOW) == seconds


@given(st.text(), st.text())
def test_no_retry_after_makes_trouble(value: str, date: str) -> None:
    seconds = retry_after(headers_of([("Retry-After", value), ("Date", date)]), NOW)

    assert seconds is None or seconds >= 0


async def test_an_unchanged_page_is_not_sent_again() -> None:
    with Site({"/": Reply(status=304)}) as site:
        async with Web(local()) as web:
            response = await web.page(site.url, validators=Validators(etag='"v1"', last_modified="Sun, 01 Mar 2026"))

    assert (response.status, response.body) == (304, b"")
    assert site.requests[0].headers["if-none-match"] == '"v1"'
    assert site.requests[0].headers["if-modified-since"] == "Sun, 01 Mar 2026"


async def test_a_page_gives_what_to_ask_with_next_time() -> None:
    page = Reply(b"<p>", headers={"ETag": '"v2"', "Last-Modified": "Sun, 01 Mar 2026 12:00:00 GMT"})
    with Site({"/": page}) as site:
        async with Web(local()) as web:
            response = await web.page(site.url)

    assert response.validators == Validators(etag='"v2"', last_modified="Sun, 01 Mar 2026 12:00:00 GMT")


async def test_a_page_that_is_too_large_is_not_read() -> None:
    with Site({"/": faults.endless("Content-Type: text/html")}) as site:
        async with Web(local(max_page_bytes=1_000_000)) as web:
            with pytest.raises(FetchError) as error:
                await web.page(site.url)

    assert error.value.code == "too_large"
