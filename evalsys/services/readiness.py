"""The checklist before a show: what is in order, what is not, and what to do about it."""

import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import text

from evalsys.clock import Clock
from evalsys.domain.live.screens import Screen
from evalsys.domain.live.state import LiveState, is_assembly
from evalsys.domain.live.words import CheckItem, Phase, ShowCheck
from evalsys.errors import EvalsysError
from evalsys.ids import LiveId
from evalsys.ports import CallGateway
from evalsys.services.backups import BACKUP_WITHIN, backup_age
from evalsys.services.live_session import LiveSessions
from evalsys.services.score import Scores
from evalsys.store.database import Database

ENOUGH_DISK_BYTES = 1 << 30
CLOCKS_AGREE = timedelta(seconds=2)
ScreensOf = Callable[[LiveId], Collection[Screen]]
_CARRIER_ASKED_EVERY = timedelta(seconds=15)


class Grade(StrEnum):
    """How one thing is."""

    OK = "ok"
    WARN = "warn"
    """The show can go on without it."""
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist; `item` is set where only a person can tell."""

    name: ShowCheck
    grade: Grade
    says: str
    remedy: str = ""
    item: CheckItem | None = None

    def to_json(self) -> dict[str, str]:
        """Give the line to the desk."""
        return {
            "name": self.name.value,
            "grade": self.grade.value,
            "says": self.says,
            "remedy": self.remedy,
            "item": self.item.value if self.item else "",
        }


@dataclass(frozen=True, slots=True)
class Places:
    """Folders: those that a show writes to, and where backups of the database are left, if said."""

    written: tuple[Path, ...]
    backups: Path | None = None


def _no_screens(_live: LiveId) -> Collection[Screen]:
    """Know of no screen before `ask_screens`."""
    return ()


class Readiness:
    """Looks at what a show needs; every look is fresh but for the carrier's."""

    def __init__(
        self,
        database: Database,
        live_sessions: LiveSessions,
        scores: Scores,
        gateway: CallGateway,
        places: Places,
        now: Clock,
    ) -> None:
        """Look at `places` for room and backups, and at `gateway` for the carrier."""
        self._database = database
        self._live = live_sessions
        self._scores = scores
        self._gateway = gateway
        self._places = places
        self._now = now
        self._carrier: tuple[datetime, Check] | None = None
        self._screens_of: ScreensOf = _no_screens

    def ask_screens(self, screens_of: ScreensOf) -> None:
        """Ask `screens_of` a session which screens told their names, and what they cannot draw."""
        self._screens_of = screens_of

    def screens_of(self, live: LiveId) -> Collection[Screen]:
        """List the screens that told their names and are there."""
        return self._screens_of(live)

    def red(self, live: LiveId) -> tuple[ShowCheck, ...]:
        """Name what keeps a session that counts from beginning; a rehearsal is only warned.

        Raises:
            NotFound: there is no such session.
        """
        plan = self._live.state(live).plan
        if plan is None or plan.rehearsal:
            return ()
        return tuple(one.name for one in self.of(live) if one.grade is Grade.BAD)

    def says(self, live: LiveId, name: ShowCheck) -> str:
        """Return what a check says now."""
        return next(one.says for one in self.of(live) if one.name is name)

    def of(self, live: LiveId) -> tuple[Check, ...]:
        """Check everything that a session needs before it goes on air.

        Raises:
            NotFound: there is no such session.
        """
        state = self._live.state(live)
        if is_assembly(state):
            return (
                _agenda(state),
                self._seats(live),
                self._disk(),
                self._clock(),
                self._seen(state, CheckItem.BACKUP),
                self._seen(state, CheckItem.HALL),
                _pictures(state),
            )
        return (
            _roster(state),
            _manifest(state),
            self._exchange(),
            self._seen(state, CheckItem.LINES),
            self._tally(),
            self._seats(live),
            self._disk(),
            self._clock(),
            self._seen(state, CheckItem.BACKUP),
            self._seen(state, CheckItem.HALL),
            _pictures(state),
            fonts_check(self._screens_of(live)),
        )

    def _exchange(self) -> Check:
        """Ask the carrier, at most every few seconds: the desk looks more often."""
        known, now = self._carrier, self._now()
        if known is None or now - known[0] > _CARRIER_ASKED_EVERY:
            try:
                self._gateway.check()
                found = Check(ShowCheck.EXCHANGE, Grade.OK, "电话平台有应答。")
            except EvalsysError as error:
                found = Check(ShowCheck.EXCHANGE, Grade.BAD, error.what, error.remedy)
            self._carrier = known = now, found
        return known[1]

    def _tally(self) -> Check:
        trouble = self._scores.tally_trouble()
        if not trouble:
            return Check(ShowCheck.TALLY, Grade.OK, "计票进程在工作。")
        if trouble == "starting":
            return Check(ShowCheck.TALLY, Grade.WARN, "计票进程正在启动。", "请稍候几秒。")
        return Check(
            ShowCheck.TALLY,
            Grade.BAD,
            "计票进程不在或打不开票，联系户评分会一直密封。",
            "请启动 evalsys tally --watch，并核对它的密钥。",
        )

    def _seats(self, live: LiveId) -> Check:
        voters = [one for one in self._scores.seats(live) if one.category.may_vote]
        joined = sum(seat.is_taken for seat in voters)
        if not voters:
            return Check(
                ShowCheck.SEATS, Grade.WARN, "没有评议席位。", "请在“评议席位”建立并发卡。"
            )
        says = f"{len(voters)} 个评议席，{joined} 个已入座。"
        if joined < len(voters):
            return Check(ShowCheck.SEATS, Grade.WARN, says, "请请未入座的评议员扫码入座。")
        return Check(ShowCheck.SEATS, Grade.OK, says)

    def _disk(self) -> Check:
        try:
            for folder in self._places.written:
                folder.mkdir(parents=True, exist_ok=True)
            free = min(shutil.disk_usage(folder).free for folder in self._places.written)
        except OSError as error:
            return Check(
                ShowCheck.DISK, Grade.BAD, f"磁盘不可用：{error.strerror}。", "请检查数据目录。"
            )
        says = f"磁盘剩余 {free / 2**30:.1f} GB。"
        if free < ENOUGH_DISK_BYTES:
            return Check(ShowCheck.DISK, Grade.BAD, says, "一场会议要留 1 GB，请先腾出空间。")
        return Check(ShowCheck.DISK, Grade.OK, says)

    def _clock(self) -> Check:
        """Hold our clock against the database's, which may be another machine's."""
        if self._database.is_sqlite:
            return Check(ShowCheck.CLOCK, Grade.OK, "数据库与程序用同一时钟；屏幕的时差见屏幕墙。")
        with self._database.read() as db:
            theirs: datetime = db.execute(text("SELECT clock_timestamp()")).scalar_one()
        apart = abs(theirs - self._now())
        says = f"与数据库服务器的时钟相差 {apart.total_seconds():.1f} 秒。"
        if apart > CLOCKS_AGREE:
            return Check(ShowCheck.CLOCK, Grade.BAD, says, "请在两台机器上启用 NTP。")
        return Check(ShowCheck.CLOCK, Grade.OK, says)

    def _seen(self, state: LiveState, item: CheckItem) -> Check:
        what, remedy = _BY_PEOPLE[item]
        seen = state.control.confirmed.get(item)
        if seen is None:
            return Check(ShowCheck(item.value), Grade.BAD, f"{what}：还没有人确认。", remedy, item)
        note = f"（{seen.note}）" if seen.note else ""
        says = f"{what}：{seen.by} 已确认{note}。"
        if item is CheckItem.BACKUP and self._now() - seen.at > BACKUP_WITHIN:
            return Check(ShowCheck(item.value), Grade.WARN, f"{says}已超过 24 小时。", remedy, item)
        if item is CheckItem.BACKUP and self._places.backups is not None:
            age = backup_age(self._places.backups, self._now())
            grade = Grade.OK if age.is_recent else Grade.WARN
            return Check(ShowCheck(item.value), grade, f"{says}{age.says}", age.remedy, item)
        return Check(ShowCheck(item.value), Grade.OK, says, item=item)


def fonts_check(screens: Collection[Screen]) -> Check:
    """Say whether every screen that told its name draws every name of the roster."""
    if not screens:
        return Check(
            ShowCheck.FONTS,
            Grade.WARN,
            "还没有屏幕登记，字体没有逐屏试过。",
            "请从屏幕墙取得链接，在各屏打开。",
        )
    lacking = [f"{one.name}（{one.lacks}）" for one in screens if one.lacks]
    if lacking:
        return Check(
            ShowCheck.FONTS,
            Grade.BAD,
            f"有屏幕画不出花名册里的字：{'、'.join(lacking)}。",
            "请在屏幕墙刷新这块屏；仍缺字的，见字体说明。",
        )
    untried = [one.name for one in screens if one.lacks is None]
    if untried:
        return Check(
            ShowCheck.FONTS,
            Grade.WARN,
            f"字体还没有试完：{'、'.join(untried)}。",
            "名册冻结后各屏自动试字，请稍候。",
        )
    return Check(ShowCheck.FONTS, Grade.OK, f"{len(screens)} 块屏幕画得出花名册里的每个字。")


_BY_PEOPLE = {
    CheckItem.LINES: (
        "线路试通",
        "请用会场线路和一部普通电话各试拨一次，听清后确认。",
    ),
    CheckItem.BACKUP: (
        "备份",
        "请用 pg_dump 备份并试读一遍后确认；见部署文档“备份”一节。",
    ),
    CheckItem.HALL: ("会场声画与出口", "请看清各机位、听清各话筒、走一遍疏散出口后确认。"),
}


def _roster(state: LiveState) -> Check:
    if not state.roster_sha256:
        return Check(ShowCheck.ROSTER, Grade.BAD, "名册还没有冻结。", "请在控制台按“冻结名册”。")
    if state.must_refreeze:
        return Check(
            ShowCheck.ROSTER, Grade.BAD, "有异议成立，名册须重新冻结。", "请在控制台重新冻结。"
        )
    return Check(
        ShowCheck.ROSTER,
        Grade.OK,
        f"名册已冻结：{state.roster_cadres:,} 名干部，{state.roster_households:,} 户。",
    )


def _manifest(state: LiveState) -> Check:
    if not state.manifest_sha256:
        return Check(
            ShowCheck.MANIFEST, Grade.BAD, "抽签清单还没有公布。", "异议期结束后在控制台公布清单。"
        )
    return Check(ShowCheck.MANIFEST, Grade.OK, f"抽签清单已公布：{state.manifest_sha256[:8]}…")


def _agenda(state: LiveState) -> Check:
    if not state.manifest_sha256:
        return Check(ShowCheck.AGENDA, Grade.BAD, "议程还没有公布。", "请编排议程并公布。")
    return Check(
        ShowCheck.AGENDA,
        Grade.OK,
        f"议程已公布：{len(state.agenda)} 个议题，{state.manifest_sha256[:8]}…",
    )


def _pictures(state: LiveState) -> Check:
    control = state.control
    if state.phase is Phase.SEALED:
        return Check(ShowCheck.PICTURES, Grade.OK, "会议已封存。")
    if control.dark or control.is_halted:
        return Check(
            ShowCheck.PICTURES,
            Grade.WARN,
            "有画面是黑场，或会议已保持。",
            "开播前请恢复画面并按“继续”。",
        )
    return Check(ShowCheck.PICTURES, Grade.OK, "所有画面都已放行。")
