"""Classes go to units by the dated routes alone; the undated table before them was never filled."""

from alembic import op

revision = "0061"
down_revision = "0060"


def upgrade() -> None:
    op.drop_table("casework_class_units")
