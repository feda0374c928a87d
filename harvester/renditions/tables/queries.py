"""Sizes in the query of a known family: which parameters to remove, and which to set."""

from __future__ import annotations

from harvester.renditions.parameters import CROPPING, FRAMING, SCALING, names_in
from harvester.renditions.rules import Rule

QUERIES: tuple[Rule, ...] = (
    Rule(
        id="arc-resizer-v2",  # `auth` is valid for every size: https://docs.arcxp.com (resizer v2)
        kind="strip_query",
        hint="/resizer/v2/",
        find=r"/resizer/v2/[^/]+$",
        params=SCALING | CROPPING,
        signed="asset",
        examples=(
            (
                "https://www.agency.example/resizer/v2/5N7A.jpg?auth=0a1b2c3d&width=640&quality=80&focal=3%2C4",
                "https://www.agency.example/resizer/v2/5N7A.jpg?auth=0a1b2c3d",
            ),
            (
                "https://www.agency.example/resizer/v2/5N7A.jpg?auth=0a1b2c3d&width=640&height=360&smart=true",
                "https://www.agency.example/resizer/v2/5N7A.jpg?auth=0a1b2c3d",
            ),
        ),
    ),
    Rule(
        id="wordpress-vip",
        kind="strip_query",
        hint="/wp-content/uploads/",
        find=r"/wp-content/uploads/.",
        params=SCALING | CROPPING,
        examples=(
            (
                "https://site.example/wp-content/uploads/2024/a.jpg?resize=770%2C513&quality=80&strip=all",
                "https://site.example/wp-content/uploads/2024/a.jpg",
            ),
            (
                "https://platform.site.example/wp-content/uploads/sites/2/2024/a.jpg?quality=90&strip=all&crop=0,0,100,100&w=640",
                "https://platform.site.example/wp-content/uploads/sites/2/2024/a.jpg",
            ),
        ),
        leaves=("https://cdn.example/wp-content/uploads/2026/05/a.jpg?quality=90&w=576&sig=idfGV6tUbW4",),
    ),
    Rule(
        id="wordpress-files",
        kind="strip_query",
        hosts=("files.wordpress.com",),
        params=SCALING | CROPPING,
        examples=(
            ("https://x.files.wordpress.com/2024/05/a.jpg?w=640", "https://x.files.wordpress.com/2024/05/a.jpg"),
        ),
    ),
    Rule(
        id="photon-query",
        kind="strip_query",
        hosts=("i0.wp.com", "i1.wp.com", "i2.wp.com", "i3.wp.com"),
        params=(SCALING | CROPPING) - {"ssl"},
        examples=(
            (
                "https://i0.wp.com/site.example/b.jpg?resize=770%2C513&ssl=1",
                "https://i0.wp.com/site.example/b.jpg?ssl=1",
            ),
        ),
    ),
    Rule(
        id="imgix",
        kind="strip_query",
        hosts=("imgix.net", "images.prismic.io", "datocms-assets.com", "images.unsplash.com"),
        params=(SCALING | CROPPING) - FRAMING,
        examples=(
            (
                "https://site.imgix.net/a/b.jpg?auto=format&w=640&h=360&rect=0%2C10%2C2000%2C1125",
                "https://site.imgix.net/a/b.jpg?rect=0%2C10%2C2000%2C1125",
            ),
            ("https://images.unsplash.com/photo-15?w=800&q=80&ixid=M3", "https://images.unsplash.com/photo-15?ixid=M3"),
        ),
        leaves=("https://site.imgix.net/a/b.jpg?w=640&s=34e941c9f4564410",),
    ),
    Rule(
        id="imgix-frame",
        kind="strip_query",
        hosts=("imgix.net", "images.prismic.io", "datocms-assets.com", "images.unsplash.com"),
        params=SCALING | CROPPING,
        expects="uncropped",
        examples=(
            (
                "https://images.prismic.io/site/b.jpg?auto=format&rect=0,10,2000,1125&w=640",
                "https://images.prismic.io/site/b.jpg",
            ),
            ("https://www.datocms-assets.com/1/b.jpg?fit=crop&w=640&h=360", "https://www.datocms-assets.com/1/b.jpg"),
        ),
    ),
    Rule(
        id="msn",
        kind="strip_query",
        hint="/entityid/",
        find=r"/entityid/[\w-]+\.img$",
        params=SCALING | CROPPING | names_in("m f o l x y n p"),
        examples=(
            (
                "https://img-s-msn-com.akamaized.net/tenant/amp/entityid/AA1b2c.img?w=768&h=512&m=6&q=60&x=10&y=20",
                "https://img-s-msn-com.akamaized.net/tenant/amp/entityid/AA1b2c.img",
            ),
        ),
    ),
    Rule(
        id="gannett",
        kind="strip_query",
        hint="/gcdn/",
        find=r"/gcdn/.",
        params=SCALING | CROPPING,
        examples=(
            (
                "https://www.daily.example/gcdn/presto/2024/05/06/PDTN/a.jpg?crop=2999,1687,x0,y156&width=660&height=371&format=pjpg&auto=webp",
                "https://www.daily.example/gcdn/presto/2024/05/06/PDTN/a.jpg",
            ),
        ),
    ),
    Rule(
        id="gannett-origin",
        kind="replace_segment",
        hint="/gcdn/",
        find=r"^https?://[^/]+/gcdn/",
        into=("https://www.gannett-cdn.com/",),
        query="drop",
        examples=(
            (
                "https://www.daily.example/gcdn/presto/2024/05/06/PDTN/a.jpg?width=660",
                "https://www.gannett-cdn.com/presto/2024/05/06/PDTN/a.jpg",
            ),
        ),
    ),
    Rule(
        id="hearst-query",
        kind="strip_query",
        hosts=("hips.hearstapps.com",),
        params=SCALING | CROPPING,
        examples=(
            (
                "https://hips.hearstapps.com/hmg-prod/images/a-66.jpg?crop=1.00xw:0.75xh;0,0.1xh&resize=640:*",
                "https://hips.hearstapps.com/hmg-prod/images/a-66.jpg",
            ),
        ),
    ),
    Rule(
        id="hearst-store",
        kind="unwrap_url",
        hosts=("hips.hearstapps.com",),
        find=r"^https?://[^/]+/(?P<url>[\w.-]+\.amazonaws\.com/[^?]+)",
        examples=(
            (
                "https://hips.hearstapps.com/hmg-prod.s3.amazonaws.com/images/a-66.jpg?resize=480:*",
                "https://hmg-prod.s3.amazonaws.com/images/a-66.jpg",
            ),
        ),
    ),
    Rule(
        id="townnews",
        kind="strip_query",
        hint="/content/tncms/",
        find=r"/content/tncms/.",
        params=SCALING | CROPPING,
        examples=(
            (
                "https://bloximages.chicago2.vip.townnews.com/paper.example/content/tncms/assets/v3/editorial/6/1f/61f/663a.image.jpg?resize=400%2C267",
                "https://bloximages.chicago2.vip.townnews.com/paper.example/content/tncms/assets/v3/editorial/6/1f/61f/663a.image.jpg",
            ),
        ),
    ),
    Rule(
        id="akamai-width",
        kind="strip_query",
        hint="imwidth=",
        params=names_in("imwidth imheight imdensity"),
        examples=(
            ("https://www.paper.example/content/a.jpg?imwidth=640", "https://www.paper.example/content/a.jpg"),
            (
                "https://www.paper.example/content/a.jpg?impolicy=pic&imwidth=640",
                "https://www.paper.example/content/a.jpg?impolicy=pic",
            ),
        ),
    ),
    Rule(
        id="akamai-policy",
        kind="strip_query",
        hint="impolicy=",
        params=SCALING | CROPPING,
        expects="uncropped",
        examples=(
            ("https://live.example/abc?impolicy=wcms_crop_resize&cropH=900&width=862", "https://live.example/abc"),
        ),
    ),
    Rule(
        id="contentful",
        kind="strip_query",
        hosts=("ctfassets.net",),
        params=SCALING | CROPPING | names_in("r f"),
        examples=(
            (
                "https://images.ctfassets.net/sp1/6b/0a/a.jpg?w=640&fm=webp&q=70",
                "https://images.ctfassets.net/sp1/6b/0a/a.jpg",
            ),
        ),
    ),
    Rule(
        id="sanity",  # the name states the original's size
        kind="strip_query",
        hosts=("cdn.sanity.io",),
        find=r"-(?P<w>\d+)x(?P<h>\d+)\.\w+$",
        params=SCALING | CROPPING,
        examples=(
            (
                "https://cdn.sanity.io/images/p1/production/0a1b-4000x3000.jpg?w=640&fit=max",
                "https://cdn.sanity.io/images/p1/production/0a1b-4000x3000.jpg",
            ),
        ),
    ),
    Rule(
        id="shopify-query",
        kind="strip_query",
        hint="/files/",
        find=r"^(?>.*?(?:cdn\.shopify\.com|/cdn/shop)/).*files/[^/]+$",
        params=SCALING | CROPPING,
        examples=(
            (
                "https://cdn.shopify.com/s/files/1/02/03/files/a.jpg?v=16900&width=640",
                "https://cdn.shopify.com/s/files/1/02/03/files/a.jpg?v=16900",
            ),
            (
                "https://shop.example/cdn/shop/files/a.jpg?v=16900&width=640",
                "https://shop.example/cdn/shop/files/a.jpg?v=16900",
            ),
        ),
    ),
    Rule(
        id="squarespace",
        kind="set_param",
        hint="format=",
        hosts=("images.squarespace-cdn.com", "static1.squarespace.com"),
        find=r"\?format=(?P<w>\d+)w",
        into=("?format=original",),
        examples=(
            (
                "https://images.squarespace-cdn.com/content/v1/5f/16-AB/a.jpg?format=750w",
                "https://images.squarespace-cdn.com/content/v1/5f/16-AB/a.jpg?format=original",
            ),
        ),
    ),
    Rule(
        id="labrador",  # the parameters are percentages of the picture
        kind="strip_query",
        hint="imageId=",
        find=r"^https?://[^/]+/(?:images/)?\d{4,}\.\w{3,4}$",
        params=SCALING | CROPPING | names_in("x y"),
        expects="uncropped",
        examples=(
            (
                "https://image.site.example/2192439.webp?imageId=2192439&x=0&y=0&cropw=100&croph=85&width=1412&height=806",
                "https://image.site.example/2192439.webp?imageId=2192439",
            ),
        ),
    ),
    Rule(
        id="unity-crop",
        kind="strip_query",
        hint="?op=",
        hosts=("cdn.unitycms.io",),
        params=names_in("op val sum"),
        expects="uncropped",
        examples=(
            (
                "https://cdn.unitycms.io/images/C_X_w9Cp4j_BEH.jpg?op=ocroped&val=400,200,1000,1000,0,0&sum=nFxZ",
                "https://cdn.unitycms.io/images/C_X_w9Cp4j_BEH.jpg",
            ),
        ),
    ),
)
