"""Programmes of units, and whom they served and when."""

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base
from evalsys.store.schema.roster import CLUSTERED


class ProgrammeRow(Base):
    """A programme 项目 of a unit."""

    __tablename__ = "programmes"
    number: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str]
    unit: Mapped[str] = mapped_column(ForeignKey("units.code"))


class ServiceRow(Base):
    """One thing that a programme did for a household on a day, as the unit recorded it."""

    __tablename__ = "programme_services"
    __table_args__ = CLUSTERED
    programme: Mapped[str] = mapped_column(ForeignKey("programmes.number"), primary_key=True)
    household: Mapped[str] = mapped_column(ForeignKey("households.code"), primary_key=True)
    served_on: Mapped[date] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
