"""The lift of the case rows by maplib: polars reads and builds the IRIs, templates make triples.

Runs in an environment of its own: ``python maplib_lift.py CASES WORKERS OUT``. maplib has no RML;
these are the rules of ``bench/assets/lift/cases.rml.ttl`` by hand. Its columns are typed, so what
is no date or number of its type makes nothing, and moments change their lexical form.
"""

import sys
from pathlib import Path

import polars as pl  # type: ignore[import-not-found, unused-ignore]
from maplib import Model  # type: ignore[import-not-found, unused-ignore]

DATA = "https://data.example.org/"
PREFIXES = """\
@prefix ex: <https://example.org/cases#> .
@prefix ottr: <http://ns.ottr.xyz/0.4/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix t: <https://example.org/templates#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
CASE = """
t:Case [ottr:IRI ?case_id, ? ?key, ? ?received_at, ? ?opened_on, ? ?closed_on,
  ? ottr:IRI ?category, ? ottr:IRI ?status, ? ?severity, ? ottr:IRI ?country, ? ottr:IRI ?age_band,
  ? ?child_count, ? ?referred, ? ?summary, ? ?content_ref,
  ? ottr:IRI ?worker, ? ottr:IRI ?organisation] :: {
  ottr:Triple(?case_id, rdf:type, ex:Case) , ottr:Triple(?case_id, dcterms:identifier, ?key) ,
  ottr:Triple(?case_id, ex:handledBy, ?organisation) , ottr:Triple(?case_id, ex:worker, ?worker) ,
  ottr:Triple(?case_id, dcterms:description, ?summary) ,
  ottr:Triple(?case_id, ex:receivedAt, ?received_at) ,
  ottr:Triple(?case_id, ex:openedOn, ?opened_on) , ottr:Triple(?case_id, ex:closedOn, ?closed_on) ,
  ottr:Triple(?case_id, ex:category, ?category) , ottr:Triple(?case_id, ex:status, ?status) ,
  ottr:Triple(?case_id, ex:severity, ?severity) , ottr:Triple(?case_id, ex:country, ?country) ,
  ottr:Triple(?case_id, ex:ageBand, ?age_band) , ottr:Triple(?case_id, ex:referred, ?referred) ,
  ottr:Triple(?case_id, ex:childCount, ?child_count) ,
  ottr:Triple(?case_id, ex:contentRef, ?content_ref)
} .
"""
ORGANISATION = """
t:Organisation [ottr:IRI ?organisation, ? ?label] :: {
  ottr:Triple(?organisation, rdf:type, ex:Organisation) ,
  ottr:Triple(?organisation, rdfs:label, ?label)
} .
"""
WORKER = """
t:Worker [ottr:IRI ?worker_id, ? ?code, ? ?name, ? ottr:IRI ?country, ? ottr:IRI ?kind] :: {
  ottr:Triple(?worker_id, rdf:type, ex:Worker) ,
  ottr:Triple(?worker_id, dcterms:identifier, ?code) ,
  ottr:Triple(?worker_id, rdfs:label, ?name) , ottr:Triple(?worker_id, ex:country, ?country) ,
  ottr:Triple(?worker_id, ex:kind, ?kind)
} .
"""


def iri(column: str, kind: str) -> pl.Expr:
    """Give the IRIs of a column of codes, none of which needs a percent-encoding."""
    return (pl.lit(f"{DATA}{kind}/") + pl.col(column)).alias(column)


def main(cases: Path, workers: Path, out: Path) -> None:
    """Lift."""
    people = pl.read_csv(workers, infer_schema=False)
    rows = pl.read_csv(cases, infer_schema=False).with_columns(
        pl.col("case_id").alias("key"),
        pl.col("organisation").alias("label"),
        pl.col("received_at").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_zone="UTC", strict=False),
        pl.col("opened_on", "closed_on").str.to_date("%Y-%m-%d", strict=False),
        pl.col("severity", "child_count").cast(pl.Int64, strict=False),
        pl.col("referred").replace_strict({"true": True, "false": False}, default=None),
    )
    rows = rows.join(people.select("worker_id", "code"), left_on="worker", right_on="code").drop(
        "worker"
    )
    rows = rows.with_columns(
        iri("case_id", "case"),
        iri("category", "category"),
        iri("status", "status"),
        iri("country", "country"),
        iri("age_band", "age-band"),
        iri("worker_id", "worker").alias("worker"),
        iri("organisation", "organisation"),
    )
    model = Model()
    model.add_template(PREFIXES + CASE)
    model.add_template(PREFIXES + ORGANISATION)
    model.add_template(PREFIXES + WORKER)
    model.map(
        "https://example.org/templates#Organisation",
        rows.select("organisation", "label").unique(),
    )
    model.map("https://example.org/templates#Case", rows.drop("label", "worker_id"))
    named = people.with_columns(
        iri("worker_id", "worker"), iri("country", "country"), iri("kind", "kind")
    )
    model.map("https://example.org/templates#Worker", named)
    model.write(str(out), format="ntriples")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
