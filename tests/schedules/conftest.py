"""The oracle's own modules can be imported; a longer run: ROTA_ROUNDS=50 pytest tests/schedules/test_rota_oracle.py."""

import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

settings.register_profile(
    "rota",
    deadline=None,  # the machine may be busy
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
