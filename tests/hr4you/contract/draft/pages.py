# ruff: noqa: E501  # the pages are written as they come
"""Docs pages in the forms in which their makers put them out, all for the page /api2/docs/index.html."""

from __future__ import annotations

import html
import json
from typing import Any, NamedTuple

PAGE = "/api2/docs/index.html"

DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Bewerber & <Stellen>", "version": "2"},
    "paths": {"/bewerber": {"get": {"summary": "Alle „Bewerber“; it's a list", "responses": {"200": {"description": "ok"}}}}},
}  # fmt: skip
OTHER = {**DOCUMENT, "info": {"title": "Intern", "version": "1"}, "paths": {"/intern": {"get": {"responses": {}}}}}
TEXT = json.dumps(DOCUMENT)
YAML = 'openapi: "3.0.3"\ninfo: {title: T, version: "2"}\npaths:\n  /bewerber:\n    get: {responses: {200: {description: ok}}}\n'
SAMPLE = "https://petstore.swagger.io/v2/swagger.json"


class Page(NamedTuple):
    """A page and what its host has beside it.

    Attributes:
        at: path of the document that its viewer loads; None: it is inside the page or in one of its scripts.
        others: path -> what else the host answers.
    """

    html: str
    at: str | None
    others: dict[str, str] = {}  # noqa: RUF012  # nobody changes it
    query: str = ""


def _html(body: str, head: str = "") -> str:
    return (
        f"<!DOCTYPE html>\n<html><head><meta charset='utf-8'><title>API</title>{head}</head><body>{body}</body></html>"
    )


def _swagger(script: str) -> str:
    return _html(
        f"""<div id="swagger-ui"></div>
        <script src="./swagger-ui-bundle.js" charset="UTF-8"></script>
        <script src="https://unpkg.com/swagger-ui-dist@5/swagger-ui-standalone-preset.js" crossorigin></script>
        <script>{script}</script>"""
    )


_INITIALIZER = """window.onload = function() {
  //<editor-fold desc="Changeable Configuration Block">
  // url: "https://example.org/wrong.json",
  window.ui = SwaggerUIBundle({
    %s
    dom_id: '#swagger-ui',
    deepLinking: true,
    presets: [
      SwaggerUIBundle.presets.apis,
      SwaggerUIStandalonePreset
    ],
    plugins: [SwaggerUIBundle.plugins.DownloadUrl],
    onComplete: function() { console.log('} it is done'); },
    layout: "StandaloneLayout"
  });
  //</editor-fold>
};"""

_INIT_EXPRESS = """
window.onload = function() {
  let url = window.location.search.match(/url=([^&]+)/);
  if (url && url.length > 1) {
    url = decodeURIComponent(url[1]);
  } else {
    url = window.location.origin;
  }
  let options = {
  %s
  };
  url = options.swaggerUrl || url
  let urls = options.swaggerUrls
  let customOptions = options.customOptions
  let spec1 = options.swaggerDoc
  let swaggerOptions = {
    spec: spec1,
    url: url,
    urls: urls,
    dom_id: '#swagger-ui',
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
    layout: "StandaloneLayout"
  }
  for (let attrname in customOptions) {
    swaggerOptions[attrname] = customOptions[attrname];
  }
  let ui = SwaggerUIBundle(swaggerOptions)
}
"""

_TWO = "[{'url': '/intern.json', name: 'Intern'}, {url: \"../v2.json\", name: `Extern`}]"
_CONFIG = json.dumps({"urls": [{"url": "/spec/v2", "name": "v2"}], "dom_id": "#swagger-ui"})
_ESCAPED = (
    json.dumps({"urls": [{"url": "v2/swagger.json", "name": "It's"}]}).replace("'", "\\'").replace('"', "\\u0022")
)
_SCALAR = '<script src="https://cdn.jsdelivr.net/npm/@scalar/api-reference"></script>'
_REDOC = '<script src="https://cdn.redoc.ly/redoc/latest/bundles/redoc.standalone.js"></script>'
_INITIALIZED = _html('<div id="swagger-ui"></div><script src="./swagger-initializer.js" charset="UTF-8"> </script>')
_EXPRESS = _html('<div id="swagger-ui"></div><script src="./swagger-ui-init.js"> </script>')
_STATE = json.dumps({"menu": {"activeItemIdx": -1}, "spec": {"data": DOCUMENT}, "searchIndex": {}})

PAGES: dict[str, Page] = {
    "Swagger UI, called in the page": Page(_swagger(_INITIALIZER % 'url: "/x/spec",'), "/x/spec"),
    "Swagger UI, relative to the page": Page(_swagger(_INITIALIZER % "'url': '../spec.json' ,"), "/api2/spec.json"),
    "Swagger UI, relative to another base": Page(
        _html(f"<script>{_INITIALIZER % 'url: `spec.json`,'}</script>", '<base href="/ui/">'), "/ui/spec.json"
    ),
    "Swagger UI, as FastAPI has it": Page(
        _swagger("""const ui = SwaggerUIBundle({ url: '/x/spec', "dom_id": "#swagger-ui", presets: [] })"""), "/x/spec"
    ),
    "Swagger UI, its initializer beside it": Page(
        _INITIALIZED, "/x/spec", {"/api2/docs/swagger-initializer.js": _INITIALIZER % 'url: "/x/spec",'}
    ),
    "Swagger UI, a path behind the browser's host": Page(
        _swagger(_INITIALIZER % 'url: window.location.protocol + "//" + location.host + "/x/spec",'), "/x/spec"
    ),
    "Swagger UI, a template behind the browser's host": Page(
        _swagger(_INITIALIZER % "url: `${window.location.origin}/x/spec`,"), "/x/spec"
    ),
    "Swagger UI, a URL made before": Page(
        _swagger("const at = new URL('./spec.json', window.location.href);" + _INITIALIZER % "url: at.href,"),
        "/api2/docs/spec.json",
    ),
    "Swagger UI, its options in a name": Page(
        _swagger("var options = {url: base + '/x/spec'}\nvar ui = SwaggerUIBundle(options)"), "/x/spec"
    ),
    "Swagger UI, one of two is primary": Page(
        _swagger(_INITIALIZER % f'urls: {_TWO}, "urls.primaryName": "Extern",'), "/api2/v2.json"
    ),
    "Swagger UI, the page's address says which": Page(
        _swagger(_INITIALIZER % f"urls: {_TWO},"), "/api2/v2.json", query="?urls.primaryName=Extern"
    ),
    "Swagger UI, the page's address is asked": Page(
        _swagger(_INITIALIZER % f'url: "{SAMPLE}", queryConfigEnabled: true,'), "/x/spec", query="?url=%2Fx%2Fspec"
    ),
    "Swagger UI, the document in its call": Page(_swagger(_INITIALIZER % f"spec: {TEXT},"), None),
    "Swagger UI, the document as JavaScript": Page(
        _swagger(_INITIALIZER % "spec: {openapi: '3.0.3', info: {title: 'T'}, paths: {'/bewerber': {get: {responses: {200: {}}}}}},"),
        None,
    ),
    "swagger-ui-express, with the document": Page(
        _EXPRESS, None, {"/api2/docs/swagger-ui-init.js": _INIT_EXPRESS % f'"swaggerDoc": {TEXT}, "customOptions": {{}}'}
    ),
    "swagger-ui-express, with an address": Page(
        _EXPRESS, "/x/spec", {"/api2/docs/swagger-ui-init.js": _INIT_EXPRESS % '"swaggerUrl": "/x/spec", "customOptions": {}'}
    ),
    "springdoc, its configuration elsewhere": Page(
        _INITIALIZED, "/spec/v2",
        {"/api2/docs/swagger-initializer.js": _INITIALIZER % f'url: "{SAMPLE}", configUrl: "/v3/api-docs/swagger-config",',
         "/v3/api-docs/swagger-config": _CONFIG},
    ),
    "Swashbuckle": Page(
        _swagger(f"var configObject = JSON.parse('{_ESCAPED}');\nconfigObject.dom_id = '#swagger-ui';\n"
                 "const ui = SwaggerUIBundle(configObject);"),
        "/api2/docs/v2/swagger.json",
    ),
    "NSwag": Page(
        _swagger('var urls = undefined; var url = window.location.search.match(/url=([^&]+)/);\nif (url && url.length > 1) '
                 '{ url = decodeURIComponent(url[1]); }\nelse { urls = [{"url":"/swagger/v1/spec.json","name":"v1"}]; }\n'
                 "var ui = SwaggerUIBundle({ url: url, urls: urls, dom_id: '#swagger-ui' })"),
        "/swagger/v1/spec.json",
    ),
    "Nelmio, data for its script": Page(
        _html(f'<script id="swagger-data" type="application/json">{json.dumps({"spec": DOCUMENT})}</script>'), None
    ),
    "Swagger UI 2": Page(_html("<script>window.swaggerUi = new SwaggerUi({url: '/x/spec'})</script>"), "/x/spec"),
    "a page that sends on to Swagger UI": Page(
        _html("", '<meta http-equiv="refresh" content="0; URL=../ui/index.html">'), "/api2/ui/spec.json",
        {"/api2/ui/index.html": _swagger(_INITIALIZER % "url: './spec.json',")},
    ),
    "Swagger UI in a frame": Page(
        _html('<iframe src="/ui/"></iframe>'), "/x/spec", {"/ui/": _swagger(_INITIALIZER % 'url: "/x/spec",')}
    ),
    "Redoc, as an element": Page(_html(f"<redoc spec-url='/x/spec'></redoc>{_REDOC}"), "/x/spec"),
    "Redoc, called": Page(
        _html(f"{_REDOC}<script>Redoc.init('spec.yaml', {{scrollYOffset: 50}}, document.getElementById('r'))</script>"),
        "/api2/docs/spec.yaml",
    ),
    "Redoc, called with the document": Page(_html(f"<script>Redoc.init({TEXT}, {{}}, el)</script>"), None),
    "Redoc, put together before": Page(
        _html(f"<script>\nconst __redoc_state = {_STATE};\nRedoc.hydrate(__redoc_state, el);</script>"), None
    ),
    "Scalar, as data-url": Page(_html(f'<script id="api-reference" data-url="/x/spec"></script>{_SCALAR}'), "/x/spec"),
    "Scalar, a configuration with url": Page(
        _html(f"""<script id="api-reference" data-configuration='{{"theme":"moon","url":"/x/spec"}}'></script>{_SCALAR}"""),
        "/x/spec",
    ),
    "Scalar, a configuration with spec.url": Page(
        _html(f'<script id="api-reference" data-configuration="{html.escape(json.dumps({"spec": {"url": "/x/spec"}}))}"></script>'),
        "/x/spec",
    ),
    "Scalar, a configuration with content": Page(
        _html(f'<script id="api-reference" data-configuration="{html.escape(json.dumps({"content": TEXT}))}"></script>'), None
    ),
    "Scalar, a configuration with YAML": Page(
        _html(f'<script id="api-reference" data-configuration="{html.escape(json.dumps({"content": YAML}))}"></script>'), None
    ),
    "Scalar, the document in the script": Page(
        _html(f'<script id="api-reference" type="application/json">\n{TEXT}\n</script>{_SCALAR}'), None
    ),
    "Scalar, the document escaped as HTML": Page(
        _html(f'<script id="api-reference" type="application/json">{html.escape(TEXT)}</script>'), None
    ),
    "Scalar, called": Page(
        _html(f"<div id='app'></div>{_SCALAR}<script>Scalar.createApiReference('#app', {{ // ours\n url: '/x/spec' }})</script>"),
        "/x/spec",
    ),
    "Scalar, several sources with a default": Page(
        _html("<script>Scalar.createApiReference('#app', {sources: [{title: 'Intern', url: '/intern.json'}, "
              "{title: 'Extern', url: '/x/spec', default: true}]})</script>"),
        "/x/spec",
    ),
    "Stoplight Elements, an address": Page(
        _html('<elements-api apiDescriptionUrl="/x/spec" router="hash"></elements-api>'), "/x/spec"
    ),
    "Stoplight Elements, the document": Page(
        _html(f'<elements-api apiDescriptionDocument="{html.escape(TEXT)}"></elements-api>'), None
    ),
    "RapiDoc": Page(_html('<rapi-doc spec-url = "/x/spec"> </rapi-doc>'), "/x/spec"),
    "a service description": Page(_html("", '<link rel="service-desc" href="/x/spec">'), "/x/spec"),
    "an alternate form": Page(
        _html("", '<link rel="alternate" type="application/vnd.oai.openapi+json;version=3.0" href="/x/spec">'), "/x/spec"
    ),
    "a plain link": Page(_html("<a href='/start'>Start</a><a href='../openapi.yaml'>OpenAPI</a>"), "/api2/openapi.yaml"),
    "an attribute of the page's own": Page(_html('<div id="ui" data-api-url="/files/swagger.json"></div>'), "/files/swagger.json"),
    "a text in a script of the page's own": Page(
        _html('<script src="/app.js"></script>'), "/x/openapi.json", {"/app.js": 'const a=t=>fetch("/x/openapi.json").then(u)'}
    ),
}  # fmt: skip
