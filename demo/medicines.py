"""Medicines of the made-up city: real generic names, made-up makers and numbers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """A presentation.  ``letter`` is the approval number's, ``use`` a hospital's units a day."""

    name_en: str
    name_zh: str
    form: str
    strength: str
    unit: str
    size: int
    pack: str
    storage: str
    cost: int
    atc: str
    letter: str
    use: float
    control: str = "none"


ITEMS = tuple(
    Item(*row)
    for row in (
        ("Insulin glargine", "甘精胰岛素", "injection", "300 IU/3 ml", "pen", 5, "box", "refrigerated_2_8", 640, "A10AE04", "S", 9, "high_alert"),
        ("Insulin aspart", "门冬胰岛素", "injection", "300 IU/3 ml", "pen", 5, "box", "refrigerated_2_8", 355, "A10AB05", "S", 11, "high_alert"),
        ("Meropenem", "注射用美罗培南", "powder_injection", "0.5 g", "vial", 10, "box", "room_10_30", 1210, "J01DH02", "H", 42),
        ("Poractant alfa", "猪肺磷脂注射液", "suspension", "120 mg/1.5 ml", "vial", 1, "box", "refrigerated_2_8", 2580, "R07AA02", "H", 0.6),
        ("Human albumin", "人血白蛋白", "infusion", "20 % 50 ml", "bottle", 1, "box", "refrigerated_2_8", 390, "B05AA01", "S", 2.4, "blood_product"),
        ("Dexmedetomidine", "盐酸右美托咪定注射液", "injection", "200 µg/2 ml", "ampoule", 5, "box", "room_10_30", 220, "N05CM18", "H", 14, "high_alert"),
        ("Enteral nutrition emulsion", "肠内营养乳剂（TP）", "emulsion", "500 ml", "bottle", 1, "bottle", "controlled_25", 40, "V06DB", "H", 6.2),
        ("Ganciclovir", "注射用更昔洛韦", "powder_injection", "250 mg", "vial", 10, "box", "room_10_30", 280, "J05AB06", "H", 8),
        ("Budesonide", "吸入用布地奈德混悬液", "inhalation", "1 mg/2 ml", "ampoule", 5, "box", "controlled_25", 65, "R03BA02", "H", 31),
        ("Enoxaparin", "依诺肝素钠注射液", "injection", "4000 IU/0.4 ml", "piece", 10, "box", "controlled_25", 310, "B01AB05", "H", 22, "high_alert"),
        ("Alteplase", "注射用阿替普酶", "powder_injection", "50 mg", "vial", 1, "box", "controlled_25", 4980, "B01AD02", "S", 0.4),
        ("Rituximab", "利妥昔单抗注射液", "injection", "100 mg/10 ml", "vial", 1, "box", "refrigerated_2_8", 1410, "L01FA01", "S", 0.5),
        ("Octreotide", "醋酸奥曲肽注射液", "injection", "0.1 mg/1 ml", "ampoule", 5, "box", "refrigerated_2_8", 175, "H01CB02", "H", 7),
        ("Voriconazole", "注射用伏立康唑", "powder_injection", "200 mg", "vial", 1, "box", "room_10_30", 345, "J02AC03", "H", 3),
        ("Atorvastatin", "阿托伐他汀钙片", "tablet", "20 mg", "tablet", 28, "box", "room_10_30", 24, "C10AA05", "H", 260),
        ("Oseltamivir", "磷酸奥司他韦胶囊", "capsule", "75 mg", "capsule", 10, "box", "room_10_30", 58, "J05AH02", "H", 40),
        ("Carboprost", "卡前列素氨丁三醇注射液", "injection", "250 µg/1 ml", "ampoule", 1, "box", "refrigerated_2_8", 355, "G02AD04", "H", 0.5),
        ("Cisatracurium", "苯磺顺阿曲库铵注射液", "injection", "10 mg/5 ml", "ampoule", 5, "box", "refrigerated_2_8", 290, "M03AC11", "H", 12, "high_alert"),
        ("Midazolam", "咪达唑仑注射液", "injection", "5 mg/5 ml", "ampoule", 10, "box", "room_10_30", 180, "N05CD08", "H", 9, "psychotropic_2"),
        ("Sufentanil", "枸橼酸舒芬太尼注射液", "injection", "50 µg/1 ml", "ampoule", 10, "box", "room_10_30", 420, "N01AH03", "H", 15, "narcotic"),
        ("Tetanus immunoglobulin", "破伤风人免疫球蛋白", "injection", "250 IU", "vial", 1, "box", "refrigerated_2_8", 190, "J06BB02", "S", 1.2, "blood_product"),
        ("Levofloxacin eye drops", "左氧氟沙星滴眼液", "drops", "24.4 mg/5 ml", "bottle", 1, "box", "cool_20", 22, "S01AE05", "H", 5),
        ("Glucagon", "注射用生物合成高血糖素", "powder_injection", "1 mg", "vial", 1, "box", "refrigerated_2_8", 210, "H04AA01", "S", 0.1),
        ("Mometasone cream", "糠酸莫米松乳膏", "cream", "10 g", "piece", 1, "box", "controlled_25", 31, "D07AC13", "H", 4),
    )
)  # fmt: skip
MAKERS = (
    "华东制药示例厂",
    "江南生物示例公司",
    "北方药业示例公司",
    "示例国际制药",
)
