"""What the service shows over HTTP_HOST:HTTP_PORT: health, metrics, calendars. It reads the store, changes nothing."""

from bot.web.calendar import Calendars
from bot.web.health import Health
from bot.web.metrics import Metrics
from bot.web.pages import Guard, web_app
from bot.web.server import served

__all__ = ["Calendars", "Guard", "Health", "Metrics", "served", "web_app"]
