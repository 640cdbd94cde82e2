"""The house's two typefaces for paper: the very files that screens load, and no others."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import typst
from fontTools import ttLib

from evalsys.assets import assets_root

FAMILY = "Noto Sans CJK SC"
WEIGHTS = ("regular", "bold")

_WARM_UP = f'#set text(font: "{FAMILY}")\na *b*'.encode()


@dataclass(frozen=True, slots=True)
class Typefaces:
    """The fonts in memory, and the characters that they can draw."""

    fonts: "typst.Fonts"
    drawable: frozenset[int]
    """Code points that both weights have, and the end of a line."""


@cache
def typefaces() -> Typefaces:
    """Unpack the WOFF2 files for the typesetter, once a process, in 0.2 s.

    The unpacked files live in a private folder only until the typesetter has read them: there is
    no cache that two processes could write at once, that somebody could put another font into,
    or that would be left behind.

    Raises:
        FileNotFoundError: the fonts are not installed with the package.
    """
    folder = assets_root() / "static" / "fonts"
    drawable: list[frozenset[int]] = []
    with TemporaryDirectory(prefix="evalsys-fonts-") as unpacked:
        for weight in WEIGHTS:
            source = folder / f"noto-sans-sc-{weight}.woff2"
            # Nothing is changed, so nothing needs to be worked out anew: 0.1 s instead of 5.
            with ttLib.TTFont(source, lazy=True, recalcBBoxes=False, recalcTimestamp=False) as font:
                drawable.append(frozenset(font.getBestCmap()))
                font.flavor = None
                font.save(Path(unpacked) / f"{weight}.otf", reorderTables=None)
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[unpacked]
        )
        # Fonts are read when they are first used; this uses both.
        typst.compile(_WARM_UP, font_paths=fonts, ignore_system_fonts=True)
    return Typefaces(fonts, frozenset.intersection(*drawable) | {ord("\n")})
