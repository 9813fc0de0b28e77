"""What may stand in ``data.nq``: plain N-Quads lines of one organisation in one graph.

The same rules hold where a package is made and where it is received, so that what one end writes
the other accepts. They are about form and ownership; what the data may say stands in the shapes.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dpc_kg.base.errors import PackageError
from dpc_kg.base.identifiers import org_iri
from dpc_kg.base.vocab import CODES, DPC, EXT, ID, RDF_TYPE, SKOS, XSD

_REST = rb"[^\x00-\x20\x7f<>\"{}|^`\\]*"
# http(s) without user information, or urn: nothing that runs, mails or opens a file
_IRI = (
    rb"<(?:https?://[^\x00-\x20\x7f<>\"{}|^`\\/?#@]+(?:[/?#]" + _REST + rb")?|urn:" + _REST + rb")>"
)
_ESCAPE = rb"\\(?:[tbnrf\"'\\]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})"
_LITERAL = (
    rb'"[^"\\\r\n]*(?:' + _ESCAPE + rb'[^"\\\r\n]*)*"'
    rb"(?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\^\^" + _IRI + rb")?"
)
_LINE = re.compile(
    rb"(" + _IRI + rb") (" + _IRI + rb") (" + _IRI + rb"|" + _LITERAL + rb") (" + _IRI + rb") \.\n"
)
_BLANK = re.compile(rb"(?:^|[ \t])_:")
_PLAIN = re.compile(rb"<[!#$&-;=?-\[\]_a-z~]*>")
_CONTROL = re.compile(rb"%(?:[01][0-9A-Fa-f]|7[Ff])")
_SHARED_SUBJECT = re.compile(
    (
        re.escape("<" + ID) + r"(?:coalition/hash/[0-9a-f]{64}|[a-z0-9-]+/organization/[^/>]+)>"
    ).encode()
)
# an area has the name that a published list gives it, whoever speaks of it
_AREA = re.compile((re.escape("<" + EXT) + r"[a-z0-9-]+/[^/>]+>").encode())
_AREA_CLASS = f"<{DPC}AdministrativeArea>".encode()
_TYPE = f"<{RDF_TYPE}>".encode()
_CLASS = f"<{DPC}".encode()
_MAX_LINE = 128 * 1024


@dataclass(frozen=True)
class Scan:
    """What ``scan`` found: distinct quads, their digest, subjects, and subjects by class name."""

    quads: int
    subjects: int
    classes: dict[str, int]
    digest: str


def quad_digest(lines: Iterable[bytes]) -> str:
    """Give the SHA-256 (hex) of the distinct N-Quads lines in byte order (DESIGN section 2)."""
    out = hashlib.sha256()
    for line in sorted(set(lines)):
        out.update(line)
    return out.hexdigest()


def description(
    *, org: str, graph: str, dataset: str, extracted_at: str, sequence: int, mode: str
) -> list[bytes]:
    """Give the quads about the submission and its organisation, sorted; they open ``data.nq``."""
    organization = org_iri(org)
    quads = [
        (graph, RDF_TYPE, f"<{DPC}Submission>"),
        (graph, DPC + "submittedBy", f"<{organization}>"),
        (graph, DPC + "dataset", f'"{dataset}"'),
        (graph, DPC + "extractedAt", f'"{extracted_at}"^^<{XSD}dateTime>'),
        (graph, DPC + "sequence", f'"{sequence}"^^<{XSD}integer>'),
        (graph, DPC + "submissionMode", f"<{CODES}submission-mode/{mode}>"),
        (organization, RDF_TYPE, f"<{DPC}Organization>"),
        (organization, SKOS + "notation", f'"{org}"'),
    ]
    return sorted(f"<{s}> <{p}> {o} <{graph}> .\n".encode() for s, p, o in quads)


def split_lines(data: bytes) -> Iterator[bytes]:
    """Give the lines of ``data``, each with its line feed where it has one."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start) + 1 or len(data)
        yield data[start:end]
        start = end


def scan(
    lines: Iterable[bytes],
    *,
    org: str,
    graph: str,
    about: frozenset[bytes] = frozenset(),
    unique: bool = True,
) -> Scan:
    """Check every line and count.

    Args:
        lines: N-Quads lines with their line feed.
        org: the organisation whose records they must be.
        graph: the one graph all of them must be in.
        about: the only lines that may have the graph itself as subject.
        unique: whether a quad that stands in it twice is refused or counted once.

    Raises:
        PackageError: the first line that breaks a rule, by its number; no value is repeated.
    """
    seen: set[bytes] = set()
    typed: set[bytes] = set()
    subjects: dict[bytes, int] = {}
    classes: Counter[bytes] = Counter()
    wanted = f"<{graph}>".encode()
    own = f"<{ID}{org}/".encode()
    for number, line in enumerate(lines, 1):
        match = _LINE.fullmatch(line) if len(line) <= _MAX_LINE else None
        if match is None:
            raise _malformed(line, number)
        subject, predicate, value, where = match.groups()
        if where != wanted:
            raise _refused(number, "This quad is in another graph.", f"All belong in {graph}.")
        if line in seen:
            if unique:
                raise _refused(number, "This quad stands in the file twice.", "Each stands once.")
            continue
        seen.add(line)
        if not line.isascii() or b"%" in line:
            _check_characters(match, number)
        if subject not in subjects:
            subjects[subject] = number
            _check_subject(subject, number, own, wanted, line in about)
        elif subject == wanted and line not in about:
            raise _about_itself(number)
        if predicate == _TYPE:
            if not value.startswith(_CLASS):
                raise _refused(
                    number, "This class is not one of the model.", f"Classes start with {DPC}"
                )
            if value != _AREA_CLASS and _AREA.fullmatch(subject):
                raise _refused(
                    number,
                    "A notation of a published list is the subject, and no area is meant.",
                    f"Only a dpc:{_AREA_CLASS[len(_CLASS) : -1].decode()} is named by a notation.",
                )
            classes[value] += 1
            typed.add(subject)
    for subject, number in subjects.items():
        if subject not in typed:
            raise _refused(number, "This subject has no class.", "Every node has an rdf:type.")
    names = {key[len(_CLASS) : -1].decode(): count for key, count in sorted(classes.items())}
    return Scan(len(seen), len(subjects), names, quad_digest(seen))


def _check_subject(subject: bytes, number: int, own: bytes, graph: bytes, is_about: bool) -> None:
    if subject == graph:
        if not is_about:
            raise _about_itself(number)
    elif not subject.startswith(own) and not _is_shared(subject):
        raise _refused(
            number,
            "The subject of this quad is not a record of the organisation.",
            f"Records start with {own[1:].decode()}; only hashes, organisations and areas are"
            " shared.",
        )


def _is_shared(subject: bytes) -> bool:
    return _SHARED_SUBJECT.fullmatch(subject) is not None or _AREA.fullmatch(subject) is not None


def _check_characters(match: re.Match[bytes], number: int) -> None:
    for term in match.groups():
        try:
            text = term.decode("utf-8")
        except UnicodeDecodeError as e:
            raise _refused(number, "This line is not UTF-8.", "Files are written in UTF-8.") from e
        if not term.startswith(b"<") or _PLAIN.fullmatch(term):
            continue
        # what looks alike or cannot be seen would give one thing two names
        if _CONTROL.search(term) or any(
            unicodedata.category(c) in {"Cc", "Cf", "Cn", "Co", "Zl", "Zp", "Zs"} for c in text
        ):
            raise _refused(
                number, "An IRI holds a control or invisible character.", "Remove it at the source."
            )
        if not unicodedata.is_normalized("NFC", text):
            raise _refused(
                number, "An IRI is not in Unicode form NFC.", "Normalise it at the source."
            )


def _malformed(line: bytes, number: int) -> PackageError:
    if len(line) > _MAX_LINE:
        return _refused(number, "This line is too long.", f"At most {_MAX_LINE:,} bytes.")
    if not line.endswith(b"\n"):
        return _refused(number, "The last line has no line feed.", "The file may be cut short.")
    if line.endswith(b"\r\n"):
        return _refused(number, "This line ends with CR LF.", "Lines end with LF alone.")
    bare = re.sub(rb'"(?:[^"\\]|\\.)*"', b'""', line)
    if _BLANK.search(bare):
        return _refused(number, "A blank node.", "Every node has an IRI.")
    if len(re.findall(rb"<[^>]*>|\"\"", re.sub(rb'""\^\^<[^>]*>', b'""', bare))) == 3:
        return _refused(number, "A triple outside any graph.", "Every line names its graph.")
    return _refused(
        number,
        "This is not an N-Quads line in plain form.",
        'Plain form: <subject> <predicate> <object> or "literal", <graph>, one space between, '
        "http(s) or urn IRIs without escapes.",
    )


def _about_itself(number: int) -> PackageError:
    return _refused(
        number,
        "This quad describes the submission itself.",
        "The description is written by dpc-kg package from the manifest.",
    )


def _refused(number: int, problem: str, advice: str) -> PackageError:
    return PackageError(problem, file="data.nq", line=number, advice=advice)
