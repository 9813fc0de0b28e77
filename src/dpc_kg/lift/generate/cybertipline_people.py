"""The blocks of a synthetic report that speak of people, accounts and places.

Almost all of it is personal data by design: the lift has to drop it.
"""

import random
from xml.etree.ElementTree import Element, SubElement

from dpc_kg.lift.generate import cybertipline_values as values


def add(parent: Element, tag: str, text: str, **attributes: str) -> Element:
    """Append an element with text and give it."""
    element = SubElement(parent, tag, attributes)
    element.text = text
    return element


def internet_details(report: Element, rng: random.Random, service: str, kind: str) -> None:
    """Append where it happened: exactly one kind of incident in each ``internetDetails``."""
    for name in [kind, "webPageIncident"] if rng.random() < 0.2 else [kind]:
        incident = SubElement(SubElement(report, "internetDetails"), name)
        _INCIDENTS[name](incident, rng, service)
        if rng.random() < 0.2:
            add(incident, "additionalInfo", rng.choice(values.NOTES))


def law_enforcement(report: Element, rng: random.Random) -> None:
    """Append the authority the provider told, in a few records."""
    if rng.random() >= 0.15:
        return
    block = SubElement(report, "lawEnforcement", fleaCountry=rng.choice(values.PLACES)[0])
    add(block, "agencyName", rng.choice(values.AGENCIES))
    add(block, "caseNumber", f"EX-2024-{rng.randint(1, 999):03}")
    officer = SubElement(block, "officerContact")
    _name(officer, rng)
    add(officer, "email", f"officer{rng.randint(1, 99)}@agency.example")
    for name in ("reportedToLe", "servedLegalProcessDomestic"):
        add(block, name, rng.choice(("true", "false")))
    if rng.random() < 0.3:
        add(block, "servedLegalProcessInternational", "false")


def reporter(report: Element, rng: random.Random) -> None:
    """Append the provider's own contact data."""
    block = SubElement(report, "reporter")
    person = SubElement(block, "reportingPerson")
    _name(person, rng)
    add(person, "email", "trust@esp.example", verified="true", type="Work")
    address = SubElement(person, "address", type="Business")
    add(address, "address", "1 Example Street")
    add(address, "city", rng.choice(values.PLACES)[2])
    add(address, "zipCode", "00000")
    if rng.random() < 0.5:
        add(address, "state", "EX")
    else:
        add(address, "nonUsaState", "Région Exemple")
    add(address, "country", "US")
    if rng.random() < 0.5:
        contact = SubElement(block, "contactPerson")
        _name(contact, rng)
        add(contact, "phone", f"+1-555-01{rng.randint(0, 99):02}", type="Work")
    if rng.random() < 0.3:
        add(block, "companyTemplate", "Synthetic standard text of the provider.")
        add(block, "termsOfService", "Synthetic terms of service.")
        add(block, "legalURL", "https://esp.example/legal")


def reported_account(report: Element, rng: random.Random, service: str) -> None:
    """Append the account that was reported, in most records."""
    if rng.random() >= 0.9:
        return
    block = SubElement(report, "personOrUserReported")
    if rng.random() < 0.5:
        _person(block, "personOrUserReportedPerson", rng, (18, 71))
    if rng.random() < 0.05:
        add(block, "vehicleDescription", "Synthetic vehicle, green")
    _account(block, rng)
    if rng.random() < 0.95:
        block.insert(_after(block, "espIdentifier"), _leaf("espService", service))
    if rng.random() < 0.2:
        add(block, "thirdPartyUserReported", "false")
    for _ in range(rng.choice((0, 0, 0, 1, 2))):
        add(block, "priorCTReports", str(rng.randint(10_000_000, 10_999_999)))
    if rng.random() < 0.1:
        add(block, "groupIdentifier", f"example-group-{rng.randint(1, 99)}")
    if rng.random() < 0.85:
        _location(block, rng)
    if rng.random() < 0.1:
        linked = SubElement(
            block, "associatedAccount", accountType=rng.choice(values.ACCOUNT_TYPES)
        )
        add(linked, "espIdentifier", f"U-{rng.randint(1000, 9999)}")
        add(linked, "email", f"linked{rng.randint(1, 99)}@mail.example")
    if rng.random() < 0.3:
        add(block, "additionalInfo", rng.choice(values.NOTES))


def recipients(report: Element, rng: random.Random) -> None:
    """Append those who were to receive something."""
    for _ in range(rng.choice((0, 0, 0, 1, 2))):
        block = SubElement(report, "intendedRecipient")
        if rng.random() < 0.3:
            _person(block, "intendedRecipientPerson", rng, (11, 60))
        _account(block, rng)
        if rng.random() < 0.5:
            _location(block, rng)


def victims(report: Element, rng: random.Random) -> None:
    """Append the children the provider knows of; an age is often missing."""
    for _ in range(rng.choice((0, 0, 1, 1, 1, 2, 3))):
        block = SubElement(report, "victim")
        _person(block, "victimPerson", rng, (3, 17))
        if rng.random() < 0.6:
            _account(block, rng)
        if rng.random() < 0.1:
            add(block, "schoolName", "École Exemple")
        if rng.random() < 0.6:
            _location(block, rng)


def file_origin(details: Element, rng: random.Random) -> None:
    """Append where a file came from and what its metadata said."""
    if rng.random() < 0.5:
        _capture(details, rng)
    if rng.random() < 0.1:
        _device(details, rng)
    if rng.random() < 0.2:
        block = SubElement(details, "details")
        pair = SubElement(block, "nameValuePair", type="EXIF")
        add(pair, "name", "Camera")
        add(pair, "value", "Example camera")
    if rng.random() < 0.2:
        add(details, "additionalInfo", rng.choice(values.NOTES))


def _name(parent: Element, rng: random.Random) -> None:
    add(parent, "firstName", rng.choice(values.FIRST_NAMES))
    add(parent, "lastName", f"{rng.choice(values.LAST_NAMES)} {rng.randint(1, 999)}")


def _person(block: Element, tag: str, rng: random.Random, ages: tuple[int, int]) -> None:
    person = SubElement(block, tag)
    if rng.random() < 0.5:
        _name(person, rng)
    if rng.random() < 0.2:
        phone = f"+1-555-01{rng.randint(0, 99):02}"
        add(person, "phone", phone, type="Mobile", verified="false")
    if rng.random() < 0.3:
        add(person, "email", f"user{rng.randint(1, 9999)}@mail.example", verified="true")
    age = rng.randint(*ages)
    if rng.random() < 0.8:
        add(person, "age", str(age))
        if rng.random() < 0.1:
            add(person, "ageAssertionDiscrepancy", "true")
    if rng.random() < 0.1:
        add(person, "dateOfBirth", f"{2023 - age}-01-01")


def _account(block: Element, rng: random.Random) -> None:
    number = rng.randint(1000, 9999)
    add(block, "espIdentifier", f"U-{number}")
    if rng.random() < 0.1:
        add(block, "compromisedAccount", "false")
    if rng.random() < 0.7:
        add(block, "screenName", rng.choice((f"example_{number}", f"مثال_{number}")))
    if rng.random() < 0.3:
        add(block, "displayName", f"Ejemplo {number}")
        add(block, "displayName", f"Exemple {number}")
    if rng.random() < 0.3:
        add(block, "profileUrl", f"https://esp.example/u/{number}")
    if rng.random() < 0.2:
        add(block, "profileBio", rng.choice(values.NOTES))
    for _ in range(rng.choice((0, 1, 1, 2))):
        _capture(block, rng)
    if rng.random() < 0.1:
        _device(block, rng)


def _capture(block: Element, rng: random.Random) -> None:
    event = SubElement(block, "ipCaptureEvent")
    add(event, "ipAddress", f"192.0.2.{rng.randint(1, 254)}")
    add(event, "eventName", rng.choice(values.EVENTS))
    add(event, "dateTime", f"2024-01-{rng.randint(1, 28):02}T12:00:00Z")
    if rng.random() < 0.2:
        add(event, "possibleProxy", "false")
        add(event, "port", str(rng.randint(1024, 65535)))


def _device(block: Element, rng: random.Random) -> None:
    device = SubElement(block, "deviceId")
    add(device, "idType", "IMEI")
    add(device, "idValue", f"000000000{rng.randint(100000, 999999)}")


def _location(block: Element, rng: random.Random) -> None:
    country, _, city = rng.choice(values.PLACES)
    location = SubElement(block, "estimatedLocation", verified=rng.choice(("true", "false")))
    if rng.random() < 0.6:
        add(location, "city", city)
        add(location, "region", "Example Region")
    add(location, "countryCode", country)


def _leaf(tag: str, text: str) -> Element:
    element = Element(tag)
    element.text = text
    return element


def _after(block: Element, tag: str) -> int:
    return [child.tag for child in block].index(tag) + 1


def _web_page(incident: Element, rng: random.Random, service: str) -> None:
    incident.set("thirdPartyHostedContent", rng.choice(("true", "false")))
    for _ in range(rng.choice((1, 1, 2))):
        add(incident, "url", f"https://esp.example/p?id={rng.randint(1, 9999)}&x=1")


def _email(incident: Element, rng: random.Random, service: str) -> None:
    add(incident, "emailAddress", f"user{rng.randint(1, 9999)}@mail.example")
    add(incident, "content", rng.choice(values.NOTES))


def _newsgroup(incident: Element, rng: random.Random, service: str) -> None:
    add(incident, "name", f"example.board.{rng.randint(1, 99)}")


def _chat(incident: Element, rng: random.Random, service: str) -> None:
    add(incident, "chatClient", service)
    if rng.random() < 0.3:
        add(incident, "chatRoomName", f"Salon exemple {rng.randint(1, 99)}")
    if rng.random() < 0.3:
        add(incident, "content", rng.choice(values.NOTES))


def _game(incident: Element, rng: random.Random, service: str) -> None:
    add(incident, "gameName", "Juego de ejemplo")
    add(incident, "console", "Example console")


def _phone(incident: Element, rng: random.Random, service: str) -> None:
    add(incident, "phoneNumber", f"+1-555-01{rng.randint(0, 99):02}")
    add(incident, "latitude", "0.0")
    add(incident, "longitude", "0.0")


def _offline(incident: Element, rng: random.Random, service: str) -> None:
    add(incident, "locationName", "Salle exemple")
    address = SubElement(incident, "incidentAddress")
    add(address, "address", "2 rue de l'Exemple")
    add(address, "country", "FR")


def _peer(incident: Element, rng: random.Random, service: str) -> None:
    add(incident, "client", service)
    _capture(incident, rng)
    add(incident, "fileNames", "example-1.jpg, example-2.jpg")


_INCIDENTS = {
    "webPageIncident": _web_page,
    "emailIncident": _email,
    "newsgroupIncident": _newsgroup,
    "chatImIncident": _chat,
    "onlineGamingIncident": _game,
    "cellPhoneIncident": _phone,
    "nonInternetIncident": _offline,
    "peer2peerIncident": _peer,
}
