"""What lower floors say in Chinese is said in English with the same values."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from evalsys.english import in_english, sentences
from evalsys.errors import EvalsysError, StaleState
from evalsys.web.errors import told_error
from evalsys.web.told import told
from evalsys.web.words import set_up_words

VALUE = re.compile(r"\{\w+\}")
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask("evalsys", static_folder=None)
    set_up_words(app, ZoneInfo("Asia/Shanghai"), https=False)
    return app


@pytest.fixture
def in_language(app: Flask, request: pytest.FixtureRequest) -> Iterator[None]:
    with app.test_request_context(f"/?lang={request.param}"):
        yield


ENGLISH = pytest.mark.parametrize("in_language", ["en"], indirect=True)


@ENGLISH
@pytest.mark.usefixtures("in_language")
@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("请先新建会议。", "Create the session first."),
        ("12 个评议席，3 个已入座。", "12 panel seats, 3 taken."),
        ("备份：wang 已确认（昨晚）。", "backup: confirmed by wang（昨晚）."),
        (
            "备份：wang 已确认。没有说明备份放在哪里。",
            "backup: confirmed by wang. Nothing says where backups are kept.",
        ),
        ("可选：磁盘、时钟。", "Possible: disk, clock."),
        ("请核对日期。 请补上。", "Check the date. Add it."),
        ("未分类单位·正科级", "unit without a kind·section level"),
        (
            "由第1季度、第2季度的平均；没有第3季度、第4季度",
            "mean of quarter 1, quarter 2; none of quarter 3, quarter 4",
        ),
        ("电话平台没有应答。", "The exchange does not answer."),
        ("王欣怡", "王欣怡"),
        ("", ""),
    ],
)
def test_a_sentence_keeps_its_values(chinese: str, english: str) -> None:
    assert told(chinese) == english


@ENGLISH
@pytest.mark.usefixtures("in_language")
def test_no_sentence_is_taken_for_another() -> None:
    """Each sentence of the catalogue with values finds its own English, not a wider one's."""
    of_one_shape = defaultdict(set)
    for chinese, english in sentences():
        if len(CHINESE.findall(chinese)) > 1 and "}{" not in chinese:
            values = {name: f"<{n}>" for n, name in enumerate(VALUE.findall(chinese))}
            of_one_shape[_filled(chinese, values)].add(_filled(english, values).lower())
    taken = {
        text: found
        for text, meant in of_one_shape.items()
        if (found := in_english(text).lower()) not in meant
    }
    assert taken == {}
    assert len(of_one_shape) > 300


@ENGLISH
@pytest.mark.usefixtures("in_language")
def test_an_error_is_told_whole() -> None:
    refusal = StaleState(
        "wang 已先执行了“冻结名册”，您的这一步没有生效。",
        remedy="请刷新控制台页面。",
        place="入座码",
    )
    assert told_error(refusal) == {
        "code": "stale_state",
        "what": "wang was first with “Freeze the roster”; your step was not carried out.",
        "remedy": "Reload the console.",
        "place": "seat code",
    }


@pytest.mark.usefixtures("in_language")
@pytest.mark.parametrize("in_language", ["zh"], indirect=True)
def test_chinese_stays_as_it_was_said() -> None:
    error = EvalsysError("请先新建会议。", place="入座码")
    assert told_error(error) == error.to_json()


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(name, value)
    return text
