"""How much the bot is used, without knowing by whom."""

from datetime import date

from sqlalchemy import Date, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from services.db import Base


class StatisticKey(Base):
    """The secret of one month; when it is deleted, its pseudonyms can never be linked again."""

    __tablename__ = "statistic_key"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(32))


class Usage(Base):
    """How often one pseudonym did something on a day."""

    __tablename__ = "usage"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    event: Mapped[str] = mapped_column(String(20), primary_key=True)
    pseudonym: Mapped[str] = mapped_column(String(16), primary_key=True)
    count: Mapped[int]
