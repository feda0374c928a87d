"""A moving picture that is too large to be drawn moving is kept, with a thumbnail that stands still, and told."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from tests.support.hostile import gif
from tests.support.pictures import moving, saved
from tests.support.press import Picture, Press, Story


class MovingPress(Press):
    """A newspaper that wants its thumbnails to move."""

    def config_text(self) -> str:
        return super().config_text() + "[thumbnails]\nanimated = true\n"


async def test_the_manifest_says_why_thumbnails_stand_still(tmp_path: Path) -> None:
    pictures = (Picture(name="large.gif", data=_large()), Picture(name="small.gif", data=moving("GIF")))
    with MovingPress(tmp_path, {"a": Story(title="The bridge moves", pictures=pictures)}) as press:
        report = await press.harvest("a")

        assert report.exit_status() == 0
        large, small = press.manifests()["a"]["images"]
        assert "do not move" in large["reason"]
        assert large["thumbnails"]
        assert small["reason"] is None


def _large() -> bytes:
    """A small frame that moves 60 times over a large gradient."""
    ground = Image.linear_gradient("L").resize((3_000, 2_500))
    whole, frame = saved(ground, "GIF"), gif((8, 8), (8, 8))
    return whole[:-1] + frame[frame.index(b",", 13) : -1] * 60 + b";"
