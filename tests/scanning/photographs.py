"""Photographs of packages, drawn: codes on cardboard, held at some angle, in some light."""

import random
from collections.abc import Callable
from functools import cache
from io import BytesIO

import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

Format = zxingcpp.BarcodeFormat

# What is drawn, by the name of its symbol; what a scanner types for it.
CODES: dict[str, tuple[zxingcpp.BarcodeFormat, str, str]] = {
    "DataMatrix": (
        Format.DataMatrix,
        "(01)00363323464172(17)280229(10)61021543(21)10000012345",
        "]d20100363323464172172802291061021543\x1d2110000012345",
    ),
    "Code 128": (
        Format.Code128,
        "(01)50363323464177(17)280229(10)61021543",
        "]C10150363323464177172802291061021543",
    ),
    "EAN-13": (Format.EAN13, "0316714140018", "]E00316714140018"),
    "QR": (
        Format.QRCode,
        "(01)00363323464172(17)280229(10)61021543",
        "]Q30100363323464172172802291061021543",
    ),
}
MODULE = {"DataMatrix": 7, "Code 128": 3, "EAN-13": 4, "QR": 7}
"""How many pixels the narrowest bar has in the photograph: a code at arm's length."""


@cache
def drawn(symbol: str) -> Image.Image:
    """The code as it is printed, black on white."""
    kind, text, _ = CODES[symbol]
    options = {"gs1": True} if text.startswith("(") else {}
    code = zxingcpp.create_barcode(text, kind, **options)
    shape = memoryview(
        zxingcpp.write_barcode_to_image(code, scale=MODULE[symbol], add_quiet_zones=True)
    )
    height, width = shape.shape
    return Image.frombytes("L", (width, height), shape.tobytes())


@cache
def cardboard(width: int, height: int) -> Image.Image:
    """A package with print on it, brighter on one side."""
    dice = random.Random(width)
    package = Image.linear_gradient("L").rotate(90).resize((width, height))
    package = package.point(lambda shade: 150 + shade // 4)
    pen = ImageDraw.Draw(package)
    for _ in range(40):
        x, y = dice.randrange(width), dice.randrange(height)
        pen.text((x, y), "LOT EXP 10 mL Rx only", fill=dice.randrange(40, 120))
    return package


def package_with(*symbols: str) -> Image.Image:
    """A package with these codes, one below the other."""
    codes = [drawn(symbol) for symbol in symbols]
    width = max(code.width for code in codes) + 300
    height = sum(code.height + 120 for code in codes) + 180
    package = cardboard(width, height).copy()
    top = 150
    for code in codes:
        package.paste(code, ((width - code.width) // 2, top))
        top += code.height + 120
    return package


Change = Callable[[Image.Image, random.Random], Image.Image]


def turned(image: Image.Image, dice: random.Random) -> Image.Image:
    return image.rotate(dice.uniform(0, 360), Image.Resampling.BICUBIC, expand=True, fillcolor=170)


def blurred(image: Image.Image, dice: random.Random) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(dice.uniform(1.0, 2.2)))


def shaken(image: Image.Image, dice: random.Random) -> Image.Image:
    """Moved along while the shutter was open."""
    return Image.blend(
        image, image.transform(image.size, Image.Transform.AFFINE, (1, 0, 2, 0, 1, 1)), 0.5
    )


def aslant(image: Image.Image, dice: random.Random) -> Image.Image:
    """Seen from the side: the far edge is shorter than the near one."""
    width, height = image.size
    by = dice.uniform(0.08, 0.2)
    dx, dy = width * by, height * by / 2
    corners = dice.choice(
        (
            (0, 0, 0, height, width, height + dy, width, -dy),
            (-dx, 0, 0, height, width, height, width + dx, 0),
            (0, -dy, 0, height + dy, width, height, width, 0),
        )
    )
    return image.transform(
        image.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=170
    )


def dim(image: Image.Image, dice: random.Random) -> Image.Image:
    """In low light: dark, flat, and grainy."""
    grain = Image.effect_noise(image.size, dice.uniform(20, 40))
    dark = image.point(lambda shade: 15 + shade * 2 // 7)
    return Image.blend(dark, grain.point(lambda shade: shade // 2), 0.25)


def skewed(image: Image.Image, dice: random.Random) -> Image.Image:
    return image.rotate(dice.uniform(-25, 25), Image.Resampling.BICUBIC, expand=True, fillcolor=170)


LIGHTS: dict[str, tuple[Change, ...]] = {
    "rotated": (turned,),
    "blurred": (skewed, blurred),
    "at an angle": (aslant, skewed),
    "low light": (skewed, dim),
    "all at once": (aslant, turned, blurred, dim),
}


def photograph(*symbols: str, changes: tuple[Change, ...], seed: int) -> bytes:
    """A photograph of a package with these codes, as a phone sends it."""
    dice = random.Random(seed)
    image = package_with(*symbols)
    for change in changes:
        image = change(image, dice)
    return as_file(image, quality=dice.randrange(55, 85))


def as_file(image: Image.Image, kind: str = "JPEG", quality: int = 80) -> bytes:
    """The bytes of an image file."""
    file = BytesIO()
    image.save(file, kind, quality=quality)
    return file.getvalue()
