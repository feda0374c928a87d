"""Platforms that host other people's pictures: encyclopedias, blogs, shops, social networks, video thumbnails."""

from __future__ import annotations

from harvester.renditions.rules import Rule

_OPTIONS = r"(?:-[a-z]{1,3}\d*)*"  # -rw, -no, -p-k-no-nu, -c0xffffff-rj

PLATFORMS: tuple[Rule, ...] = (
    Rule(
        id="wikimedia",
        kind="replace_segment",
        hint="/thumb/",
        find=r"/thumb/([0-9a-f]/[0-9a-f]{2}/[^/]+)/(?:\w+-)*?(?P<w>\d+)px-[^/]+$",
        into=(r"/\1",),
        examples=(
            (
                "https://upload.wikimedia.org/wikipedia/commons/thumb/a/a9/Harbour.jpg/640px-Harbour.jpg",
                "https://upload.wikimedia.org/wikipedia/commons/a/a9/Harbour.jpg",
            ),
            (
                "https://upload.wikimedia.org/wikipedia/en/thumb/0/03/Scan.tif/lossy-page1-800px-Scan.tif.jpg",
                "https://upload.wikimedia.org/wikipedia/en/0/03/Scan.tif",
            ),
        ),
    ),
    Rule(
        id="fandom",
        kind="drop_suffix",
        hosts=("wikia.nocookie.net",),
        find=r"/(?:scale|smart|window|top|fixed|zoom|thumbnail)[\w-]*/(?=[\w/-]{1,300}+$)(?:[\w-]+/)*(?P<w>\d+)(?:/[\w-]+)*$",
        into=("",),
        examples=(
            (
                "https://static.wikia.nocookie.net/w/images/a/a9/Harbour.png/revision/latest/scale-to-width-down/350?cb=2023",
                "https://static.wikia.nocookie.net/w/images/a/a9/Harbour.png/revision/latest?cb=2023",
            ),
        ),
    ),
    Rule(
        id="blogger",
        kind="replace_segment",
        hosts=("googleusercontent.com", "ggpht.com", "bp.blogspot.com"),
        find=rf"/[sw](?P<w>\d+)(?:-h(?P<h>\d+))?{_OPTIONS}/(?=[^/]+$)",
        into=("/s0/",),
        examples=(
            (
                "https://blogger.googleusercontent.com/img/b/R29vZ2xl/AVvXsEh/w640-h480/harbour.jpg",
                "https://blogger.googleusercontent.com/img/b/R29vZ2xl/AVvXsEh/s0/harbour.jpg",
            ),
            (
                "https://1.bp.blogspot.com/-abc/XyZ/AAAA/def/s640/harbour.jpg",
                "https://1.bp.blogspot.com/-abc/XyZ/AAAA/def/s0/harbour.jpg",
            ),
            (
                "https://blogger.googleusercontent.com/img/b/R29vZ2xl/AVvXsEh/s1600-rw/harbour.jpg",
                "https://blogger.googleusercontent.com/img/b/R29vZ2xl/AVvXsEh/s0/harbour.jpg",
            ),
        ),
    ),
    Rule(
        id="google-tail",
        kind="replace_segment",
        hosts=("googleusercontent.com", "ggpht.com", "appspot.com"),
        find=rf"=[swh](?P<w>\d+)(?:-h(?P<h>\d+))?{_OPTIONS}$",
        into=("=s0",),
        examples=(
            (
                "https://lh3.googleusercontent.com/proxy/AbC-d_1=w640-h360-rw",
                "https://lh3.googleusercontent.com/proxy/AbC-d_1=s0",
            ),
            ("https://lh3.googleusercontent.com/AbC-d_1=s640", "https://lh3.googleusercontent.com/AbC-d_1=s0"),
        ),
    ),
    Rule(
        id="medium",
        kind="replace_segment",
        hosts=("miro.medium.com", "cdn-images-1.medium.com"),
        find=r"^(https?://[^/]+)/(?:v2/)?(?:[\w%]+:[^/]+/|max/(?P<w>\d+)/|(?:fit|crop|freeze)/\w+/[\d/]+/)+(?=[^/]+$)",
        into=(r"\1/",),
        examples=(
            (
                "https://miro.medium.com/v2/resize:fit:1400/format:webp/1*AbCdEf.jpeg",
                "https://miro.medium.com/1*AbCdEf.jpeg",
            ),
            ("https://miro.medium.com/max/1400/1*AbCdEf.jpeg", "https://miro.medium.com/1*AbCdEf.jpeg"),
        ),
    ),
    Rule(
        id="cloudflare-images",  # variants have names, unless the account allows any size: nothing can be guessed
        kind="replace_segment",
        hosts=("imagedelivery.net",),
        find=r"^https?://[^/]+/([\w-]+/[^/]+)/(?:[^/]*\bw=(?P<w>\d+)[^/]*|[^/]+)$",
        key=r"imagedelivery.net/\1",
        leaves=(
            "https://imagedelivery.net/Acc0unt/083eb7b2-5392/w=640",
            "https://imagedelivery.net/Acc0unt/083eb7b2-5392/public",
        ),
    ),
    Rule(
        id="wix",
        kind="drop_suffix",
        hosts=("static.wixstatic.com",),
        find=r"/v1/\w+/(?=[^/]*+/[^/]++$)(?:[^/]*?\bw_(?P<w>\d+))?(?:,h_(?P<h>\d+))?[^/]*/[^/]+$",
        into=("",),
        expects="uncropped",
        examples=(
            (
                "https://static.wixstatic.com/media/0a1b~mv2.jpg/v1/fill/w_640,h_480,al_c,q_80/harbour.jpg",
                "https://static.wixstatic.com/media/0a1b~mv2.jpg",
            ),
        ),
    ),
    Rule(
        id="x-media",
        kind="set_param",
        hosts=("pbs.twimg.com",),
        find=r"/media/([\w-]+)\?(?:name=\w+&)?format=(?P<format>\w+)",
        into=(r"?format=\g<format>&name=orig",),
        key=r"x:\1",
        examples=(
            (
                "https://pbs.twimg.com/media/AbC_1?format=jpg&name=small",
                "https://pbs.twimg.com/media/AbC_1?format=jpg&name=orig",
            ),
        ),
    ),
    Rule(
        id="x-media-name",
        kind="set_param",
        hosts=("pbs.twimg.com",),
        find=r"/media/([\w-]+)\.\w{3,4}\?name=\w+$",
        into=("?name=orig",),
        key=r"x:\1",
        examples=(
            ("https://pbs.twimg.com/media/AbC_1.jpg?name=small", "https://pbs.twimg.com/media/AbC_1.jpg?name=orig"),
        ),
    ),
    Rule(
        id="x-media-colon",
        kind="drop_suffix",
        hosts=("pbs.twimg.com",),
        find=r"(/media/([\w-]+)\.\w{3,4}):\w+$",
        into=(r"\1:orig",),
        key=r"x:\2",
        examples=(("https://pbs.twimg.com/media/AbC_1.jpg:large", "https://pbs.twimg.com/media/AbC_1.jpg:orig"),),
    ),
    Rule(
        id="weibo",  # answers only with a Referer of weibo.com
        kind="replace_segment",
        hosts=("sinaimg.cn",),
        find=r"^(https?://(?:wx|ww|tva|tvax)\d\.[^/]+)/(?:mw\d+|orj\d+|thumb\d+|bmiddle|small|wap\d+|thumbnail|square)/(?=[^/]+$)",
        into=(r"\1/large/",),
        examples=(
            ("https://wx1.sinaimg.cn/mw690/0060abcdgy1.jpg", "https://wx1.sinaimg.cn/large/0060abcdgy1.jpg"),
            ("https://wx2.sinaimg.cn/orj360/0060abcdgy1.jpg", "https://wx2.sinaimg.cn/large/0060abcdgy1.jpg"),
        ),
    ),
    Rule(
        id="sina-news",  # the name states the size of the upload
        kind="replace_segment",
        hosts=("n.sinaimg.cn",),
        find=r"/w(?P<w>\d+)h(?P<h>\d+)/",
        leaves=("https://n.sinaimg.cn/sinakd20200/600/w1080h720/20230915/0a1b-2c.jpg",),
    ),
    Rule(
        id="wechat",
        kind="replace_segment",
        hosts=("mmbiz.qpic.cn", "mmbiz.qlogo.cn"),
        find=r"(/\w+/[\w-]+)/(?P<w>\d{2,4})$",
        into=(r"\1/0",),
        examples=(
            (
                "https://mmbiz.qpic.cn/mmbiz_jpg/AbC-1/640?wx_fmt=jpeg",
                "https://mmbiz.qpic.cn/mmbiz_jpg/AbC-1/0?wx_fmt=jpeg",
            ),
        ),
    ),
    Rule(
        id="youtube-thumbnail",  # maxresdefault is missing for many videos, hqdefault for none
        kind="replace_segment",
        hosts=("i.ytimg.com", "img.youtube.com", "ytimg.com"),
        find=r"/(vi|vi_webp)/([\w-]{11})/(?:maxresdefault|hq720|sddefault|hqdefault|mqdefault|default|0)(?=\.(?:jpg|webp)$)",
        into=(r"/\1/\2/maxresdefault", r"/\1/\2/hq720", r"/\1/\2/sddefault", r"/\1/\2/hqdefault"),
        key=r"youtube:\2",
        query="drop",
        expects="larger",
        examples=(
            (
                "https://i.ytimg.com/vi/6lTJUeCKJXE/hqdefault.jpg",
                "https://i.ytimg.com/vi/6lTJUeCKJXE/maxresdefault.jpg",
            ),
            (
                "https://i.ytimg.com/vi/6lTJUeCKJXE/mqdefault.jpg?v=1",
                "https://i.ytimg.com/vi/6lTJUeCKJXE/sddefault.jpg",
            ),
            (
                "https://i.ytimg.com/vi_webp/6lTJUeCKJXE/default.webp",
                "https://i.ytimg.com/vi_webp/6lTJUeCKJXE/hqdefault.webp",
            ),
        ),
    ),
)
