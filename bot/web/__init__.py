"""What the service shows over HTTP: its health, on HTTP_HOST:HTTP_PORT. It reads the store and changes nothing."""

from bot.web.health import Health, health_app
from bot.web.server import served

__all__ = ["Health", "health_app", "served"]
