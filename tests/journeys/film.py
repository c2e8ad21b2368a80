"""What a camera at the gate sees: a phone held into the picture and taken away again."""

import io
from pathlib import Path

from PIL import Image, ImageFilter

from ticketing.domain.qr_codes import png
from ticketing.domain.ticket_token import from_text

WIDTH, HEIGHT = 640, 480
# Chromium plays a film of single JPEG pictures at this rate, again and again.
PICTURES_PER_SECOND = 30
STONE = (176, 160, 134)


def film_of(*codes: bytes, path: Path, shown_s: float, away_s: float) -> Path:
    """Write a film in which each of the pictures `codes` is held slanted, then gone."""
    pictures = [each for code in codes for each in ((held(code), shown_s), (wall(), away_s))]
    with path.open("wb") as film:
        for picture, seconds in pictures:
            film.write(jpeg(picture) * round(seconds * PICTURES_PER_SECOND))
    return path


def held(code: bytes) -> Image.Image:
    """The code as a hand holds it: turned, a little out of focus."""
    picture = wall()
    screen = Image.open(io.BytesIO(code)).convert("RGB").resize((330, 330))
    phone = Image.new("RGB", (370, 420), "white")
    phone.paste(screen, (20, 45))
    turned = phone.rotate(7, expand=True, fillcolor=STONE, resample=Image.Resampling.BICUBIC)
    picture.paste(turned, ((WIDTH - turned.width) // 2, (HEIGHT - turned.height) // 2))
    return picture.filter(ImageFilter.GaussianBlur(0.8))


def wall() -> Image.Image:
    return Image.new("RGB", (WIDTH, HEIGHT), STONE)


def jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def picture_of(text: str) -> bytes:
    """The code of a ticket as a screen shows it."""
    token = from_text(text)
    assert token is not None
    return png(token)
