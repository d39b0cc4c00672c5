"""The page in a real headless Chromium: search, facet, dates, agreement, decision, export, back; seen, and checked by axe.

`make test` installs what this needs (Debian's chromium, axe-core from npm); without them these tests are skipped and say
why. Screenshots go to ACUERDOS_CAPTURAS, or to pytest's own folder.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nlp_acuerdos.config import Settings
from nlp_acuerdos.pipeline import build, read_sources
from nlp_acuerdos.workspace import Workspace
from tests.test_web import HOSTILE

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = Path(sys.prefix) / "axe" / "axe.min.js"
api = pytest.importorskip("playwright.sync_api", reason="falta playwright: pip install -e '.[dev]'")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="falta chromium: make navegador (apt-get install chromium)")
needs_axe = pytest.mark.skipif(not AXE.is_file(), reason="falta axe-core: make navegador (npm pack axe-core)")
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDTHS = {"escritorio": 1280, "telefono": 390}
PAGES = {
    "inicio": "/",
    "busqueda": "/?q=custodia+de+boletas&entidad=Guerrero&entidad=Puebla",
    "nada": "/?q=dinosaurios+volcanes",
    "acuerdo": "/acuerdo/9fd7d98240e8",
    "duplicados": "/auditoria?entre_entidades=1",
    "error": "/acuerdo/nada",
}


@pytest.fixture(scope="module")
def settings(built, tmp_path_factory):
    """The annex and a document of hostile texts."""
    folder = tmp_path_factory.mktemp("navegador")
    shutil.copytree(built.espacio, folder / "espacio")
    rows = [{"entidad": "Colima", "acuerdo": text, "estatus": "Concluido"} for text in HOSTILE.values()]
    source = folder / "hostil.jsonl"
    source.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    build(Settings(folder / "espacio"), read_sources([source], proceso="2023-2024"))
    return Settings(folder / "espacio")


@pytest.fixture(scope="module")
def server(settings):
    command = [sys.executable, "-m", "nlp_acuerdos.cli", "serve", "--puerto", "0", "--espacio", str(settings.espacio)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        line = process.stdout.readline()
        try:
            yield re.search(r"http://[\d.]+:\d+", line).group()
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def chromium():
    with api.sync_playwright() as playwright:
        api.expect.set_options(timeout=10_000)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def troubles():
    return []


@pytest.fixture
def page(chromium, server, troubles):
    context = chromium.new_context(base_url=server, viewport={"width": 1280, "height": 900}, locale="es-MX")
    page = context.new_page()
    watch(page, troubles)
    yield page
    context.close()
    assert troubles == []


def watch(page, troubles):
    """Gather what must not happen: script errors, refused resources, dialogs."""
    page.on("pageerror", lambda e: troubles.append(str(e)))
    page.on("dialog", lambda d: (troubles.append(f"dialog {d.message}"), d.dismiss()))
    page.on("console", lambda m: troubles.append(m.text) if m.type == "error" and "status of 4" not in m.text else None)


def test_search_facet_dates_agreement_and_back(page):
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("custodia de boletas")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=custodia+de+boletas*")
    assert "coincidencias" in page.get_by_role("status").inner_text()
    assert page.locator("mark.palabra").first.inner_text().casefold() == "custodia"
    page.get_by_role("complementary").get_by_role("link", name=re.compile("^Guerrero")).click()
    assert "entidad=Guerrero" in page.url and set(page.locator(".tarjeta .entidad").all_inner_texts()) == {"Guerrero"}
    page.get_by_label("Desde").fill("2024-06-01")
    page.get_by_label("Hasta").fill("2024-06-30")
    page.get_by_role("button", name="Aplicar").click()
    page.wait_for_url("**desde=2024-06-01**")
    assert "entidad=Guerrero" in page.url and page.get_by_text("Fechas: 2024-06-01 a 2024-06-30").is_visible()
    filtered = page.url
    page.locator(".tarjeta .titular a").first.click()
    page.wait_for_url("**/acuerdo/*")
    assert page.locator(".marcado mark").count() > 0 and page.get_by_role("heading", name="Cita").is_visible()
    page.go_back()
    assert page.url == filtered and page.get_by_label("Desde").input_value() == "2024-06-01"
    page.go_back()
    assert "desde" not in page.url and "entidad=Guerrero" in page.url


def test_histogram_bar_filters_by_its_month(page):
    page.goto("/")
    page.locator(".histograma rect[data-href*='2024-06']").click()
    page.wait_for_url("**desde=2024-06-01&hasta=2024-06-30")


def test_citation_is_copied(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/acuerdo/9fd7d98240e8")
    page.get_by_role("button", name="Copiar").click()
    page.get_by_text("Copiada").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.get_by_label("Cita").input_value()


def test_decide_on_a_pair_and_undo_it(page, settings):
    page.goto("/auditoria?relacion=plantilla")
    card = page.locator(".par").first
    assert card.locator("mark.difiere").count() == 2
    card.get_by_label("Son").select_option(label="sin relación")
    card.get_by_label("Quién decide").fill("Ana")
    card.get_by_role("button", name="Decidir").click()
    page.get_by_text("Decisión guardada.").wait_for()
    assert "relacion=plantilla" in page.url
    with Workspace.open(settings.espacio) as workspace:
        ((pair, relation),) = workspace.decisions().items()
    assert relation == "ninguna"
    page.goto("/auditoria?ver=decididos")
    page.locator(f"#par-{pair[0]}-{pair[1]}").get_by_role("button", name="Deshacer").click()
    page.get_by_text("Decisión retirada.").wait_for()
    with Workspace.open(settings.espacio) as workspace:
        assert workspace.decisions() == {}


@pytest.mark.parametrize(("name", "start"), [("CSV", b"\xef\xbb\xbfid,"), ("JSONL", b'{"id"')], ids=["csv", "jsonl"])
def test_export_downloads_what_is_on_the_page(page, name, start):
    page.goto("/?q=custodia+de+boletas&entidad=Guerrero")
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name, exact=True).click()
    content = Path(waiting.value.path()).read_bytes()
    assert waiting.value.suggested_filename == f"acuerdos.{name.lower()}" and content.startswith(start)
    assert content.decode("utf-8-sig").count("Guerrero") >= 3 and "Puebla" not in content.decode("utf-8-sig")


def test_report_opens_with_its_own_style(page):
    page.goto("/?entidad=Puebla")
    page.get_by_role("link", name="Informe").click()
    page.get_by_role("heading", name=re.compile("Informe temático")).wait_for()
    assert page.locator("h1").first.evaluate("e => getComputedStyle(e).color") != "rgb(0, 0, 0)"
    page.go_back()
    assert page.url.endswith("/?entidad=Puebla")


def test_everything_is_reached_with_the_keyboard(page):
    page.goto("/?q=custodia")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Ir al contenido"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert width == "3px"
    reached = set()
    for _ in range(120):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate("document.activeElement.getAttribute('name') || document.activeElement.textContent.trim()")
        )
    assert {"Buscar", "desde", "hasta", "modo", "Aplicar"} <= reached


def test_works_without_script(chromium, server):
    context = chromium.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Qué busca").fill("reunión")
    page.get_by_role("button", name="Buscar").click()
    page.get_by_role("complementary").get_by_role("link", name=re.compile("^Oaxaca")).click()
    assert "q=reuni" in page.url and "entidad=Oaxaca" in page.url and page.locator(".tarjeta").count() > 0
    context.close()


def test_hostile_texts_stay_text_in_the_browser(page):
    page.goto("/?entidad=Colima")
    texts = page.locator(".tarjeta .texto").all_inner_texts()
    for text in HOSTILE.values():
        assert any(text[:300].split("\u202e")[0].strip() in t for t in texts), text[:40]
    for link in page.locator(".tarjeta .titular a").evaluate_all("links => links.map(a => a.href)"):
        page.goto(link)
        assert page.locator("body script").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
def test_pages_fit_and_are_kept_as_screenshots(chromium, server, tmp_path, width, request, troubles):
    folder = Path(os.environ.get("ACUERDOS_CAPTURAS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        context = chromium.new_context(
            base_url=server, viewport={"width": width, "height": 900}, color_scheme=scheme, locale="es-MX"
        )
        page = context.new_page()
        watch(page, troubles)
        for name, path in {**PAGES, "hostil": "/?entidad=Colima", "informe": "/informe?entidad=Puebla"}.items():
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
        context.close()
    assert troubles == []


@needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
def test_axe_finds_no_serious_violation(chromium, server, width, scheme):
    context = chromium.new_context(
        base_url=server, viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    for name, path in PAGES.items():
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        page.add_script_tag(path=AXE)
        found = page.evaluate("axe.run()")
        assert found["passes"]
        serious = [v for v in found["violations"] if v["impact"] in ("serious", "critical")]
        assert [(v["id"], v["nodes"][0]["html"]) for v in serious] == [], name
    context.close()
