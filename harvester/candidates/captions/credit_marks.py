"""How captions mark a credit: words before or after a name, in many languages.

Knowledge as data: every row has example captions with the expected result, which are its tests.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Example = tuple[str, str, str]
"""A text as on the page, the caption that remains of it, and the credit."""


class Mark(Struct, frozen=True, kw_only=True):
    """Words that announce a credit, as regular expressions.

    *where*: a `label` needs one of *joins* between itself and the name, a `sign` needs nothing, `after` follows the
    name.
    """

    where: Literal["label", "sign", "after"]
    words: tuple[str, ...]
    joins: str = "[:：]|\\.{3}|…"
    examples: tuple[Example, ...]


MARKS: tuple[Mark, ...] = (
    Mark(
        where="sign",
        words=("©", "ⓒ", "Ⓒ", r"\(c\)(?=\s|[^\x00-\x7f])", r"copyright(?=\W)", r"℗"),
        examples=(
            ("Ein Wald im Herbst. © Anna Muster", "Ein Wald im Herbst.", "Anna Muster"),
            ("Rynek w nocy (c) Jan Nowak", "Rynek w nocy", "Jan Nowak"),
            ("회의장 ⓒ 홍길동", "회의장", "홍길동"),
            ("夜の橋 (c)某新聞", "夜の橋", "某新聞"),
            ("The pier. Copyright 2024 Jane Doe", "The pier.", "2024 Jane Doe"),
        ),
    ),
    Mark(
        where="sign",
        words=(
            r"(?:photo(?:graph)?s?|images?|pictures?|illustrations?|graphics?|composite)(?: illustration)? by(?=\s)",
            r"photo courtesy(?: of)?(?=\s)",
            r"courtesy of(?=\s)",
            r"photo par(?=\s)",
            r"foto de(?=\s)",
            r"fot\.(?=\s)",
            r"dok\.",
        ),
        examples=(
            ("The old mill. Photo by Jane Doe", "The old mill.", "Jane Doe"),
            (
                "A map of the river. Illustration by Sam Poe for The Paper",
                "A map of the river.",
                "Sam Poe for The Paper",
            ),
            ("Pałac nocą. fot. Jan Nowak", "Pałac nocą.", "Jan Nowak"),
            ("Pasar pagi (Dok. Kota)", "Pasar pagi", "Kota"),
        ),
    ),
    Mark(
        where="label",
        words=(
            r"(?:photo|image|picture|video|illustration|graphic|map|chart)?\s?credits?",
            r"photo(?:graph|graphy|graphe|graphie|illustration|composite|montage)?s?",
            r"images?",
            r"pictures?",
            r"pics?",
            r"illustrations?",
            r"photographers?",
            r"infographics?",
            r"graphics?",
            r"sources?",
            r"screen(?:shot|grab)",
            r"copyright",
        ),
        examples=(
            ("A fox in the snow. Photo: Jane Doe/The Paper", "A fox in the snow.", "Jane Doe/The Paper"),
            ("A fox (Image credit: Jane Doe)", "A fox", "Jane Doe"),
            ("Photograph: Jane Doe/Agency", "", "Jane Doe/Agency"),
            ("A fox. Credit... Jane Doe/The Paper", "A fox.", "Jane Doe/The Paper"),
            ("Le port. PHOTO : JEAN PETIT", "Le port.", "JEAN PETIT"),
            ("A fox in the snow. Photo / Jane Doe", "A fox in the snow.", "Jane Doe"),
        ),
    ),
    Mark(
        where="label",
        words=(
            r"(?:archiv|symbol|agentur|presse|titel)?fotos?(?:grafie|grafia|grafía|credits?|montage|nachweis)?",
            r"(?:archiv|titel)?bild(?:er|quelle|nachweis|rechte|credit|montage)?",
            r"quellen?",
            r"(?:info)?grafik",
            r"fotograf(?:in|en)?",
            r"autorin",
            r"rechte",
            r"beeld",
            r"bron",
            r"kuva(?:t|aja)?",
            r"kilde",
            r"källa",
        ),
        examples=(
            ("Das Rathaus am Abend. Foto: Anna Muster/dpa", "Das Rathaus am Abend.", "Anna Muster/dpa"),
            ("Das Rathaus (Quelle: Anna Muster)", "Das Rathaus", "Anna Muster"),
            ("Das Rathaus (Archivfoto: Anna Muster)", "Das Rathaus", "Anna Muster"),
            ("Ett tåg i snön. Bild: Sven Svensson", "Ett tåg i snön.", "Sven Svensson"),
            ("Vanha silta. Kuva: Matti Meikäläinen", "Vanha silta.", "Matti Meikäläinen"),
        ),
    ),
    Mark(
        where="label",
        words=(
            r"cr[ée]di(?:ts?|tos?)(?:\s?(?:photos?|images?|foto|d[ae] (?:foto|imagem|imagen)))?",
            r"fuentes?",
            r"fontes?",
            r"im[aá]ge[mn]",
            r"ilustraci[oó]n",
            r"fot[oó]graf[oa]s?",
            r"infograf[ií]as?",
            r"cortes[ií]a",
            r"autore?s?",
            r"reprodu[cç][aã]o",
            r"divulga[cç][aã]o",
            r"immagine",
            r"font",
            r"sursa",
        ),
        examples=(
            ("La plage en été. Crédit photo : Jean Petit", "La plage en été.", "Jean Petit"),
            ("La playa. Fuente: Juan Pérez", "La playa.", "Juan Pérez"),
            ("A praia (Crédito: João Silva)", "A praia", "João Silva"),
            ("Primăria. Sursa: Ion Popescu", "Primăria.", "Ion Popescu"),
        ),
    ),
    Mark(
        where="label",
        words=(
            r"fot[oó]k?",
            r"zdroj",
            r"źródło",
            r"zdjęci[ae]",
            r"forrás",
            r"izvor",
            r"vir",
            r"nuotrauka",
            r"allikas",
            r"fotoğraf(?:lar)?",
            r"kaynak",
            r"görsel",
            r"ảnh",
            r"nguồn",
            r"ภาพ(?:จาก)?",
            r"gambar",
            r"sumber",
        ),
        examples=(
            ("Most nad řekou. Zdroj: Jan Novák", "Most nad řekou.", "Jan Novák"),
            ("A híd este. Fotó: Kovács Béla", "A híd este.", "Kovács Béla"),
            ("Köprü. Fotoğraf: Ali Yılmaz", "Köprü.", "Ali Yılmaz"),
            ("Cây cầu. Ảnh: Nguyễn Văn A", "Cây cầu.", "Nguyễn Văn A"),
        ),
    ),
    Mark(
        where="label",
        words=(
            r"фото(?:графия|графія)?",
            r"коллаж",
            r"колаж",
            r"инфографика",
            r"источник",
            r"джерело",
            r"источники",
            r"снимка",
            r"извор",
            r"фота",
        ),
        examples=(
            ("Мост ночью. Фото: Иван Петров", "Мост ночью.", "Иван Петров"),
            ("Міст уночі (Джерело: Іван Петренко)", "Міст уночі", "Іван Петренко"),
            ("Мостът. Снимка: Иван Иванов", "Мостът.", "Иван Иванов"),
        ),
    ),
    Mark(
        where="label",
        words=(
            r"图(?:片)?(?:来)?(?:源|自)?",
            r"圖(?:片)?(?:來)?(?:源|自)?",
            r"(?:图|圖)片(?:来|來)源",
            r"照片(?:来源|來源|提供)?",
            r"(?:来|來)源",
            r"(?:摄|攝)影(?:者|師|师)?",
            r"写真(?:提供|撮影)?",
            r"撮影",
            r"提供",
            r"画像(?:提供)?",
            r"出典",
            r"사진\s?(?:제공|출처)?",
            r"자료\s?사진",
            r"제공",
            r"출처",
        ),
        joins=r"[:：=＝]|(?<=[^\x00-\x7f])[/／]",
        examples=(
            ("夜里的桥。图/王小明", "夜里的桥。", "王小明"),
            ("夜里的桥 图源：某某日报", "夜里的桥", "某某日报"),
            ("夜の橋（写真＝山田太郎）", "夜の橋", "山田太郎"),
            ("밤의 다리. 사진=홍길동", "밤의 다리.", "홍길동"),
            ("夜裡的橋。（圖／王小明）", "夜裡的橋。", "王小明"),
        ),
    ),
    Mark(
        where="label",
        words=(
            r"تصوير",
            r"الصورة",
            r"صورة",
            r"المصدر",
            r"مصدر",
            r"عکس",
            r"منبع",
            r"تصویر",
            r"צילום",
            r"תצלום",
            r"קרדיט",
            r"फोटो(?:\s?क्रेडिट)?",
            r"फ़ोटो",
            r"तस्वीर",
            r"चित्र",
            r"छवि",
            r"साभार",
            r"स्रोत",
            r"ছবি",
            r"படம்",
            r"ఫోటో",
            r"φωτο(?:γραφία)?",
            r"πηγή",
            r"ფოტო",
            r"լուսանկարը?",
        ),
        examples=(
            ("الجسر ليلا. تصوير: أحمد علي", "الجسر ليلا.", "أحمد علي"),
            ("पुल रात में। फोटो: राम कुमार", "पुल रात में।", "राम कुमार"),
            ("הגשר בלילה. צילום: ישראל ישראלי", "הגשר בלילה.", "ישראל ישראלי"),
            ("Η γέφυρα. Φωτογραφία: Νίκος Παππάς", "Η γέφυρα.", "Νίκος Παππάς"),
        ),
    ),
    Mark(
        where="after",
        words=(r"(?:摄|攝)(?:影)?", r"撮影", r"提供", r"nuotr\.?", r"기자", r"arhīvs"),
        examples=(
            ("夜里的桥。（新华社记者王小明摄）", "夜里的桥。", "新华社记者王小明摄"),
            ("夜里的桥。新华社记者 王小明 摄", "夜里的桥。", "新华社记者 王小明 摄"),
            ("夜里的桥 新华社记者王小明 摄", "夜里的桥", "新华社记者王小明 摄"),
            ("Tiltas naktį. / J. Jonaičio nuotr.", "Tiltas naktį.", "J. Jonaičio nuotr."),
            ("夜の橋（山田太郎撮影）", "夜の橋", "山田太郎撮影"),
            ("夜の橋＝2月1日、港、山田太郎撮影", "夜の橋＝2月1日、港", "山田太郎撮影"),
            ("밤의 다리./홍길동 기자", "밤의 다리.", "홍길동 기자"),
        ),
    ),
)


KEPT: tuple[str, ...] = (
    "The winner (right) and her coach",
    "A still from the film (1974)",
    "The bridge in winter (archive picture)",
    "Bild und Ton: so klang der Abend",
    "She joined AP in 1999 and left it in 2004",
    "The source of the river lies in the hills",
    "Fox and Hare / Day and Night",
)
"""Captions that credit nobody and must stay unchanged."""
