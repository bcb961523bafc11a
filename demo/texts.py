"""What people of the made-up city write, in their own language, and what they are called."""

FAMILY = (
    ("Chen", "陈"), ("Li", "李"), ("Wang", "王"), ("Zhang", "张"), ("Liu", "刘"), ("Yang", "杨"),
    ("Zhao", "赵"), ("Huang", "黄"), ("Zhou", "周"), ("Wu", "吴"), ("Xu", "徐"), ("Sun", "孙"),
    ("Ma", "马"), ("Zhu", "朱"), ("Hu", "胡"), ("Lin", "林"), ("Guo", "郭"), ("He", "何"),
    ("Gao", "高"), ("Luo", "罗"), ("Zheng", "郑"), ("Liang", "梁"), ("Xie", "谢"), ("Song", "宋"),
)  # fmt: skip
GIVEN = (
    ("Wei", "伟"), ("Fang", "芳"), ("Na", "娜"), ("Xiuying", "秀英"), ("Min", "敏"), ("Jing", "静"),
    ("Qiang", "强"), ("Lei", "磊"), ("Yang", "洋"), ("Yan", "艳"), ("Jun", "军"), ("Jie", "杰"),
    ("Juan", "娟"), ("Tao", "涛"), ("Ming", "明"), ("Chao", "超"), ("Xia", "霞"), ("Ping", "平"),
    ("Gang", "刚"), ("Yuhan", "雨涵"), ("Zihan", "梓涵"), ("Hao", "浩"), ("Rui", "睿"),
    ("Siyuan", "思远"), ("Wenbo", "文博"), ("Jiayi", "佳怡"), ("Yichen", "奕辰"), ("Lan", "岚"),
)  # fmt: skip

PURPOSES = (
    ("Our own unit failed its self-test; two patients need it without a break.",
     "科内一台自检未过，两名患者需持续使用，不能中断。"),
    ("Planned maintenance of our unit; cover until it is back.", "本院设备计划保养，保养期间顶替使用。"),
    ("More intensive care patients than beds equipped for them.", "重症患者增多，现有设备不足。"),
    ("Elective surgery list on two theatres at once.", "两间手术室同日排台，需增加一台。"),
    ("Seasonal peak in the respiratory ward.", "呼吸科季节性高峰。"),
    ("Transfer of a premature newborn.", "早产儿转运。"),
    ("Bedside examinations while our scanner is being moved.", "本院设备搬迁，期间床旁检查使用。"),
    ("Emergency drill with three stations.", "应急演练，设三个救治点。"),
    ("Medical cover for the city marathon.", "城市马拉松医疗保障。"),
    ("Training of new operators under the owner's guidance.", "新操作人员带教培训。"),
    ("Follow-up of a discharged patient at the community centre.", "社区随访出院患者。"),
    ("Our unit waits for a spare part until next week.", "本院设备等待配件，预计下周到货。"),
    ("Outreach clinic in the county.", "县域巡回医疗。"),
    ("Replacement during the yearly safety test.", "年度电气安全检测期间替换使用。"),
    ("Infection control: a separate unit for the isolation room.", "院感要求：隔离病房需专用一台。"),
    ("High-risk delivery expected at the weekend.", "周末预计高危分娩，需备用一台。"),
)  # fmt: skip
DECLINE_TEXTS = (
    ("We need it ourselves on these days.", "这几天本院自用。"),
    ("Another request came first and is more urgent.", "另一家申请在先且更紧急。"),
    ("It has just come back and is not checked yet.", "设备刚归还，尚未完成检测。"),
    ("", ""),
)
CANCEL_TEXTS = (
    ("Our own unit is back from repair.", "本院设备已修复。"),
    ("The operation was postponed.", "手术改期。"),
    ("", ""),
)
PROBLEM = ("One wheel of the trolley blocks.", "推车一个轮子卡滞。")
EXTENSION_REASON = ("The patient is not weaned yet: one more day.", "患者尚未脱机，还需一天。")
RECALL_REASON = ("We need it for an emergency admission.", "本院急诊收治，需提前收回。")
CONDITIONS = (
    ("Consumables are the borrower's. Please bring it back clean and with a full battery.",
     "耗材由借用方自备；归还前请完成清洁消毒并充满电。"),
    ("Only trained operators. Our engineer is on call by phone.",
     "仅限培训合格人员操作；我院工程师可电话支持。"),
    ("", ""),
)  # fmt: skip
# Building, floor and unit or door, as signs in the city write them: read alike in both languages.
WARDS = ("A-3F ICU", "A-3F EICU", "A-4F CCU", "B-2F OR 2", "B-2F OR 4", "A-5F RICU", "C-5F 05-21",
         "A-1F ER", "C-3F NICU", "B-7F 07-08", "C-B1 CT 2", "D-1F 103")  # fmt: skip
BLOCK_NOTES = {
    "own_use": ("Planned surgery", "手术已排", "Ward use", "病区自用", "Teaching", "教学使用"),
    "maintenance": ("Preventive maintenance", "定期保养", "Yearly check", "年度检测"),
    "repair": ("Pressure test and repair", "压力检测与维修", "Waiting for a part", "等待配件"),
}
