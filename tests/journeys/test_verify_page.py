"""Checking a draw in a browser: from the session's page, from saved files, and without us."""

import subprocess
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import requests
from playwright.sync_api import FilePayload, Page, expect

from evalsys.domain.beacon import QUICKNET, BeaconRules
from evalsys.domain.manifest import Exclusion, ExclusionReason, HouseholdRules
from evalsys.domain.verify import MANIFEST, TRANSCRIPT
from evalsys.ids import CadreNumber
from evalsys.store.database import Database
from tests.browser import NewPage, Screenshot
from tests.builders_beacon import a_beacon_draw, genuine
from tests.builders_draw import Draw, a_draw, a_manifest, a_roster
from tests.builders_witness import KEYS, THREE, witnessed
from tests.panel_hall import a_county, an_operator
from tests.processes import ServeApp

pytestmark = pytest.mark.on_sqlite

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
PATIENCE_S = 15
"""On a machine that does other things as well; the bench holds it to two seconds."""
PATIENCE_MS = 60_000
COUNTY = a_roster(10_180, hh_n=33)
EXCLUDED = CadreNumber("00004211")


@pytest.fixture(scope="module")
def county() -> Draw:
    """Ten slots over 10,180 cadres."""
    left_out = [Exclusion(EXCLUDED, ExclusionReason.DRAWN_WITHIN_180D)]
    manifest = a_manifest(COUNTY, slots=10, hh=HouseholdRules(), exclusions=left_out)
    return a_draw(COUNTY, manifest, rehearsal=False)


@pytest.fixture
def url(database: Database, serve_app: ServeApp) -> str:
    """An application with a small county."""
    a_county(database)
    return serve_app(database)


@pytest.fixture
def kept(url: str, tmp_path: Path) -> str:
    """The verifier as people keep it: a file on their disk, with its address."""
    file = tmp_path / "evalsys-verify.html"
    file.write_bytes(requests.get(f"{url}/verify/offline.html", timeout=10).content)
    return file.as_uri()


def payloads(files: dict[str, bytes]) -> list[FilePayload]:
    return [
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
        for name, data in files.items()
    ]


def choose(page: Page, files: dict[str, bytes], finding: str) -> None:
    """Choose files and wait for the verdict."""
    page.locator("#verdict").evaluate("verdict => { verdict.dataset.finding = ''; }")
    page.set_input_files("#choose", payloads(files))
    expect(page.locator(f"#verdict[data-finding={finding}]")).to_be_visible(timeout=PATIENCE_MS)


def zipped(files: dict[str, bytes]) -> dict[str, bytes]:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"bundle/{name}", data)
    return {"bundle.zip": packed.getvalue()}


def fits(page: Page) -> bool:
    page.evaluate("document.fonts.ready")
    answer: bool = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return answer


def drawn(draw: Draw, j: int) -> dict[str, Any]:
    return dict(draw.entries[draw.line_of("slot", j - 1)].body)


def test_ten_slots_over_a_county_are_checked_and_answer_for_each_number(
    url: str, county: Draw, new_page: NewPage, screenshot: Screenshot
) -> None:
    page = new_page(**DESK)
    page.goto(f"{url}/verify")
    assert fits(page)
    choose(page, county.files, "good")
    taken = float(page.locator("#verdict").get_attribute("data-seconds") or "inf")
    assert taken <= PATIENCE_S
    expect(page.locator(".proof")).to_have_count(27)
    expect(page.locator(".proof:not(.ok)")).to_have_count(0)
    first, second = drawn(county, 1), drawn(county, 2)
    runner_up, ticket = first["runners_up"][0]
    page.fill("#number", runner_up)
    place = page.locator(".place").first
    expect(place).to_contain_text("第 2 位")
    expect(place).to_contain_text(f"{county.roster.n - 1:,} 人")
    expect(place.locator("pre")).to_contain_text(ticket)
    page.fill("#number", second["cadre"])
    expect(page.locator(".place.in_pot")).to_have_count(1)
    expect(page.locator(".place.drawn")).to_contain_text("抽中")
    expect(page.locator(".place.drawn_before")).to_contain_text("第 3–10 次抽取")
    assert fits(page)
    screenshot(page, "verify")
    page.fill("#number", EXCLUDED)
    expect(page.locator(".place.excluded").first).to_contain_text("180 天内已被抽中")
    page.fill("#number", "4211")
    page.keyboard.press("Enter")
    expect(page.locator(".place.excluded")).to_contain_text("第 1–10 次抽取")
    page.fill("#number", "99999999")
    expect(page.locator("#number-error")).to_contain_text("名册中没有编号")


def test_a_session_is_checked_from_its_public_page_on_a_phone(
    url: str, new_page: NewPage, screenshot: Screenshot
) -> None:
    operator = an_operator(url)
    page = new_page(**PHONE)
    page.goto(f"{url}/verify?live={operator.live}")
    expect(page.locator("#trouble")).to_contain_text("抽签清单还没有公布")
    operator.do("freeze")
    operator.do("publish")
    operator.do("open_ceremony")
    operator.do("roll_master", digits="", again="")
    operator.do("draw_next", digits="", again="")
    page.goto(f"{url}/live/{operator.live}")
    page.get_by_role("link", name="在浏览器中核验").click()
    expect(page.locator("#verdict[data-finding=incomplete]")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator('[data-step="slot 1"].ok')).to_be_visible()
    expect(page.locator(".proof.FAIL")).to_have_count(0)
    page.fill("#number", operator.look()["round"]["cadre"])
    expect(page.locator(".place.drawn")).to_be_visible()
    assert fits(page)
    screenshot(page, "verify-phone")


def test_a_session_that_is_not_there_says_so(url: str, new_page: NewPage) -> None:
    answer = new_page().goto(f"{url}/verify?live={'0' * 32}")
    assert answer is not None
    assert answer.status == 404


def test_the_kept_file_checks_without_a_network_and_says_what_is_wrong_and_where(
    kept: str, new_page: NewPage
) -> None:
    page, draw = new_page(**DESK), a_draw()
    page.context.set_offline(True)
    page.goto(kept)
    assert fits(page)
    choose(page, zipped(draw.files), "good")
    head = draw.verified().head
    page.fill("#head", "abc")
    page.keyboard.press("Enter")
    expect(page.locator("#head-error")).to_contain_text("现在有 3 位")
    page.fill("#head", f"{head[:8]} {head[8:].upper()}")
    page.keyboard.press("Enter")
    expect(page.locator("#verdict[data-finding=good]")).to_be_visible(timeout=PATIENCE_MS)
    page.fill("#head", "0" * 64)
    page.keyboard.press("Enter")
    expect(page.locator(".proof.FAIL")).to_contain_text("被改写或截断")
    page.fill("#head", "")
    page.keyboard.press("Enter")
    expect(page.locator("#verdict[data-finding=good]")).to_be_visible(timeout=PATIENCE_MS)

    changed = {TRANSCRIPT: draw.files[TRANSCRIPT].replace(b'"i":7', b'"i":07', 1)}
    choose(page, changed, "bad")
    expect(page.locator('[data-step="transcript 0"]')).to_contain_text("transcript.jsonl:8")
    expect(page.locator('[data-step="sums 0"].FAIL')).to_contain_text("重新下载")
    choose(page, {MANIFEST: draw.files[MANIFEST]}, "incomplete")
    expect(page.locator('[data-step="roster 0"].open')).to_contain_text("缺少这个文件")
    page.set_input_files("#choose", payloads({"holiday.jpg": b"\xff\xd8"}))
    expect(page.locator("#trouble")).to_contain_text("holiday.jpg")
    page.set_input_files("#choose", payloads({"bundle.zip": b"PK"}))
    expect(page.locator("#trouble")).to_contain_text("打不开")


def test_the_kept_file_is_the_one_whose_sum_the_page_shows_in_each_language(
    url: str, new_page: NewPage
) -> None:
    page = new_page(**DESK)
    for language in ("zh", "en"):
        page.goto(f"{url}/verify?lang={language}")
        with page.expect_download() as waiting:
            page.locator("a[href='/verify/offline.html']").click()
        digest = sha256(Path(waiting.value.path()).read_bytes()).hexdigest()
        expect(page.locator(".sum")).to_have_text(digest)
        assert waiting.value.suggested_filename == "evalsys-verify.html"


def test_the_kept_file_checks_beacon_witnesses_and_namings_without_a_network(
    kept: str, new_page: NewPage, screenshot: Screenshot
) -> None:
    roster = a_roster(300, strata=2, hh_n=12)
    aired = HouseholdRules()
    manifest = a_manifest(roster, slots=2, hh=aired, beacon=BeaconRules(), witness_keys=KEYS)
    named = ((0, CadreNumber("00000123")),)
    draw = witnessed(a_beacon_draw(roster, manifest, rehearsal=False, named=named))
    page = new_page(**DESK)
    page.context.set_offline(True)
    page.goto(kept)
    choose(page, draw.files, "good")
    expect(page.locator('[data-step="witnesses 0"].ok')).to_contain_text("3 名见证人")
    expect(page.locator('[data-step="beacon 0"].ok')).to_contain_text("quicknet")
    expect(page.locator('[data-step="beacon 2"].ok')).to_contain_text("30662982")
    expect(page.locator('[data-step="named 1"].ok')).to_contain_text("00000123")
    assert fits(page)
    page.locator('[data-step="witnesses 0"]').scroll_into_view_if_needed()
    page.mouse.wheel(0, 450)
    page.wait_for_timeout(300)
    screenshot(page, "verify-beacon")
    other = genuine(QUICKNET)[-1]
    forged = draw.retold("beacon", 2, signature=other.signature, randomness=other.randomness)
    choose(page, witnessed(forged).files, "bad")
    expect(page.locator('[data-step="beacon 1"].FAIL')).to_contain_text("不是信标链 quicknet")
    choose(page, witnessed(draw, THREE[:1]).files, "bad")
    expect(page.locator('[data-step="witnesses 0"].FAIL')).to_contain_text("只有 1 个")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_page_for_everybody_shows_lines_that_a_shell_confirms(
    url: str, size: dict[str, int], new_page: NewPage, screenshot: Screenshot
) -> None:
    page = new_page(**size)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{url}/verify/explained")
    expect(page.locator("main")).to_contain_text("示例数字")
    operator = an_operator(url)
    operator.do("freeze")
    operator.do("publish")
    page.goto(f"{url}/verify/explained?live={operator.live}")
    expect(page.locator("main")).to_contain_text("示例数字")
    operator.do("open_ceremony")
    operator.do("roll_master", digits="", again="")
    operator.do("draw_next", digits="", again="")
    page.goto(f"{url}/live/{operator.live}")
    page.get_by_role("link", name="一页说清").click()
    expect(page.locator("main")).to_contain_text("本场第 1 次抽取的真实数字")
    expect(page.locator(".outcome")).to_contain_text(operator.look()["round"]["cadre"])
    commands = page.locator(".lines code").all_inner_texts()
    pairs = list(zip(commands[::2], commands[1::2], strict=True))
    assert len(pairs) == 4
    for command, due in pairs[1:]:
        done = subprocess.run(  # noqa: S603 - what we tell people to type
            ["/bin/bash", "-c", command], capture_output=True, text=True, check=True
        )
        assert done.stdout.split()[0] == due
    page.locator(".copy").nth(1).click()
    expect(page.locator(".copy").nth(1)).to_have_text("✓ 已复制")
    assert page.evaluate("navigator.clipboard.readText()") == pairs[1][0]
    assert fits(page)
    page.locator(".outcome").scroll_into_view_if_needed()
    screenshot(page, f"verify-explained{'' if size is DESK else '-phone'}")
    page.goto(f"{url}/verify/explained?live={'0' * 32}")
    expect(page.locator("main")).to_contain_text("没有这场会议")


def test_the_page_for_everybody_is_there_in_english(url: str, new_page: NewPage) -> None:
    page = new_page(**PHONE)
    page.goto(f"{url}/verify/explained?lang=en")
    expect(page.locator("h1")).to_have_text("Why the draw can be trusted")
    assert fits(page)
