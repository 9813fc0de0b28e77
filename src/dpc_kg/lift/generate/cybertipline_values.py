"""Invented words of a synthetic CyberTipline provider: services, names, sentences, places.

Every personal value is obviously made up: example domains, 192.0.2.x addresses, 555 numbers.
Only the incident types, relevances, flags and classifications are NCMEC's public notations.
"""

INCIDENT_TYPES = (
    "Child Pornography (possession, manufacture, and distribution)",
    "Child Pornography (possession, manufacture, and distribution)",
    "Child Pornography (possession, manufacture, and distribution)",
    "Online Enticement of Children for Sexual Acts",
    "Online Enticement of Children for Sexual Act",
    "Child Sex Trafficking",
    "Child Sex Tourism",
    "Child Sexual Molestation",
    "Misleading Domain Name",
    "Misleading Words or Digital Images on the Internet",
    "Unsolicited Obscene Material Sent to a Child",
)
UNLISTED_INCIDENT_TYPES = ("Online Enticement", "Incitation en ligne", "Captación en línea")

REPORT_FLAGS = (
    "sextortion",
    "csamSolicitation",
    "minorToMinorInteraction",
    "spam",
    "sadisticOnlineExploitation",
    "informational",
)
FILE_FLAGS = (
    "animeDrawingVirtualHentai",
    "potentialMeme",
    "viral",
    "possibleSelfProduction",
    "physicalHarm",
    "violenceGore",
    "bestiality",
    "liveStreaming",
    "infant",
    "generativeAi",
)
CLASSIFICATIONS = ("A1", "A2", "B1", "B2")

# (service of the provider, element that describes it in internetDetails)
SERVICES = (
    ("ExampleChat", "chatImIncident"),
    ("ExampleSocial", "webPageIncident"),
    ("Exemple Vidéo", "webPageIncident"),
    ("EjemploJuegos", "onlineGamingIncident"),
    ("مثال للملفات", "webPageIncident"),
    ("Example Mail", "emailIncident"),
    ("Example Pages", "webPageIncident"),
    ("Example Boards", "newsgroupIncident"),
    ("Example Calls", "cellPhoneIncident"),
    ("Example Peers", "peer2peerIncident"),
    ("Example Events", "nonInternetIncident"),
)
PLACELESS_SERVICES = ("Example Wallet", "Exemple Santé")
UNLISTED_SERVICES = ("Ahmed Example", "ExampleChat 2 (beta)", "Prénom Exemple", "نموذج اسم")

# (country code, offset of its clocks written in the date, an invented city)
PLACES = (
    ("US", "-06:00", "Example City"),
    ("PH", "+08:00", "Example Barangay"),
    ("FR", "+01:00", "Exempleville"),
    ("ES", "+02:00", "Villaejemplo"),
    ("EG", "+02:00", "مدينة مثال"),
    ("MA", "+00:00", "مثال البيضاء"),
    ("IN", "+05:30", "Example Nagar"),
    ("BR", "-03:00", "Exemplópolis"),
    ("SN", "Z", "Exemple-sur-Mer"),
    ("CO", "-05:00", "Ejemplo del Valle"),
)

FIRST_NAMES = ("Example", "Exemple", "Ejemplo", "مثال", "Sample", "Modèle", "Muestra", "نموذج")
LAST_NAMES = ("Person", "Personne", "Persona", "شخص", "Testname", "Inventé", "Inventado", "خيالي")

NOTES = (
    "Synthetic note: several contacts over one week; <b>markup</b> & an ampersand.",
    "Texte inventé : plusieurs messages en une semaine, « guillemets » compris.",
    "Texto inventado: varios mensajes en una semana; ¿quién avisó?",
    "نص مصطنع: عدة رسائل خلال أسبوع واحد، لا يخص أي شخص حقيقي.",
    'Synthetic note with a line break,\nquotes "as typed", and a comma.',
)
REASONS = (
    "Synthetic reason: a child may be in danger now.",
    "Motif inventé : un enfant est peut-être en danger.",
    "Motivo inventado: una niña o un niño puede estar en peligro.",
    "سبب مصطنع: قد يكون طفل في خطر الآن.",
    "",
)
AGENCIES = (
    "Example Cybercrime Unit",
    "Unité exemple",
    "Unidad de ejemplo",
    "وحدة مثال",
)
EVENTS = ("Login", "Registration", "Upload", "Other", "Unknown")
ACCOUNT_TYPES = ("Billing", "Linked", "Business", "Creator", "Other")
