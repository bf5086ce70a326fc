"""The stand-in X: its world (x_world), signatures (x_oauth), limits (x_limits), JSON (x_wire) and HTTP (x_routes)."""

from bot.sandbox.x_routes import x_routes
from bot.sandbox.x_world import Account, Post, XWorld

__all__ = ["Account", "Post", "XWorld", "x_routes"]
