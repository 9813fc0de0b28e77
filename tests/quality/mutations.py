"""For every part of every check ways to break the model that the part must find.

They stand under the part's name, further ones after a colon. A mutation gives the changed files of
a tree; ``says`` is a piece of what the part must then say.
"""

from tests.quality.mutation import Mutation, add, cube, new, rows, swap

CASE, CORE, TRISTATE = "ontology/case.ttl", "ontology/core.ttl", "ontology/codes/tristate.ttl"
CASE_SHAPES = "shapes/case.ttl"
FIGURES = "mappings/lift/ncmec-statistics/expected.nq"
PASS = "tests/shapes/CaseShape/pass-full.ttl"
RELEASE = "tests/quality/fixtures/release"
PROCESS = "ontology/processes/case-management.ttl"
SURE = "mapping_justification=semapv:ManualMappingCuration confidence=0.9"
DATASET = "<https://w3id.org/dpc/structure/dataset/figures>"
OBS = "<https://w3id.org/dpc/id/x/observation/x>"
_THIN = f"{OBS} a qb:Observation ; qb:dataSet {DATASET} ."
_PAIR = "<https://w3id.org/dpc/codes/sex/girl>"
BRIDGE = "ontology/bridges/prov.ttl"

MUTATIONS: dict[str, Mutation] = {
    "c01_turtle": swap(CASE, "dpc:Case\n", "dpc:Case  \n", "canonical"),
    "c02_dl": add(CASE, "dpc:closedAt rdfs:range dpc:Case .", "closedAt"),
    "c03_rl": add(
        CASE,
        "dpc:Case rdfs:subClassOf [ a owl:Restriction ; owl:onProperty dpc:hasStatus ;"
        " owl:someValuesFrom skos:Concept ] .",
        "case.ttl",
    ),
    "c04_uco": add(CASE, "dpc:closedAt a owl:ObjectProperty .", "closedAt"),
    "c05_consistent": add(CASE, "dpc:Case rdfs:subClassOf dpc:Organization .", "Case"),
    "c06_owlready": add(CASE, "dpc:Case rdfs:subClassOf dpc:Organization .", "Unsatisfiable 1"),
    "c06_parsers": add(CASE, "dpc:Case skos:example [ skos:note 'nobody' ] .", "nobody"),
    "c07-labels": add(CASE, "dpc:Nameless a owl:Class .", "cdm#Nameless"),
    "c08-languages": add(CASE, 'dpc:Case rdfs:label "Case file"@en .', "found: 2"),
    "c08-script": add(CASE, 'dpc:Case skos:definition "Only Latin."@ar .', "Only Latin."),
    "c08-untagged": add(CASE, 'dpc:Case rdfs:label "Akte" .', "Akte"),
    "c09-labels": add(CASE, 'dpc:Case rdfs:label "Report"@en .', "cdm#Report"),
    "c10-names": add(CASE, "dpc:caseFile a owl:Class .", "cdm#caseFile"),
    "c11-domain": add(CASE, "dpc:closedAt rdfs:domain dpc:Report .", "two domains"),
    "c12-cycles": add(CORE, "dpc:Record rdfs:subClassOf dpc:Case .", "cdm#Case"),
    "c13-disjoint": add(CASE, "dpc:Twin rdfs:subClassOf dpc:Record .", "cdm#Twin"),
    "c14-inverse": add(
        CASE,
        "dpc:hasService a owl:ObjectProperty ; rdfs:domain dpc:Case ;"
        " rdfs:range dpc:ServiceProvision .",
        "cdm#hasService",
    ),
    "c15-foreign": add(CORE, "skos:notation rdfs:range xsd:string .", "notation"),
    "c15_bridges": add(BRIDGE, "skos:Concept rdfs:subClassOf dpc:Case .", "not ours to place"),
    "c16_foreign_terms": add(
        CASE, "dpc:Case rdfs:seeAlso dpc:x . dpc:x a skos:Conzept .", "skos/core#Conzept"
    ),
    "c17-module": swap(CASE, "dcterms:creator", "dcterms:contributor", "creator"),
    "c17-root": swap("ontology/dpc.ttl", "dcterms:creator", "dcterms:contributor", "creator"),
    "c18-licence": swap(TRISTATE, "licenses/by/4.0/", "licenses/by-nc/4.0/", "tristate"),
    "c18_licence": swap("CITATION.cff", "CC-BY-4.0", "CC-BY-NC-4.0", "CITATION.cff"),
    "c19_version": swap("CITATION.cff", "version: 0.1.0", "version: 0.1.1", "CITATION.cff"),
    "c20_prior_version": swap(
        f"{RELEASE}/2.0.0/ontology/dpc.ttl",
        "owl:priorVersion <https://w3id.org/dpc/cdm/1.1.0>",
        "owl:priorVersion <https://w3id.org/dpc/cdm/1.0.0>",
        "priorVersion is not https://w3id.org/dpc/cdm/1.1.0",
    ),
    "c21_removals": swap(
        f"{RELEASE}/2.0.0/ontology/garden.ttl", "dpc:Plant\n", "dpc:Herb\n", "cdm#Plant"
    ),
    "c22-deprecated": add(CASE, "dpc:Case owl:deprecated true .", "isReplacedBy is missing"),
    "c22_in_use": add(CASE, "dpc:Case owl:deprecated true .", "pass-full.ttl: Case"),
    "c23_catalogue": swap(
        "ontology/catalog-v001.xml", 'uri="case.ttl"', 'uri="report.ttl"', "case"
    ),
    "c23_owlapi": swap(
        "ontology/catalog-v001.xml",
        'name="https://w3id.org/dpc/cdm/core/0.1.0"',
        'name="https://w3id.org/dpc/cdm/heart/0.1.0"',
        "Could not load imported ontology",
    ),
    "c24-defined-by": add(
        CASE, "dpc:Case rdfs:isDefinedBy <https://w3id.org/dpc/cdm/report> .", "cdm#Case"
    ),
    "c25_shacl_shacl": add(
        CASE_SHAPES, "dpcsh:CaseShape-hasStatus sh:minCount 'one' .", "CaseShape-hasStatus"
    ),
    "c26-classes": add(CASE, "dpc:Folder a owl:Class .", "cdm#Folder"),
    "c26-messages": add(
        CASE_SHAPES,
        "dpcsh:CaseShape sh:property dpcsh:CaseShape-x . dpcsh:CaseShape-x sh:path dpc:x .",
        "shapes#CaseShape-x",
    ),
    "c27_tiers": add(
        "shapes/tiers/basic.ttl",
        "dpcsh:CaseShape-extra a sh:NodeShape ; sh:targetClass dpc:Case ; sh:property"
        " dpcsh:CaseShape-x . dpcsh:CaseShape-x sh:path dpc:refPeriod ; sh:minCount 1 .",
        "basic refuses",
    ),
    "c28_pairs": swap(PASS, "tristate/yes", "tristate/perhaps", "pass-full.ttl trips"),
    "c29_engines": add(
        CASE_SHAPES,
        "dpcsh:CaseShape-ageBand sh:pattern '(?=https)' .",
        "one engine cannot use",
    ),
    "c30_background": add(CASE, "dpc:Case rdfs:subClassOf dpc:Observation .", "only with it"),
    "c31-kinds": add(TRISTATE, "code:tristate a skos:Concept .", "codes/tristate"),
    "c31-labels": add(
        TRISTATE, '<https://w3id.org/dpc/codes/tristate/yes> skos:prefLabel "Aye"@en .', "Aye"
    ),
    "c31-lists": add(TRISTATE, "code:empty a skos:ConceptScheme .", "codes/empty"),
    "c31-notation": add(
        TRISTATE, '<https://w3id.org/dpc/codes/tristate/yes> skos:notation "y" .', "tristate/yes"
    ),
    "c31-related": add(
        "ontology/codes/sex.ttl",
        f"{_PAIR} skos:related code:x ; skos:broader code:x .",
        "sex/girl",
    ),
    "c31-scheme": add(TRISTATE, "code:stray a skos:Concept .", "in no declared list"),
    "c32_terminology": add(
        CASE, 'dpc:Case skos:note "A child prostitute."@en .', "child prostitute"
    ),
    "c33_rules": Mutation(
        rows(f"subject_id=dpc:Case predicate_id=skos:sameMatch object_id=schema:Person {SURE}"),
        "no predicate for this",
    ),
    "c33_sssom": swap(
        "mappings/align/schema-org.sssom.tsv",
        "semapv:ManualMappingCuration",
        "by hand",
        "not well-formed",
    ),
    "c33_targets": Mutation(
        rows(f"subject_id=dpc:Case predicate_id=skos:closeMatch object_id=schema:Kase {SURE}"),
        "Kase",
    ),
    "c34_chains": Mutation(
        rows(
            f"subject_id=dpc:Case predicate_id=skos:exactMatch object_id=schema:One {SURE}",
            f"subject_id=dpc:Case predicate_id=skos:relatedMatch object_id=schema:One {SURE}",
        ),
        "schema.org/One",
    ),
    "c42-ic01": cube(f"{OBS} a qb:Observation .", "observation/x"),
    "c42-ic02": cube("dpc:set a qb:DataSet .", "cdm#set"),
    "c42-ic03": cube("dpc:structure a qb:DataStructureDefinition .", "cdm#structure"),
    "c42-ic04": cube("dpc:size a qb:DimensionProperty .", "cdm#size"),
    "c42-ic05": cube("dpc:size a qb:DimensionProperty ; rdfs:range skos:Concept .", "cdm#size"),
    "c42-ic06": cube(
        "dpc:structure qb:component dpc:part . dpc:part qb:componentRequired false ;"
        " qb:componentProperty dpc:measure .",
        "cdm#part",
    ),
    "c42-ic07": cube("dpc:key a qb:SliceKey .", "cdm#key"),
    "c42-ic08": cube(
        "<https://w3id.org/dpc/structure/by-period> qb:componentProperty dpc:size .", "cdm#size"
    ),
    "c42-ic09": cube("dpc:slice a qb:Slice .", "cdm#slice"),
    "c42-ic10": cube(
        "dpc:slice qb:sliceStructure <https://w3id.org/dpc/structure/by-period> .", "cdm#slice"
    ),
    "c42-ic11": cube(_THIN, "observation/x"),
    "c42-ic12": cube(f"{_THIN} {OBS[:-2]}y> a qb:Observation ; qb:dataSet {DATASET} .", "x"),
    "c42-ic13": cube(
        f"{_THIN} <https://w3id.org/dpc/structure/observation> qb:component dpc:part ."
        " dpc:part qb:componentRequired true ; qb:componentProperty dpc:unit .",
        "cdm#unit",
    ),
    "c42-ic14": cube(_THIN, "cdm#observedValue"),
    "c42-ic15": cube(
        f"{_THIN} <https://w3id.org/dpc/structure/observation> qb:component dpc:part ."
        f" dpc:part qb:componentProperty qb:measureType . {OBS} qb:measureType dpc:weight .",
        "cdm#weight",
    ),
    "c42-ic16": cube(
        f"{_THIN} <https://w3id.org/dpc/structure/observation> qb:component dpc:part ."
        f" dpc:part qb:componentProperty qb:measureType . {OBS} qb:measureType dpc:weight ;"
        " dpc:observedValue 3 .",
        "cdm#observedValue",
    ),
    "c42-ic17": cube(
        f"{_THIN} <https://w3id.org/dpc/structure/observation> qb:component dpc:part ."
        f" dpc:part qb:componentProperty qb:measureType . {OBS} qb:measureType dpc:weight .",
        "cdm#observedValue",
    ),
    "c42-ic18": cube(
        f"{DATASET} qb:slice dpc:slice . dpc:slice qb:observation dpc:other .", "cdm#other"
    ),
    "c42-ic19": swap(FIGURES, "codes/measure/reports", "codes/measure/rumours", "measure/rumours"),
    "c42-ic20": cube(
        "dpc:measure qb:codeList dpc:tree . dpc:tree a qb:HierarchicalCodeList ;"
        " qb:parentChildProperty skos:narrower ; qb:hierarchyRoot dpc:root .",
        "measure/reports",
    ),
    "c42-ic21": cube(
        "dpc:measure qb:codeList dpc:tree . dpc:tree a qb:HierarchicalCodeList ;"
        " qb:parentChildProperty dpc:below ; qb:hierarchyRoot dpc:root ."
        " dpc:below owl:inverseOf skos:broader .",
        "measure/reports",
    ),
    "c44-policy": add(CASE, "dpc:Folder a owl:Class .", "cdm#Folder"),
    "c44-range": add(
        CASE,
        "dpc:story a owl:DatatypeProperty ; rdfs:range xsd:string ."
        " dpcsh:CaseShape-story sh:path dpc:story .",
        "cdm#story",
    ),
    "c44_dpv": swap(
        "mappings/align/dpv.sssom.tsv", "dpv:LegalObligation", "dpv:LegalDuty", "LegalDuty"
    ),
    "c44_names": add(CASE, "dpc:fullName a owl:DatatypeProperty .", "fullName"),
    "c45_competency": Mutation(
        lambda tree: {
            name: f"{tree.text(name)}one row too many\n"
            for name in tree.names("tests/queries/cq*/expected.csv")
        },
        "gives other rows",
    ),
    "c46-circle": add(
        PROCESS,
        "<https://w3id.org/dpc/process/case-management/assess> dpc:isPrecededBy"
        " <https://w3id.org/dpc/process/case-management/close-case> .",
        "close-case",
    ),
    "c46-limits": add(PROCESS, "step:limit a dpc:TimeLimit .", "counts from no step"),
    "c46-processes": add(
        PROCESS,
        "step:other dpc:isStepOf <https://w3id.org/dpc/process/case-management> .",
        "two first steps",
    ),
    "c46-steps": add(PROCESS, "step:stray a dpc:ProcessStep .", "in no process"),
    "c47_prof": swap("shapes/profiles.ttl", "shapes/tiers/full", "shapes/tiers/fuller", "fuller"),
    "c48_circular": add(
        CASE,
        'dpc:Case rdfs:label "Open case"@en ; skos:definition "A case that is open."@en .',
        "A case that is open.",
    ),
    "c48_spelling": add(CASE, 'dpc:Case skos:note "Recieved by post."@en .', "Recieved"),
    "c49-source": swap(CASE, "dcterms:creator", "dcterms:contributor", "cdm/case"),
    "c49_copied": new("ontology/copied.ttl", "", "ontology/case.ttl"),
    "c09-labels:codes": add(
        TRISTATE,
        '<https://w3id.org/dpc/codes/tristate/yes> skos:prefLabel "Unknown"@en .',
        "Unknown",
    ),
    "c11-domain:none": add(CASE, "dpc:loose a owl:ObjectProperty .", "neither range"),
    "c11-domain:whose": add(CASE, "dpc:loose a owl:ObjectProperty .", "neither domain"),
    "c11-domain:both": add(
        CASE, "dpc:closedAt schema:domainIncludes dpc:Report .", "domainIncludes"
    ),
    "c12-cycles:codes": add(
        TRISTATE, "code:a skos:broader code:b . code:a skos:narrower code:b .", "codes/a"
    ),
    "c19_version:model": swap(CASE, '"0.1.0"', '"0.1.1"', "ontology/case.ttl: 0.1.1"),
    "c19_version:changelog": swap(
        "CHANGELOG.md", "## [Unreleased]", "## [0.0.9] - 2000-01-01", "CHANGELOG.md: 0.0.9"
    ),
    "c20_prior_version:model": add(
        "ontology/dpc.ttl",
        "<https://w3id.org/dpc/cdm> owl:priorVersion <https://w3id.org/dpc/cdm/0.0.1> .",
        "the model's owl:priorVersion",
    ),
    "c20_prior_version:compatible": add(
        f"{RELEASE}/2.0.0/ontology/dpc.ttl",
        "<https://w3id.org/dpc/cdm> owl:backwardCompatibleWith <https://w3id.org/dpc/cdm/1.1.0> .",
        "yet something was removed",
    ),
    "c22-deprecated:note": add(CASE, "dpc:Case owl:deprecated true .", "changeNote is missing"),
    "c22-deprecated:used": add(CASE, "dpc:Case owl:deprecated true .", "used by"),
    "c23_catalogue:missing": swap(
        "ontology/catalog-v001.xml", "cdm/core/0.1.0", "cdm/heart/0.1.0", "is not in the catalogue"
    ),
    "c24-defined-by:module": add("ontology/report.ttl", "dpc:Case a owl:Class .", "report.ttl"),
    "c26-messages:severity": swap(CASE_SHAPES, "sh:Violation", "sh:Violation, sh:Info", "severity"),
    "c28_pairs:named": new("tests/shapes/CaseShape/fail-Nothing.ttl", "", "named after no rule"),
    "c28_pairs:no-failure": Mutation(
        lambda tree: dict.fromkeys(tree.names("tests/shapes/CaseShape/fail-CaseShape-hasStatus*")),
        "CaseShape-hasStatus: no file fails",
    ),
    "c28_pairs:no-pass": Mutation(
        lambda tree: dict.fromkeys(tree.names("tests/shapes/CaseShape/pass-*")),
        "CaseShape: no file passes",
    ),
    "c31-related:matches": add(
        "ontology/codes/sex.ttl",
        f"{_PAIR} skos:exactMatch code:x ; skos:relatedMatch code:x .",
        "sex/girl",
    ),
    "c31-scheme:top": add(
        TRISTATE, "code:stray a skos:Concept ; skos:inScheme code:tristate .", "neither at the top"
    ),
    "c32_terminology:page": new("docs/bad.md", "A child prostitute.", "docs/bad.md"),
    "c32_terminology:screen": new(
        "src/dpc_kg/serve/templates/bad.html", "<p>Child prostitute</p>", "bad.html"
    ),
    "c32_terminology:program": new("src/dpc_kg/bad.py", "SAID = 'child prostitute'", "bad.py"),
    "c32_terminology:column": new(
        "queries/report/bad.rq", "SELECT ?child_prostitute WHERE {}", "bad.rq"
    ),
    "c32_terminology:arabic": add(CASE, 'dpc:Case skos:note "دعارة الأطفال"@ar .', "دعارة الأطفال"),
    "c33_rules:ours": Mutation(
        rows(f"subject_id=dpc:Kase predicate_id=skos:closeMatch object_id=schema:Person {SURE}"),
        "cdm#Kase is not in the model",
    ),
    "c33_rules:many": Mutation(
        rows(
            f"subject_id=dpc:Case predicate_id=skos:exactMatch object_id=schema:One {SURE}",
            f"subject_id=dpc:Case predicate_id=skos:exactMatch object_id=schema:Two {SURE}",
        ),
        "exactly 2 others",
    ),
    "c33_rules:recalled": Mutation(
        rows(
            "subject_id=dpc:Case predicate_id=skos:closeMatch object_id=schema:Person"
            " mapping_justification=semapv:UnspecifiedMatching confidence=0.9"
        ),
        "was recalled",
    ),
    "c34_chains:below": Mutation(
        rows(
            f"subject_id=dpc:Record predicate_id=skos:exactMatch object_id=schema:One {SURE}",
            f"subject_id=dpc:Case predicate_id=skos:exactMatch object_id=schema:One {SURE}",
        ),
        "exactMatch of one below",
    ),
    "c44_names:open": swap("shapes/privacy.ttl", "sh:closed true", "sh:closed false", "no closed"),
    "c46-limits:source": add(PROCESS, "step:limit a dpc:TimeLimit .", "no source"),
    "c46-limits:step": add(PROCESS, "step:limit a dpc:TimeLimit .", "no step has it"),
    "c46-processes:start": add(PROCESS, "step:other a dpc:ProcessModel .", "no first step"),
    "c46-processes:end": add(PROCESS, "step:other a dpc:ProcessModel .", "no last step"),
    "c46-steps:nobody": add(PROCESS, "step:stray a dpc:ProcessStep .", "nobody performs it"),
    "c46-steps:unreached": add(
        PROCESS,
        "step:stray a dpc:ProcessStep ; dpc:isStepOf"
        " <https://w3id.org/dpc/process/case-management> ; dpc:isPrecededBy step:nothing .",
        "not reached from the first step",
    ),
    "c47_prof:role": swap("shapes/profiles.ttl", "role:guidance", "role:guide", "is no role"),
}
