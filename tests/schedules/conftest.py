"""The oracle's own modules can be imported; a longer run: ROTA_EXAMPLES=2000 pytest --timeout 0 test_rota_oracle.py."""

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

settings.register_profile(
    "rota",
    max_examples=int(os.environ.get("ROTA_EXAMPLES", "60")),
    deadline=None,  # the machine may be busy
    # The default run must not fail by chance; a longer one may find more.
    derandomize="ROTA_EXAMPLES" not in os.environ,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
