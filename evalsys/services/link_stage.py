"""Stages of links: claimed by the cadre, counted for those who look on (Y21)."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.link_stage import (
    LinkStage,
    LinkStanding,
    StageLine,
    check_stage,
    stage_lines,
    total,
)
from evalsys.domain.local_date import local_date
from evalsys.errors import InvalidInput, NotFound
from evalsys.services.access import Aside, in_turn
from evalsys.store import audit
from evalsys.store import link_stage as store
from evalsys.store.database import Database
from evalsys.store.station_day import cadre_of


@dataclass(frozen=True, slots=True)
class StageReport:
    """The open links by stage, line by line."""

    day: date
    lines: tuple[StageLine, ...]
    total: StageLine


class LinkStages:
    """How far cadres say they have come with their households."""

    def __init__(
        self, database: Database, now: Clock, zone: ZoneInfo, aside: Aside = in_turn
    ) -> None:
        """Read and write `database`; days are those of `zone`; `aside` runs what takes long."""
        self._database = database
        self._now = now
        self._zone = zone
        self._aside = aside

    def today(self) -> date:
        """Return the day in the county."""
        return local_date(self._now(), self._zone)

    def own(self, *, account: str) -> tuple[LinkStanding, ...]:
        """List the open links of an account's cadre.

        Raises:
            NotFound: the account acts for no cadre.
        """
        with self._database.read() as db:
            return store.standings(db, self._cadre(db, account))

    def reach(self, household: str, stage: LinkStage, on: date, *, account: str) -> None:
        """Claim the next stage of a household, for an account's cadre.

        Raises:
            NotFound: the account acts for no cadre.
            InvalidInput: it is not his household, or the day cannot be.
            RuleViolation: it is not the next stage, or no visit is on record.
            StaleState: it is claimed already.
        """
        with self._database.write() as db:
            cadre = self._cadre(db, account)
            found = store.standings(db, cadre, household) if household else ()
            if not found:
                raise InvalidInput(
                    f"{household or '（空）'} 不是您的联系户。",
                    remedy="请从自己的联系户中选择。",
                    place="户编码",
                )
            check_stage(found[0], stage, on, self.today())
            at = self._now()
            store.add(db, cadre, found[0], stage, on, account, at)
            audit.record(db, at, account, "link.stage", f"{cadre}:{household}", {"stage": stage})

    def report(self, *, by_unit: bool) -> StageReport:
        """Count the open links by stage, by grid of the second level or by unit."""
        return self._aside(self._report, (by_unit,))

    def _report(self, by_unit: bool) -> StageReport:  # noqa: FBT001 - run aside by position
        with self._database.read() as db:
            lines = stage_lines(store.counts(db, by_unit=by_unit))
        return StageReport(self.today(), lines, total(lines, "合计"))

    def _cadre(self, db: Session, account: str) -> str:
        cadre = cadre_of(db, account)
        if cadre is None:
            raise NotFound(
                "这个账号没有登记是哪一位干部。",
                remedy="请管理员登记：evalsys user scope 账号 --cadre 编号。",
            )
        return cadre
