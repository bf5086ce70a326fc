"""`reperibile demo`: the whole weekend on one page, without any account; and `reperibile sandbox`, the stage alone.

stage.py is the process one starts: the page, the stand-ins, the clock. The service is a process of its own
(service.py), as it would be on a server, so that it can really be killed.
"""
