"""The stand-in X, from its values to its routes; each file says which part it is.

x_posts (accounts, posts) → x_store (what is there and what shows) → x_world (X's rules, and the switches), with x_media
(uploads) and x_cost (the price of it all) beside; x_asked, x_pages, x_search and x_writing read requests; x_oauth and
x_limits let them in or not; x_refusals and x_wire write the answers; x_routes and x_upload are the endpoints; x_faults
are X's well-known bad days, and x_rehearsal is what the control API can do with all of this.
"""

from bot.sandbox.x_posts import Account, Post
from bot.sandbox.x_routes import x_routes
from bot.sandbox.x_world import XWorld

__all__ = ["Account", "Post", "XWorld", "x_routes"]
