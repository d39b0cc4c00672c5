"""The page and its JSON API through the real application: what it shows, what it refuses, what it keeps."""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections import Counter
from html import unescape
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient
from pydantic import TypeAdapter
from starlette.datastructures import QueryParams

from nlp_acuerdos.config import Settings
from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.pipeline import build, read_sources
from nlp_acuerdos.pipeline.registros import audit_record, describe
from nlp_acuerdos.web import Guardia, esquemas, make_app
from nlp_acuerdos.web.histograma import bars
from nlp_acuerdos.web.lector import Lector
from nlp_acuerdos.web.pedido import read_request
from nlp_acuerdos.web.resaltado import compare
from nlp_acuerdos.web.seguridad import CUERPO_MAX, policy_of
from nlp_acuerdos.workspace import Workspace

BASE = "http://127.0.0.1:8765"
HOSTILE = {
    "script": "Acuerdo <script>alert('uno')</script> de custodia & \"comillas\"",
    "plantilla": "Acuerdo {{ 7*7 }} y {% if x %} de custodia",
    "formula": "=cmd|' /C calc'!A0 custodia",
    "largo": "custodia " + "x" * 10_000,
    "emoji": "Custodia 🗳️👮🏽‍♀️ de boletas",
    "derecha": "Custodia של תיבות ‮ والصناديق",
    "atributo": 'x" onmouseover="alert(1)\' custodia',
}


def client(app, **kwargs):
    return TestClient(app, base_url=BASE, **kwargs)


@pytest.fixture(scope="module")
def annex_app(built):
    return make_app(built)


@pytest.fixture
def web(annex_app):
    return client(annex_app)


@pytest.fixture
def own(built, tmp_path):
    """A copy of the annex workspace that a test may write to, and its client."""
    folder = tmp_path / "espacio"
    shutil.copytree(built.espacio, folder)
    return Settings(folder), client(make_app(Settings(folder)))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostil")
    source = folder / "hostil.jsonl"
    rows = [{"entidad": "Colima <b>", "acuerdo": text, "estatus": "Concluido"} for text in HOSTILE.values()]
    source.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    settings = Settings(folder / "espacio")
    build(settings, read_sources([source]))
    return client(make_app(settings))


class Texts(HTMLParser):
    """Gathers the text of a page and the tags it is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags, self.attributes = "", [], []
        self.feed(html)

    def handle_data(self, data):
        self.text += data

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]


def shown(response):
    assert response.status_code == 200, response.text
    return Texts(response.text).text


def shown_error(response):
    (line,) = re.findall(r'<p class="aviso" role="alert" dir="auto">(.*)</p>', response.text)
    return unescape(line)


def links(response, start):
    return [unescape(h) for h in re.findall(r'href="([^"]*)"', response.text) if unescape(h).startswith(start)]


# -- search -----------------------------------------------------------------------------------------------------


def test_search_shows_marks_reasons_and_citation_place(web):
    found = web.get("/", params={"q": "custodia de boletas"})
    text = shown(found)
    assert "30 coincidencias entre 115 acuerdos" in " ".join(text.split())
    assert '<mark class="palabra pasaje">custodia</mark>' in found.text
    assert "Por qué: palabras: custodia, boletas" in text and "significado" in text
    assert "anexo1_sexto_informe.txt, p. 3, fila 40" in text


def test_results_stand_in_the_order_of_the_ranking(web):
    ids = [r["id"] for r in web.get("/api/buscar", params={"q": "custodia de boletas", "k": 20}).json()["resultados"]]
    page = web.get("/", params={"q": "custodia de boletas"})
    assert re.findall(r'id="r-(\w{12})"', page.text) == ids


def test_no_query_browses_in_document_order(web, built):
    with Workspace.open(built.espacio) as workspace:
        order = workspace.ids()
    first, second = web.get("/"), web.get("/", params={"pagina": 2})
    assert re.findall(r'id="r-(\w{12})"', first.text + second.text) == order[:40]
    assert links(first, "/?pagina=2") and links(second, "/?pagina=3") and "21–40 de 115" in shown(second)


def test_pages_of_a_search_neither_repeat_nor_skip(web):
    pages = [web.get("/api/buscar", params={"q": "custodia", "k": 10, "pagina": n}).json() for n in (1, 2)]
    whole = web.get("/api/buscar", params={"q": "custodia", "k": 20}).json()
    assert [r["id"] for p in pages for r in p["resultados"]] == [r["id"] for r in whole["resultados"]]


def test_filters_stand_as_facets_and_can_be_taken_out(web):
    page = web.get("/", params={"q": "custodia", "entidad": ["guerrero", "CDMX"], "actor": "guardia nacional"})
    text = shown(page)
    assert "Entidad: Guerrero" in text and "Institución: GN" in text and "✓ Ciudad de México" in text
    assert "/?q=custodia&entidad=Ciudad%20de%20M%C3%A9xico&actor=GN" in links(page, "/?")
    others = web.get("/", params={"q": "custodia", "entidad": "Guerrero"})
    assert "/?q=custodia&entidad=Guerrero&entidad=Tamaulipas" in links(others, "/?")


def test_facet_counts_are_those_of_following_the_link(web):
    page = web.get("/", params={"q": "custodia de boletas"})
    pattern = r'<li><a href="([^"]*entidad=[^"]*)">.*?<span class="n">(\d+)</span>'
    found = re.findall(pattern, page.text)
    assert len(found) == 16
    for href, n in found[:4]:
        assert f"{n} coincidencia" in " ".join(shown(web.get(unescape(href))).split())


def test_dates_filter_and_the_histogram_tells_its_months_in_words(web):
    page = web.get("/", params={"desde": "2024-05-01", "hasta": "2024-05-31"})
    assert "Fechas: 2024-05-01 a 2024-05-31" in shown(page)
    described = re.search(r'<svg class="histograma" role="img".*?<desc id="h-d">(.*?)</desc>', page.text, re.DOTALL)
    assert "mayo de 2024: 21" in described.group(1)
    assert "/?desde=2024-06-01&hasta=2024-06-30" in links(page, "/?")


def test_nothing_found_says_so_and_shows_only_the_nearest(web):
    page = web.get("/", params={"q": "dinosaurios volcanes"})
    assert "Sin coincidencias" in shown(page) and "solo lo más cercano" in shown(page)
    assert page.text.count('class="tarjeta debil"') == 5 and not links(page, "/exportar")


def test_phrase_that_is_nowhere_gives_no_cards(web):
    page = web.get("/", params={"q": '"boletas de otro planeta"'})
    assert "Ningún acuerdo cumple con" in shown(page) and 'class="tarjeta' not in page.text


def test_misspelt_words_are_offered_mended(web):
    page = web.get("/", params={"q": "cutsodia de boletas", "entidad": "Puebla"})
    assert "¿Quiso decir custodia de boletas?" in shown(page)
    assert links(page, "/?q=custodia%20de%20boletas&entidad=Puebla")


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"desde": "mayo"}, "AAAA-MM-DD"),
        ({"desde": "2024-06-01", "hasta": "2024-05-01"}, "posterior"),
        ({"entidad": "Narnia"}, "entidad desconocida"),
        ({"estatus": "roto"}, "estatus desconocido"),
        ({"pagina": "0"}, "número de 1 a 500"),
        ({"pagina": "²"}, "número de 1 a 500"),
        ({"pagina": "9" * 30}, "número de 1 a 500"),
        ({"q": "x" * 2001}, "2000 letras"),
        ({"modo": "otro", "q": "x"}, "modo desconocido"),
        ({"q": "-boletas"}, "solo dice qué no debe estar"),
        ({"actor": ["GN"] * 65}, "demasiados valores"),
    ],
    ids=lambda v: next(iter(v)) if isinstance(v, dict) else None,
)
def test_what_cannot_be_read_is_one_line_with_400(web, params, said):
    page = web.get("/", params=params)
    assert page.status_code == 400 and said in shown_error(page)
    answer = web.get("/api/buscar", params=params)
    assert answer.status_code == 400 and list(answer.json()) == ["error"] and "\n" not in answer.json()["error"]


@pytest.mark.parametrize("path", ["/nada", "/acuerdo/000000000000", "/api/acuerdo/000000000000", "/api/nada"])
def test_what_is_not_there_is_404(web, path):
    answer = web.get(path)
    assert answer.status_code == 404 and "Traceback" not in answer.text
    assert ("error" in answer.json()) if path.startswith("/api") else "Volver a la búsqueda" in answer.text


# -- one agreement, report, export --------------------------------------------------------------------------------


def test_agreement_page_shows_tags_dates_citation_relations_group_and_neighbours(web, built):
    with Workspace.open(built.espacio) as workspace:
        group = next(g for g in workspace.groups() if g.tipo == "serie")
        record = describe(workspace, group.representante)
    page = web.get(f"/acuerdo/{record['id']}")
    text = shown(page)
    assert record["cita"] in text and record["fechas"][0]["valor"] in text
    assert '<mark class="fechas">' in page.text and "Serie de" in text and "Parecidos" in text
    assert {f"/acuerdo/{r['con']}" for r in record["relaciones"]} <= set(links(page, "/acuerdo/"))


def test_report_is_of_what_is_asked_and_its_style_is_allowed_by_hash(web):
    page = web.get("/informe", params={"entidad": "Puebla", "q": "custodia"})
    text = shown(page)
    assert "entidad = Puebla" in text and "consulta = custodia" in text and "2 acuerdos" in " ".join(text.split())
    allowed = page.headers["content-security-policy"]
    assert allowed == policy_of(page.text) and "'sha256-" in allowed and "unsafe" not in allowed
    plain = web.get("/informe", params={"formato": "md", "por": "entidad"})
    assert plain.text.startswith("# ") and "informe.md" in plain.headers["content-disposition"]


@pytest.mark.parametrize("formato", ["csv", "jsonl"])
def test_export_holds_what_is_asked(web, formato):
    answer = web.get("/exportar", params={"q": "custodia de boletas", "formato": formato})
    assert answer.status_code == 200 and f'filename="acuerdos.{formato}"' in answer.headers["content-disposition"]
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 30 + (formato == "csv")


@pytest.mark.parametrize("path", ["/informe?formato=exe", "/exportar?formato=../x", "/informe?por=luna"])
def test_unknown_format_or_grouping_is_400(web, path):
    assert web.get(path).status_code == 400


# -- hostile texts ------------------------------------------------------------------------------------------------


def test_hostile_texts_are_shown_as_text_everywhere(hostile):
    found = hostile.get("/api/buscar", params={"k": 100}).json()["resultados"]
    assert {r["acuerdo"] for r in found} == set(HOSTILE.values())
    pages = [f"/acuerdo/{r['id']}" for r in found] + ["/", "/?q=custodia", "/auditoria?entre_entidades=1", "/informe"]
    for path in pages:
        page = hostile.get(path)
        parsed = Texts(page.text)
        assert page.status_code == 200 and parsed.tags.count("script") == page.text.count("/estatico/acuerdos.js")
        assert not [a for a in parsed.attributes if a.startswith("on")] and "<script>" not in page.text
    everything = "".join(Texts(hostile.get(p).text).text for p in pages)
    for text in HOSTILE.values():
        assert text in everything or text[:300] in everything


def test_hostile_query_is_shown_as_text(hostile):
    for text in HOSTILE.values():
        page = hostile.get("/", params={"q": text[:500]})
        parsed = Texts(page.text)
        assert page.status_code == 200 and parsed.tags.count("script") == 1
        assert not [a for a in parsed.attributes if a.startswith("on")]


def test_export_escapes_formulas(hostile):
    text = hostile.get("/exportar", params={"formato": "csv"}).content.decode("utf-8-sig")
    assert "'=cmd|" in text and ",=cmd|" not in text


# -- who may enter ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/auditoria", "/acuerdo/x", "/api/salud", "/estatico/acuerdos.css", "/nada"])
def test_every_answer_has_the_security_headers(web, path):
    headers = web.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;")
    for part in ("form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert part in policy
    assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"


def test_pages_have_no_inline_script_nor_style_and_nothing_from_outside(web, hostile):
    for c, path in ((web, "/?q=custodia"), (web, "/auditoria"), (hostile, "/")):
        parsed = Texts(c.get(path).text)
        assert "style" not in parsed.tags and "style" not in parsed.attributes
        assert not re.search(r'(?:src|href)="(?:https?:)?//', c.get(path).text)


@pytest.mark.parametrize(
    "host", ["malo.example", "127.0.0.1.malo.example:8765", "localhost.malo.example", "", "192.168.1.4:8765", "[::"]
)
def test_another_host_name_is_refused(web, host):
    assert web.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost:8765", "127.0.0.1", "[::1]:8765", "LOCALHOST"])
def test_names_of_this_machine_are_answered(web, host):
    assert web.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "servidor.local", "*"])
def test_other_machines_need_a_token(host):
    with pytest.raises(EntradaInvalida, match="--token"):
        Guardia.of(host, None)
    assert Guardia.of(host, "una-clave").answers("10.0.0.3:8765")


def test_empty_token_is_refused():
    with pytest.raises(EntradaInvalida, match="vacío"):
        Guardia.of("127.0.0.1", " ")


def test_names_given_are_answered_and_others_are_not():
    guard = Guardia.of("0.0.0.0", "una-clave", ["Datos.Instituto.mx"])
    assert guard.answers("datos.instituto.mx:8765") and not guard.answers("malo.example")


@pytest.fixture
def locked(built):
    return client(make_app(built, Guardia.of("127.0.0.1", "clave-ñ-secreta")), follow_redirects=False)


def test_without_the_token_nothing_is_told(locked):
    for path in ("/", "/api/buscar?q=custodia", "/auditoria", "/exportar", "/api/openapi.json", "/nada"):
        answer = locked.get(path)
        assert answer.status_code == 401 and "Guerrero" not in answer.text
    assert locked.get("/?token=otra").status_code == 401
    assert locked.get("/api/salud").status_code == 200


def test_bearer_enters(locked):
    for key, status in (("clave-ñ-secreta", 200), ("clave-n-secreta", 401), ("", 401)):
        headers = {b"authorization": f"Bearer {key}".encode()}
        assert locked.get("/api/buscar", headers=headers).status_code == status
    assert locked.get("/api/buscar", headers={"authorization": "Basic clave"}).status_code == 401


def test_token_in_the_url_becomes_a_cookie_and_leaves_the_url(locked):
    answer = locked.get("/", params={"q": "custodia", "token": "clave-ñ-secreta"})
    assert answer.status_code == 303 and answer.headers["location"] == "/?q=custodia"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "samesite=lax" in cookie.casefold() and "secreta" not in cookie
    assert locked.get("/?q=custodia").status_code == 200


def test_token_never_sends_to_another_site(locked):
    answer = locked.get("//malo.example/x?token=clave-%C3%B1-secreta")
    assert answer.status_code in (303, 400) and not answer.headers.get("location", "").startswith("//")


def test_token_form_enters(locked):
    assert locked.post("/entrar", data={"token": "no"}).status_code == 401
    assert locked.post("/entrar", data={"token": "clave-ñ-secreta"}).status_code == 303
    assert locked.get("/").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "kwargs", "status"),
    [
        ("GET", "/?q=" + "x" * 9000, {}, 414),
        ("GET", "/" + "x" * 2000, {}, 414),
        ("POST", "/auditoria/decidir", {"content": b"x" * (CUERPO_MAX + 1)}, 413),
        ("POST", "/api/decidir", {"content": iter([b"x" * 40_000] * 3)}, 413),
        ("POST", "/auditoria/decidir", {"content": b"a=1&" * 30}, 400),
        ("POST", "/auditoria/decidir", {"content": b"\xff\xfe"}, 400),
        ("GET", "/api/buscar?k=101", {}, 400),
        ("GET", "/api/similares/x?k=101", {}, 400),
        ("GET", "/api/auditoria?k=5001", {}, 400),
        ("POST", "/", {}, 405),
    ],
    ids=["query", "path", "body", "streamed", "fields", "bytes", "k", "k-similar", "k-audit", "method"],
)
def test_sizes_are_bounded(web, method, path, kwargs, status):
    answer = web.request(method, path, **kwargs)
    assert answer.status_code == status and len(Texts(answer.text).text) < 600


# -- audit and decisions ------------------------------------------------------------------------------------------


def test_audit_shows_pairs_side_by_side_with_typed_differences(web):
    page = web.get("/auditoria", params={"relacion": "plantilla", "entidad": "Oaxaca"})
    text = " ".join(shown(page).split())
    assert '<mark class="difiere">02</mark><span class="tipo">fecha</span>' in page.text
    assert "2024-05-02 → frente a 2024-05-09" in text and "mismo texto, otro estatus similitud" not in text


def test_audit_pages_cover_every_pair(web, built):
    with Workspace.open(built.espacio) as workspace:
        pairs = {f"par-{r['a']}-{r['b']}" for r in audit_record(workspace)["relaciones"]}
    seen = [i for n in (1, 2, 3) for i in re.findall(r'id="(par-[\w-]+)"', web.get(f"/auditoria?pagina={n}").text)]
    assert sorted(seen) == sorted(pairs)


def first_form(page):
    form = re.search(r'<form class="decidir".*?</form>', page.text, re.DOTALL).group()
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))


def test_decision_is_kept_shown_and_undone(own):
    settings, web = own
    page = web.get("/auditoria", params={"relacion": "plantilla"})
    form = {k: unescape(v) for k, v in first_form(page).items()}
    sent = {**form, "relacion": "ninguna", "quien": "Ana <b>", "accion": "decidir"}
    answer = web.post("/auditoria/decidir", data=sent, follow_redirects=False)
    assert answer.status_code == 303 and answer.headers["location"].startswith(
        "/auditoria?relacion=plantilla&hecho=decidido#par-"
    )
    with Workspace.open(settings.espacio) as workspace:
        assert workspace.decisions() == {(form["a"], form["b"]): "ninguna"}
        assert (form["a"], form["b"]) not in {(r.a, r.b) for r in workspace.relations()}
    assert "sin relación, Ana <b>" in shown(web.get("/auditoria?ver=decididos"))
    assert f"par-{form['a']}-{form['b']}" not in web.get("/auditoria?ver=pendientes").text
    undone = web.post("/auditoria/decidir", data={**sent, "accion": "deshacer"})
    assert "Decisión retirada" in shown(undone)
    with Workspace.open(settings.espacio) as workspace:
        assert workspace.decisions() == {}
        assert (form["a"], form["b"]) in {(r.a, r.b) for r in workspace.relations()}


@pytest.mark.parametrize(
    ("change", "headers"),
    [
        ({"sello": "0" * 64}, {}),
        ({"sello": ""}, {}),
        ({}, {"origin": "http://malo.example"}),
        ({}, {"origin": "http://127.0.0.1:9999"}),
        ({}, {"origin": "http://["}),
        ({}, {"sec-fetch-site": "cross-site"}),
        ({}, {"sec-fetch-site": "same-site"}),
        ({}, {"cookie": "acuerdos_csrf=otra"}),
    ],
    ids=["forged", "missing", "origin", "port", "odd", "cross-site", "same-site", "cookie"],
)
def test_posts_from_elsewhere_are_refused(own, change, headers):
    settings, web = own
    form = first_form(web.get("/auditoria"))
    if "cookie" in headers:
        web.cookies.clear()
    sent = {**form, "relacion": "casi", "accion": "decidir", **change}
    assert web.post("/auditoria/decidir", data=sent, headers=headers).status_code == 403
    with Workspace.open(settings.espacio) as workspace:
        assert workspace.decisions() == {}


def test_form_of_the_page_itself_is_accepted_with_the_headers_a_browser_sends(own):
    _, web = own
    sent = {**first_form(web.get("/auditoria")), "relacion": "casi", "quien": "", "accion": "decidir"}
    same = {"origin": "null", "sec-fetch-site": "same-origin"}
    assert web.post("/auditoria/decidir", data=sent, headers=same, follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    ("change", "status"),
    [({"relacion": "rara"}, 400), ({"b": "000000000000"}, 404), ({"quien": "x" * 121}, 400), ({"accion": "deshacer"}, 404)],
    ids=["relation", "id", "name", "undo"],
)  # fmt: skip
def test_decisions_that_cannot_be_are_one_line(own, change, status):
    _, web = own
    sent = {**first_form(web.get("/auditoria")), "relacion": "casi", "accion": "decidir", **change}
    assert web.post("/auditoria/decidir", data=sent).status_code == status


def test_api_decides_and_undoes(own):
    settings, web = own
    pair = web.get("/api/auditoria", params={"k": 1}).json()["relaciones"][0]
    body = {"a": pair["a"], "b": pair["b"], "relacion": "casi", "quien": "Ana"}
    assert web.post("/api/decidir", json=body).json() == body
    with Workspace.open(settings.espacio) as workspace:
        assert workspace.decisions() == {(pair["a"], pair["b"]): "casi"}
    assert web.get("/api/auditoria", params={"ver": "decididos"}).json()["relaciones"][0]["relacion"] == "casi"
    assert web.post("/api/decidir", json={**body, "relacion": None}).status_code == 200
    with Workspace.open(settings.espacio) as workspace:
        assert workspace.decisions() == {}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_api_refuses_what_a_form_of_another_site_could_send(own, kind):
    settings, web = own
    pair = web.get("/api/auditoria", params={"k": 1}).json()["relaciones"][0]
    body = json.dumps({"a": pair["a"], "b": pair["b"], "relacion": "casi"})
    assert web.post("/api/decidir", content=body, headers={"content-type": kind}).status_code in (400, 415)
    with Workspace.open(settings.espacio) as workspace:
        assert workspace.decisions() == {}


# -- API ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("/api/buscar?q=custodia", esquemas.Busqueda),
        ("/api/buscar", esquemas.Busqueda),
        ("/api/acuerdo/9fd7d98240e8", esquemas.Ficha),
        ("/api/similares/9fd7d98240e8", list[esquemas.Vecino]),
        ("/api/auditoria?entre_entidades=true", esquemas.Auditoria),
        ("/api/estado", esquemas.Estado),
        ("/api/salud", esquemas.Salud),
        ("/api/acuerdo/zzz", esquemas.Error),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_answers_have_the_documented_shape(web, path, model):
    TypeAdapter(model).validate_python(web.get(path).json(), strict=True)


def test_openapi_names_every_route_and_no_page_from_outside_is_served(web):
    paths = web.get("/api/openapi.json").json()["paths"]
    assert set(paths) == {
        f"/api/{p}" for p in ("buscar", "acuerdo/{id_}", "similares/{id_}", "auditoria", "decidir", "estado", "salud")
    }
    assert web.get("/docs").status_code == 404 and web.get("/redoc").status_code == 404


def test_api_gives_the_records_of_the_command(web, built):
    from nlp_acuerdos.pipeline import open_searcher
    from nlp_acuerdos.search import resolve_filters

    opened = open_searcher(built)
    wanted = opened.searcher.search("custodia", 5, resolve_filters(entidad=["Puebla"]), facetas=True).as_dict()
    assert web.get("/api/buscar", params={"q": "custodia", "k": 5, "entidad": "Puebla"}).json() == wanted
    assert web.get("/api/acuerdo/9fd7d98240e8").json() == describe(opened.workspace, "9fd7d98240e8")
    record = json.loads(json.dumps(audit_record(opened.workspace)))
    assert web.get("/api/auditoria").json() == record


# -- the workspace under the page -----------------------------------------------------------------------------------


def test_page_follows_the_workspace(own, tmp_path, monkeypatch):
    settings, web = own
    monkeypatch.setattr("nlp_acuerdos.web.lector.ESPERA", 0.0)
    assert web.get("/api/buscar").json()["total"] == 115
    source = tmp_path / "otro.csv"
    source.write_text("Entidad,Acuerdo,Estatus\nColima,Zarigüeyas en la bodega.,Concluido\n", encoding="utf-8")
    build(settings, read_sources([source]))
    found = web.get("/api/buscar", params={"q": "zarigüeyas", "k": 1}).json()
    assert found["total"] == 116 and found["resultados"][0]["acuerdo"] == "Zarigüeyas en la bodega."


def test_workspace_that_goes_is_one_line_with_503(own, monkeypatch):
    settings, web = own
    monkeypatch.setattr("nlp_acuerdos.web.lector.ESPERA", 0.0)
    pair = web.get("/api/auditoria", params={"k": 1}).json()["relaciones"][0]
    shutil.rmtree(settings.espacio)
    answer = web.post("/api/decidir", json={"a": pair["a"], "b": pair["b"], "relacion": "casi"})
    assert answer.status_code == 503 and "acuerdos build" in answer.json()["error"]


def test_agreement_that_goes_while_being_read_opens_the_workspace_anew(own):
    settings, _ = own
    lector, tries = Lector(settings), []

    def work(view):
        tries.append(view)
        if len(tries) == 1:
            raise KeyError("fila que se fue")
        return view.searcher.search("custodia", 1).total

    assert lector.ask(work) == 115 and tries[0] is not tries[1]


def test_threads_share_the_workspace(annex_app, built):
    lector, wrong = annex_app.state.lector, []
    queries = ["custodia", "reunión", "Marina", "boletas", "policía", "jornada"]
    expected = {q: lector.ask(lambda v, q=q: v.searcher.search(q, 20).as_dict()) for q in queries}

    def work(start):
        for i in range(20):
            q = queries[(start + i) % len(queries)]
            if lector.ask(lambda v, q=q: v.searcher.search(q, 20).as_dict()) != expected[q]:
                wrong.append(q)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not wrong


# -- pieces ---------------------------------------------------------------------------------------------------------


def test_compare_marks_the_words_that_differ_and_joins_to_the_texts():
    from nlp_acuerdos.records import Etiquetas

    a, b = "La GN cuida 12 bodegas en Colima.", "La GN cuida 15 bodegas nuevas en Jalisco."
    left, right = compare(a, b, Etiquetas(), Etiquetas())
    assert "".join(p.texto for p in left) == a and "".join(p.texto for p in right) == b
    assert [(p.texto, p.tipo) for p in left if p.clase] == [("12", "numero"), ("Colima", "lugar")]
    assert [(p.texto, p.tipo) for p in right if p.clase] == [
        ("15", "numero"),
        ("nuevas", "palabras"),
        ("Jalisco", "lugar"),
    ]


def test_histogram_fills_gaps_and_falls_back_to_years():
    assert [b.n for b in bars({"2024-04": 2, "2024-06": 1})] == [2, 0, 1]
    assert [(b.nombre, b.n) for b in bars({"2018-01": 1, "2018-07": 2, "2024-06": 4})] == [("2018", 3), ("2024", 4)]
    assert bars({}) == () and bars({"2024-02": 1})[0].hasta == "2024-02-29"


def test_url_of_a_request_reads_back_as_itself():
    text = "q=mesa+%22de+paz%22&entidad=CDMX&actor=GN&actor=INE&desde=2024-05-01&modo=lexica&pagina=3"
    asked = read_request(QueryParams(text))
    assert read_request(QueryParams(asked.url().partition("?")[2])) == asked
    assert asked.toggled("actor", "GN").toggled("actor", "GN").filtros.actor == ("INE", "GN")


# -- what the page asks of search and workspace ------------------------------------------------------------------------


def test_open_facets_count_each_field_without_its_own_filter(annex_app):
    from nlp_acuerdos.search import resolve_filters

    lector = annex_app.state.lector
    both = resolve_filters(entidad=["Puebla"], estatus=["Concluido"])
    found = lector.ask(lambda v: v.searcher.search("custodia", 5, both, facetas="abiertas")).facetas
    others = lector.ask(
        lambda v: v.searcher.search("custodia", 5, resolve_filters(estatus=["Concluido"]), facetas=True)
    )
    states = lector.ask(lambda v: v.searcher.search("custodia", 5, resolve_filters(entidad=["Puebla"]), facetas=True))
    strict = lector.ask(lambda v: v.searcher.search("custodia", 5, both, facetas=True)).facetas
    assert found["entidad"] == others.facetas["entidad"] and found["estatus"] == states.facetas["estatus"]
    assert found["actividad"] == strict["actividad"] and len(found["entidad"]) > 1


def test_months_count_an_agreement_once(annex_app, built):
    from nlp_acuerdos.finders.fechas_valor import interval

    with Workspace.open(built.espacio) as workspace:
        tags = workspace.tags()
    dated = {
        (id_, span[0].isoformat()[:7])
        for id_, t in tags.items()
        for f in t.fechas
        if f.tipo in ("DATE", "TIME") and (span := interval(f.valor))
    }
    counts = Counter(month for _, month in dated)
    found = annex_app.state.lector.ask(lambda v: v.searcher.browse(v.orden, 1, facetas=True)).facetas["mes"]
    assert found == dict(counts) and list(found) == sorted(found)


def test_relations_groups_and_warnings_of_one_agreement(built):
    with Workspace.open(built.espacio) as workspace:
        for id_ in workspace.ids():
            assert workspace.relations(id_) == [r for r in workspace.relations() if id_ in (r.a, r.b)]
            assert workspace.groups(id_) == [g for g in workspace.groups() if any(m.id == id_ for m in g.miembros)]
            assert workspace.avisos(id_) == [a for a in workspace.avisos() if a.id == id_]
