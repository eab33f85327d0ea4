"""The codes in a photograph, as a scanner would type them."""

import time
import warnings
from collections import Counter
from collections.abc import Callable
from io import BytesIO

import zxingcpp
from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

LARGEST_FILE = 15 * 1024 * 1024
MOST_PIXELS = 50_000_000
# A photograph of a modern phone is this wide when it has been read as it is; more shows no more.
SIDE = 2400
LARGEST_SIDE = 3200
LONGEST_SEARCH = 3.0  # seconds
SMALLEST_SIDE = 8
PREFIX_LENGTH = 3

KINDS = ("PNG", "JPEG", "WEBP")
BARS = [
    zxingcpp.BarcodeFormat.Code128,
    # Not the extended kind, in which the +A of a HIBC is the letter a.
    zxingcpp.BarcodeFormat.Code39Std,
    zxingcpp.BarcodeFormat.EAN13,
    zxingcpp.BarcodeFormat.EAN8,
    zxingcpp.BarcodeFormat.UPCA,
    zxingcpp.BarcodeFormat.ITF,
    zxingcpp.BarcodeFormat.DataBar,
    zxingcpp.BarcodeFormat.DataBarExp,
    zxingcpp.BarcodeFormat.DataBarLtd,
]
SQUARES = [zxingcpp.BarcodeFormat.DataMatrix, zxingcpp.BarcodeFormat.QRCode]
ANY_BARS = zxingcpp.BarcodeFormats(BARS)
ANY_CODE = zxingcpp.BarcodeFormats([*SQUARES, *BARS])

Way = Callable[[Image.Image], Image.Image]
"""A way of looking at a photograph once more."""


class ImageNotUnderstood(ValueError):
    """The file is no photograph that we read; `str()` says what was expected and what came."""


def read_image(data: bytes) -> list[str]:
    """Return the text of each code in a photograph, its prefix included; empty where there is none.

    Raises ImageNotUnderstood.
    """
    image = _opened(data)
    if min(image.size) < SMALLEST_SIDE:
        return []
    until = time.monotonic() + LONGEST_SEARCH
    clear = ImageOps.autocontrast(image, cutoff=1)
    found = _texts(image) + _texts(clear)
    # One code is seen at once, and another beside it may be one of bars that lie askew.
    for turn in TURNS:
        found += _texts(turn(clear), ANY_BARS)
    ways = iter(WAYS)
    while not found and time.monotonic() < until and (way := next(ways, None)):
        found = _texts(way(clear))
    return _agreed(found)


def _opened(data: bytes) -> Image.Image:
    """Return the photograph in shades of gray, no larger than helps."""
    if len(data) > LARGEST_FILE:
        raise ImageNotUnderstood(
            f"Expected a photograph of at most {LARGEST_FILE // 1024 // 1024} MB, but got"
            f" {len(data) / 1024 / 1024:.1f} MB."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _loaded(data)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as bomb:
        raise _too_large() from bomb
    except UnidentifiedImageError as error:
        raise ImageNotUnderstood(
            "Expected a photograph as PNG, JPEG or WebP, but got a file of another kind."
        ) from error
    except ImageNotUnderstood:
        raise
    except Exception as error:
        # Whatever a decoder stumbles over, a broken file is no failure of ours.
        raise ImageNotUnderstood(
            "Expected a whole photograph, but the file is damaged or breaks off."
        ) from error


def _loaded(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data), formats=KINDS) as image:
        if image.width * image.height > MOST_PIXELS:
            raise _too_large()
        # A JPEG is decoded at a half or a quarter where that is still enough.
        image.draft("L", (SIDE, SIDE))
        if image.has_transparency_data:
            paper = Image.new("RGBA", image.size, "white")
            paper.alpha_composite(image.convert("RGBA"))
            gray = paper.convert("L")
        else:
            gray = image.convert("L")
    gray.thumbnail((SIDE, SIDE))
    return gray


def _too_large() -> ImageNotUnderstood:
    return ImageNotUnderstood(
        f"Expected a photograph of at most {MOST_PIXELS // 1_000_000} million pixels, but got more."
    )


def _texts(image: Image.Image, kinds: zxingcpp.BarcodeFormats = ANY_CODE) -> list[str]:
    """Return what is read in an image as it is, from its top down."""
    codes = zxingcpp.read_barcodes(image, formats=kinds, text_mode=zxingcpp.TextMode.Plain)
    codes.sort(key=lambda code: (code.position.top_left.y, code.position.top_left.x))
    return [code.symbology_identifier + code.text for code in codes]


def _agreed(found: list[str]) -> list[str]:
    """Return each text once, without those that are a slip of the eye.

    A blurred bar may be taken for another, and one check digit does not notice each time: what was
    seen once only, where another code of its kind was seen again and again, is not there.
    """
    times = Counter(found)
    sure = {text[:PREFIX_LENGTH] for text, count in times.items() if count > 1}
    return [text for text, count in times.items() if count > 1 or text[:PREFIX_LENGTH] not in sure]


def _larger(image: Image.Image) -> Image.Image:
    times = min(2.0, LARGEST_SIDE / max(image.size))
    size = (round(image.width * times), round(image.height * times))
    return image.resize(size, Image.Resampling.BICUBIC)


def _smaller(image: Image.Image) -> Image.Image:
    return image.resize((max(1, image.width // 2), max(1, image.height // 2)), Image.Resampling.BOX)


def _sharper(image: Image.Image) -> Image.Image:
    return image.filter(ImageFilter.UnsharpMask(radius=3, percent=250, threshold=2))


def _smoother(image: Image.Image) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(1.2))


def _without_specks(image: Image.Image) -> Image.Image:
    return image.filter(ImageFilter.MedianFilter(3))


def _turned(degrees: float) -> Way:
    def turn(image: Image.Image) -> Image.Image:
        return image.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)

    return turn


def _both(first: Way, second: Way) -> Way:
    return lambda image: second(first(image))


# Bars are read along a line: with these and the quarter turns that the reader tries by itself, one
# of the lines is within nine degrees of theirs.
TURNS = tuple(_turned(degrees) for degrees in (18, -18, 36, -36))
WAYS: tuple[Way, ...] = (
    _sharper,
    _larger,
    _both(_larger, _sharper),
    _smoother,
    _smaller,
    *(_both(turn, _sharper) for turn in TURNS),
    *(_both(_without_specks, turn) for turn in TURNS),
    *(_both(_smaller, turn) for turn in TURNS),
    _both(_smaller, _smaller),
    *(_both(_both(turn, _larger), _sharper) for turn in TURNS),
    _both(_larger, _smoother),
)
