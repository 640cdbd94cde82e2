"""What people do to a request once it is in; each act one transaction, audited."""

from datetime import date

from sqlalchemy.orm import Session

from evalsys.domain.access import Person
from evalsys.domain.casework import decide, decide_close
from evalsys.domain.casework.acting import SYSTEM
from evalsys.domain.casework.clocks import Clockwork
from evalsys.domain.casework.decide import ClassChoice, Done, PauseWish
from evalsys.domain.casework.standing import Standing
from evalsys.domain.casework.state import RequestFile
from evalsys.domain.casework.words import Channel, CloseReason, Confirmation, Party
from evalsys.errors import InvalidInput
from evalsys.services.casework_desk import CaseworkDesk, known_unit, read_party
from evalsys.store import audit, casework, casework_lists, casework_outcomes


class CaseworkHandling:
    """The loop 表达、搜集、研判、解决、反馈 (Y13), step by step."""

    def __init__(self, desk: CaseworkDesk) -> None:
        """Act on `desk`."""
        self._desk = desk

    def verify(self, code: str, by: Person, *, genuine: bool, finding: str) -> Standing:
        """Record whether it is so."""
        return self._desk.act(
            code,
            by,
            lambda file, who, _: decide.verify(file, who, genuine=genuine, finding=finding),
        )

    def reply_interim(self, code: str, by: Person, text: str, channel: Channel) -> Standing:
        """Tell the household how far it is."""
        return self._desk.act(
            code, by, lambda file, who, _: decide_close.reply_interim(file, who, text, channel)
        )

    def reply(
        self, code: str, by: Person, text: str, channel: Channel, flags: tuple[bool, bool]
    ) -> Standing:
        """Record the reply; `flags` are 说法 (explained) and 结论 (concluded)."""
        explained, concluded = flags
        return self._desk.act(
            code,
            by,
            lambda file, who, _: decide_close.reply(
                file, who, text, channel, explained=explained, concluded=concluded
            ),
        )

    def hand_over(self, code: str, by: Person, to: str, reason: str) -> Standing:
        """Offer it to the party written in `to`."""
        party = self._party(to, "移交给")
        return self._desk.act(
            code, by, lambda file, who, _: decide.hand_over(file, who, party, reason)
        )

    def accept(self, code: str, by: Person) -> Standing:
        """Take what was offered."""
        return self._desk.act(code, by, lambda file, who, _: decide.accept(file, who))

    def refuse(self, code: str, by: Person, whose: str, reason: str) -> Standing:
        """Say "not ours", and whose it is."""
        party = self._party(whose, "应由谁办") if whose.strip() else None
        return self._desk.act(
            code, by, lambda file, who, _: decide.refuse(file, who, party, reason)
        )

    def settle(self, code: str, by: Person, holder: str, reason: str) -> Standing:
        """Decide a dispute, or a hand-over that nobody accepted, once."""
        party, now = self._party(holder, "承办方"), self._desk.now()
        return self._desk.act(
            code,
            by,
            lambda file, who, clocks: decide.settle(file, who, party, reason, now, clocks),
        )

    def escalate(self, code: str, by: Person, reason: str) -> Standing:
        """Bring it one level up."""
        return self._desk.act(code, by, lambda file, who, _: decide.escalate(file, who, reason))

    def consult(
        self, code: str, by: Person, lead: str, assisting: tuple[str, ...], reason: str
    ) -> Standing:
        """Call departments together."""
        _needed(lead, "牵头单位")
        lead, *others = self._units((lead, *assisting))
        return self._desk.act(
            code, by, lambda file, who, _: decide.consult(file, who, lead, others, reason)
        )

    def give_opinion(self, code: str, by: Person, unit: str, opinion: str) -> Standing:
        """Record a unit's part of a consultation."""
        return self._desk.act(
            code, by, lambda file, who, _: decide.give_opinion(file, who, unit, opinion)
        )

    def summon(self, code: str, by: Person, unit: str, reason: str) -> Standing:
        """Call a department to the spot."""
        _needed(unit, "单位")
        (known,) = self._units((unit,))
        now = self._desk.now()
        return self._desk.act(
            code, by, lambda file, who, clocks: decide.summon(file, who, known, reason, now, clocks)
        )

    def attend(self, code: str, by: Person, unit: str, report: str) -> Standing:
        """Record that a summoned department came."""
        return self._desk.act(code, by, lambda file, who, _: decide.attend(file, who, unit, report))

    def pause(self, code: str, by: Person, why: str, until: date, note: str) -> Standing:
        """Let the clock wait."""
        wish, now = PauseWish(why, until, note), self._desk.now()
        return self._desk.act(
            code, by, lambda file, who, clocks: decide.pause(file, who, wish, now, clocks)
        )

    def resume(self, code: str, by: Person) -> Standing:
        """Let the clock run again."""
        return self._desk.act(code, by, lambda file, who, _: decide.resume(file, who))

    def extend(self, code: str, by: Person, reason: str) -> Standing:
        """Put the deadline off, once, where its class allows it."""
        return self._desk.act(
            code, by, lambda file, who, clocks: decide.extend(file, who, reason, clocks)
        )

    def reclassify(self, code: str, by: Person, class_code: str, reason: str) -> Standing:
        """Put it into another class of the taxonomy in force."""
        with self._desk.database.read() as db:
            classes = self._desk.classes(db)
        if classes.tree is None:
            raise InvalidInput("还没有分类体系。", remedy="请先导入分类体系。", place="分类")
        classes.tree.check_admitted(class_code)
        urgency = classes.tree.urgency(class_code)
        limit = self._desk.policy.limit_for(urgency, is_petition=False)
        to = ClassChoice(class_code, classes.version, limit)
        return self._desk.act(
            code, by, lambda file, who, clocks: decide.reclassify(file, who, to, reason, clocks)
        )

    def approve_reclass(self, code: str, by: Person, *, seen: int) -> Standing:
        """Let the longer limit hold that was asked for at event `seen` or before."""
        return self._desk.act(
            code, by, lambda file, who, _: decide.approve_reclass(file, who), seen=seen
        )

    def note_root_cause(self, code: str, by: Person, text: str) -> Standing:
        """Say why it came about."""
        return self._desk.act(
            code, by, lambda file, who, _: decide.note_root_cause(file, who, text)
        )

    def note_resources(self, code: str, by: Person, text: str) -> Standing:
        """Say what it needs of the county."""
        return self._desk.act(code, by, lambda file, who, _: decide.note_resources(file, who, text))

    def name_agent(self, code: str, by: Person, cadre: str) -> Standing:
        """Name the cadre who sees to it for the household."""
        party = self._party(f"cadre:{cadre}", "代办干部")
        return self._desk.act(
            code, by, lambda file, who, _: decide.name_agent(file, who, party.code)
        )

    def close(self, code: str, by: Person, reason: CloseReason, note: str) -> Standing:
        """Close it, or propose to."""
        policy = self._desk.policy
        return self._desk.act(
            code, by, lambda file, who, _: decide_close.close(file, who, reason, note, policy)
        )

    def approve_close(self, code: str, by: Person, note: str, *, seen: int) -> Standing:
        """Agree as the second person to the close that was proposed at event `seen` or before."""
        return self._desk.act(
            code, by, lambda file, who, _: decide_close.approve_close(file, who, note), seen=seen
        )

    def refuse_close(self, code: str, by: Person, note: str, *, seen: int) -> Standing:
        """Send a close back."""
        return self._desk.act(
            code, by, lambda file, who, _: decide_close.refuse_close(file, who, note), seen=seen
        )

    def reopen(self, code: str, by: Person, why: str) -> Standing:
        """Open it again."""
        return self._desk.act(code, by, lambda file, who, _: decide_close.reopen(file, who, why))

    def decline_reopening(self, code: str, by: Person, why: str) -> Standing:
        """Leave it closed although the household said no, with the reason."""
        return self._desk.act(
            code, by, lambda file, who, _: decide_close.decline_reopening(file, who, why)
        )

    def decide_duplicate(self, code: str, by: Person, other: str, *, same: bool) -> None:
        """Say whether a hinted request is the same one.

        Raises:
            NotFound: there is no such request.
            NotAllowed: it does not concern them.
        """
        with self._desk.database.write() as db:
            clocks = self._desk.clocks(db)
            file = casework.load(db, code, clocks.days.day_of)
            self._desk.must_see(self._desk.acting(db, by), file)
            casework_lists.decide_duplicate(db, code, other, same=same, by=by.name)
            detail = {"other": other, "same": same}
            audit.record(
                db, self._desk.now(), by.name, "casework.duplicate", f"request:{code}", detail
            )

    def confirm_by_phone(self, code: str, by: Person, answer: Confirmation) -> Standing:
        """Record what a household said on the phone; not by whoever handled or closed it.

        Raises:
            NotAllowed: `by` heads no grid above, or verified, answered or closed it.
            WrongPhase, RuleViolation: as `confirm` says.
        """
        with self._desk.database.write() as db:
            casework.lock(db, code)
            file = casework.load(db, code, self._desk.clocks(db).days.day_of)
            acting = self._desk.acting(db, by)
            acting.must_be_above(file)
            for name in decide_close.handlers(casework.history(db, code)):
                decide.must_be_another(acting, name)
            return confirm_in(self._desk, db, code, answer, "phone", actor=by.name)

    def confirm(
        self, code: str, answer: Confirmation, source: str, *, actor: str = SYSTEM
    ) -> Standing:
        """Put the household's answer beside the claim; what contradicts it is to be investigated.

        Raises:
            NotFound: there is no such request.
            WrongPhase: it is not closed.
            RuleViolation: the household has answered already.
        """
        with self._desk.database.write() as db:
            casework.lock(db, code)
            return confirm_in(self._desk, db, code, answer, source, actor=actor)

    def _party(self, written: str, place: str) -> Party:
        with self._desk.database.read() as db:
            return read_party(db, written, place)

    def _units(self, codes: tuple[str, ...]) -> list[str]:
        with self._desk.database.read() as db:
            return [known_unit(db, code, "单位") for code in codes if code.strip()]


def _needed(unit: str, place: str) -> None:
    if not unit.strip():
        raise InvalidInput(f"没有写{place}。", remedy="请从列出的单位里选。", place=place)


def confirm_in(
    desk: CaseworkDesk,
    db: Session,
    code: str,
    answer: Confirmation,
    source: str,
    *,
    actor: str = SYSTEM,
) -> Standing:
    """Record a household's answer in the transaction that is open; see `confirm`."""
    clocks: Clockwork = desk.clocks(db)
    file: RequestFile = casework.load(db, code, clocks.days.day_of)
    contradicts = decide_close.is_mismatch(file, answer)
    done: Done = decide_close.confirm(file, answer, source)
    closed_by = "" if file.close is None else file.close.by
    made = desk.record(db, file, done, clocks, actor=actor)
    if contradicts:
        found = casework_outcomes.NewMismatch(
            code, file.seq, file.filed.cadre, closed_by, desk.now()
        )
        casework_outcomes.add_mismatch(db, found)
    return made
