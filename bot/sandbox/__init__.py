"""A stand-in X and a stand-in Telegram with phones in a browser: the stage for the demo and the tests."""
