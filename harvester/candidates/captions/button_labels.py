"""The labels of buttons, counters and boxes beside a picture, which are about the page and not about the picture.

Knowledge as data: every row has example labels, and captions that look like labels; these are its tests.
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

LONGEST = 60  # characters of a label


class Labels(Struct, frozen=True, kw_only=True):
    """The labels of some languages: every word of a label is one of *keys* or *fillers*, at least one is a key.

    *phrases* are whole labels, for scripts without spaces and for words that mean something else on their own.
    """

    keys: str = ""
    fillers: str = ""
    phrases: tuple[str, ...] = ()
    examples: tuple[str, ...]
    captions: tuple[str, ...] = ()


LABELS: tuple[Labels, ...] = (
    Labels(
        keys=(
            "share enlarge expand zoom fullscreen advertisement advertising sponsored loading slideshow lightbox "
            "copy copied download toggle print subscribe tweet embed mute unmute pause play open opens close hide "
            "view show next previous prev buy save comments comment"
        ),
        fillers=(
            "click tap press enter touch here to or on in into via for at by the a an new tab window image images "
            "photo photos picture pictures caption gallery full size screen larger version link url this article "
            "story page post all more less now original modal continues below after video audio email"
        ),
        phrases=("read more", "show more", "see more", "more", "ad", "video", "live", "pin", "pin it", "photo gallery"),
        examples=(
            "Share",
            "Share this article",
            "Copy link",
            "Enlarge this image",
            "Open in new tab",
            "Open image in gallery",
            "View image in fullscreen",
            "Press enter or click to view image in full size",
            "Click to enlarge",
            "(Opens in a new window)",
            "Advertisement",
            "Story continues below advertisement",
            "toggle caption",
            "Buy photos",
            "Read more",
        ),
        captions=(
            "The Post",
            "The view",
            "Open house at the mill",
            "A close friend",
            "Share of the vote",
            "The next photo",
        ),
    ),
    Labels(
        keys=(
            "teilen vergrößern vergrössern vollbild vollbildmodus anzeige werbung öffnen schließen schliessen "
            "kopieren merken drucken abspielen herunterladen anklicken bildergalerie fotostrecke vorlesen "
            "kommentieren"
        ),
        fillers=(
            "bild bilder foto fotos zum zur auf in im klicken hier per mail artikel link neuem fenster tab "
            "großansicht alle"
        ),
        phrases=("mehr anzeigen", "weiterlesen", "nächstes bild", "vorheriges bild", "zurück", "weiter", "klicken"),
        examples=(
            "Bild vergrößern",
            "Zum Vergrößern klicken",
            "Vollbild",
            "Auf Facebook teilen",
            "Link kopieren",
            "Anzeige",
            "In neuem Fenster öffnen",
        ),
        captions=("Anzeige gegen den Bürgermeister", "Werbung der zwanziger Jahre"),
    ),
    Labels(
        keys=(
            "partager agrandir publicité copier imprimer fermer télécharger ouvrir zoomer diaporama lire "
            "compartir ampliar publicidad copiar imprimir cerrar descargar guardar abrir cargando compartilhar "
            "partilhar fechar baixar condividi ingrandisci pubblicità copia stampa chiudi scarica salva apri"
        ),
        fillers=(
            "l la le les el il lo cette sur par dans un une image images photo photos foto fotos imagen imagem "
            "immagine lien enlace link article artículo artigo articolo en em su in nouvel onglet nueva pestaña "
            "nova aba nuova scheda plein écran pantalla completa tela cheia a tutto schermo cliquez pour haga "
            "clic para clique clicca per suite aussi"
        ),
        phrases=(
            "plein écran",
            "pantalla completa",
            "tela cheia",
            "a schermo intero",
            "leer más",
            "leia mais",
            "leggi anche",
        ),
        examples=(
            "Partager",
            "Agrandir l'image",
            "Cliquez pour agrandir",
            "Ouvrir dans un nouvel onglet",
            "Ampliar foto",
            "Compartir en Facebook",
            "Compartilhar",
            "Publicidad",
            "Ingrandisci",
            "Condividi su WhatsApp",
            "Lire aussi",
        ),
        captions=("La publicité de 1950", "Partager le pain", "Foto de familia"),
    ),
    Labels(
        keys=(
            "delen vergroot vergroten advertentie sluiten kopieer deel dela förstora annons stäng del forstør "
            "annonse lukk jaa suurenna mainos udostępnij powiększ reklama zamknij sdílet zvětšit zavřít zdieľať "
            "zväčšiť megosztás nagyítás hirdetés bezárás paylaş büyüt kapat bagikan perbesar iklan tutup "
            "distribuie"
        ),
        fillers="deze afbeelding foto link artikel op bilden på bildet kuva zdjęcie na obrázek fotku resmi gambar",
        phrases=("lees meer", "lees ook", "baca juga", "xem thêm", "chia sẻ", "phóng to", "quảng cáo"),
        examples=(
            "Delen",
            "Lees meer",
            "Förstora bilden",
            "Udostępnij",
            "Zvětšit fotku",
            "Paylaş",
            "Bagikan",
            "Chia sẻ",
        ),
        captions=("Reklama z lat trzydziestych", "Del av bron"),
    ),
    Labels(
        keys=(
            "поделиться увеличить реклама закрыть скопировать поділитися збільшити закрити сподели увеличи "
            "κοινοποίηση διαφήμιση"
        ),
        fillers="в на изображение фото ссылку статью зображення посилання",
        phrases=("читать далее", "читайте также", "читайте також", "во весь экран", "перейти в медиабанк", "купить"),
        examples=("Поделиться", "Поделиться в Telegram", "Реклама", "Увеличить изображение", "Читайте также"),
        captions=("Реклама на фасаде дома",),
    ),
    Labels(
        phrases=(
            *(
                "分享",
                "分享到",
                "放大",
                "点击放大",
                "點擊放大",
                "点击查看大图",
                "查看大图",
                "点击查看原图",
                "看大圖",
                "广告",
                "廣告",
            ),
            *("下一张", "上一张", "复制链接", "複製連結", "阅读更多", "加载中", "展开全文", "シェア", "シェアする"),
            *(
                "拡大",
                "拡大する",
                "画像を拡大",
                "画像を拡大する",
                "写真を拡大",
                "拡大画像を見る",
                "クリックで拡大",
                "全画面表示",
            ),
            *(
                "クリックして拡大",
                "タップして拡大",
                "広告",
                "ツイート",
                "ポスト",
                "保存",
                "閉じる",
                "印刷",
                "もっと見る",
                "続きを読む",
            ),
            *(
                "リンクをコピー",
                "공유",
                "공유하기",
                "확대",
                "확대하기",
                "크게 보기",
                "이미지 크게 보기",
                "이미지 확대",
                "이미지 확대보기",
            ),
            *(
                "사진 크게보기",
                "광고",
                "닫기",
                "링크 복사",
                "url 복사",
                "더보기",
                "مشاركة",
                "شارك",
                "إعلان",
                "تكبير",
                "تكبير الصورة",
            ),
            *(
                "نسخ الرابط",
                "اقرأ أيضا",
                "إغلاق",
                "שתף",
                "שיתוף",
                "פרסומת",
                "הגדל",
                "शेयर करें",
                "विज्ञापन",
                "แชร์",
                "โฆษณา",
            ),
        ),
        examples=("分享", "画像を拡大する", "シェアする", "공유하기", "이미지 확대", "مشاركة", "विज्ञापन"),
        captions=("广告牌前的行人", "保存された船"),
    ),
)

SERVICES = frozenset(
    "facebook messenger twitter x whatsapp pinterest linkedin reddit telegram tumblr flipboard email mail "
    "instagram line vk viber bluesky threads mastodon xing pocket weibo wechat snapchat tiktok youtube "
    "google news hatena 微信 微博 qq вконтакте одноклассники фейсбук твиттер ватсап телеграм فيسبوك تويتر "
    "واتساب 페이스북 트위터 카카오톡 밴드".split()
)
"""Services for sharing pages: a label in a link or beside other labels, but a credit elsewhere (`Facebook`)."""

COUNTER = re.compile(
    r"\A(?:(?:photo|image|slide|picture|foto|bild|imagen|immagine|фото)\s*)?\d{1,3}\s*(?:/|／|of|von|sur|de|di|van|av|из|z)\s*\d{1,3}"
)
"""Which of several pictures is shown: `1/5`, `Bild 2 von 12`."""

_ARTICLES = frozenset("the a an der die das le la les el il lo un une".split())
_WORD = re.compile(r"[^\W_]+")
_MINUS = re.compile(r"\be-(?=mail)")
_KEYS = [(frozenset(row.keys.split()), frozenset(row.fillers.split())) for row in LABELS]
_PHRASES = frozenset(phrase for row in LABELS for phrase in row.phrases)


@lru_cache(maxsize=1024)
def is_label(text: str) -> bool:
    """Return whether *text* is the label of a button, a counter or an advertisement, whatever surrounds it."""
    if len(text) > LONGEST:
        return False
    plain = " ".join(_MINUS.sub("e", text.casefold()).split()).strip(" .,:;!()[]|–—-→›»…")
    if plain in _PHRASES or COUNTER.fullmatch(plain):
        return True
    words = _WORD.findall(plain)
    return bool(words) and words[0] not in _ARTICLES and any(_consists_of(words, *row) for row in _KEYS)


def is_service(text: str) -> bool:
    """Return whether *text* names nothing but services for sharing pages."""
    words = _WORD.findall(_MINUS.sub("e", text[:LONGEST].casefold()))
    return bool(words) and SERVICES.issuperset(words)


def _consists_of(words: list[str], keys: frozenset[str], fillers: frozenset[str]) -> bool:
    if keys.isdisjoint(words):
        return False
    return all(word in keys or word in fillers or word in SERVICES or word.isdecimal() for word in words)
