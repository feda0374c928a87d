"""A saved feed item of our own, damaged as re-publishers do: lost white space, commas in srcset, a custom player."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import quote

from PIL import Image, ImageDraw

ARTICLE = "https://www.port.example/zh/%E6%B5%B7/20240302-%E6%B8%AF%E5%8F%A3"
CDN = "https://s.port.example/media/display/7c1d2f60-1111-11ee-8888-0050569a0321"
LEAD = f"{CDN}/w:1280/p:16x9/Vue%20du%20port-12.png"
VIDEO = "aB3_dEf-9Zk"
TITLE = '【视频】港口重开：船长说 "风已经停了” [更新] & 更多'
CAPTION = "船只在清晨离开港口 2024 3 2"
CREDIT = "海岸电视台画面"
PUBLISHED = "2024-03-02T09:30:05Z"
WIDTHS = (246, 388, 720, 980)

_BRAND = (
    '{"brand":"PORT","lang":"ZH","program":"","cartouche":"'
    + quote("港口的早晨")
    + '","hash":"5d41402abc4b2a76b9719d911017c592","title":"'
    + quote('船长说 \\"风已经停了”')
    + '"}'
)


def rendition(width: int, kind: str) -> str:
    """The URL of a rendition as a browser asks for it."""
    m = _BRAND.replace("{", "%7B").replace("}", "%7D").replace('"', "%22")
    return f"{CDN}/w:{width}/p:16x9/m:{m}/Vue%20du%20port-12.{kind}"


def _raw(width: int, kind: str) -> str:
    return f"{CDN}/w:{width}/p:16x9/m:{_BRAND}/Vue%20du%20port-12.{kind}".replace('"', "&quot;")


def _srcset(kind: str) -> str:
    return ",".join(f"{_raw(width, kind)} {width}w" for width in WIDTHS)


SIZES = "(max-width: 639px) calc(100vw - 32px), (min-width: 1024px) 850px"
ITEM = (
    "<!--1709371805000-->\n"
    f"[【视频】港口重开：船长说 &quot;风已经停了” [更新] &amp; 更多]({ARTICLE})\n"
    "------\n\n"
    f'<div>02/03/2024 - 10:31</div><img src="{LEAD}"><p><strong>港口周六重新开放。</strong></p>'
    "<div><p>渔民们说，他们等了三天，现在终于可以出海了。码头上站满了人，孩子们向船只挥手。</p>"
    "<p>气象部门预计，风力在傍晚之前不会再次增强，但提醒船长们保持联系。</p>"
    '<div data-media-video-P1 data-wrapper-video-player><divdata-hidden-video-player="P1">'
    '<video-playermedia-id="P1"video-type="youtube"'
    f'source="https://www.youtube.com/embed/{VIDEO}"locale="zh-CN"type="main"video-id="{VIDEO}"playlist=""'
    'embed_config = "{&quot;color&quot;:&quot;#0a5&quot;}"playsinline="1"autoplay    title=""@ready="onReady">'
    "<div><div></div></div></video-player></div><figure><div><picture>"
    f'<sourcetype="image/webp"srcset="{_srcset("webp")}"sizes="{SIZES}"/>'
    f'<imgfetchpriority="low" src="{_raw(980, "png")}" alt="{CAPTION}" srcset="{_srcset("png")}"sizes="{SIZES}"'
    'width="980"height="551"loading="lazy"/></picture><button aria-label="播放"><span></span></button></div>'
    f"<figcaption><span>{CAPTION}</span>                <span>© {CREDIT}</span>            </figcaption></figure>"
    '</div></div><div><a href="https://www.facebook.com/dialog/share?u=x"><span></span></a></div>'
)


def png(width: int, height: int) -> bytes:
    """Draw a picture of the harbour: a sky, a sea, a ship."""
    picture = Image.new("RGB", (width, height), (150, 190, 230))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, height * 6 // 10, width, height), fill=(20, 70, 120))
    left, deck = width // 3, height * 6 // 10
    pen.polygon([(left, deck), (left * 2, deck), (left * 2 - width // 20, deck + height // 8)], fill=(120, 40, 30))
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
