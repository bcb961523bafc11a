"""What the demo city's institutions share: protocols, results, data sets, counts, contacts."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Asset:
    """A piece of information; ``content`` names its file, ``item`` the recognised examination."""

    name_en: str
    name_zh: str
    category: str
    info_type: str
    summary: str
    custodian: str
    identifiability: str = "impersonal"
    sensitivity: str = "N"
    fields: tuple[str, ...] = ()
    content: str = "protocol"
    endpoint: str = ""
    item: str = ""
    terms: dict = field(default_factory=dict)


OPEN_TERMS = {
    "purposes": ["TREAT", "HQUALIMP"],
    "recipient_roles": ["physician", "nurse"],
    "legal_bases": ["none_needed"],
    "max_days": 60,
    "max_looks": 50,
    "retention_days": 365,
    "onward_sharing": "consortium",
    "deidentification": "as_it_is",
    "contract_needed": False,
}
RESEARCH_TERMS = {
    "purposes": ["HRESCH", "HQUALIMP"],
    "recipient_roles": ["researcher", "quality"],
    "legal_bases": ["research", "consent"],
    "max_days": 180,
    "max_looks": 20,
    "retention_days": 90,
    "onward_sharing": "never",
    "deidentification": "pseudonyms",
    "contract_needed": True,
}
COUNT_TERMS = RESEARCH_TERMS | {
    "legal_bases": ["none_needed"],
    "deidentification": "counts",
    "contract_needed": False,
}
RESULT_TERMS = OPEN_TERMS | {
    "purposes": ["TREAT", "ETREAT"],
    "recipient_roles": ["physician"],
    "legal_bases": ["treatment", "consent"],
    "max_days": 30,
    "onward_sharing": "never",
    "contract_needed": True,
}
AGREEMENT = {
    "agreement_en": "Use it only for the purpose named. Do not pass it on, do not try to find out "
    "who is behind it, and delete it when the time to keep it is over.",
    "agreement_zh": "仅用于申请所述目的；不得转交；不得尝试识别个人；留存期满后予以删除。",
}
ASSETS = (
    Asset(
        name_en="Chest pain: the first hour",
        name_zh="胸痛首诊一小时诊疗规范",
        category="protocol",
        info_type="guideline",
        summary="从分诊到再灌注的步骤、时限与责任岗位。",
        custodian="胸痛中心",
        sensitivity="U",
        terms=OPEN_TERMS,
    ),
    Asset(
        name_en="Stroke registry, pseudonymised extract",
        name_zh="卒中登记去标识数据集",
        category="data-set",
        info_type="dataset",
        summary="近三年卒中住院病例的时间节点与结局，假名化。",
        custodian="神经内科",
        identifiability="pseudonymised",
        sensitivity="R",
        fields=("病例号（假名）", "年龄段", "入院至用药分钟", "出院评分"),
        content="registry",
        terms=RESEARCH_TERMS,
    ),
    Asset(
        name_en="CT of the head, report for recognition",
        name_zh="头颅CT平扫报告（互认）",
        category="imaging-report",
        info_type="imaging_report",
        summary="带互认标识的影像报告。",
        custodian="医学影像科",
        identifiability="pseudonymised",
        sensitivity="R",
        fields=("检查所见", "结论", "设备型号"),
        content="report",
        item="CT-HEAD",
        terms=RESULT_TERMS,
    ),
    Asset(
        name_en="Sepsis bundle, nursing standard",
        name_zh="脓毒症集束化护理标准",
        category="nursing-standard",
        info_type="guideline",
        summary="一小时集束化措施的护理分工与记录要求。",
        custodian="护理部",
        sensitivity="U",
        terms=OPEN_TERMS,
    ),
    Asset(
        name_en="Admissions by diagnosis and month",
        name_zh="按病种与月份的入院人数",
        category="statistics",
        info_type="aggregate_stats",
        summary="小计数已抑制的汇总统计。",
        custodian="病案统计科",
        identifiability="aggregate",
        fields=("月份", "病种", "人数"),
        content="counts",
        terms=COUNT_TERMS,
    ),
    Asset(
        name_en="ECMO experts on call",
        name_zh="ECMO会诊专家值班表",
        category="expert-contact",
        info_type="expert_contact",
        summary="值班专家的院内联系地址。",
        custodian="医务部",
        endpoint="https://contacts.medshare.example/ecmo",
        terms=OPEN_TERMS,
    ),
    Asset(
        name_en="Full blood count, results for recognition",
        name_zh="血常规检验报告（互认）",
        category="laboratory-report",
        info_type="lab_report",
        summary="室间质评合格的检验报告。",
        custodian="检验科",
        identifiability="pseudonymised",
        sensitivity="R",
        fields=("白细胞", "血红蛋白", "血小板"),
        content="report",
        item="LAB-CBC",
        terms=RESULT_TERMS,
    ),
    Asset(
        name_en="Perioperative pathway for hip fracture",
        name_zh="髋部骨折围手术期临床路径",
        category="pathway",
        info_type="guideline",
        summary="从急诊到康复的路径与质控点。",
        custodian="骨科",
        sensitivity="U",
        terms=OPEN_TERMS,
    ),
    Asset(
        name_en="Infusion pump training material",
        name_zh="输液泵操作培训资料",
        category="training",
        info_type="guideline",
        summary="操作要点、常见报警与考核题。",
        custodian="设备科",
        sensitivity="U",
        terms=OPEN_TERMS,
    ),
    Asset(
        name_en="Antibiotic resistance by ward",
        name_zh="各病区细菌耐药统计",
        category="statistics",
        info_type="aggregate_stats",
        summary="按病区和菌种汇总的耐药率。",
        custodian="感染管理科",
        identifiability="aggregate",
        fields=("病区", "菌种", "株数"),
        content="counts",
        terms=COUNT_TERMS,
    ),
)
# Of the most sensitive class, at the first institution only: two people approve each access.
SECRET = Asset(
    name_en="HIV cohort, pseudonymised follow-up",
    name_zh="艾滋病随访队列去标识数据集",
    category="data-set",
    info_type="dataset",
    summary="近五年随访的用药与病毒载量，假名化，须双人审批。",
    custodian="感染科",
    identifiability="pseudonymised",
    sensitivity="V",
    fields=("病例号（假名）", "年龄段", "方案", "病毒载量分级"),
    content="cohort",
    terms=RESEARCH_TERMS,
)
CONTENTS = {
    "protocol": "步骤,时限（分钟）,责任岗位\n分诊,3,分诊护士\n心电图,10,急诊医师\n会诊,20,心内科\n",
    "registry": "病例号（假名）,年龄段,入院至用药分钟,出院评分\nA17,60–69,42,2\nA18,70–79,55,3\n",
    "cohort": "病例号（假名）,年龄段,方案,病毒载量分级\nB07,30–39,一线,低\nB08,40–49,二线,中\n",
    "report": "项目,结果,参考\n结论,未见明显异常,–\n",
    "counts": "月份,病种,人数\n2026-09,肺炎,97\n2026-10,肺炎,<5\n2026-11,肺炎,*\n",
}
RESULTS = (1, 2, 5, 12, 25, 45)  # how many days ago a result was made
REASONS = (
    "用于科室质控对照分析。 To compare our own figures.",
    "接诊同类患者，需要参照规范。 We see such patients and want to follow it.",
    "课题研究，已通过伦理审查。 For an approved study.",
)
