"""The forms of a report: each a function of the report and a language."""

from collections.abc import Callable

from dpc_kg.validate.report import CheckReport

FORMS = ("text", "html", "xlsx", "json", "ttl", "jsonld", "sarif", "junit")
"""Their names, as ``--format`` takes them."""


def written(report: CheckReport, form: str, lang: str) -> bytes:
    """Give a report in one of the forms.

    Raises:
        KeyError: there is no such form.
    """
    if form == "xlsx":
        from dpc_kg.validate.forms.workbook import to_xlsx

        return to_xlsx(report, lang)
    return _writer(form)(report, lang).encode("utf-8")


def _writer(form: str) -> Callable[[CheckReport, str], str]:
    if form == "html":
        from dpc_kg.validate.forms.html import to_html

        return to_html
    if form == "sarif":
        from dpc_kg.validate.forms.sarif import to_sarif

        return to_sarif
    if form == "junit":
        from dpc_kg.validate.forms.junit import to_junit

        return to_junit
    if form in ("ttl", "jsonld"):
        from functools import partial

        from dpc_kg.validate.forms.rdf import to_rdf

        return partial(to_rdf, form=form)
    if form == "json":
        from dpc_kg.validate.forms.jsonform import to_json

        return to_json
    from dpc_kg.validate.forms.text import to_text

    return {"text": to_text}[form]
