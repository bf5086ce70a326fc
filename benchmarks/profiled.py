"""`reperibile` under cProfile, the store's threads included: python -m benchmarks.profiled DIR run

Writes one DIR/<thread>.prof a thread when it ends (python -m pstats, or any viewer of such files). Slower by a
factor, so its figures are for finding out where the time goes, never for the table. From Python 3.12 on only the main
thread can be profiled so.
"""

import atexit
import cProfile
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any

from bot.__main__ import main


def _profile_threads(kept: dict[str, cProfile.Profile]) -> None:
    def begin(_frame: FrameType, _event: str, _arg: Any) -> None:
        profile = cProfile.Profile()
        kept[threading.current_thread().name] = profile
        profile.enable()

    threading.setprofile(begin)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    kept = {"main": cProfile.Profile()}
    if sys.version_info < (3, 12):
        _profile_threads(kept)

    def write() -> None:
        for name, profile in kept.items():
            profile.disable()
            profile.dump_stats(folder / f"{name}.prof")

    atexit.register(write)
    sys.argv = ["reperibile", *sys.argv[2:]]
    kept["main"].enable()
    main()
