"""Reperibile: who is on call answers the customer on X, from their own phone."""

__version__ = "0.1.0"
