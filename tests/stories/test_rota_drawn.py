"""`/rota`: people would rather look than read, and whoever cannot look is told in words."""

from io import BytesIO
from typing import Any

from PIL import Image
from weekend import Weekend

from bot.rota_picture.looks import COLOURS

PHOTO = "POST /bot/sendPhoto"


def picture(message: Any) -> Image.Image:
    assert (message.kind, message.file.mime) == ("photo", "image/png")
    return Image.open(BytesIO(message.file.content)).convert("RGB")


def share(image: Image.Image, colour: tuple[int, int, int]) -> float:
    """How much of a picture has exactly this colour, 0 to 1."""
    counted = image.getcolors(image.width * image.height) or []
    return sum(count for count, found in counted if found == colour) / (image.width * image.height)


async def test_a_picture_of_the_coming_weeks(weekend: Weekend) -> None:
    """One look says who is on; the lock screen and a screen reader say it, too."""
    giulia = weekend.phone("giulia")
    await giulia.types("/rota")

    shown = giulia.last
    assert shown.text.startswith(
        "primary\nNow: Giulia, until Mon 30 Nov, 09:00. Then: the office\n\nbackup\nNow: Sara, "
    )
    assert (shown.rang, shown.protected) == (False, False)
    image = picture(shown)
    assert (image.width, image.height > image.width) == (1080, True)
    assert all(share(image, colour) > 0.02 for colour in COLOURS[:3]), "the three who take turns"
    assert share(image, COLOURS[3]) == 0, "the lead does not"

    weekend.clock.advance(weekend.clock.now().resolution)
    await giulia.types("/turnazione backup")
    assert giulia.last.text.startswith("backup\nNow: Sara, ")
    assert picture(giulia.last).height < image.height
    await giulia.types("/rota nights")
    assert "nights" in giulia.last.text
    assert "primary, backup" in giulia.last.text
    await weekend.nothing_else()


async def test_a_picture_that_is_refused_leaves_its_words(weekend: Weekend) -> None:
    """Telegram takes no photo of these dimensions, say: who is on duty is told all the same."""
    refusal = {"ok": False, "error_code": 400, "description": "Bad Request: PHOTO_INVALID_DIMENSIONS"}
    weekend.fault(match=PHOTO, status=400, body=refusal)
    sara = weekend.phone("sara")
    await sara.types("/rota primary")
    assert (sara.last.kind, sara.last.text.splitlines()[0]) == ("text", "primary")
    assert weekend.sent(PHOTO) == 1
    await weekend.nothing_else()


async def test_a_picture_in_doubt_is_sent_again_and_says_so(weekend: Weekend) -> None:
    """Like every message: a copy too many is better than none."""
    weekend.fault(match=PHOTO, drop="after")
    sara = weekend.phone("sara")
    await sara.types("/rota")
    await weekend.advance(seconds=30)
    first, second = sara.since_start()
    assert (first.kind, second.kind) == ("photo", "photo")
    assert second.text == f"{first.text}\n(repeat)"
    await weekend.nothing_else()


async def test_it_is_taken_away_from_a_phone_that_was_locked_out(weekend: Weekend) -> None:
    """A picture cannot be edited into other words: it goes."""
    alessio = weekend.phone("alessio")
    await alessio.types("/rota")
    number = alessio.last.message_id
    await weekend.phone("marco").types("/lock alessio")
    await weekend.advance(seconds=30)
    assert number not in {message.message_id for message in alessio.messages}
