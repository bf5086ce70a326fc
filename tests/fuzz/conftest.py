"""The fuzz tests' own module of strategies can be imported; a longer run is FUZZ_EXAMPLES=5000 pytest tests/fuzz."""

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

settings.register_profile(
    "fuzz",
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "25")),
    deadline=None,  # the machine may be busy
    derandomize="FUZZ_EXAMPLES"
    not in os.environ,  # the default run must not fail by chance, a longer one may find more
    database=None,
    # One server and one store serve all examples of a test, on purpose.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
