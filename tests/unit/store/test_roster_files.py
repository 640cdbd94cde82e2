"""Files are told apart by what is in them; what is no plain table is refused with a remedy."""

import os
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from evalsys.errors import InvalidInput
from evalsys.store.roster_files import Table, names_of, open_tables
from evalsys.store.xlsx_guard import Limits

HEADER = "户编码,户主姓名"


def _open(path: Path) -> list[tuple[str, list[tuple[int, list[object]]]]]:
    return [
        (table.sheet, [(number, list(cells)) for number, cells in table.rows])
        for table in open_tables(path, path.name)
    ]


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _workbook(path: Path, fill: Callable[[xlsxwriter.Workbook], object]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        fill(book)
    return path


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "李𬱖"),
        ("utf-8-sig", "李𬱖"),
        ("gb18030", "李𬱖䶮"),
        ("gbk", "李娜"),
        ("utf-16", "李𬱖"),
    ],
)
def test_csv_is_read_in_every_usual_encoding(tmp_path: Path, encoding: str, name: str) -> None:
    path = _write(tmp_path / "户.csv", f"{HEADER}\r\n3713,{name}\r\n".encode(encoding))
    assert _open(path) == [("", [(1, ["户编码", "户主姓名"]), (2, ["3713", name])])]


@pytest.mark.parametrize("delimiter", ",\t;")
def test_csv_is_read_with_every_usual_delimiter(tmp_path: Path, delimiter: str) -> None:
    text = f"{HEADER}\n3713,李四\n".replace(",", delimiter)
    path = _write(tmp_path / "户.txt", text.encode())
    assert _open(path)[0][1][1] == (2, ["3713", "李四"])


@pytest.mark.parametrize(
    "title", ["沂水县联系户花名册\n", "沂水县联系户花名册\n填报单位：县委组织部\n\n"]
)
def test_a_title_without_delimiters_does_not_hide_the_delimiter(tmp_path: Path, title: str) -> None:
    path = _write(tmp_path / "户.csv", f"{title}户编码\t户主姓名\n3713\t李,四\n".encode())
    assert _open(path)[0][1][-1] == (title.count("\n") + 2, ["3713", "李,四"])


def test_a_record_with_a_line_break_is_one_row(tmp_path: Path) -> None:
    path = _write(tmp_path / "户.csv", f'{HEADER}\n3713,"李\n四"\n3714,王五\n'.encode())
    assert _open(path)[0][1][2] == (3, ["3714", "王五"])


def test_workbook_cells_keep_their_types(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("户")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_string(1, 0, "0001")
        sheet.write_number(1, 1, 3.7e17)
        sheet.write_datetime(1, 2, datetime(2026, 3, 1), day)  # noqa: DTZ001 - a cell has no zone
        sheet.write_boolean(1, 3, boolean=True)
        book.add_worksheet("空")
        book.add_chartsheet("图")

    path = _workbook(tmp_path / "花名册.xlsx", fill)
    assert _open(path) == [
        ("户", [(1, [""] * 4), (2, ["0001", 3.7e17, date(2026, 3, 1), True])]),
        ("空", []),
    ]


def test_merged_areas_are_told(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet().merge_range(3, 0, 4, 1, "合并")

    (table,) = open_tables(_workbook(tmp_path / "合并.xlsx", fill), "合并.xlsx")
    assert isinstance(table, Table)
    assert table.merged == ((4, 5),)


def test_cells_whose_formula_failed_or_was_never_calculated_are_told(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("户")
        sheet.write_row(0, 0, ["户编码", "户主姓名"])
        sheet.write_formula("B2", '="张"&"三"', None, "张三")
        sheet.write_formula("B3", "=1/0", None, "#DIV/0!")
        sheet.write_formula("B4", '=IF(A4>1,"","")', None, "nothing")
        sheet.write_formula("B5", '=IF(A1<2,"<","&")', None, "never")

    path = _workbook(tmp_path / "花名册.xlsx", fill)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    page = parts["xl/worksheets/sheet1.xml"]
    page = page.replace(b"<v>nothing</v>", b"<v></v>")
    # As programs write it that do not calculate.
    page = page.replace(b' t="str"><f>IF(A1', b"><f>IF(A1").replace(b"<v>never</v>", b"<v />")
    parts["xl/worksheets/sheet1.xml"] = page
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    (table,) = open_tables(path, path.name)
    assert table.failed == {"B3": "#DIV/0!", "B5": '=IF(A1<2,"<","&")'}


def _macro_book(folder: Path) -> Path:
    path = _workbook(folder / "宏.xlsx", lambda book: book.add_worksheet())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    return path


def _foreign_zip(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "文档.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return folder / "文档.xlsx"


def _cut_book(folder: Path) -> Path:
    path = _workbook(folder / "残.xlsx", lambda book: book.add_worksheet())
    return _write(path, path.read_bytes()[:-200])


def _broken_xml(folder: Path) -> Path:
    path = _workbook(folder / "坏.xlsx", lambda book: book.add_worksheet())
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = b"<worksheet><sheetData><row r="
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def _stray_cell(folder: Path) -> Path:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "户编码")
        sheet.write_string(1_048_575, 16_383, " ")

    return _workbook(folder / "远.xlsx", fill)


def _pipe(path: Path) -> Path:
    os.mkfifo(path)
    return path


BAD_FILES: dict[str, Callable[[Path], Path]] = {
    "文件打不开": lambda folder: folder / "没有.csv",
    ".xlsm": lambda folder: _write(folder / "宏.xlsm", b"PK\x03\x04"),
    "旧格式": lambda folder: _write(folder / "旧.xls", b"\xd0\xcf\x11\xe0" + bytes(600)),
    "内容却不是工作簿": lambda folder: _write(folder / "假.xlsx", HEADER.encode()),
    "不是 .xlsx 工作簿": _foreign_zip,
    "含有宏": _macro_book,
    "已损坏": _cut_book,
    "无法读取": _broken_xml,
    "散布": _stray_cell,
    "不是文本文件": lambda folder: _write(folder / "图.csv", b"\x89PNG\r\n\x00\x00\x00"),
    "编码无法识别": lambda folder: _write(folder / "乱.csv", b"a,b\n\xff\xff\xff,\x81"),
    "这不是文件": lambda folder: _pipe(folder / "管.csv"),
    "引号没有成对": lambda folder: _write(folder / "引.csv", f'{HEADER}\n3713,"李"四\n'.encode()),
    "空字符": lambda folder: _write(folder / "零.csv", f"{HEADER}\n3713,李\0四\n".encode()),
    "一格超过": lambda folder: _write(folder / "长.csv", f"{HEADER}\n{'3' * 200_000}\n".encode()),
}


@pytest.mark.parametrize("what", BAD_FILES)
def test_a_bad_file_is_refused_and_named(tmp_path: Path, what: str) -> None:
    path = BAD_FILES[what](tmp_path)
    with pytest.raises(InvalidInput) as refused:
        _open(path)
    assert what in refused.value.what
    assert refused.value.remedy
    assert path.name in refused.value.place


def test_the_line_is_named_at_which_a_file_stops_being_text(tmp_path: Path) -> None:
    path = _write(
        tmp_path / "混.csv", f"{HEADER}\n3713,李四\n3714,".encode() + "王五\n".encode("gbk")
    )
    with pytest.raises(InvalidInput) as refused:
        _open(path)
    assert refused.value.place == "混.csv 第3行"


def test_a_file_that_unpacks_beyond_bounds_is_refused_before_it_is_parsed(
    tmp_path: Path,
) -> None:
    limits = Limits(unzipped_bytes=2**20, area=1000, remedy="请拆分。")
    path = _workbook(tmp_path / "炸.xlsx", lambda book: book.add_worksheet())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", bytes(2**21))
    assert path.stat().st_size < 2**14
    with pytest.raises(InvalidInput, match="解压后超过"):
        list(open_tables(path, path.name, limits))


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param('<row r="3"><c r="XFD1048576"><v>1</v></c></row>', id="not in its row"),
        pytest.param('<row><c r="XFD1048576"><v>1</v></c></row>', id="a row without a number"),
        pytest.param("<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>", id="other quotes"),
        pytest.param(
            '<x:row r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>', id="a prefix"
        ),
        pytest.param('<row r="3"><c r="xfd1048576"><v>1</v></c></row>', id="small letters"),
        pytest.param('<row\tr = "1048576"><c\tr = "XFD1048576"/></row>', id="other spaces"),
        pytest.param('<row r="3"><c r="A99999999999"><v>1</v></c></row>', id="no such row"),
        pytest.param(
            f'<row r="3">{"<c><v>1</v></c>" * 17}</row><row r="1048576"><c/></row>', id="no address"
        ),
        pytest.param(f'{"<row/>" * 700_000}<row><c r="Z1"/></row>', id="no numbers"),
    ],
)
def test_one_cell_far_away_is_refused_however_it_says_where_it_stands(
    tmp_path: Path, rows: str
) -> None:
    """The reader would lay out a rectangle that ends the process."""
    path = _with_sheet(tmp_path / "远.xlsx", rows)
    with pytest.raises(InvalidInput, match="散布在"):
        _open(path)


def test_a_sheet_under_another_name_is_measured_and_cells_in_turn_are_read(tmp_path: Path) -> None:
    near = '<row><c t="inlineStr"><is><t>甲</t></is></c><c><v>2</v></c></row>'
    assert _open(_with_sheet(tmp_path / "近.xlsx", near))[0][1] == [(1, ["甲", 2.0])]
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    with pytest.raises(InvalidInput, match="1048576 行 × 16384 列"):
        _open(_with_sheet(tmp_path / "远.xlsx", far, part="media/image1.png"))


def _with_sheet(path: Path, rows: str, part: str = "worksheets/sheet1.xml") -> Path:
    plain = _workbook(path.with_name("plain.xlsx"), lambda book: book.add_worksheet())
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name).replace(b"worksheets/sheet1.xml", part.encode())
            if name != "xl/worksheets/sheet1.xml":
                new.writestr(name, content)
        new.writestr(
            f"xl/{part}",
            '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
            'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            f"<sheetData>{rows}</sheetData></worksheet>",
        )
    return path


def test_a_part_that_is_larger_than_it_says_is_refused(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "谎.xlsx", lambda book: book.add_worksheet())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", bytes(2**21))
    content = path.read_bytes()
    lie = content.replace((2**21).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lie != content
    with pytest.raises(InvalidInput, match="已损坏"):
        _open(_write(path, lie))


def test_files_of_one_name_are_told_apart_by_their_folders() -> None:
    files = [Path("a/户.csv"), Path("b/户.csv"), Path("b/村.csv")]
    assert list(names_of(files).values()) == ["a/户.csv", "b/户.csv", "村.csv"]
    assert list(names_of([files[0], files[0]]).values()) == ["户.csv"]
