"""What stands before every page: host, token, sizes, headers; and what a post from another site cannot have."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import re
import secrets
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.web.respuestas import refuse

CUERPO_MAX, CONSULTA_MAX, RUTA_MAX = 64 * 1024, 8 * 1024, 1024
COOKIE_CSRF = "acuerdos_csrf"
_OPEN = ("/estatico/", "/api/salud", "/entrar")
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def is_loopback(host: str) -> bool:
    """Tell whether an address only answers this machine."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def policy(estilos: Iterable[str] = ()) -> str:
    """Return the content security policy; `estilos` are inline style sheets of ours, allowed by their hash."""
    hashes = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in estilos]
    styles = " ".join(["'self'", *(f"'sha256-{h}'" for h in hashes)])
    return (
        f"default-src 'none'; script-src 'self'; style-src {styles}; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def policy_of(html: str) -> str:
    """Return the policy of a page of ours that carries its own style sheets (data in it is escaped: it has none)."""
    return policy(_STYLE.findall(html))


@dataclass(frozen=True)
class Guardia:
    """The secrets of one process: the token of `--token` (None: no token), the hosts it answers to, the CSRF key."""

    token: str | None = None
    hosts: frozenset[str] = frozenset(_LOOPBACK)
    ip: bool = False
    clave: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    @classmethod
    def of(cls, host: str, token: str | None, nombres: Iterable[str] = ()) -> Guardia:
        """Return the guard of a server at `host`; raises EntradaInvalida for one others reach without a token."""
        if token is not None and not token.strip():
            raise EntradaInvalida("--token está vacío; escriba una clave, de preferencia de 16 letras o más")
        names = {n.casefold().strip("[]") for n in (*_LOOPBACK, host, *nombres)}
        if is_loopback(host):
            return cls(token, frozenset(names))
        if token is None:
            raise EntradaInvalida(
                f"«{host}» deja entrar a otras máquinas; agregue --token CLAVE, o use --host 127.0.0.1"
            )
        return cls(token, frozenset(names | {socket.gethostname().casefold()}), ip=True)

    def answers(self, host: str) -> bool:
        """Tell whether a Host header names this server: a name elsewhere that was made to point here does not."""
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name in self.hosts or (self.ip and _is_ip(name))

    def session(self) -> str:
        """Return what the cookie of someone who gave the token holds."""
        return hmac.new((self.token or "").encode("utf-8", "surrogatepass"), b"sesion", hashlib.sha256).hexdigest()

    def knows(self, token: str | bytes) -> bool:
        """Tell whether a token is the one asked for."""
        given = token if isinstance(token, bytes) else token.encode("utf-8", "surrogatepass")
        return self.token is not None and hmac.compare_digest(given, self.token.encode("utf-8", "surrogatepass"))

    def admits(self, headers: Headers, cookie: str | None) -> bool:
        """Tell whether a request may enter: no token is asked for, or it brings it as bearer or cookie."""
        if self.token is None:
            return True
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        if scheme.casefold() == "bearer" and self.knows(bearer.strip().encode("latin-1")):
            return True
        return cookie is not None and hmac.compare_digest(cookie.encode(), self.session().encode())

    def seal(self, nonce: str) -> str:
        """Return what a form must bring along with the cookie `nonce`."""
        return hmac.new(self.clave, nonce.encode(), hashlib.sha256).hexdigest()

    def sealed(self, nonce: str, seal: str) -> bool:
        """Tell whether a form was made by this process for the browser that holds `nonce`."""
        return bool(nonce) and hmac.compare_digest(self.seal(nonce).encode(), seal.encode("utf-8", "replace"))


def _is_ip(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def same_site(headers: Headers) -> bool:
    """Tell whether a post comes from a page of this server, as far as the browser says."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    if origin is None or origin == "null":  # with no-referrer a browser says null; the seal of the form decides
        return True
    return origin.partition("://")[2].casefold() == headers.get("host", "").casefold()


def session_cookie(request: Request) -> str:
    """Return the name of the session cookie: one a port, for cookies are shared between ports."""
    return f"acuerdos_sesion_{request.url.port or 80}"


class Puerta:
    """ASGI middleware: refuses what the guard does not admit and puts the security headers on every answer."""

    def __init__(self, app: ASGIApp, guardia: Guardia) -> None:
        self._app, self._guard = app, guardia

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        answer = self._check(request)
        body = None
        if answer is None and request.method not in ("GET", "HEAD"):
            body = await _read(request, receive)
            answer = (
                refuse(request, 413, f"el envío pasa de {CUERPO_MAX // 1024} KB; mande menos") if body is None else None
            )
        target: ASGIApp = self._app if answer is None else answer
        await target(scope, receive if body is None else _replay(body, receive), _with_headers(send, request))

    def _check(self, request: Request) -> Response | None:
        """Return the refusal of a request, or None when it may pass."""
        if len(request.scope["query_string"]) > CONSULTA_MAX or len(request.scope["path"]) > RUTA_MAX:
            return refuse(request, 414, "la dirección es demasiado larga; acorte la consulta o quite filtros")
        if not self._guard.answers(request.headers.get("host", "")):
            return refuse(
                request,
                400,
                "este nombre de servidor no es de esta página; entre por la dirección que dio «acuerdos serve»",
            )
        given = request.query_params.get("token")
        if given is not None and request.method == "GET" and self._guard.knows(given):
            return self.welcome(request)
        open_to_all = any(request.url.path.startswith(p) for p in _OPEN)
        if not open_to_all and not self._guard.admits(request.headers, request.cookies.get(session_cookie(request))):
            return refuse(request, 401, "hace falta la clave de «acuerdos serve --token»; escríbala para entrar")
        if request.method == "POST" and not same_site(request.headers):
            return refuse(request, 403, "este envío viene de otro sitio; hágalo desde la página de acuerdos")
        return None

    def welcome(self, request: Request) -> Response:
        """Answer a token in the URL with its cookie, and send to the same page without it."""
        kept = [(k, v) for k, v in parse_qsl(request.url.query, keep_blank_values=True) if k != "token"]
        path = "/" + quote(request.url.path.lstrip("/\\"), safe="/")
        return enter(request, self._guard, path + (f"?{urlencode(kept)}" if kept else ""))


def enter(request: Request, guardia: Guardia, destino: str) -> Response:
    """Send to a page with the session cookie."""
    answer = RedirectResponse(destino, 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(session_cookie(request), guardia.session(), httponly=True, samesite="lax", secure=secure)
    return answer


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a form as sent by a browser. Raises EntradaInvalida."""
    try:
        fields = parse_qsl((await request.body()).decode(), keep_blank_values=True, max_num_fields=20)
    except ValueError as error:
        raise EntradaInvalida("no pude leer el formulario; vuelva a cargar la página y repita") from error
    return dict(fields)


async def _read(request: Request, receive: Receive) -> bytes | None:
    """Return the whole body, or None when it is larger than allowed."""
    declared = request.headers.get("content-length", "0")
    if not declared.isdigit() or int(declared) > CUERPO_MAX:
        return None
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > CUERPO_MAX:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _with_headers(send: Send, request: Request) -> Send:
    async def send_with(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if message["status"] == 200 and request.url.path.startswith("/estatico/") and "v" in request.query_params:
                headers["cache-control"] = "public, max-age=31536000, immutable"
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return send_with


_HEADERS = {
    "content-security-policy": policy(),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
