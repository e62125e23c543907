"""Colours by their English CSS names, as Home Assistant knows them, and from one way of writing them to another."""

from __future__ import annotations

import colorsys
import re

from appliance.errors import InputError

Rgb = tuple[int, int, int]

_PLAIN = """
red ff0000 orange ffa500 yellow ffff00 green 008000 blue 0000ff purple 800080 violet ee82ee pink ffc0cb brown a52a2a
white ffffff black 000000 gray 808080 turquoise 40e0d0 cyan 00ffff magenta ff00ff gold ffd700 lime 00ff00 indigo 4b0082
"""
_OTHER = """
aliceblue f0f8ff antiquewhite faebd7 aqua 00ffff aquamarine 7fffd4 azure f0ffff beige f5f5dc bisque ffe4c4
blanchedalmond ffebcd blueviolet 8a2be2 burlywood deb887 cadetblue 5f9ea0 chartreuse 7fff00 chocolate d2691e coral ff7f50
cornflowerblue 6495ed cornsilk fff8dc crimson dc143c darkblue 00008b darkcyan 008b8b darkgoldenrod b8860b darkgray a9a9a9
darkgreen 006400 darkgrey a9a9a9 darkkhaki bdb76b darkmagenta 8b008b darkolivegreen 556b2f darkorange ff8c00
darkorchid 9932cc darkred 8b0000 darksalmon e9967a darkseagreen 8fbc8f darkslateblue 483d8b darkslategray 2f4f4f
darkturquoise 00ced1 darkviolet 9400d3 deeppink ff1493 deepskyblue 00bfff dimgray 696969 dodgerblue 1e90ff
firebrick b22222 floralwhite fffaf0 forestgreen 228b22 fuchsia ff00ff gainsboro dcdcdc ghostwhite f8f8ff goldenrod daa520
greenyellow adff2f grey 808080 homeassistant 18bcf2 honeydew f0fff0 hotpink ff69b4 indianred cd5c5c ivory fffff0
khaki f0e68c lavender e6e6fa lavenderblush fff0f5 lawngreen 7cfc00 lemonchiffon fffacd lightblue add8e6 lightcoral f08080
lightcyan e0ffff lightgoldenrodyellow fafad2 lightgray d3d3d3 lightgreen 90ee90 lightgrey d3d3d3 lightpink ffb6c1
lightsalmon ffa07a lightseagreen 20b2aa lightskyblue 87cefa lightslategray 778899 lightsteelblue b0c4de lightyellow ffffe0
limegreen 32cd32 linen faf0e6 maroon 800000 mediumaquamarine 66cdaa mediumblue 0000cd mediumorchid ba55d3
mediumpurple 9370db mediumseagreen 3cb371 mediumslateblue 7b68ee mediumspringgreen 00fa9a mediumturquoise 48d1cc
mediumvioletred c71585 midnightblue 191970 mintcream f5fffa mistyrose ffe4e1 moccasin ffe4b5 navajowhite ffdead
navy 000080 oldlace fdf5e6 olive 808000 olivedrab 6b8e23 orangered ff4500 orchid da70d6 palegoldenrod eee8aa
palegreen 98fb98 paleturquoise afeeee palevioletred db7093 papayawhip ffefd5 peachpuff ffdab9 peru cd853f plum dda0dd
powderblue b0e0e6 rosybrown bc8f8f royalblue 4169e1 saddlebrown 8b4513 salmon fa8072 sandybrown f4a460 seagreen 2e8b57
seashell fff5ee sienna a0522d silver c0c0c0 skyblue 87ceeb slateblue 6a5acd slategray 708090 snow fffafa springgreen 00ff7f
steelblue 4682b4 tan d2b48c teal 008080 thistle d8bfd8 tomato ff6347 wheat f5deb3 whitesmoke f5f5f5 yellowgreen 9acd32
"""


def _table(text: str) -> dict[str, Rgb]:
    words = text.split()
    return {name: _hex(code) for name, code in zip(words[::2], words[1::2], strict=True)}


def _hex(code: str) -> Rgb:
    return int(code[:2], 16), int(code[2:4], 16), int(code[4:6], 16)


PLAIN = _table(_PLAIN)
NAMED = PLAIN | _table(_OTHER)


def rgb(color: object) -> Rgb:
    """Return the parts of a colour that is given as a name or as #rrggbb. Raises InputError."""
    if isinstance(color, str):
        if re.fullmatch(r"#[0-9a-fA-F]{6}", color):
            return _hex(color[1:])
        if found := NAMED.get(re.sub(r"[ _-]", "", color.lower())):
            return found
    raise InputError("thing-color-unknown", stage="home", color=str(color)[:40])


def name(parts: Rgb) -> str:
    """Return a colour's plain name where it is near to one in hue and saturation, else #rrggbb."""
    hue, saturation = hs(parts)
    for known, code in PLAIN.items():
        if known in ("black", "gray", "brown", "green", "purple"):
            continue  # dark colours: a lamp shows them as white, orange, lime and magenta
        near, full = hs(code)
        apart = min(abs(near - hue), 360 - abs(near - hue))
        if abs(full - saturation) <= 6 and (apart <= 6 or full < 6):
            return {"lime": "green"}.get(known, known)
    return f"#{parts[0]:02x}{parts[1]:02x}{parts[2]:02x}"


def hs(parts: Rgb) -> tuple[float, float]:
    """Return hue (0 to 360) and saturation (0 to 100)."""
    hue, saturation, _ = colorsys.rgb_to_hsv(*(part / 255 for part in parts))
    return round(hue * 360, 3), round(saturation * 100, 3)


def from_hs(hue: float, saturation: float) -> Rgb:
    """Return the parts of a hue and saturation, as bright as can be."""
    return _whole(*colorsys.hsv_to_rgb(hue % 360 / 360, min(max(saturation, 0), 100) / 100, 1))


def xy(parts: Rgb) -> tuple[float, float]:
    """Return the CIE 1931 chromaticity, by the sRGB primaries."""
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in (part / 255 for part in parts))
    x = 0.4124 * r + 0.3576 * g + 0.1805 * b
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = 0.0193 * r + 0.1192 * g + 0.9505 * b
    total = x + y + z
    return (round(x / total, 4), round(y / total, 4)) if total else (0.3127, 0.329)


def from_xy(x: float, y: float) -> Rgb:
    """Return the parts of a chromaticity, as bright as can be."""
    y = max(y, 1e-6)
    big_x, big_z = x / y, (1 - x - y) / y
    linear = (
        3.2406 * big_x - 1.5372 - 0.4986 * big_z,
        -0.9689 * big_x + 1.8758 + 0.0415 * big_z,
        0.0557 * big_x - 0.2040 + 1.0570 * big_z,
    )
    most = max(*linear, 1e-6)
    scaled = (max(part / most, 0) for part in linear)
    return _whole(*(12.92 * p if p <= 0.0031308 else 1.055 * p ** (1 / 2.4) - 0.055 for p in scaled))


def _whole(r: float, g: float, b: float) -> Rgb:
    return round(min(r, 1) * 255), round(min(g, 1) * 255), round(min(b, 1) * 255)
