"""Agencies, libraries and services whose name at the end of a caption is a credit even without a mark.

Knowledge as data; the examples are captions with the expected result.
"""

from __future__ import annotations

from harvester.candidates.captions.credit_marks import Example

AGENCIES: tuple[str, ...] = (
    # world wide
    "AP|AFP|EPA|UPI|DPA|dpa|Reuters|REUTERS|Getty|GETTY|GettyImages|Bloomberg|Xinhua|TASS|Sputnik|Anadolu",
    "Kyodo|Yonhap|EFE|ANSA|IANS",
    # Europe
    "APA|ANP|ANSA|Ansa|Belga|BELGA|CTK|ČTK|PAP|MTI|TT|NTB|Ritzau|Scanpix|Lehtikuva|LUSA|Lusa|Agerpres|BTA",
    "Tanjug|STA|HINA|BNS|Keystone|KEYSTONE|IMAGO|Imago|imago|epd|KNA|SID|ddp|PA Wire|PA Media|Press Association|SIPA",
    "Sipa|MAXPPP|MaxPPP|Abaca|Hans Lucas|Europa Press|LaPresse|Action Press|SWNS|WENN|Splash News|Alamy",
    "Rex Features|Witters|Ukrinform|UNIAN",
    # Asia, Africa, Americas, Australia
    "PTI|ANI|AAP|CNS|VCG|CNA|NurPhoto|ZUMA|Zuma|ZUMAPRESS|USA Today Sports|Imagn|Canadian Press|Agência Brasil",
    "Notimex|Télam|İHA|DHA|AA|JIJI|Jiji|Antara|ANTARA|VNA|TTXVN|MENA|WAM|SPA|IRNA|ISNA|Newsis|NEWSIS",
    # libraries and services
    "Shutterstock|iStock|Unsplash|Pixabay|Pexels|Adobe Stock|Depositphotos|Dreamstime|Flickr|Wikimedia Commons",
    "Wikimedia|picture[ -]alliance|Science Photo Library|NASA|ESA|Facebook|Instagram|YouTube|TikTok|Telegram",
    "Truth Social|BBC",
    # other scripts
    "ТАСС|РИА Новости|Рейтер|УНИАН|УНІАН|Укринформ|Укрінформ|БТА|Интерфакс",
    "新华社|新華社|中新社|视觉中国|路透社?|法新社|美联社|美聯社|共同社?|時事|時事通信",
    "ロイター|中央社|達志影像",
    "연합뉴스|뉴시스|뉴스1|로이터|로이터연합뉴스|AP연합뉴스|AFP연합뉴스",
    "게티이미지|게티이미지뱅크",
    "رويترز|أ ف ب|ا ف ب|فرانس برس|الأناضول|رویترز|ایرنا|ایسنا|پی ٹی آئی",
    "पीटीआई|एएनआई|रॉयटर्स|एएफपी|एपी|भाषा",
)
"""Names that are credits on their own, as case-sensitive regular expressions."""

AGENCY_EXAMPLES: tuple[Example, ...] = (
    ("A ship at sea. Jane Doe/AP", "A ship at sea.", "Jane Doe/AP"),
    ("A ship at sea. Photo iStock", "A ship at sea.", "iStock"),
    ("A ship at sea — Reuters", "A ship at sea", "Reuters"),
    ("A ship at sea (Jane Doe / Getty Images)", "A ship at sea", "Jane Doe / Getty Images"),
    ("A ship at sea. [AFP]", "A ship at sea.", "AFP"),
    ("A ship at sea. | Anna Muster/dpa", "A ship at sea.", "Anna Muster/dpa"),
    ("A ship at sea. AP Photo/Jane Doe, File", "A ship at sea.", "AP Photo/Jane Doe, File"),
    ("Un navire en mer. JEAN PETIT / AFP", "Un navire en mer.", "JEAN PETIT / AFP"),
    ("海の船（ロイター）", "海の船", "ロイター"),
    ("배가 바다에 있다. 연합뉴스", "배가 바다에 있다.", "연합뉴스"),
    ("배가 바다에 있다. 인천=연합뉴스", "배가 바다에 있다.", "연합뉴스"),
    ("배가 바다에 있다. 워싱턴=AP 연합뉴스", "배가 바다에 있다.", "AP 연합뉴스"),
    ("Корабль в море. Иван Петров/ТАСС", "Корабль в море.", "Иван Петров/ТАСС"),
    ("سفينة في البحر (رويترز)", "سفينة في البحر", "رويترز"),
    ("समुद्र में जहाज। (पीटीआई)", "समुद्र में जहाज।", "पीटीआई"),
)
