"""A database server as a source of the commands: what it gives, and that no password is told."""

import csv
import json
import socket
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dpc_kg.base.assets import mapping_dir
from dpc_kg.base.errors import DpcError
from dpc_kg.lift.functions import quote
from dpc_kg.lift.rows import identifier
from tests.lift.pgserver import a_server

SECRET = "Zephyrine-4711"
AWAY = f"postgresql://someone:{SECRET}@127.0.0.1:1/none"
_READ = ("incident-data=postgresql:", "incident-data=jdbc:postgresql:", "nothing=postgresql:")
KEY = "11" * 32 + "\n"
EXCHANGE = mapping_dir("hotline") / "sample.exchange.csv"
INCIDENTS = mapping_dir("gbvims") / "sample.incident-data.csv"
PARTNERS = {"exchange": EXCHANGE, "Incident Data": INCIDENTS}
PREFIXES = (
    "@prefix rml: <http://w3id.org/rml/> .\n@prefix ex: <http://example.org/> .\n"
    "@prefix d2rq: <http://www.wiwiss.fu-berlin.de/suhl/bizer/D2RQ/0.1#> .\n"
)
FRIENDS = 'rml:referenceFormulation rml:SQL2008Table ; rml:iterator "friends"'
QUERY = (
    "rml:referenceFormulation rml:SQL2008Query ;"
    ' rml:iterator "SELECT id, upper(name) AS name, age FROM friends"'
)


def document(folder: Path, dsn: str, read: str = FRIENDS, access: str = "") -> Path:
    """Write a mapping of a table in a database, as the case RMLSTC0006a has it."""
    path = folder / "friends.ttl"
    pairs = "".join(
        f" rml:predicateObjectMap [ rml:predicate ex:{name} ;"
        f' rml:objectMap [ rml:reference "{name}" ] ] ;'
        for name in ("name", "age")
    )
    path.write_text(
        f'{PREFIXES}ex:DB a rml:Source , d2rq:Database ; d2rq:jdbcDSN "{dsn}" {access} .\n'
        f"ex:T a rml:TriplesMap ; rml:logicalSource [ rml:source ex:DB ; {read} ] ;"
        f' rml:subjectMap [ rml:template "http://example.org/{{id}}" ] ;{pairs} .\n',
        encoding="utf-8",
    )
    return path


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server with the friends of the suite's case, and a partner's cases."""
    dbapi = pytest.importorskip("adbc_driver_postgresql.dbapi", reason="needs the driver")
    with a_server() as uri, dbapi.connect(uri, autocommit=True) as db, db.cursor() as cursor:
        tables = ", ".join(identifier(name) for name in ("friends", "places", *PARTNERS))
        for statement in (
            f"DROP TABLE IF EXISTS {tables}",
            "CREATE TABLE places (id INTEGER, name TEXT)",
            "CREATE TABLE friends (id INTEGER, name TEXT, age INTEGER)",
            "INSERT INTO friends VALUES (0, 'Monica Geller', 33), (1, 'Rachel Green', 34)",
            *(each for name, path in PARTNERS.items() for each in copied(name, path)),
            "UPDATE \"Incident Data\" SET date_of_incident = 'never'",
        ):
            cursor.execute(statement)
        yield uri
        cursor.execute(f"DROP TABLE {tables}")


def copied(name: str, path: Path) -> Iterator[str]:
    """Give the statements that make a table of a partner's file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    columns = ", ".join(f"{identifier(column)} TEXT" for column in header)
    yield f"CREATE TABLE {identifier(name)} ({columns})"
    for row in rows:
        yield f"INSERT INTO {identifier(name)} VALUES ({', '.join(map(quote, row))})"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "partner.key"
    path.write_text(KEY, encoding="ascii")
    return path


def age(number: int, years: int) -> str:
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    return f'<http://example.org/{number}> <http://example.org/age> "{years}"^^<{integer}> .'


def test_a_document_names_its_database(server: str, run: Any, tmp_path: Path) -> None:
    out = tmp_path / "out.nq"
    access = f' ; d2rq:username "dpc" ; d2rq:password "{SECRET}"'
    made = document(tmp_path, f"jdbc:{server}", access=access)
    done = run("lift", "--mapping", made, "-o", out)
    assert done.code == 0, done.err
    lines = out.read_text(encoding="utf-8").splitlines()
    assert {age(0, 33), age(1, 34)} < set(lines)
    assert len(lines) == 4
    report = json.loads((tmp_path / "lift-report.json").read_text(encoding="utf-8"))
    (source,) = report["sources"]
    assert (source["name"], source["rows"], len(source["sha256"])) == ("friends", 2, 1)
    planned = run("map", "plan", made)
    assert planned.code == 0
    assert not any(SECRET in text for text in (*done.texts, planned.out, str(report)))


def test_a_query_is_run_with_leave(server: str, run: Any, tmp_path: Path) -> None:
    out = tmp_path / "out.nq"
    command = ["lift", "--mapping", document(tmp_path, server, QUERY), "-o", out]
    done = run(*command)
    assert (done.code, "--allow-query" in done.err, out.exists()) == (2, True, False)
    assert run(*command, "--allow-query").code == 0
    assert '"MONICA GELLER"' in out.read_text(encoding="utf-8")


def test_our_mapping_reads_a_partners_table(
    server: str, run: Any, tmp_path: Path, key: Path
) -> None:
    """The table named as the source gives what the file gives."""
    made = []
    for place in (server, EXCHANGE):
        out = tmp_path / "out.nq"
        options = ["--org", "example-org", "--dataset", "d", "--key-file", key, "-o", out]
        done = run("lift", "--mapping", "hotline", "--source", f"exchange={place}", *options)
        assert done.code == 0, done.err
        made.append(out.read_bytes())
    assert made[0] == made[1] != b""


def test_a_fault_is_told_with_its_table(server: str, run: Any) -> None:
    """The table is the one that the mapping names, which is not its source's name."""
    with INCIDENTS.open(encoding="utf-8-sig") as file:
        incidents = {row["incident_id"] for row in csv.DictReader(file)}
    source = ["--source", f"incident-data={server}"]
    done = run("validate", *source, "--mapping", "gbvims", "--format", "json")
    report = json.loads(done.out)
    assert (done.code, report["records"]) == (1, len(incidents))
    told = {(f["file"], f["column"], f["rule"]) for f in report["faults"]}
    assert ("postgresql:Incident Data", "date_of_incident", "source:date") in told


def test_what_a_database_lacks(server: str, run: Any, tmp_path: Path) -> None:
    out = ["-o", tmp_path / "out.nq"]
    gone = document(tmp_path, server, FRIENDS.replace("friends", "dpc_gone"))
    assert run("lift", "--mapping", gone, *out).code == 2
    table = document(tmp_path, server, FRIENDS.replace("friends", "places"))
    done = run("lift", "--mapping", table, *out)
    assert (done.code, "postgresql:places, column age" in done.err) == (1, True), done.err
    done = run("validate", "--source", f"iwf={server}", "--mapping", "hotline")
    assert (done.code, "gives tables" in done.err) == (2, True)


def refused(run: Any, *command: str | Path) -> int:
    """Give the exit code of a command that fails, once its message and traceback were searched."""
    done = run(*command)
    with pytest.raises(DpcError) as caught:
        run(*command, "--debug")
    whole = "".join(traceback.format_exception(caught.value))
    assert whole
    assert SECRET not in "".join((*done.texts, whole))
    return int(done.code)


@pytest.mark.parametrize(
    "given",
    [
        f"incident-data={AWAY}",
        f"incident-data=jdbc:{AWAY}",
        f"incident-data={AWAY}?sslmode=none",
        f"incident-data={AWAY}?nothing={SECRET}",
        f"incident-data=postgresql://{SECRET}@[::1/none",
        f"incident-data=mysql://someone:{SECRET}@127.0.0.1/none",
        f"incident-data=host=127.0.0.1 password={SECRET}",
        AWAY,
        f"{AWAY}?sslmode=require",
        f"nothing={AWAY}",
    ],
)
def test_an_address_is_never_repeated(run: Any, tmp_path: Path, key: Path, given: str) -> None:
    pytest.importorskip("adbc_driver_postgresql.dbapi", reason="needs the driver")
    more: list[str | Path] = ["--org", "example-org", "--key-file", key, "-o", tmp_path / "out.nq"]
    assert refused(run, "lift", "--mapping", "gbvims", "--source", given, *more) == 2
    assert refused(run, "validate", "--mapping", "gbvims", "--source", given) == 2
    tried = refused(run, "map", "check", mapping_dir("gbvims"), "--source", given)
    assert tried == (3 if given.startswith(_READ) else 2)
    assert refused(run, "validate", given.removeprefix("incident-data=")) == 2


@pytest.mark.parametrize(
    "dsn",
    [
        f"{AWAY}?hostaddr=127.0.0.2",
        f"postgresql://127.0.0.1:1/none@{SECRET}",
        f"{AWAY}?password={SECRET}&sslmode=none",
        f"jdbc:mysql://someone:{SECRET}@127.0.0.1/none?password={SECRET}",
        f"jdbc:sqlserver://127.0.0.1;user=someone;password={SECRET}",
    ],
)
def test_an_address_in_a_mapping_is_never_repeated(run: Any, tmp_path: Path, dsn: str) -> None:
    pytest.importorskip("adbc_driver_postgresql.dbapi", reason="needs the driver")
    made = document(tmp_path, dsn)
    code = refused(run, "lift", "--mapping", made, "-o", tmp_path / "out.nq")
    assert code == (3 if dsn.startswith("jdbc:") else 2)
    planned = run("map", "plan", made)
    assert SECRET not in "".join(planned.texts)


def test_the_users_password_goes_to_a_server_the_user_named_alone(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mapping of others could name any server, and libpq would hand PGPASSWORD to it."""
    pytest.importorskip("adbc_driver_postgresql.dbapi", reason="needs the driver")
    monkeypatch.setenv("PGPASSWORD", SECRET)
    out = ["-o", tmp_path / "out.nq"]
    with _listening() as (port, heard):
        address = f"postgresql://someone@127.0.0.1:{port}/none"
        made = document(tmp_path, address)
        assert run("lift", "--mapping", made, *out).code == 2
        assert heard
        assert SECRET.encode() not in b"".join(heard)
        named = ["--source", f"friends={address}"]
        assert run("lift", "--mapping", made, *named, *out).code == 2
        assert SECRET.encode() in b"".join(heard)


@contextmanager
def _listening() -> Iterator[tuple[int, list[bytes]]]:
    """Listen as a server that asks for a password in plain text; give what it hears."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_ask, args=(listener, heard))
        thread.start()
        try:
            yield listener.getsockname()[1], heard
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _ask(listener: socket.socket, heard: list[bytes]) -> None:
    while True:
        try:
            peer, _ = listener.accept()
        except OSError:
            return
        with peer:
            while said := peer.recv(4096):
                heard.append(said)
                asks_encryption = len(said) == 8
                if said[:1] == b"p":
                    break
                peer.sendall(b"N" if asks_encryption else b"R\0\0\0\x08\0\0\0\x03")
