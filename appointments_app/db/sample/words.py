"""The words sample data is made of. Notes hold ``{}`` where a weekday, a number or a name makes them differ."""

from __future__ import annotations

ACTIONS = (
    ("Consultation", "استشارة", "indigo", 45),
    ("Follow-up", "متابعة", "teal", 30),
    ("Site visit", "زيارة الموقع", "orange", 90),
    ("Maintenance", "صيانة", "amber", 60),
    ("Installation", "تركيب", "purple", 120),
    ("Phone call", "مكالمة هاتفية", "cyan", 15),
    ("Repair", "إصلاح", "tomato", 60),
    ("Training", "تدريب", "green", 90),
)

NOTES = (
    "Call before arriving, the bell on floor {} is broken.",
    "Bring the signed contract and two copies of invoice {}.",
    "Prefers the morning; parking behind building {}.",
    "Wants to talk about the offer for {} licences.",
    "Second visit this month, warranty case {}.",
    "Needs a quote for {} extra chairs and the meeting room.",
    "Allergic to latex — see file {}.",
    "يرجى الاتصال قبل الوصول، الطابق رقم {}.",
    "العميل يفضل المواعيد الصباحية، ملف رقم {}.",
    "إحضار نسخة من العقد رقم {} موقعة.",
    "Apporter le devis n° {} et la clé du local technique.",
    "Rappeler la veille ; digicode {}.",
)

LONG_NOTE = (
    "The lift is out of order until further notice, so please take the service stairs on the north side, sign the "
    "visitors' book at the porter's lodge and ask for the key of cabinet {}. The technician who came last time "
    "replaced the pump but left the old filter in place; it has to be changed as well, and the client wants it "
    "documented with photographs."
)

CLIENT_NOTES = (
    "Pays by bank transfer, 30 days.",
    "Prefers e-mail over the phone.",
    "Long-standing client; discount agreed.",
    "يفضل التواصل باللغة العربية.",
    "Facturation au siège, à Lyon.",
    "Ask for the facility manager.",
)

TAGS = ("VIP", "new", "monthly", "contract", "school", "clinic", "hotel", "عميل مميز", "à rappeler", "supplier")

LONG_NAMES = (
    "Maximiliane Alexandra Charlotte von Wolfersdorff-Hohenstein zu Lichtenburg und Grafenau-Scharfenstein",
    "عبد الرحمن بن محمد بن عبد العزيز بن عبد الله آل إبراهيم الأنصاري الخزرجي المعروف بأبي عبد الله القاهري",
    "Jean-Baptiste Emmanuel Sébastien de La Rochefoucauld-Montbel d'Estissac de Liancourt-Surgères",
)

LONG_BUSINESS = (
    "Association for the Preservation and Restoration of Historic River Boats, Locks and Lighthouses (North)"
)

JOBS = (
    (
        ("Repair the lift", "Two floors; the key is at the porter's lodge."),
        ("إصلاح المصعد", "طابقان، والمفتاح عند البواب."),
    ),
    (
        ("New reception desk", "Oak, as agreed on the drawing."),
        ("مكتب استقبال جديد", "خشب بلوط كما في الرسم المتفق عليه."),
    ),
    (("Yearly maintenance", "All units, filters included."), ("الصيانة السنوية", "جميع الوحدات مع المرشحات.")),
    (("Treatment plan", "Six sessions, then a check."), ("خطة علاج", "ست جلسات ثم فحص.")),
    (
        ("Website relaunch", "Texts by the client, photos by us."),
        ("إطلاق الموقع من جديد", "النصوص من العميل والصور منا."),
    ),
    (("Move to the new office", "Weekend only."), ("الانتقال إلى المكتب الجديد", "في عطلة نهاية الأسبوع فقط.")),
    (("Staff training", "Two groups of eight."), ("تدريب الموظفين", "مجموعتان من ثمانية.")),
    (("Install air conditioning", "Meeting room first."), ("تركيب التكييف", "غرفة الاجتماعات أولًا.")),
)
"""Title and description of a job, in English and in Arabic."""

ORDER_TAGS = ("urgent", "warranty", "contract", "quote", "on site")
