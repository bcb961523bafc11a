"""What the made-up city's institutions own: types of device, by category."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DeviceType:
    """A kind of device.  ``modes`` of ``on_site loan service``; money in yuan; ``pm`` in days."""

    category: str
    letters: str
    models: tuple[tuple[str, str], ...]  # manufacturer, model
    weight: int
    value: int
    fee: int
    risk: str = "II"
    modes: tuple[str, ...] = ("loan",)
    flags: tuple[str, ...] = ()  # fixed, radiation, licensed, mains
    pm: int = 180
    minutes: int | None = None  # per examination
    competency: str = ""
    accessories: tuple[tuple[str, str, int], ...] = ()
    units: int = 1


POWER = ("Power cable", "电源线", 1)
BATTERY = ("Battery", "电池", 1)
TROLLEY = ("Trolley", "推车", 1)
TUBES = ("Breathing circuit", "呼吸管路", 1)
PROBES = ("Probe", "探头", 3)
APRON = ("Lead apron", "铅衣", 2)


def _type(category, letters, models, weight, value, fee, **more) -> DeviceType:
    pairs = tuple(tuple(model.split(" ", 1)) for model in models)
    return DeviceType(
        category=category,
        letters=letters,
        models=pairs,
        weight=weight,
        value=value,
        fee=fee,
        **more,
    )


TYPES = (
    _type("ventilator", "V", ("Hexin HX-900", "Mingde Aura 7", "Lanke V8"), 14, 320_000, 75,
          risk="III", pm=180, competency="ventilation", accessories=(POWER, BATTERY, TUBES, TROLLEY)),
    _type("transport-ventilator", "TV", ("Hexin T-100", "Lanke Go"), 5, 120_000, 40, risk="III",
          accessories=(POWER, BATTERY, TUBES)),
    _type("non-invasive-ventilator", "NV", ("Mingde BiAir",), 4, 60_000, 20,
          accessories=(POWER, ("Mask", "面罩", 2))),
    _type("high-flow-oxygen", "HF", ("Lanke Flow 60",), 4, 45_000, 15, accessories=(POWER, TROLLEY)),
    _type("anaesthesia-machine", "AN", ("Hexin A5", "Mingde Somna"), 4, 450_000, 110, risk="III",
          modes=("on_site", "loan"), accessories=(POWER, ("Vaporiser", "挥发罐", 2))),
    _type("defibrillator", "DF", ("Corda D3", "Hexin Beat"), 6, 65_000, 20, risk="III", pm=90,
          accessories=(POWER, BATTERY, ("Pads", "电极片", 2))),
    _type("cpr-device", "CP", ("Corda Press",), 3, 90_000, 30, risk="III", accessories=(BATTERY,)),
    _type("patient-monitor", "M", ("Mingde M12", "Hexin View 10", "Lanke Sight"), 10, 38_000, 8,
          accessories=(POWER, BATTERY, ("ECG leads", "心电导联线", 1), ("SpO2 sensor", "血氧探头", 1))),
    _type("ecg-recorder", "EK", ("Corda 12L",), 4, 28_000, 6, accessories=(POWER,)),
    _type("holter", "HO", ("Corda Day",), 3, 9_000, 2, accessories=(BATTERY,)),
    _type("eeg-recorder", "EE", ("Nexa 32",), 2, 180_000, 45, minutes=45, accessories=(POWER,)),
    _type("infusion-pump", "IP", ("Mingde P3", "Suyuan Drop"), 6, 6_500, 1, pm=365,
          accessories=(POWER,)),
    _type("syringe-pump", "SP", ("Suyuan Syringe 2",), 5, 5_800, 1, pm=365, accessories=(POWER,)),
    _type("crrt", "CR", ("Renova C5", "Clara Flow"), 5, 280_000, 75, risk="III", pm=180,
          competency="crrt", accessories=(POWER, ("Filter set", "滤器套装", 2), TROLLEY)),
    _type("haemodialysis", "HD", ("Renova H2",), 4, 160_000, 50, risk="III", modes=("on_site",),
          competency="dialysis", accessories=(POWER,)),
    _type("ecmo", "EC", ("Clara Life", "Renova X1"), 2, 1_600_000, 380, risk="III", pm=90,
          competency="ecmo", accessories=(POWER, BATTERY, ("Hand crank", "手摇柄", 1), TROLLEY)),
    _type("heart-lung-machine", "HL", ("Clara Pump",), 1, 1_900_000, 420, risk="III",
          modes=("on_site",), accessories=(POWER,)),
    _type("portable-ultrasound", "US", ("Sonara P7", "Mingde Echo"), 8, 260_000, 45,
          modes=("on_site", "loan"), minutes=20, accessories=(POWER, BATTERY, PROBES)),
    _type("ultrasound", "UL", ("Sonara X9",), 4, 1_100_000, 90, modes=("on_site",), minutes=20),
    _type("c-arm", "CA", ("Radix C3", "Lumen Arc"), 4, 720_000, 120, flags=("radiation",),
          accessories=(POWER, APRON)),
    _type("mobile-x-ray", "DX", ("Radix Go", "Lumen D1"), 5, 480_000, 60, flags=("radiation",),
          accessories=(POWER, BATTERY, APRON)),
    _type("ct", "CT", ("Radix 128", "Lumen 64"), 3, 8_500_000, 600, risk="III",
          modes=("on_site", "service"), flags=("fixed", "radiation"), minutes=15),
    _type("mri", "MR", ("Magna 1.5", "Magna 3.0"), 3, 16_000_000, 900, risk="III",
          modes=("on_site", "service"), flags=("fixed",), minutes=30),
    _type("pet-ct", "PT", ("Radix PET",), 1, 28_000_000, 2600, risk="III", modes=("on_site",),
          flags=("fixed", "radiation", "licensed"), minutes=40),
    _type("linear-accelerator", "LA", ("Onca Beam",), 1, 24_000_000, 1800, risk="III",
          modes=("on_site",), flags=("fixed", "radiation", "licensed"), minutes=20),
    _type("dsa", "DS", ("Lumen Angio",), 1, 9_800_000, 800, risk="III", modes=("on_site",),
          flags=("fixed", "radiation"), minutes=60),
    _type("surgical-robot", "RO", ("Dextra 4",), 1, 21_000_000, 2200, risk="III",
          modes=("on_site",), flags=("fixed", "licensed"), minutes=180, competency="robot"),
    _type("mammography", "MG", ("Lumen Mamma",), 1, 1_900_000, 160, risk="III", modes=("on_site",),
          flags=("fixed", "radiation"), minutes=15),
    _type("endoscope-tower", "ES", ("Optima E7",), 3, 980_000, 130, modes=("on_site", "loan"),
          minutes=30, accessories=(POWER, ("Gastroscope", "胃镜", 1))),
    _type("bronchoscope", "BR", ("Optima B2",), 3, 210_000, 60, pm=90, accessories=(BATTERY,)),
    _type("electrosurgical-unit", "EL", ("Dextra Cut",), 3, 85_000, 15,
          accessories=(POWER, ("Foot switch", "脚踏开关", 1))),
    _type("surgical-microscope", "SM", ("Optima S9",), 2, 1_500_000, 180, modes=("on_site",)),
    _type("transport-incubator", "TI", ("Nido T2",), 4, 190_000, 45, risk="III",
          accessories=(POWER, BATTERY, ("Oxygen cylinder", "氧气瓶", 1))),
    _type("infant-incubator", "II", ("Nido Home",), 4, 110_000, 25, risk="III", accessories=(POWER,)),
    _type("fetal-monitor", "FM", ("Nido Beat",), 4, 46_000, 10, accessories=(POWER,)),
    _type("bariatric-bed", "BB", ("Tragen XL",), 2, 88_000, 12, risk="I", accessories=(POWER,)),
    _type("patient-hoist", "PH", ("Tragen Lift",), 2, 26_000, 5, risk="I", accessories=(BATTERY,)),
    _type("hypothermia-unit", "HU", ("Clara Cool",), 2, 240_000, 55, accessories=(POWER,)),
    _type("shockwave-therapy", "SW", ("Kinea Wave",), 2, 320_000, 70, modes=("on_site", "loan")),
    _type("gait-trainer", "GT", ("Kinea Step",), 2, 1_200_000, 150, modes=("on_site",),
          flags=("fixed",), minutes=45),
    _type("tcm-moxibustion", "MX", ("Hetang A1",), 2, 35_000, 8, accessories=(POWER,)),
    _type("fundus-camera", "FC", ("Optima Eye",), 2, 260_000, 40, modes=("on_site", "loan"), minutes=10),
    _type("oct", "OC", ("Optima Layer",), 1, 900_000, 120, modes=("on_site",), minutes=15),
    _type("dental-x-ray", "PX", ("Lumen Dent",), 1, 420_000, 50, modes=("on_site",),
          flags=("fixed", "radiation"), minutes=10),
    _type("pcr-system", "PC", ("Genea 96",), 3, 380_000, 60, modes=("on_site", "service"), minutes=120),
    _type("blood-gas-analyser", "BG", ("Genea Gas",), 3, 130_000, 25, accessories=(POWER,)),
    _type("slide-scanner", "SL", ("Optima Slide",), 1, 1_300_000, 140, modes=("service",), minutes=30),
    _type("low-temperature-steriliser", "ST", ("Pura 100",), 1, 520_000, 70, modes=("on_site",),
          flags=("fixed",)),
    _type("negative-pressure-bed", "NP", ("Pura Shell",), 2, 75_000, 20, accessories=(POWER, BATTERY)),
)  # fmt: skip
BY_LETTERS = {entry.letters: entry for entry in TYPES}

COMPETENCIES = {
    "ventilation": ("Invasive ventilation", "有创通气操作"),
    "crrt": ("CRRT operation", "连续性血液净化操作"),
    "dialysis": ("Haemodialysis operation", "血液透析操作"),
    "ecmo": ("ECMO operation", "体外膜肺氧合操作"),
    "robot": ("Robotic surgery", "机器人手术操作"),
}

# What the twelve are known to own (letters × number); the rest of a share is drawn by weight.
# "IP*20" is a set of 20 equal devices.
KNOWN_DEVICES = {
    "renhe": "V V V V V V V V V CR CR CR EC CA CA US US US US IP*20 IP*12 M*6 M M M TI CT MR PT RO "
    "AN AN DF DF TV HF DX ES HU SP*10 BR BB",
    "dongbei": "V V V V CR CR CR EC M M M M M M M M M M M US CT DX",
    "parkside": "V V TI TI TI II II HF CR US M*8 IP*15 EE FM",
    "xihu": "V TV TV TV DF DF CP CR US DX M M",
    "jiangnan": "V CR CR CR CR MX MX US EK SW",
    "lingyun": "LA PT CT MR MR DS ES BR V CR AN US M IP*30 DX SM",
    "yulin": "V V V EC BR BR CT NV NP",
    "qingshan": "II FM FM TI US V MG",
    "meilin": "V US DX EK M HD",
    "shigang": "V US DF EL EK",
    "nanshi": "GT SW PH BB",
    "beihe": "CR GT PH",
}
