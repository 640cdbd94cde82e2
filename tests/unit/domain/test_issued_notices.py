"""Numbers of notices: read however people write them, apart from what is none."""

import pytest

from evalsys.domain.issued_notices import NoticeNumber, key_of, read_number
from evalsys.domain.notices import NoticeKind
from evalsys.ids import CadreNumber
from tests.builders import full_width


@pytest.mark.parametrize(
    "written",
    [
        "联考诫〔2026〕3号",
        "联考诫[2026]3号",
        "联考诫（2026）3 号",
        f"联考诫【{full_width('2026')}】3",
    ],
)
def test_a_number_is_read_with_brackets_of_any_kind(written: str) -> None:
    assert read_number(written) == NoticeNumber("联考诫", 2026, 3)
    assert str(read_number(written)) == "联考诫〔2026〕3号"


@pytest.mark.parametrize("written", ["", "组函 12", "联考诫〔26〕3号", "〔2026〕3号", "a" * 40])
def test_another_document_is_no_number(written: str) -> None:
    assert read_number(written) is None


def test_the_same_notice_has_the_same_key_and_other_grounds_another() -> None:
    who = CadreNumber("00004211")
    key = key_of(NoticeKind.ADMONISH, who, 2026, ["3 人次"])
    assert key == key_of(NoticeKind.ADMONISH, who, 2026, ["3 人次"])
    others = {
        key_of(NoticeKind.RECTIFY, who, 2026, ["3 人次"]),
        key_of(NoticeKind.ADMONISH, who, 2025, ["3 人次"]),
        key_of(NoticeKind.ADMONISH, who, 2026, ["4 人次"]),
    }
    assert len(others | {key}) == 4
