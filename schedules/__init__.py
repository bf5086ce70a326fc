"""Hours, rota and the rota file: pure. Only `timetable` knows APScheduler, nothing here knows the bot or the clock."""
