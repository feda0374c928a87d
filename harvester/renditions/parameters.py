"""The query parameters of picture servers, by what they do."""

from __future__ import annotations


def names_in(text: str) -> frozenset[str]:
    """Return the set of names in a text that lists them."""
    return frozenset(text.split())


# These change the size, the compression or the type in which a picture is sent, never which picture it is.
SCALING = names_in(
    "w h width height imwidth imheight wid hei mw mh maxw maxh maxwidth maxheight max-w max-h max_w max_h max_width "
    "max_height resize resizes size sz dpr dppx density zoom scale quality q qlt qual jpgquality compress compression "
    "lossless auto format fmt fm imformat output outputformat output-format output-quality strip progressive sharp "
    "sharpen op_sharpen op_usm usm optimize interpolation upscale enlarge downsize resample bg bgcolor background "
    "background-color noresize s-maxage ssl quality_auto webp avif iswebp as"
)

# These ask a cloud's storage to process the picture; the value, or the name after a slash, says how.
PROCESSING = names_in("x-oss-process x-image-process x-bce-process imageview2 imagemogr2 imageslim")

# These change which part of the picture is sent.
CROPPING = names_in(
    "crop fit rect mode rmode smart focal focalpoint fp-x fp-y fp-z fpx fpy gravity anchor ar aspect aspect_ratio "
    "aspectratio ratio trim cropw croph cropx cropy crop_w crop_h panox panoy panow panoh heightx heighty heightw "
    "heighth bboxx bboxy bbox impolicy im op val region resizemode overlay-align overlay-width overlay-base64 enable "
    "rotate flip orient precrop offset-x offset-y offsetx offsety"
)

# Those of them that give the part in numbers: without a size they still mean the same part.
FRAMING = names_in(
    "crop rect ar aspect aspect_ratio ratio trim cropw croph cropx cropy crop_w crop_h im impolicy op val region"
)

# These prove that the publisher asked for this very URL: a URL that has one is used unchanged or not at all.
SIGNATURES = names_in(
    "s sig sign signature token hash hmac checksum itok auth key-pair-id policy expires expire exp e hdnts hdnea "
    "x-amz-signature x-amz-credential x-amz-date x-amz-expires x-amz-algorithm x-amz-signedheaders "
    "x-amz-security-token x-signature x-expires x-orig-sign "
    "x-goog-signature x-goog-credential x-goog-date x-goog-expires x-goog-algorithm x-goog-signedheaders "
    "awsaccesskeyid ossaccesskeyid googleaccessid se sp sr sv st skoid sktid ske sks skv oh oe _nc_ohc"
)

# These tell cached copies apart, never pictures.
VERSIONS = names_in(
    "v ver version t ts time timestamp stamp cb cache cachebuster nocache rev r d m _ modified mtime updated sum rnd"
)

TYPES = names_in("jpg jpeg jpe pjpg pjpeg jfif png webp avif jxl heic heif gif tif tiff bmp auto")


def pairs(query: str) -> list[tuple[str, str]]:
    """Split a query into names and values, still percent-encoded; empty pieces are left out."""
    return [(name, value) for name, _, value in (piece.partition("=") for piece in query.split("&") if piece)]


def joined(kept: list[tuple[str, str]], query: str) -> str:
    """Return *kept* as a query with its `?`; a name that had no `=` in the original *query* gets none."""
    bare = {piece for piece in query.split("&") if "=" not in piece}
    written = [name if not value and name in bare else f"{name}={value}" for name, value in kept]
    return "?" + "&".join(written) if written else ""


def is_signed(query: str) -> bool:
    """Return whether one of the parameters is a signature."""
    return any(name.lower() in SIGNATURES for name, _ in pairs(query))
