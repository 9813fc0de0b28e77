"""A report with a fault of every kind of place, for the tests of its forms."""

from dpc_kg.base.faults import Fault
from dpc_kg.validate.report import CheckReport, FieldCount, Hint
from dpc_kg.validate.results import Result

HEADER = ("id", "name", "age", "sex", "status", "registration_date", "date_closure")
RECORD = "https://w3id.org/dpc/id/example-org/case/" + "0" * 64
SH = "http://www.w3.org/ns/shacl#"


def fault_at(row: int, column: str, kind: str, *rules: str, file: str = "cases.csv") -> Fault:
    return Fault(file, None, row, column, kind, rules)


FAULTS = (
    Fault("broken.csv", None, None, None, "file", ("source:encoding",)),
    fault_at(14, "registration_date", "missing", "CaseShape-receivedAt"),
    fault_at(15, "date_closure", "order", "CaseShape-openToCloseSeconds"),
    *(fault_at(row, "age", "range", "source:age") for row in range(20, 28)),
    fault_at(
        3,
        "referrals[0].referredAt",
        "format",
        "source:date",
        "ReferralShape-sentAt",
        file="c/3.json",
    ),
    Fault("cases.xlsx", "Cases", 2, "status", "code", ("CaseShape-hasStatus",)),
)
WARNINGS = (
    Fault("cases.csv", None, 30, "sex", "rule", ("CaseShape-sexRecorded",), RECORD, "Warning"),
)
_RESULT = Result(
    RECORD,
    "https://w3id.org/dpc/cdm#receivedAt",
    '"a secret"',
    SH + "MinCountConstraintComponent",
    "https://w3id.org/dpc/shapes#CaseShape-receivedAt",
    SH + "Violation",
)
REPORT = CheckReport(
    records=120,
    refused=12,
    faults=FAULTS,
    warnings=WARNINGS,
    dropped=(
        FieldCount("name", 120, "cases"),
        FieldCount("favourite_colour", 7, "cases", "none"),
        FieldCount("(undeclared column)", 2, None, "undeclared"),
        FieldCount("md5", 9, "files", "key"),
    ),
    unknown=(FieldCount("protection_concerns", 3, "cases"),),
    headers={"cases.csv": HEADER, "cases.xlsx": HEADER, "broken.csv": ()},
    numbers={("cases.csv", None, 14): "4711", ("cases.csv", None, 20): "=4712"},
    hints={
        FAULTS[-2].place: Hint("day-first"),
        FAULTS[-1].place: Hint("code", "open"),
    },
    examples={("cases.csv", None, "age"): "12"},
    results=((_RESULT, FAULTS[1]),),
)
