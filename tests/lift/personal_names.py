"""Made-up names from syllables, in many scripts and orders; no person has them."""

from random import Random

SYLLABLES = {
    "latin": "ka lo mi ren tu va zel dor nim pha qu ris sel tam ul wen xa yor zi bel",
    "accented": "é lo mí rén tü vá žel dør nïm phå çu rîs ñel tãm ül wén šá yôr",
    "arabic": "كا لو مي رن تو فا زل در نم سا قو ري سل تم ول",
    "persian": "کا لو می رن تو وا زل در نم پا چو ری سل گم",
    "cyrillic": "ка ло ми рен ту ва зел дор ним фа ку рис сел там",
    "greek": "κα λο μι ρεν του βα ζελ δορ νιμ φα κυ ρις σελ ταμ",
    "hebrew": "קא לו מי רן טו וא זל דר נם פא קו רי סל תם",
    "devanagari": "का लो मि रे तू वा जे दो नि फा कु री से ता",
    "bengali": "কা লো মি রে তু বা জে দো নি ফা কু রী সে তা",
    "tamil": "கா லோ மி ரே து வா செ தோ நி பா கு ரி சே தா",
    "thai": "กา โล มิ เรน ตู วา เซล ดอร์ นิม ฟา กู ริส",
    "han": "明 丽 强 芳 伟 娜 静 磊 洋 艳 勇 军 杰 涛 超 秀 霞 平 刚 桂",
    "kana": "か ろ み れ つ ば ぜ ど に ふ く り せ た",
    "hangul": "가 로 미 렌 투 바 젤 도 님 파 쿠 리 셀 탐",
    "ethiopic": "ካ ሎ ሚ ረ ቱ ቫ ዘ ዶ ኒ ፋ ኩ ሪ ሰ ታ",
    "georgian": "კა ლო მი რენ ტუ ვა ზელ დორ ნიმ ფა",
    "armenian": "կա լո մի րեն տու վա զել դոր նիմ ֆա",
    "khmer": "កា លោ មិ រេ ទូ វ៉ា សេ ដោ និ ផា",
    "myanmar": "ကာ လို မိ ရေ တူ ဝါ ဇယ် ဒို နိ ဖာ",
}
CASED = {"latin", "accented", "cyrillic", "greek", "armenian"}
JOINED = {"han", "kana", "hangul", "thai", "khmer", "myanmar"}
"""Scripts whose names are often written without a space."""

FORMS = ("plain", "plain", "surname first", "middle", "hyphen", "initial", "capitals", "small")


def _word(random: Random, script: str) -> str:
    count = 1 if script == "han" else random.randint(2, 3)
    made = "".join(random.choice(SYLLABLES[script].split()) for _ in range(count))
    return made[:1].upper() + made[1:] if script in CASED else made


def name(random: Random, script: str, form: str = "plain") -> str:
    """Give one name; forms beside ``plain`` are of scripts with capitals."""
    first, last = _word(random, script), _word(random, script)
    if script in JOINED:
        if script == "han":
            last += _word(random, script) if random.random() < 0.7 else ""
        return f"{first}{random.choice(['', '', ' '])}{last}"
    if script not in CASED:
        return f"{first} {last}" if random.random() < 0.8 else f"{first} {last} {first}"
    return {
        "plain": f"{first} {last}",
        "surname first": f"{last}, {first}",
        "middle": f"{first} {_word(random, script)} {last}",
        "hyphen": f"{first}-{_word(random, script)} {last}",
        "initial": f"{first} {_word(random, script)[0]}. {last}",
        "capitals": f"{first} {last}".upper(),
        "small": f"{first} {last}".lower(),
    }[form]


def name_column(random: Random, script: str, cells: int) -> list[str]:
    """Give the cells of a column of names: some persons stand in several rows."""
    form = random.choice(FORMS)
    people = [name(random, script, form) for _ in range(max(1, int(cells * 0.7)))]
    return [random.choice(people) for _ in range(cells)]
