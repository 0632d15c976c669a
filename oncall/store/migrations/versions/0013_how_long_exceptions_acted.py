"""exceptions of any time by index, and who has left the file"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

LASTING = sa.text('lasting')
INDEXES = (
    ('ix_override_start_at', 'override', 'start_at'),
    ('ix_swap_start_at', 'swap', 'start_at'),
    ('ix_swap_back_start_at', 'swap', 'back_start_at'),
    ('ix_absence_start_at', 'absence', 'start_at'),
)
SPANS = (
    ('override', 'start_at', 'end_at'),
    ('swap', 'start_at', 'end_at'),
    ('swap', 'back_start_at', 'back_end_at'),
    ('absence', 'start_at', 'end_at'),
)


def longer_than_a_year(start: str, end: str) -> str:
    if op.get_bind().dialect.name == 'sqlite':
        return f'julianday({end}) - julianday({start}) > 366'
    return f"{end} - {start} > interval '366 days'"


def upgrade() -> None:
    op.create_table('departure',
    sa.Column('person', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('left_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('back_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('person', 'left_at', name=op.f('pk_departure'))
    )
    for table in ('override', 'swap', 'absence'):
        column = sa.Column('lasting', sa.Boolean(), nullable=False, server_default=sa.false())
        op.add_column(table, column)
        op.create_index(
            f'ix_{table}_lasting', table, ['end_at'],
            sqlite_where=LASTING, postgresql_where=LASTING,
        )
    for name, table, column in INDEXES:
        op.create_index(name, table, [column])
    for table, start, end in SPANS:
        op.execute(
            f'UPDATE "{table}" SET lasting = true WHERE {longer_than_a_year(start, end)}'
        )


def downgrade() -> None:
    for name, table, _ in INDEXES:
        op.drop_index(name, table_name=table)
    for table in ('override', 'swap', 'absence'):
        op.drop_index(f'ix_{table}_lasting', table_name=table)
        op.drop_column(table, 'lasting')
    op.drop_table('departure')
