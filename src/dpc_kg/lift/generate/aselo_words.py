"""Invented words of a synthetic Aselo deployment: one form definition in each of four languages.

Nothing here is taken from a real helpline. Personal values are obviously made up: example domains,
192.0.2.x addresses, 555 numbers. Category pairs that have no place in the model, and values that no
form declares, stand apart: the generator lists the cells they go to.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Pairs = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Deployment:
    """The forms of one helpline: its option values, and sample texts for the personal fields."""

    version: str
    old_version: str
    helpline: str
    child_calls: str
    adult_calls: str
    not_counselling: tuple[str, ...]
    placeless_call: str
    categories: Pairs
    placeless: Pairs
    unlisted: Pairs
    genders: tuple[str, ...]
    risks: tuple[str, ...]
    relations: tuple[str, ...]
    living: tuple[str, ...]
    groups: tuple[str, ...]
    provinces: tuple[str, ...]
    typed_name: str
    first_names: tuple[str, ...]
    last_name: str
    street: str
    school: str
    summary: str


ENGLISH = Deployment(
    version="example-en-v2",
    old_version="example-en-v1",
    helpline="Example Helpline",
    child_calls="Child in touch",
    adult_calls="Adult in touch for a child",
    not_counselling=("nobodySpoke", "nobody spoke", "Nobody-Spoke", "hungUp", "prank"),
    placeless_call="Call back arranged",
    categories={
        "Harm online": (
            "Abuse images shared",
            "Images made with AI",
            "Own images passed on",
            "Approached by an adult",
            "Threatened with images",
            "Live abuse on camera",
            "Unwanted sexual pictures",
            "Bullied online",
            "Other",
        ),
        "Exploited": ("For money or gifts", "Moved or sold", "By travellers", "Other"),
        "Hurt at home or outside": (
            "Hit or injured",
            "Words and threats",
            "Sexual harm in person",
            "Left without care",
            "Other",
        ),
        "Rights (LGBTQI+ too)": (
            "Treated unfairly",
            "Parted from family",
            "School matters",
            "Where to find help",
        ),
        "Health": ("Sadness and worry", "Body and illness", "Other"),
    },
    placeless={"Daily life": ("Hobbies", "Other")},
    unlisted={"Harm online": ("Virtual worlds",)},
    genders=("girl", "boy", "another gender", "not known"),
    risks=("1 high", "2 medium", "3 low", "not assessed"),
    relations=("relative", "school staff", "neighbour nearby", "someone else"),
    living=("family home", "children's home", "on their own"),
    groups=("not in school", "on the move", "lives with a disability"),
    provinces=("Example North", "Example South"),
    typed_name="Sample Testname",
    first_names=("Sample", "Specimen"),
    last_name="Testname",
    street="Example Street",
    school="Example School",
    summary="Synthetic summary: the caller, reachable under {handle}, tells of several weeks.",
)

FRENCH = Deployment(
    version="example-fr-v2",
    old_version="example-fr-v1",
    helpline="Ligne d'écoute exemple",
    child_calls="Enfant en contact",
    adult_calls="Adulte en contact pour un enfant",
    not_counselling=("silence", "Silence ", "raccroché", "essai technique"),
    placeless_call="Rappel convenu",
    categories={
        "Danger en ligne": (
            "Images d'abus partagées",
            "Images faites par IA",
            "Images personnelles diffusées",
            "Approché par un adulte",
            "Menacé avec des images",
            "Abus en direct",
            "Cyberharcèlement",
            "Autre",
        ),
        "Exploitation": ("Contre argent ou cadeaux", "Déplacé ou vendu", "Par des voyageurs"),
        "Violences": ("Coups et blessures", "Paroles et menaces", "Atteinte sexuelle", "Autre"),
        "Droits": ("Traitement injuste", "Séparé de sa famille", "École", "Où trouver de l'aide"),
        "Santé": ("Tristesse et angoisse", "Corps et maladie", "Autre"),
    },
    placeless={"Vie quotidienne": ("Loisirs", "Autre")},
    unlisted={"Danger en ligne": ("Mondes virtuels",)},
    genders=("fille", "garçon", "autre genre", "non connu"),
    risks=("1 élevé", "2 moyen", "3 faible", "non évalué"),
    relations=("proche", "personnel scolaire", "voisinage", "autre personne"),
    living=("au domicile familial", "en foyer", "vit seul·e"),
    groups=("non scolarisé·e", "en déplacement", "vit avec un handicap"),
    provinces=("Exemple-Nord", "Exemple-Sud"),
    typed_name="Prénom Modèle",
    first_names=("Modèle", "Exemple"),
    last_name="Nom-Inventé",
    street="rue de l'Exemple",
    school="École Exemple",
    summary="Résumé inventé : la personne ({handle}) parle de « plusieurs semaines ».",
)

SPANISH = Deployment(
    version="example-es-v2",
    old_version="example-es-v1",
    helpline="Línea de ayuda ejemplo",
    child_calls="Niña o niño en contacto",
    adult_calls="Persona adulta en contacto por una niña o un niño",
    not_counselling=("sin voz", "Sin Voz", "colgó", "broma telefónica"),
    placeless_call="Llamada acordada",
    categories={
        "Daño en línea": (
            "Imágenes de abuso compartidas",
            "Imágenes hechas con IA",
            "Imágenes propias difundidas",
            "Acercamiento de una persona adulta",
            "Amenazas con imágenes",
            "Abuso en directo",
            "Acoso en redes",
            "Otro",
        ),
        "Explotación": ("Por dinero o regalos", "Traslado o venta", "Por viajeros"),
        "Violencias": ("Golpes y lesiones", "Palabras y amenazas", "Violencia sexual", "Otro"),
        "Derechos": ("Trato injusto", "Separación de la familia", "Escuela", "Dónde hallar ayuda"),
        "Salud": ("Tristeza y angustia", "Cuerpo y enfermedad", "Otro"),
    },
    placeless={"Vida diaria": ("Aficiones", "Otro")},
    unlisted={"Daño en línea": ("Mundos virtuales",)},
    genders=("niña", "niño", "otro género", "sin dato"),
    risks=("1 alto", "2 medio", "3 bajo", "sin valorar"),
    relations=("familiar", "personal de la escuela", "vecindad", "otra persona"),
    living=("casa familiar", "hogar de acogida", "por su cuenta"),
    groups=("fuera de la escuela", "en movilidad", "con discapacidad"),
    provinces=("Ejemplo Norte", "Ejemplo Sur"),
    typed_name="Muestra Inventada",
    first_names=("Muestra", "Ejemplo"),
    last_name="Apellido-Inventado",
    street="calle del Ejemplo",
    school="Escuela Ejemplo",
    summary="Resumen inventado: la persona ({handle}) cuenta lo que pasa desde hace semanas.",
)

ARABIC = Deployment(
    version="example-ar-v2",
    old_version="example-ar-v1",
    helpline="خط المساعدة المثال",
    child_calls="طفل يتواصل بنفسه",
    adult_calls="شخص بالغ يتواصل من أجل طفل",
    not_counselling=("لا صوت", "أُغلق الخط", "مزاح هاتفي"),
    placeless_call="موعد اتصال لاحق",
    categories={
        "ضرر على الإنترنت": (
            "تداول صور إساءة",
            "صور بالذكاء الاصطناعي",
            "نشر صور شخصية",
            "تقرّب من شخص بالغ",
            "تهديد بالصور",
            "إساءة في بث مباشر",
            "تنمّر إلكتروني",
            "غير ذلك",
        ),
        "استغلال": ("مقابل مال أو هدايا", "نقل أو بيع", "من مسافرين"),
        "عنف": ("ضرب وإصابات", "كلام وتهديد", "عنف جنسي", "غير ذلك"),
        "حقوق": ("معاملة غير عادلة", "انفصال عن الأسرة", "المدرسة", "أين أجد المساعدة"),
        "صحة": ("حزن وقلق", "الجسد والمرض", "غير ذلك"),
    },
    placeless={"حياة يومية": ("هوايات", "غير ذلك")},
    unlisted={"ضرر على الإنترنت": ("عوالم افتراضية",)},
    genders=("بنت", "ولد", "جنس آخر", "غير معروف"),
    risks=("١ مرتفع", "٢ متوسط", "٣ منخفض", "لم يُقيَّم"),
    relations=("قريب", "من المدرسة", "من الجوار", "شخص آخر"),
    living=("بيت الأسرة", "دار رعاية", "بمفرده"),
    groups=("خارج المدرسة", "في تنقّل", "من ذوي الإعاقة"),
    provinces=("مثال الشمالية", "مثال الجنوبية"),
    typed_name="اسم تجريبي",
    first_names=("نموذج", "عيّنة"),
    last_name="اسم-خيالي",
    street="شارع المثال",
    school="مدرسة المثال",
    summary="ملخص مصطنع: الشخص ({handle}) يتحدث عن أسابيع، ولا يخص أحدًا حقيقيًا.",
)

DEPLOYMENTS = (ENGLISH, FRENCH, SPANISH, ARABIC)

LIVE_CHANNELS = ("voice", "web", "whatsapp", "telegram", "example-app")
OFFLINE_CHANNELS = ("walk-in", "letter", "inbox")
UNLISTED_CHANNEL = "new-channel-7"

SPEAKING_AGES = ("", "06", "9", "11", "12", "13", "14", "15", "16", "17")
AGES = (*SPEAKING_AGES, "Unborn", "0", "00", "04")
ODD_AGES = (">25", "Unknown", "Other")
MIXED = (True, False, "mixed", None)
ACTIONS = ("advice", "callBackLater", "toSocialServices", "toPolice", "toHotline")
GRADES = ("none yet", "lower school", "upper school")
RESOURCES = (
    ("EXAMPLE-RES-1", "Example Shelter"),
    ("EXAMPLE-RES-2", "Centre d'aide exemple"),
    ("EXAMPLE-RES-3", "Apoyo Legal Ejemplo"),
    ("EXAMPLE-RES-4", "مركز المثال للأسرة"),
)
