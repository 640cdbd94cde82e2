"""How the grid is laid out and what became of it: presets taken, changes, states before them."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class GridPresetTaken(Base):
    """A preset whose levels the county took 采用网格方案; the last one counts."""

    __tablename__ = "grid_presets_taken"
    id: Mapped[int] = mapped_column(primary_key=True)
    preset: Mapped[str] = mapped_column(String(32))
    sha256: Mapped[str] = mapped_column(String(64))
    taken_at: Mapped[datetime]
    taken_by: Mapped[str] = mapped_column(String(64))
