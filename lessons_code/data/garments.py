"""The ten garments of the wardrobe: each function draws one, never the same twice.

Coordinates run from -1 to 1, ``y`` downward. Tones are relative: 255 is the lightest that
a garment can be, ``CLOTH`` its plain cloth, smaller numbers are its shades and seams.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from lessons_code.data.drawing import Canvas, Point, arc

CLOTH, SEAM, SHADE, LIGHT, GAP = 190, 120, 160, 250, 0

Draw = Callable[[Canvas, Random], "Details"]
Details = Callable[[], None]  # what is drawn on top of the cloth's pattern


def _top(
    canvas: Canvas,
    rng: Random,
    *,
    hem: float,
    half: float,
    flare: float,
    sleeve: float,
    bend: float = 0.0,
) -> tuple[list[Point], list[Point]]:
    """Draw body and sleeves; return the points of neck and of the right cuff.

    Args:
        canvas: Where to draw.
        rng: What chance decides.
        hem: Height of the lower edge.
        half: Half the width at the chest.
        flare: How much wider it is at the hem.
        sleeve: Length of the sleeves, 0 for none and about 1.3 for long ones.
        bend: How far the hem hangs lower in the middle.
    """
    shoulder = half * rng.uniform(0.9, 1.02)
    neck, depth = rng.uniform(0.17, 0.25), rng.uniform(0.06, 0.2)
    top = -0.82
    slope = rng.uniform(0.08, 0.14)
    cuff: list[Point] = []
    if sleeve:
        # from the shoulder down along the body, and out
        spread = rng.uniform(0.2, 0.42) if sleeve > 0.8 else rng.uniform(0.45, 0.8)
        long = sleeve / (1 + spread**2) ** 0.5
        x, y = shoulder + spread * long, top + slope + long
        thick = rng.uniform(0.24, 0.32)
        end = thick * (rng.uniform(0.6, 0.85) if sleeve > 0.8 else 1.0)
        armpit = (half * 0.92, top + slope + thick * 1.5)
        tone = CLOTH - rng.randrange(10, 40)
        cuff = [(x, y), (x - end, y + end * spread * 0.6)]
        for side in (1, -1):
            arm = [(neck, top), (shoulder, top + slope), *cuff, armpit]
            canvas.polygon([(side * px, py) for px, py in arm], tone)
    waist = half * rng.uniform(0.88, 1.0)
    body = [
        (neck, top),
        (shoulder * 0.97, top + slope),
        (half, top + 0.5),
        (waist, (top + hem) / 2 + 0.15),
        (half + flare, hem),
        (0.0, hem + bend),
    ]
    canvas.mirrored([(0.0, top + depth), *body], CLOTH)
    return [(neck, top), (0.0, top + depth), (-neck, top)], cuff


def _t_shirt(canvas: Canvas, rng: Random) -> Details:
    sleeve = 0.0 if rng.random() < 0.1 else rng.uniform(0.36, 0.72)
    hem = rng.uniform(0.5, 0.85)
    neck, _ = _top(
        canvas,
        rng,
        hem=hem,
        half=rng.uniform(0.44, 0.58),
        flare=rng.uniform(-0.04, 0.05),
        sleeve=sleeve,
    )
    collar, printed = rng.random() < 0.5, rng.random() < 0.3
    shape, tone = rng.randrange(3), rng.choice((LIGHT, SEAM, 60))

    def details() -> None:
        if collar:
            canvas.line(neck, 1, rng.choice((LIGHT, SEAM)))
        if printed and shape == 0:
            canvas.ellipse(0, -0.2, 0.2, 0.2, tone)
        elif printed and shape == 1:
            canvas.polygon([(-0.25, -0.35), (0.25, -0.35), (0.25, -0.1), (-0.25, -0.1)], tone)
        elif printed:
            canvas.polygon([(0, -0.4), (0.22, 0), (-0.22, 0)], tone)

    return details


def _trouser(canvas: Canvas, rng: Random) -> Details:
    hip, waist = rng.uniform(0.32, 0.44), rng.uniform(0.26, 0.34)
    hem = rng.uniform(-0.1, 0.3) if rng.random() < 0.1 else rng.uniform(0.7, 0.95)
    crotch, gap = rng.uniform(-0.35, -0.15), rng.uniform(0.02, 0.1)
    foot = rng.uniform(0.16, 0.34)
    spread = rng.uniform(-0.04, 0.1)
    for side in (1, -1):
        leg = [
            (0.0, -0.9),
            (waist, -0.9),
            (hip, -0.5),
            (hip - 0.04 + spread / 2, (crotch + hem) / 2),
            (gap + foot + spread, hem),
            (gap + spread, hem),
            (0.0, crotch),
        ]
        canvas.polygon([(side * x, y) for x, y in leg], CLOTH if side > 0 else CLOTH - 15)

    def details() -> None:
        canvas.line([(-waist, -0.83), (waist, -0.83)], 1, SEAM)
        canvas.line([(0.0, -0.8), (0.0, crotch)], 0.75, SEAM)
        if rng.random() < 0.4:
            for side in (1, -1):
                canvas.line([(side * 0.12, -0.75), (side * hip * 0.9, -0.52)], 0.75, SEAM)

    return details


def _pullover(canvas: Canvas, rng: Random) -> Details:
    hem = rng.uniform(0.55, 0.85)
    half, flare = rng.uniform(0.46, 0.6), rng.uniform(-0.06, 0.03)
    neck, cuff = _top(canvas, rng, hem=hem, half=half, flare=flare, sleeve=rng.uniform(1.15, 1.5))
    ribs, collar = rng.random() < 0.6, rng.random()
    tone = rng.choice((SEAM, SHADE, LIGHT))

    def details() -> None:
        if ribs:
            edge = half + flare - 0.03
            canvas.line([(-edge, hem - 0.07), (edge, hem - 0.07)], 1.5, tone)
            for side in (1, -1):
                canvas.line([(side * x, y - 0.04) for x, y in cuff], 1.25, tone)
        if collar < 0.25:  # a turtleneck
            x = neck[0][0]
            canvas.mirrored([(0.0, -0.98), (x * 0.8, -0.98), (x, -0.78), (0.0, -0.7)], tone)
        elif collar < 0.6:
            canvas.line(neck, 1.25, tone)
        if rng.random() < 0.15:  # a half zip
            canvas.line([(0.0, -0.75), (0.0, -0.3)], 1, SEAM)
        if rng.random() < 0.2:
            canvas.line([(-half, -0.2), (half, -0.2)], rng.uniform(1.5, 4), LIGHT)

    return details


def _dress(canvas: Canvas, rng: Random) -> Details:
    chest, waist = rng.uniform(0.22, 0.36), rng.uniform(0.17, 0.28)
    middle, hem = rng.uniform(-0.3, 0.05), rng.uniform(0.75, 0.97)
    skirt = rng.uniform(0.25, 0.65)
    sleeve = rng.choice((0, 0, 0, 1, 1, 2))
    neck, depth = rng.uniform(0.1, 0.18), rng.uniform(0.08, 0.3)
    if sleeve:
        long = rng.uniform(0.3, 0.45) if sleeve == 1 else rng.uniform(0.8, 1.15)
        out = rng.uniform(0.25, 0.5)
        for side in (1, -1):
            arm = [
                (neck, -0.9),
                (chest, -0.84),
                (chest + out * long, -0.84 + long),
                (chest + out * long - 0.2, -0.82 + long),
                (chest * 0.9, -0.5),
            ]
            canvas.polygon([(side * x, y) for x, y in arm], CLOTH - 25)
    body = [
        (0.0, -0.9 + depth),
        (neck, -0.92),
        (chest * (1 if sleeve else 0.75), -0.86),
        (chest, -0.5),
        (waist, middle),
        (waist + (skirt - waist) * 0.6, (middle + hem) / 2),
        (skirt, hem),
        (0.0, hem + 0.04),
    ]
    canvas.mirrored(body, CLOTH)
    belt, folds = rng.random() < 0.4, rng.random() < 0.5

    def details() -> None:
        if belt:
            canvas.line([(-waist, middle), (waist, middle)], 1.5, rng.choice((LIGHT, 70)))
        if folds:
            for x in (-0.5, 0.0, 0.5):
                canvas.line([(x * waist, middle + 0.15), (x * skirt, hem - 0.02)], 0.75, SHADE)

    return details


def _coat(canvas: Canvas, rng: Random) -> Details:
    hem = rng.uniform(0.68, 0.97)
    half, flare = rng.uniform(0.44, 0.58), rng.uniform(0.0, 0.12)
    neck, _ = _top(canvas, rng, hem=hem, half=half, flare=flare, sleeve=rng.uniform(1.15, 1.55))
    x = neck[0][0]
    closing, lapels, pockets = rng.random(), rng.random() < 0.55, rng.random() < 0.45

    def details() -> None:
        if lapels:
            low = rng.uniform(-0.45, -0.1)
            for side in (1, -1):
                lapel = [(side * x * 0.6, -0.86), (side * (x + 0.1), -0.62), (side * 0.02, low)]
                canvas.polygon(lapel, rng.choice((SEAM, SHADE)))
        if closing < 0.3:  # worn open
            canvas.polygon([(-0.02, -0.7), (0.02, -0.7), (0.1, hem + 0.05), (-0.1, hem + 0.05)], 50)
        elif closing < 0.85:
            canvas.line([(0.0, -0.7), (0.0, hem)], 1, 80)
        if 0.3 < closing < 0.6:
            for y in (-0.3, 0.0, 0.3):
                canvas.ellipse(0.1, y, 0.045, 0.045, 60)
        if pockets:
            for side in (1, -1):
                canvas.line([(side * 0.18, 0.3), (side * 0.4, 0.24)], 1.25, SEAM)
        if rng.random() < 0.15:
            canvas.line([(-half, 0.02), (half, 0.02)], 1.75, 90)

    return details


def _sandal(canvas: Canvas, rng: Random) -> Details:
    heel = rng.choice((0.0, 0.0, rng.uniform(0.15, 0.35), rng.uniform(0.4, 0.65)))
    ground, thick = 0.45, rng.uniform(0.06, 0.16)
    back = ground - heel - thick
    sole = [
        (-0.92, ground - thick),
        (-0.45, ground - thick * 1.3),
        (0.2, (ground + back) / 2 - 0.02),
        (0.85, back),
        (0.88, back + thick * 0.8),
        (0.25, (ground + back) / 2 + thick),
        (-0.4, ground),
        (-0.9, ground),
    ]
    canvas.polygon(sole, CLOTH)
    if heel > 0.3:
        width = rng.uniform(0.05, 0.2)
        canvas.polygon([(0.86, back), (0.86, ground), (0.86 - width, ground), (0.6, back)], CLOTH)
    elif heel:
        canvas.polygon([(0.87, back), (0.87, ground), (-0.4, ground), (0.2, back + 0.2)], CLOTH)
    base = ground - thick
    kind, width = rng.random(), rng.uniform(0.9, 1.8)
    high = base - rng.uniform(0.25, 0.42)
    lift = back - rng.uniform(0.35, 0.6)
    if kind < 0.3:  # one broad band
        band = [(-0.72, base), (-0.5, high), (-0.05, high - 0.08), (0.15, base - heel * 0.3)]
        canvas.polygon([*band, (-0.05, base - 0.14), (-0.45, base - 0.12)], CLOTH - 20, rounds=1)
    elif kind < 0.75:  # bands side by side
        for k in range(rng.randrange(2, 4)):
            x, foot = -0.68 + 0.3 * k, base - heel * 0.2 * k
            canvas.line([(x, foot), (x + 0.16, high - 0.06 * k), (x + 0.34, foot)], width, CLOTH)
    else:  # a thong between the toes
        canvas.line([(-0.6, base), (-0.35, high), (0.1, base - heel * 0.3)], width, CLOTH)
        canvas.line([(-0.35, high), (0.15, high - 0.1), (0.6, lift)], width, CLOTH)
    if kind > 0.2:  # around the ankle
        canvas.line([(0.83, back), (0.85, lift)], width, CLOTH)
        front = rng.uniform(0.15, 0.35)
        canvas.line(arc(0.5 + front / 4, lift, 0.33 - front / 4, 0.09, 0, 360), width, CLOTH)

    return lambda: canvas.line([(-0.9, ground), (-0.35, ground)], 0.75, SEAM)


def _shirt(canvas: Canvas, rng: Random) -> Details:
    hem = rng.uniform(0.55, 0.92)
    short = rng.random() < 0.25
    neck, cuff = _top(
        canvas,
        rng,
        hem=hem,
        half=rng.uniform(0.42, 0.57),
        flare=rng.uniform(-0.04, 0.08),
        sleeve=rng.uniform(0.4, 0.85) if short else rng.uniform(1.1, 1.5),
        bend=rng.uniform(0.0, 0.12),
    )
    x = neck[0][0]
    collar, placket, pocket = rng.random() < 0.6, rng.random() < 0.65, rng.random() < 0.25

    def details() -> None:
        if placket:
            canvas.line([(0.0, -0.68), (0.0, hem)], 0.75, rng.choice((SEAM, SHADE, LIGHT)))
            for y in (-0.45, -0.15, 0.15, 0.45):
                canvas.ellipse(0.0, y, 0.035, 0.035, 70)
        if collar:
            for side in (1, -1):
                wing = [(side * x * 1.1, -0.9), (side * x * 1.15, -0.68), (side * 0.02, -0.62)]
                canvas.polygon(wing, rng.choice((LIGHT, 215)))
        if pocket:
            canvas.polygon([(0.14, -0.35), (0.36, -0.35), (0.36, -0.1), (0.14, -0.1)], SHADE)
        if not short and rng.random() < 0.5:
            for side in (1, -1):
                canvas.line([(side * px, py - 0.05) for px, py in cuff], 1, LIGHT)

    return details


def _sneaker(canvas: Canvas, rng: Random) -> Details:
    ground, thick = 0.4, rng.uniform(0.1, 0.22)
    sole, toe = ground - thick, rng.uniform(0.16, 0.3)
    ankle, opening = rng.uniform(-0.5, -0.28), rng.uniform(0.05, 0.2)
    upper = [
        (-0.93, sole),
        (-0.92, sole - toe * 0.8),
        (-0.75, sole - toe),
        (-0.3, sole - toe - 0.1),
        (opening - 0.12, ankle - 0.02),
        (opening + 0.1, ankle),
        (0.5, ankle + rng.uniform(0.06, 0.2)),
        (0.8, ankle - 0.04),
        (0.9, ankle),
        (0.88, sole),
    ]
    canvas.polygon(upper, CLOTH)
    band = rng.choice((LIGHT, LIGHT, SEAM, CLOTH))
    mark = rng.random()
    laces, cap = rng.random() < 0.65, rng.random() < 0.3

    def details() -> None:
        bottom = [(-0.94, sole), (0.92, sole), (0.94, ground), (-0.88, ground)]
        canvas.polygon(bottom, band)
        canvas.line([(-0.9, sole), (0.9, sole)], 0.5, 80)
        if cap:
            canvas.polygon(
                [(-0.92, sole), (-0.85, sole - toe), (-0.6, sole - toe), (-0.55, sole)], 230
            )
        if laces:
            for k in range(3):
                x, y = -0.28 + 0.14 * k, sole - toe - 0.06 - 0.1 * k
                canvas.line([(x, y), (x + 0.14, y + 0.1)], 0.75, LIGHT if band != LIGHT else 70)
        if mark < 0.35:
            for k in range(rng.randrange(1, 4)):
                x = 0.1 + 0.16 * k
                canvas.line([(x, sole), (x - 0.14, ankle + 0.18)], 1, rng.choice((LIGHT, 70)))
        elif mark < 0.6:
            canvas.line([(-0.2, sole - 0.06), (0.25, sole - 0.12), (0.7, ankle + 0.2)], 1.25, 240)

    return details


def _bag(canvas: Canvas, rng: Random) -> Details:
    top, ground = rng.uniform(-0.35, 0.0), rng.uniform(0.5, 0.8)
    wide, lean = rng.uniform(0.5, 0.85), rng.uniform(-0.16, 0.14)
    handle = rng.random()
    if handle < 0.8:
        reach, width = wide * rng.uniform(0.35, 0.8), rng.uniform(1.0, 2.2)
        high = rng.uniform(0.25, 0.75) if handle < 0.6 else rng.uniform(0.12, 0.25)
        points = arc(0.0, top + 0.04, reach, high, 180, 360)
        if handle < 0.2:
            points = [(-reach, top + 0.04), (-reach * 0.7, top - high), (reach * 0.7, top - high)]
            points.append((reach, top + 0.04))
        canvas.line(points, width, SHADE)
    body = [
        (wide - 0.06 + lean, top),
        (wide + lean, top + 0.08),
        (wide, ground - 0.1),
        (wide - 0.08, ground),
    ]
    canvas.mirrored(body, CLOTH)
    flap, pocket = rng.random(), rng.random() < 0.3

    def details() -> None:
        low = top + (ground - top) * rng.uniform(0.3, 0.6)
        if flap < 0.4:
            edge = [(wide + lean - 0.04, top), (wide + lean - 0.04, (top + low) / 2), (0.0, low)]
            canvas.mirrored(edge, rng.choice((SHADE, SEAM, 215)))
            canvas.ellipse(0.0, low - 0.02, 0.06, 0.06, LIGHT)
        elif flap < 0.65:
            canvas.line([(-wide, top + 0.1), (wide, top + 0.1)], 0.75, 80)
        elif flap < 0.8:
            for x in (-wide * 0.5, wide * 0.5):
                canvas.line([(x, top), (x, ground)], 1, SEAM)
        if pocket:
            corners = [(-0.3, low), (0.3, low), (0.3, ground - 0.1), (-0.3, ground - 0.1)]
            canvas.line([*corners, corners[0]], 0.75, SEAM)

    return details


def _ankle_boot(canvas: Canvas, rng: Random) -> Details:
    ground = 0.75
    heel = rng.uniform(0.03, 0.14) if rng.random() < 0.65 else rng.uniform(0.2, 0.4)
    top = rng.uniform(-0.85, -0.3)
    front, back = rng.uniform(-0.1, 0.1), rng.uniform(0.68, 0.82)
    sole, thick = ground - heel, rng.uniform(0.06, 0.14)
    boot = [
        (-0.92, ground - thick),
        (-0.9, ground - 0.3),
        (-0.72, ground - 0.4),
        (-0.3, ground - 0.55),
        (front - 0.04, ground - 0.85),
        (front, top),
        (back, top + rng.uniform(-0.06, 0.06)),
        (back - 0.04, 0.0),
        (back + 0.06, sole - 0.1),
        (back + 0.04, sole),
        (0.2, sole),
    ]
    canvas.polygon(boot, CLOTH)
    strip, kind = rng.choice((LIGHT, SEAM, 80, CLOTH)), rng.random()

    def details() -> None:
        canvas.polygon(
            [(-0.93, ground - thick), (0.05, ground - thick), (0.1, ground), (-0.9, ground)], strip
        )
        width = rng.uniform(0.15, 0.42)
        block = [(back + 0.05, sole), (back + 0.03, ground), (back + 0.03 - width, ground)]
        canvas.polygon([*block, (0.2 if heel < 0.15 else back - width, sole)], strip)
        if kind < 0.35:
            for k in range(4):
                y = ground - 0.6 - 0.2 * k
                if y > top:
                    x = front - 0.2 + 0.08 * k
                    canvas.line([(x, y + 0.04), (x + 0.2, y)], 0.75, rng.choice((LIGHT, 60)))
        elif kind < 0.6:
            canvas.line([(front, 0.05), (back, 0.12)], 1.25, rng.choice((LIGHT, 70)))
        elif kind < 0.8:
            side = [(front + 0.25, top), (front + 0.45, top), (front + 0.35, 0.15)]
            canvas.polygon(side, SEAM)

    return details


GARMENTS: dict[str, Draw] = {
    "T-shirt/top": _t_shirt,
    "trouser": _trouser,
    "pullover": _pullover,
    "dress": _dress,
    "coat": _coat,
    "sandal": _sandal,
    "shirt": _shirt,
    "sneaker": _sneaker,
    "bag": _bag,
    "ankle boot": _ankle_boot,
}
