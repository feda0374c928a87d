"""Cloudinary, on its own host or another: segments of comma-separated steps before the picture's name."""

from __future__ import annotations

from harvester.renditions.rules import Rule

# The parameters of Cloudinary's transformations: https://cloudinary.com/documentation/transformation_reference
_CLOUDINARY = (
    r"(?:a|ac|af|ar|b|bl|bo|br|c|co|cs|d|dl|dn|dpr|du|e|eo|f|fl|fn|fps|g|h|if|ki|l|o|p|pg|q|r|so|sp|t|u|vc|vs|w|x|y|z)_"
)
_STEP = rf"(?=[^/]*+/)(?:\$\w+_|{_CLOUDINARY})[^/]++/"

CLOUDINARY: tuple[Rule, ...] = (
    Rule(
        id="cloudinary-signed",
        kind="replace_segment",
        hint="/s--",
        find=rf"/s--[\w-]{{8}}--/(?:{_STEP})*",
        into=("/",),
        signed="whole",
        leaves=("https://res.cloudinary.com/demo/image/upload/s--a1B2c3D4--/c_fill,w_640/v1699/id.jpg",),
    ),
    Rule(
        id="cloudinary-upload",
        kind="replace_segment",
        hint="/upload/",
        find=rf"(/image/upload)/(?:{_STEP})+",
        into=(r"\1/",),
        examples=(
            (
                "https://res.cloudinary.com/demo/image/upload/c_fill,w_640,h_360/v1699/news/id.jpg",
                "https://res.cloudinary.com/demo/image/upload/v1699/news/id.jpg",
            ),
            (
                "https://media-cldnry.s-nbcnews.com/image/upload/t_fit-560w,f_auto,q_auto:best/rockcms/2024-05/a-1b2c.jpg",
                "https://media-cldnry.s-nbcnews.com/image/upload/rockcms/2024-05/a-1b2c.jpg",
            ),
            (
                "https://images.example/image/upload/q_auto/w_1250/v1/a.jpg",
                "https://images.example/image/upload/v1/a.jpg",
            ),
        ),
    ),
    Rule(
        id="cloudinary-root",
        kind="replace_segment",
        hosts=("images.radio-canada.ca",),
        find=rf"^(https?://[^/]+)/(?:{_STEP})+(?=v\d+/)",
        into=(r"\1/",),
        examples=(
            (
                "https://images.radio-canada.ca/q_auto,w_960/v1/ici-info/16x9/harbour.jpg",
                "https://images.radio-canada.ca/v1/ici-info/16x9/harbour.jpg",
            ),
        ),
    ),
    Rule(
        id="cloudinary-dot-image",
        kind="replace_segment",
        hint="/.image/",
        find=rf"/\.image/(?:{_STEP})+(?=[^/]+/)",
        into=("/.image/",),
        expects="uncropped",
        examples=(
            (
                "https://www.magazine.example/.image/ar_1.91%3A1%2Cc_fill%2Cq_auto:good%2Cw_1200/MTk0/harbour.jpg",
                "https://www.magazine.example/.image/MTk0/harbour.jpg",
            ),
        ),
    ),
)
