"""Looking after an output: verify and repair, retry, remove, rebuild, lock, shards."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from harvester import urls
from harvester.errors import StorageError, UsageError
from harvester.manifest.verify import Checked
from harvester.runs.execution import Options, execution
from harvester.runs.lock import OutputLocked
from harvester.runs.report import Report, run_at
from harvester.runs.shard import Shard, parse_shard
from harvester.runs.upkeep import rebuild, status
from harvester.runs.upkeep import remove as removal
from harvester.runs.upkeep import verify as audit
from harvester.runs.upkeep.retry import retry
from harvester.runs.upkeep.thumbnails import thumbnails
from harvester.stores.folder import Store
from harvester.workers import Workers
from tests.support.press import Picture, Press, drawn, story
from tests.support.servers import Reply


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    with Press(tmp_path, {"a": story(1), "b": story(2)}) as press:
        yield press


async def look(press: Press) -> tuple[audit.Audit, list[Checked]]:
    told: list[Checked] = []
    async with Workers() as workers:
        return await audit.audit(press.output, workers, told.append), told


async def repair(press: Press, wrong: list[Checked]) -> None:
    press.site.requests.clear()
    async with execution(press.output, press.config(), Options(), Report()) as kit:
        await audit.repair(wrong, kit)


def flip(path: Path) -> None:
    """Change one bit in the middle, so that the size stays."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


async def test_an_untouched_output_is_sound(press: Press) -> None:
    await press.harvest()
    found, told = await look(press)

    assert found.is_sound
    assert found.articles == 2
    assert {one.found for one in told} == {"good", "unchecked"}


@pytest.mark.slow
async def test_verify_names_exactly_the_damaged_files_and_repair_mends_them(tmp_path: Path) -> None:
    stories = {f"s{number}": story(number, pictures=10) for number in range(1, 36)}
    with Press(tmp_path, stories) as press:
        await press.harvest()
        pictures = sorted(press.output.glob("*/*/*/*/images/*"))
        chosen = random.Random(7).sample(pictures, 50)
        before = {path: path.read_bytes() for path in chosen}
        for number, path in enumerate(chosen):
            path.unlink() if number % 2 else flip(path)
        found, _ = await look(press)
        assert {press.output / one.folder / one.path for one in found.wrong} == set(chosen)

        await repair(press, found.wrong)
        assert {path: path.read_bytes() for path in chosen} == before
        assert len(press.asked("/pictures/")) == 50
        assert (await look(press))[0].is_sound


async def test_repair_by_hash_mends_every_path_that_shares_the_content(press: Press) -> None:
    press.settings = 'link = "copy"\n'
    shared = Picture(name="shared.jpg", data=drawn(40), caption="Shared")
    press.edit("a", pictures=(shared,))
    press.edit("b", pictures=(shared,))
    await press.harvest()
    paths = sorted(press.output.glob("*/*/*/*/images/*"))
    flip(paths[0])
    found, _ = await look(press)
    await repair(press, found.wrong)

    assert press.asked() == []
    assert [path.read_bytes() for path in paths] == [drawn(40)] * 2


async def test_stray_files_are_told_and_no_damage(press: Press) -> None:
    await press.harvest("a")
    (press.manifests()["a"]["folder"] / "images" / "99-mine.jpg").write_bytes(b"x")
    found, told = await look(press)

    assert found.is_sound
    assert [one.path for one in told if one.found == "stray"] == ["images/99-mine.jpg"]


async def test_files_that_history_keeps_are_not_stray(press: Press) -> None:
    await press.harvest("a")
    press.edit("a", pictures=press.stories["a"].pictures[:1])
    await press.harvest("a")

    assert [one for one in (await look(press))[1] if one.found == "stray"] == []


async def test_an_unreadable_manifest_is_told(press: Press) -> None:
    await press.harvest("a")
    (press.manifests()["a"]["folder"] / "manifest.json").write_bytes(b"{}")
    found, _ = await look(press)

    assert not found.is_sound
    assert len(found.unreadable) == 1


async def test_retry_tries_what_may_heal_and_asks_no_page(press: Press) -> None:
    press.site.routes["/pictures/p1-1.jpg"] = Reply(status=503)
    press.site.routes["/pictures/p1-2.jpg"] = Reply(status=404)
    assert (await press.harvest("a")).exit_status() == 3
    press.refresh()
    press.site.requests.clear()
    report = await retry(press.output, press.config())

    assert press.asked() == ["/pictures/p1-1.jpg"]
    assert report.exit_status() == 0
    assert [image["status"] for image in press.manifests()["a"]["images"]] == ["saved", "failed"]


async def test_a_removed_article_is_gone_and_not_harvested_again_unless_forced(press: Press) -> None:
    await press.harvest()
    folder = press.manifests()["a"]["folder"]
    async with execution(press.output, press.config(), Options(), Report()) as kit:
        stone = removal.remove(press.url("a") + "?utm_source=x", kit, "case 17")
    report = await press.harvest()

    assert not folder.exists()
    assert (stone.reason, report.articles["skipped"], set(press.manifests())) == ("case 17", 1, {"b"})

    await press.harvest("a", force=True)
    assert set(press.manifests()) == {"a", "b"}


async def test_an_article_whose_folders_are_gone_already_is_removed(press: Press) -> None:
    await press.harvest("a")
    shutil.rmtree(press.manifests()["a"]["folder"].parent)
    async with execution(press.output, press.config(), Options(), Report()) as kit:
        removal.remove(press.url("a"), kit)
        kit.collection.state.flush()
        assert kit.collection.state.known(press.url("a")) is None


async def test_a_removed_article_takes_no_file_of_others_with_it(press: Press) -> None:
    shared = Picture(name="shared.jpg", data=drawn(40), caption="Shared")
    press.edit("a", pictures=(shared,))
    press.edit("b", pictures=(shared,))
    await press.harvest()
    async with execution(press.output, press.config(), Options(), Report()) as kit:
        removal.remove(press.url("a"), kit)

    assert (await look(press))[0].is_sound
    assert len(list(press.output.glob("*/*/*/*/images/*"))) == 1


async def test_removing_what_was_never_harvested_is_told(press: Press) -> None:
    await press.harvest("a")
    async with execution(press.output, press.config(), Options(), Report()) as kit:
        with pytest.raises(UsageError, match="no article"):
            removal.remove("https://nowhere.example/", kit)


async def test_the_database_says_what_the_manifests_say_and_rebuild_makes_it_again(press: Press) -> None:
    await press.harvest()
    store = Store(press.output)
    assert rebuild.check(store, "") == []

    shutil.rmtree(press.manifests()["a"]["folder"])
    assert any("too much" in line for line in rebuild.check(store, ""))
    async with execution(press.output, press.config(), Options(), Report()) as kit:
        assert rebuild.rebuild(kit.collection.store, kit.collection.state) == 1
    assert rebuild.check(store, "") == []


@contextmanager
def closed(path: Path, mode: int) -> Iterator[None]:
    """Take rights away from *path* for a while; skips the test for who has them all the same."""
    before = path.stat().st_mode
    path.chmod(mode)
    try:
        if os.access(path, os.W_OK):
            pytest.skip("root may do everything")
        yield
    finally:
        path.chmod(before)


async def test_a_folder_that_cannot_be_read_is_told_and_its_articles_are_not_forgotten(press: Press) -> None:
    await press.harvest()
    store = Store(press.output)

    with closed(press.manifests()["a"]["folder"].parent, 0):
        with pytest.raises(StorageError, match="permission denied"):
            await look(press)
        async with execution(press.output, press.config(), Options(), report := Report()) as kit:
            rebuild.rebuild(kit.collection.store, kit.collection.state)

    assert report.storage is not None
    assert rebuild.check(store, "") == []


async def test_an_output_that_may_only_be_read_is_looked_at(press: Press) -> None:
    await press.harvest()
    before = status.status(press.output)

    with closed(press.output / ".harvester" / "state.db", 0o400), closed(press.output / ".harvester", 0o500):
        assert replace(status.status(press.output), disk_free=before.disk_free) == before
        assert rebuild.check(Store(press.output), "") == []


async def test_a_second_run_on_one_output_is_told_who_holds_it(press: Press) -> None:
    async with execution(press.output, press.config(), Options(), Report(run="first")):
        with pytest.raises(OutputLocked, match="run first"):
            await press.harvest("a")


async def test_a_run_that_may_wait_goes_on_when_the_other_ends(press: Press) -> None:
    held, waiting = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with execution(press.output, press.config(), Options(), Report()):
            held.set()
            await waiting.wait()

    async def after() -> Report:
        await held.wait()
        waiting.set()
        return await press.harvest("a", wait=30)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(hold())
        second = tasks.create_task(after())
    assert second.result().exit_status() == 0


async def test_a_refused_run_leaves_no_report(press: Press) -> None:
    async with execution(press.output, press.config(), Options(), Report(run="first")):
        with pytest.raises(OutputLocked):
            await press.harvest("a")

    assert [path.name for path in (press.output / ".harvester" / "runs").iterdir()] == ["first.json"]


@pytest.mark.parametrize(
    ("kept", "left"),
    [("366d", {"young", "notes"}), ("9999999d", {"ancient", "old", "young", "notes"}), ("0s", {"notes"})],
)
async def test_reports_are_kept_as_long_as_configured(press: Press, kept: str, left: set[str]) -> None:
    runs = press.output / ".harvester" / "runs"
    runs.mkdir(parents=True)
    (runs / "notes.json").write_bytes(b"{}")
    for name, days in (("ancient", 9000), ("old", 367), ("young", 365)):
        (runs / f"{run_at(datetime.now(UTC) - timedelta(days=days))}-{name}.json").write_bytes(b"{}")
    press.settings = f'[state]\nkeep_reports = "{kept}"\n'
    report = await press.harvest("a")

    there = {path.stem.rpartition("-")[2] for path in runs.iterdir()}
    assert there - {report.run.rpartition("-")[2]} == left


async def test_status_tells_what_is_there_and_what_failed(press: Press) -> None:
    press.site.routes["/pictures/p1-1.jpg"] = Reply(status=404)
    await press.harvest()
    found = status.status(press.output)

    assert (found.articles, found.files, found.articles_with_failures) == (2, 3, 1)
    assert found.failures_by_cause == {"http_404": 1}
    assert found.failures_by_host == {"127.0.0.1": 1}
    assert [run["exit_status"] for run in found.runs] == [3]


async def test_a_state_that_was_made_again_by_half_is_made_again_from_the_start(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    await press.harvest()
    file = press.output / ".harvester" / "state.db"
    file.unlink()

    def refuse(*args: object) -> None:
        raise StorageError("gone")

    with monkeypatch.context() as broken:
        broken.setattr(rebuild, "remember", refuse)
        with pytest.raises(StorageError, match="gone"):
            rebuild.open_state(Store(press.output), "")

    with rebuild.open_state(Store(press.output), "") as state:
        assert state.known(press.url("a")) is not None


@pytest.mark.parametrize("folder", ["none", "none/at/all"])
def test_status_of_nothing_is_empty(folder: str, tmp_path: Path) -> None:
    assert status.status(tmp_path / folder).articles == 0


async def test_thumbnails_are_drawn_again_offline_in_the_widths_wanted_now(press: Press) -> None:
    await press.harvest("a")
    press.settings = "[thumbnails]\nwidths = [100]\n"
    press.site.requests.clear()
    await thumbnails(press.output, press.config())
    folder = press.manifests()["a"]["folder"]
    named = {t["path"] for image in press.manifests()["a"]["images"] for t in image["thumbnails"]}

    assert press.site.requests == []
    assert named == {str(path.relative_to(folder)) for path in (folder / "thumbnails").iterdir()}
    assert {image["thumbnails"][0]["width"] for image in press.manifests()["a"]["images"]} == {100}


@pytest.mark.parametrize("text", ["", "1", "0/3", "4/3", "a/b", "1/0", "-1/3"])
def test_a_shard_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="i/N"):
        parse_shard(text)


def test_every_article_belongs_to_exactly_one_shard_and_a_domain_to_one() -> None:
    shards = [Shard(index=index, count=3) for index in (1, 2, 3)]
    addresses = [f"https://{sub}.site{n}.example/{n}" for n in range(60) for sub in ("www", "m")]
    owners = {url: [shard.index for shard in shards if shard.holds(url)] for url in addresses}

    assert all(len(owner) == 1 for owner in owners.values())
    for url, owner in owners.items():
        assert owner == owners[f"https://www.{urls.registered_domain(url)}/{url.rpartition('/')[2]}"]


async def test_shards_run_side_by_side_and_together_give_what_one_run_gives(press: Press) -> None:
    async def part(index: int) -> Report:
        return await press.harvest(shard=Shard(index=index, count=3))

    async with asyncio.TaskGroup() as tasks:
        parts = [tasks.create_task(part(index)) for index in (1, 2, 3)]
    reports = [task.result() for task in parts]

    assert sum(report.articles["written"] for report in reports) == 2
    assert set(press.manifests()) == {"a", "b"}
    assert len(list((press.output / ".harvester" / "runs").iterdir())) == 3


async def test_what_shards_harvested_is_seen_retried_and_removed_like_all_else(press: Press) -> None:
    await press.harvest("a", shard=Shard(index=1, count=1))
    async with execution(press.output, press.config(), Options(), Report()):
        pass  # the memory of the whole is there now, and knows one article
    await press.harvest("b", shard=Shard(index=1, count=1))

    assert status.status(press.output).articles == 2
    assert rebuild.check(Store(press.output), "") == []
    async with execution(press.output, press.config(), Options(), Report()) as kit:
        removal.remove(press.url("b"), kit)
    assert set(press.manifests()) == {"a"}


async def test_status_counts_what_is_there_though_the_state_was_lost(press: Press) -> None:
    await press.harvest()
    (press.output / ".harvester" / "state.db").unlink()

    assert status.status(press.output).articles == 2
    assert not (press.output / ".harvester" / "state.db").exists()
