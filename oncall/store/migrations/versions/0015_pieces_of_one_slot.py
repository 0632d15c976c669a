"""of which slot an event of a calendar is"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column('slot', sqlmodel.sql.sqltypes.AutoString(), nullable=True)
    op.add_column('slot', column)


def downgrade() -> None:
    op.drop_column('slot', 'slot')
