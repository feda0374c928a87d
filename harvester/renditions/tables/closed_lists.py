"""Sizes in the query of any server: closed lists, so that only known parameters are removed."""

from __future__ import annotations

from harvester.renditions.parameters import CROPPING, FRAMING, PROCESSING, SCALING
from harvester.renditions.rules import Rule

_PICTURE = r"\.(?:jpe?g|jpe|png|webp|avif|gif|tiff?|heic)$"

CLOSED_LISTS: tuple[Rule, ...] = (
    Rule(
        id="cloud-processing",  # Aliyun, Huawei, Baidu; Qiniu; Tencent
        kind="strip_query",
        hint="?",
        find=r"/[^/]+$",
        params=PROCESSING,
        examples=(
            (
                "https://b1.oss-cn-hangzhou.aliyuncs.com/a.jpg?x-oss-process=image/resize,w_640",
                "https://b1.oss-cn-hangzhou.aliyuncs.com/a.jpg",
            ),
            ("https://img.qiniu.example/a.jpg?imageView2/2/w/640", "https://img.qiniu.example/a.jpg"),
            (
                "https://b1.cos.ap-beijing.myqcloud.com/a.jpg?imageMogr2/thumbnail/640x",
                "https://b1.cos.ap-beijing.myqcloud.com/a.jpg",
            ),
        ),
        leaves=("https://b1.aliyuncs.com/a.jpg?x-oss-process=image/resize,w_64&Expires=1700000000&Signature=ab%2F",),
    ),
    Rule(
        id="size-query",  # Fastly, Sitecore, Umbraco, imgix on a publisher's own domain
        kind="strip_query",
        hint="?",
        find=_PICTURE,
        params=(SCALING | CROPPING) - FRAMING,
        examples=(
            (
                "https://static.paper.example/2023/08/25/15/a.png?quality=75&width=768&crop=3%3A2%2Csmart&auto=webp",
                "https://static.paper.example/2023/08/25/15/a.png?crop=3%3A2%2Csmart",
            ),
            (
                "https://www.site.example/-/media/a.jpg?mw=640&rev=0a1b",
                "https://www.site.example/-/media/a.jpg?rev=0a1b",
            ),
            (
                "https://site.example/media/x1/a.jpg?width=640&rnd=133&v=2",
                "https://site.example/media/x1/a.jpg?rnd=133&v=2",
            ),
        ),
        leaves=("https://www.site.example/-/media/a.jpg?w=640&hash=A1B2C3D4E5",),
    ),
    Rule(
        id="frame-query",
        kind="strip_query",
        hint="?",
        find=_PICTURE,
        params=SCALING | CROPPING,
        expects="uncropped",
        examples=(
            (
                "https://static.paper.example/2023/08/25/15/a.png?quality=75&width=768&crop=3%3A2%2Csmart&auto=webp",
                "https://static.paper.example/2023/08/25/15/a.png",
            ),
            (
                "https://c.ndtv.example/2023-09/a_625x300.jpg?im=FeatureCrop,width=1200",
                "https://c.ndtv.example/2023-09/a_625x300.jpg",
            ),
        ),
    ),
    Rule(
        id="size-query-unnamed",
        kind="strip_query",
        hint="?",
        find=r"/[\w-]{16,}$",
        params=SCALING,
        examples=(
            (
                "https://i.site.example/65c677fb917a1dae0245235f?width=700&format=jpeg",
                "https://i.site.example/65c677fb917a1dae0245235f",
            ),
        ),
    ),
)
