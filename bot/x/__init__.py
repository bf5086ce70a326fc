"""The X door: the only room that knows tweepy."""
