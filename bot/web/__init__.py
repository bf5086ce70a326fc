"""What the service shows over HTTP: health and metrics, on HTTP_HOST:HTTP_PORT. It reads the store, changes nothing."""

from bot.web.health import Health
from bot.web.metrics import Metrics
from bot.web.pages import Guard, web_app
from bot.web.server import served

__all__ = ["Guard", "Health", "Metrics", "served", "web_app"]
