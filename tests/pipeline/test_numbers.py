"""A number is given once, and no file of one picture is ever overwritten by another's."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from harvester.config import Choice
from harvester.download.videos.messages import VideoFetched
from harvester.manifest import codec
from harvester.model import Article, File, Image, Manifest, Page, Planned, Saved, Source, Thumbnail, Variant, Video
from harvester.pipeline.earlier.carry_over import carry_over
from harvester.pipeline.earlier.folder import Folder, open_folder
from harvester.pipeline.earlier.journal import Journal, Unfinished
from harvester.pipeline.keep_video import keep_fetched
from harvester.runs.execution import Options, execution
from harvester.runs.report import Report
from harvester.runs.upkeep import verify as audit
from harvester.stores.folder import Store
from harvester.workers import Workers
from tests.support.press import Picture, Press, Story, drawn
from tests.support.servers import Reply

KEY = "abcdefgh23456789"


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    pictures = tuple(Picture(name=f"{where}/pic.jpg", data=drawn(seed)) for seed, where in enumerate("xyz", 1))
    with Press(tmp_path, {"a": Story(title="The bridge", pictures=pictures[:2])}) as press:
        yield press


def image(number: int, url: str, path: str | None = None, body: bytes = b"") -> Image:
    declared = (Variant(url=url),) if url else ()
    if path is None:
        return Image(number=number, variants=declared)
    digest = hashlib.sha256(body).hexdigest()
    file = File(path=path, url=url, sha256=digest, bytes=len(body), type="image/jpeg")
    return Image(number=number, variants=declared, outcome=Saved(file=file))


def manifest(*images: Image, videos: tuple[Video, ...] = ()) -> Manifest:
    article = Article(
        url="https://a.example/",
        canonical_url=None,
        urls=(),
        key=KEY,
        site=None,
        title=None,
        published=None,
        modified=None,
        language=None,
        authors=(),
        description=None,
        source=Source(kind="page", given="https://a.example/"),
        page=Page(),
    )
    facts = {"generator": "harvester", "run": None, "config_digest": "", "harvested_at": None}
    return Manifest(**facts, article=article, images=images, videos=videos)  # type: ignore[arg-type]


def placed(
    root: Path, written: Manifest | None = None, begun: Unfinished | None = None, files: dict[str, bytes] | None = None
) -> Folder:
    """Lay an article out with these *files* in its images, and open it."""
    store = Store(root)
    store.prepare()
    folder = store.folder("a/b")
    (folder / "images").mkdir(parents=True, exist_ok=True)
    for name, body in (files or {}).items():
        (folder / "images" / f"{name}.jpg").write_bytes(body)
    if written is not None:
        (folder / "manifest.json").write_bytes(codec.dump(written))
    return open_folder(KEY, "a/b", store, begun or Unfinished())


def carried(place: Folder, *urls: str) -> tuple[Image, ...]:
    planned = manifest(*(image(0, url) for url in urls))
    return carry_over(planned, place, Choice(upgrade=False), keep=True).images


def numbers(images: tuple[Image, ...]) -> list[int]:
    return [one.number for one in images]


def test_a_number_that_a_killed_run_gave_is_not_given_again(tmp_path: Path) -> None:
    begun = Unfinished(images=(image(1, "https://y/pic.jpg", "images/01-pic.jpg", b"y"),))

    assert numbers(carried(placed(tmp_path, begun=begun), "https://x/pic.jpg", "https://y/pic.jpg")) == [2, 1]


@pytest.mark.parametrize("folder", ["images", "thumbnails"])
def test_a_number_that_a_file_bears_is_not_given_again(folder: str, tmp_path: Path) -> None:
    place = placed(tmp_path)
    (place.path / folder).mkdir(exist_ok=True)
    (place.path / folder / "07-somebody.jpg").write_bytes(b"")
    (place.path / folder / "99999999-a-date.jpg").write_bytes(b"")

    assert numbers(carried(place, "https://x/pic.jpg")) == [8]


def test_a_number_of_which_only_the_history_tells_is_not_given_again(tmp_path: Path) -> None:
    place = placed(tmp_path)
    odd = b'\xff\xfe\n[]\n{"manifest":{"images":[3,{"number":"x"}]}}\n'
    (place.path / "history.jsonl").write_bytes(odd + b'{"manifest":{"images":[{"number":5}]}}')

    assert numbers(carried(place, "https://x/pic.jpg")) == [6]


async def test_the_number_of_a_failed_picture_that_left_the_page_is_not_given_again(press: Press) -> None:
    first, _second = press.stories["a"].pictures
    press.site.routes["/pictures/y/pic.jpg"] = Reply(status=404)
    await press.harvest()
    press.edit("a", pictures=(first,))
    await press.harvest()
    press.edit("a", pictures=(first, Picture(name="w/pic.jpg", data=drawn(9))))
    await press.harvest()

    assert [one["number"] for one in press.manifests()["a"]["images"]] == [1, 3]


def test_a_killed_run_does_not_take_what_the_manifest_gave_to_another(tmp_path: Path) -> None:
    written = manifest(image(1, "https://x/pic.jpg", "images/01-pic.jpg", b"x"))
    begun = Unfinished(images=(image(1, "https://y/pic.jpg", "images/01-pic.jpg", b"x"),))
    found = carried(placed(tmp_path, written, begun, {"01-pic": b"x"}), "https://y/pic.jpg", "https://x/pic.jpg")

    assert numbers(found) == [2, 1]
    assert [isinstance(one.outcome, Saved) for one in found] == [False, True]


def test_of_two_pictures_with_one_file_the_one_whose_file_it_is_keeps_it(tmp_path: Path) -> None:
    thumbnail = Thumbnail(path="thumbnails/01-pic-64.jpg", width=64, height=48, type="image/jpeg", bytes=2)
    pair = [image(1, f"https://{where}/pic.jpg", "images/01-pic.jpg", where.encode()) for where in "xy"]
    pair = [replace(one, outcome=replace(one.outcome, thumbnails=(thumbnail,))) for one in pair]
    place = placed(tmp_path, manifest(*pair), files={"01-pic": b"y"})
    assert place.earlier is not None
    first, second = place.earlier.images

    assert (first.number, first.outcome) == (2, Planned())
    assert (second.number, isinstance(second.outcome, Saved)) == (1, True)
    assert place.written == manifest(*pair)


names = st.sampled_from(["01-pic", "02-pic", "03", "12-x", "not-ours", "999999-big", "1000000-larger"])
urls = st.sampled_from([f"https://{where}/pic.jpg" for where in "stuvwxyz"])
images = st.builds(
    image, st.integers(0, 4), urls, st.none() | names.map("images/{}.jpg".format), st.sampled_from([b"1", b"2"])
)


@given(
    written=st.lists(images, max_size=5),
    begun=st.lists(images, max_size=5),
    files=st.sets(names),
    page=st.lists(urls, unique=True),
)
def test_whatever_lies_there_every_picture_has_a_number_of_its_own(
    written: list[Image], begun: list[Image], files: set[str], page: list[str], tmp_path_factory: Any
) -> None:
    root = tmp_path_factory.mktemp("out")
    place = placed(root, manifest(*written), Unfinished(images=tuple(begun)), dict.fromkeys(files, b"1"))
    found = carried(place, *page)
    borne = {number[1] for path in files if (number := re.match(r"0*([0-9]+)", path))}
    old = {url for one in (*written, *begun) for url in (variant.url for variant in one.variants)}
    fresh = [one.number for one in found if one.variants[0].url not in old]

    assert len(set(numbers(found))) == len(found)
    assert not set(fresh) & {one.number for one in (*written, *begun)}
    assert not {str(number) for number in fresh} & borne
    held: dict[str, str] = {}
    for one in found:
        if isinstance(one.outcome, Saved):
            file = one.outcome.file
            assert held.setdefault(file.path, file.sha256) == file.sha256


async def test_a_file_that_nothing_names_is_not_overwritten(press: Press) -> None:
    press.site.routes["/pictures/y/pic.jpg"] = Reply(status=503)
    await press.harvest()
    stranger = press.manifests()["a"]["folder"] / "images" / "02-pic.jpg"
    stranger.write_bytes(b"somebody's")
    press.refresh()
    await press.harvest()

    assert stranger.read_bytes() == press.stories["a"].pictures[1].data
    assert b"somebody's" in [path.read_bytes() for path in stranger.parent.iterdir()]


def overwritten(press: Press) -> None:
    """Leave the output as an older version could: two pictures name one file, which is the second's."""
    (path,) = press.output.glob("*/*/*/*/manifest.json")
    told = msgspec.json.decode(path.read_bytes())
    first, second = told["images"]
    (path.parent / first["file"]["path"]).unlink()
    (path.parent / second["file"]["path"]).rename(path.parent / first["file"]["path"])
    for old, new in zip(second["thumbnails"], first["thumbnails"], strict=True):
        (path.parent / old["path"]).rename(path.parent / new["path"])
        old["path"] = new["path"]
    second["number"], second["file"]["path"] = 1, first["file"]["path"]
    path.write_bytes(msgspec.json.encode(told))


async def look(press: Press) -> audit.Audit:
    async with Workers() as workers:
        return await audit.audit(press.output, workers, lambda one: None)


async def test_repair_gives_two_pictures_that_name_one_file_their_own(press: Press) -> None:
    await press.harvest()
    overwritten(press)
    found = await look(press)
    assert not found.is_sound

    press.site.requests.clear()
    press.site.routes["/pictures/y/pic.jpg"] = Reply(status=410)
    async with execution(press.output, press.config(), Options(), Report()) as kit:
        await audit.repair(found.wrong, kit)

    assert press.asked("/pictures/") == ["/pictures/x/pic.jpg"]
    assert (await look(press)).is_sound
    told = press.manifests()["a"]
    assert [one["number"] for one in told["images"]] == [3, 1] or [one["number"] for one in told["images"]] == [2, 1]
    for one, picture in zip(told["images"], press.stories["a"].pictures, strict=True):
        assert (told["folder"] / one["file"]["path"]).read_bytes() == picture.data
    (line,) = press.history("a")
    assert [change["kind"] for change in line["changes"]] == ["image-renumbered", "image-renumbered"]
    assert [one["number"] for one in line["manifest"]["images"]] == [1, 1]


async def test_the_same_command_gives_two_pictures_that_name_one_file_their_own(press: Press) -> None:
    await press.harvest()
    overwritten(press)
    await press.harvest()

    assert (await look(press)).is_sound
    assert len({one["file"]["path"] for one in press.manifests()["a"]["images"]}) == 2


async def test_two_providers_that_call_their_videos_alike_have_a_file_each(press: Press) -> None:
    bodies = {"vimeo": b"\0\0\0\x18ftypmp42-one", "dailymotion": b"\0\0\0\x18ftypmp42-other"}
    videos = []
    async with execution(press.output, press.config(), Options(), Report()) as kit:
        place = open_folder(KEY, "a/b", kit.collection.store)
        work = kit.collection.store.work(KEY)
        for number, (provider, body) in enumerate(bodies.items(), 1):
            (work / "123.mp4").write_bytes(body)
            video = Video(number=number, provider=provider, id="123", url=f"https://{provider}.example/123")
            videos.append(keep_fetched(video, VideoFetched(name="123.mp4"), work, place, kit))

    for video, body in zip(videos, bodies.values(), strict=True):
        assert isinstance(video.outcome, Saved)
        assert (place.path / video.outcome.file.path).read_bytes() == body


def test_a_journal_is_read_whatever_it_holds(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.prepare()
    unsafe = msgspec.json.encode({"image": image(1, "u", "../../x.jpg")})
    odd = [b'{"decoding":["x"]}', b'{"decoding":{"a":1}}', b"[" * 9000, b"\xff", unsafe]
    store.work_path("journal.0.jsonl").write_bytes(b"\n".join([b'{"key":"k"}', *odd]))
    store.work_path("journal.1.jsonl").write_bytes(b'{"key":["k"]}')
    store.work_path("journal.2.jsonl").mkdir()

    with Journal(store) as journal:
        assert journal.of("k") == Unfinished()
        journal.write_down(image(2, "https://x/pic.jpg"), "k")
        journal.write_down(image(3, "https://x/pic.jpg"), "other")
    with Journal(store) as journal:
        assert [numbers(journal.of(key).images) for key in ("k", "other")] == [[2], [3]]


def test_3000_pictures_whose_addresses_all_changed_are_matched_by_their_addresses(tmp_path: Path) -> None:
    many = 3000
    old = [image(n + 1, f"https://a.example/old/{n}.jpg", f"images/{n + 1:02d}-p.jpg") for n in range(many)]
    folder = placed(tmp_path, manifest(*old))
    compared = Counter[str]()

    class Address(str):
        __slots__ = ()

        def __eq__(self, other: object) -> bool:
            compared["addresses"] += 1
            return str.__eq__(self, other)

        __hash__ = str.__hash__

    new = carried(folder, *(Address(f"https://a.example/new/{n}.jpg") for n in range(many)))

    assert numbers(new) == list(range(many + 1, 2 * many + 1))
    assert compared["addresses"] <= many, "each is looked up, not compared with each of the others"
