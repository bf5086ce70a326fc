"""${message}.

Revision: ${up_revision}, after ${down_revision or "none"}; ${create_date.date()}.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
${imports if imports else ""}
revision: str = ${repr(up_revision)}
down_revision: str | None = ${repr(down_revision)}
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """To this form."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Back to the form before; loses what only the new one can hold."""
    ${downgrades if downgrades else "pass"}
