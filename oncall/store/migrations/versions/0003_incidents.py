"""incidents: many issues with one cause"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('incident',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('cause', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('rule', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('owner', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('opened_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('opened_by', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('acknowledged_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('closed_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('closed_by', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('result', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('resolves', sa.Boolean(), nullable=False),
    sa.Column('told_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('due_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('incident', schema=None) as batch_op:
        batch_op.create_index('ix_incident_due', ['due_at'], unique=False, sqlite_where=sa.text('due_at IS NOT NULL'), postgresql_where=sa.text('due_at IS NOT NULL'))
        batch_op.create_index('uq_incident_open_rule', ['rule'], unique=True, sqlite_where=sa.text("rule <> '' AND closed_at IS NULL"), postgresql_where=sa.text("rule <> '' AND closed_at IS NULL"))

    op.create_table('incident_suggestion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('incident', sa.Integer(), nullable=True),
    sa.Column('title', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('created_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('decided_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('decided_by', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('confirmed', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['incident'], ['incident.id'], name=op.f('fk_incident_suggestion_incident_incident')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident_suggestion'))
    )
    with op.batch_alter_table('incident_suggestion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_incident_suggestion_incident'), ['incident'], unique=False)
        batch_op.create_index('ix_incident_suggestion_open', ['id'], unique=False, sqlite_where=sa.text('decided_at IS NULL'), postgresql_where=sa.text('decided_at IS NULL'))

    op.create_table('incident_update',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('incident', sa.Integer(), nullable=False),
    sa.Column('author', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('texts', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('written_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['incident'], ['incident.id'], name=op.f('fk_incident_update_incident_incident')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident_update'))
    )
    with op.batch_alter_table('incident_update', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_incident_update_incident'), ['incident'], unique=False)

    op.create_table('incident_issue',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('incident', sa.Integer(), nullable=False),
    sa.Column('issue', sa.Integer(), nullable=False),
    sa.Column('joined_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('joined_by', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('detail', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('taken_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('left_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('left_by', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.ForeignKeyConstraint(['incident'], ['incident.id'], name=op.f('fk_incident_issue_incident_incident')),
    sa.ForeignKeyConstraint(['issue'], ['issue.number'], name=op.f('fk_incident_issue_issue_issue')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident_issue'))
    )
    with op.batch_alter_table('incident_issue', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_incident_issue_incident'), ['incident'], unique=False)
        batch_op.create_index(batch_op.f('ix_incident_issue_issue'), ['issue'], unique=False)
        batch_op.create_index('uq_incident_issue_now', ['issue'], unique=True, sqlite_where=sa.text('left_at IS NULL'), postgresql_where=sa.text('left_at IS NULL'))

    op.create_table('incident_looked_at',
    sa.Column('issue', sa.Integer(), nullable=False),
    sa.Column('at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('suggestion', sa.Integer(), nullable=True),
    sa.Column('like_issue', sa.Integer(), nullable=True),
    sa.Column('score', sa.Float(), nullable=False),
    sa.Column('because', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['issue'], ['issue.number'], name=op.f('fk_incident_looked_at_issue_issue')),
    sa.ForeignKeyConstraint(['suggestion'], ['incident_suggestion.id'], name=op.f('fk_incident_looked_at_suggestion_incident_suggestion')),
    sa.PrimaryKeyConstraint('issue', name=op.f('pk_incident_looked_at'))
    )
    with op.batch_alter_table('incident_looked_at', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_incident_looked_at_suggestion'), ['suggestion'], unique=False)

    op.create_table('incident_letter',
    sa.Column('update_id', sa.Integer(), nullable=False),
    sa.Column('customer', sa.Integer(), nullable=False),
    sa.Column('issue', sa.Integer(), nullable=False),
    sa.Column('language', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('message', sa.Integer(), nullable=True),
    sa.Column('written_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('failed', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['customer'], ['customer.id'], name=op.f('fk_incident_letter_customer_customer')),
    sa.ForeignKeyConstraint(['issue'], ['issue.number'], name=op.f('fk_incident_letter_issue_issue')),
    sa.ForeignKeyConstraint(['message'], ['message.id'], name=op.f('fk_incident_letter_message_message')),
    sa.ForeignKeyConstraint(['update_id'], ['incident_update.id'], name=op.f('fk_incident_letter_update_id_incident_update')),
    sa.PrimaryKeyConstraint('update_id', 'customer', name=op.f('pk_incident_letter'))
    )
    with op.batch_alter_table('incident_letter', schema=None) as batch_op:
        batch_op.create_index('ix_incident_letter_waits', ['update_id'], unique=False, sqlite_where=sa.text('written_at IS NULL'), postgresql_where=sa.text('written_at IS NULL'))

    with op.batch_alter_table('issue', schema=None) as batch_op:
        batch_op.add_column(sa.Column('incident', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('reply_held_until', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.create_index('ix_issue_incident', ['incident'], unique=False, sqlite_where=sa.text('incident IS NOT NULL'), postgresql_where=sa.text('incident IS NOT NULL'))


def downgrade() -> None:
    with op.batch_alter_table('issue', schema=None) as batch_op:
        batch_op.drop_index('ix_issue_incident', sqlite_where=sa.text('incident IS NOT NULL'), postgresql_where=sa.text('incident IS NOT NULL'))
        batch_op.drop_column('reply_held_until')
        batch_op.drop_column('incident')

    with op.batch_alter_table('incident_letter', schema=None) as batch_op:
        batch_op.drop_index('ix_incident_letter_waits', sqlite_where=sa.text('written_at IS NULL'), postgresql_where=sa.text('written_at IS NULL'))

    op.drop_table('incident_letter')
    with op.batch_alter_table('incident_looked_at', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_incident_looked_at_suggestion'))

    op.drop_table('incident_looked_at')
    with op.batch_alter_table('incident_issue', schema=None) as batch_op:
        batch_op.drop_index('uq_incident_issue_now', sqlite_where=sa.text('left_at IS NULL'), postgresql_where=sa.text('left_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_incident_issue_issue'))
        batch_op.drop_index(batch_op.f('ix_incident_issue_incident'))

    op.drop_table('incident_issue')
    with op.batch_alter_table('incident_update', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_incident_update_incident'))

    op.drop_table('incident_update')
    with op.batch_alter_table('incident_suggestion', schema=None) as batch_op:
        batch_op.drop_index('ix_incident_suggestion_open', sqlite_where=sa.text('decided_at IS NULL'), postgresql_where=sa.text('decided_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_incident_suggestion_incident'))

    op.drop_table('incident_suggestion')
    with op.batch_alter_table('incident', schema=None) as batch_op:
        batch_op.drop_index('uq_incident_open_rule', sqlite_where=sa.text("rule <> '' AND closed_at IS NULL"), postgresql_where=sa.text("rule <> '' AND closed_at IS NULL"))
        batch_op.drop_index('ix_incident_due', sqlite_where=sa.text('due_at IS NOT NULL'), postgresql_where=sa.text('due_at IS NOT NULL'))

    op.drop_table('incident')
