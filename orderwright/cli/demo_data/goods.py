"""What the demo's stores sell, and for how much in each currency. Pure data and integer arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """Something sold. Unit: `cents` is the American price before tax; other currencies follow from it."""

    sku: str
    name: str
    cents: int
    attributes: dict[str, str] = field(default_factory=dict)
    ja: str = ""
    ar: str = ""

    def name_in(self, language: str) -> str:
        """Return the name that customers of this language see, in English where there is none of their own."""
        return {"ja": self.ja, "ar": self.ar}.get(language) or self.name


def _good(sku: str, name: str, cents: int, *, ja: str = "", ar: str = "", **attributes: str) -> Good:
    return Good(sku=sku, name=name, cents=cents, attributes=attributes, ja=ja, ar=ar)


TABLE: Final = _good(
    "TBL-OAK-45", "Oak side table", 19900, finish="oil", ja="オークのサイドテーブル", ar="طاولة جانبية من البلوط"
)
SHADE: Final = _good(
    "LMP-LIN-SND", "Linen lamp shade, sand", 4900, ja="リネンのランプシェード", ar="غطاء مصباح من الكتان"
)
RUG: Final = _good("RUG-WOL-160", "Wool rug 160 x 230", 28994, ja="ウールラグ 160 × 230", ar="سجادة صوف ١٦٠ × ٢٣٠")
SIDEBOARD: Final = _good("SBD-WAL-180", "Walnut sideboard", 194000, width="180 cm", finish="wax")
LAMP: Final = _good(
    "LMP-CER-TBL", "Ceramic table lamp, ink", 8900, ja="陶器のテーブルランプ", ar="مصباح طاولة من السيراميك"
)
COFFEE_SET: Final = _good("COF-BRS-06", "Coffee set, brass, 6 cups", 7900, ar="طقم قهوة نحاسي، ستة فناجين")
INCENSE: Final = _good("INC-CLY-01", "Incense burner, clay", 1850, ja="素焼きの香炉", ar="مبخرة من الفخار")
GIFT_CARD: Final = _good("GFT-CRD-50", "Gift card, by e-mail", 5000)

GOODS: Final = (
    TABLE,
    SHADE,
    RUG,
    LAMP,
    COFFEE_SET,
    INCENSE,
    _good("CHR-ASH-01", "Ash dining chair", 14900, finish="soap", ja="アッシュのダイニングチェア"),
    _good("STL-CRK-30", "Cork stool", 6900, ja="コルクのスツール"),
    _good("SHF-OAK-90", "Wall shelf, oak, 90 cm", 5900, ja="オークのウォールシェルフ 90 cm"),
    _good("MIR-RND-60", "Round mirror, 60 cm", 11900, frame="brass", ar="مرآة مستديرة ٦٠ سم"),
    _good(
        "CUS-LIN-45",
        "Linen cushion cover",
        2450,
        size="45 × 45",
        ja="リネンのクッションカバー",
        ar="غطاء وسادة من الكتان",
    ),
    _good("CUS-FTH-45", "Feather cushion", 1950, size="45 × 45"),
    _good("THR-MHR-13", "Mohair throw", 12900, colour="moss", ja="モヘアのスローケット"),
    _good("BLK-COT-20", "Waffle blanket, cotton", 7450, size="200 × 220", ar="بطانية قطنية"),
    _good("BED-LIN-24", "Linen bedding set", 18900, size="double"),
    _good("PIL-BWH-40", "Buckwheat pillow", 4200, ja="そば殻の枕"),
    _good("TWL-COT-70", "Bath towel", 2900, colour="clay", ja="バスタオル", ar="منشفة حمام"),
    _good("TWL-COT-50", "Hand towel", 1450, colour="clay"),
    _good("CUR-LIN-25", "Linen curtain, 250 cm", 9900, colour="chalk"),
    _good("VAS-STN-28", "Stoneware vase, 28 cm", 4450, ja="炻器の花瓶 28 cm", ar="مزهرية حجرية"),
    _good("VAS-GLS-18", "Glass bud vase", 1950),
    _good("BWL-STN-22", "Serving bowl, stoneware", 3900, ja="取り鉢", ar="وعاء تقديم"),
    _good("PLT-STN-27", "Dinner plate", 1850, glaze="sea", ja="ディナープレート"),
    _good("MUG-STN-03", "Mug", 1450, glaze="sea", ja="マグカップ", ar="كوب"),
    _good("TEA-CST-08", "Cast-iron teapot", 6450, ja="鉄瓶", ar="إبريق شاي من الحديد"),
    _good("BRD-OLV-40", "Olive wood board", 3450, length="40 cm"),
    _good("KNF-SET-03", "Kitchen knives, set of 3", 11450, ja="三徳包丁セット"),
    _good("PAN-CRB-28", "Carbon steel pan, 28 cm", 5950),
    _good("APR-CAN-01", "Canvas apron", 3250, colour="ink"),
    _good("CND-BEE-03", "Beeswax candles, set of 3", 2150, ar="شموع من شمع العسل"),
    _good("LNT-BRS-25", "Brass lantern", 5450, ar="فانوس نحاسي"),
    _good("LMP-FLR-15", "Floor lamp, tripod", 23900, wood="ash"),
    _good("LMP-PEN-40", "Paper pendant, 40 cm", 3950, ja="和紙のペンダントライト 40 cm"),
    _good("BSK-RAT-35", "Rattan basket", 4150),
    _good("BOX-FLT-30", "Felt storage box", 2350),
    _good("HOK-BRS-05", "Brass hooks, set of 5", 2650),
    _good("CLK-WAL-25", "Wall clock", 5250, face="linen", ja="掛け時計"),
    _good("PLA-FIC-15", "Planter, terracotta, 15 cm", 1650, ar="أصيص فخاري"),
    _good("RUG-JUT-80", "Jute runner, 80 × 250", 9450),
    _good("DSK-BIR-12", "Birch desk, 120 cm", 34900, finish="lacquer"),
)

# How a price follows from the American one: a factor (numerator, denominator), and the step that it is rounded up to.
_PRICES: Final = {
    "USD": (1, 1, 1),
    "EUR": (96, 100, 50),
    "GBP": (82, 100, 50),
    "SEK": (1085, 100, 1000),
    "JPY": (150, 100, 100),
    "BHD": (38, 10, 500),
}
# A method's price in cents; the same factors make the others.
_SHIPPING_CENTS: Final = {
    "usps-priority": 895,
    "ups-ground": 1006,
    "fedex-home": 1250,
    "ups-next-day": 2900,
    "dhl-paket": 590,
    "dhl-express": 1990,
    "royal-mail-48": 495,
    "yamato-ta-q-bin": 660,
    "courier-same-day": 1250,
    "pick-up": 0,
}


def price_minor(good: Good, currency: str) -> int:
    """Return what one piece costs. Unit: minor units of the currency; with tax where the store's prices have it."""
    return _converted(good.cents, currency)


def shipping_minor(method: str, currency: str) -> int:
    """Return what a shipping method costs. Unit: minor units of the currency."""
    return _converted(_SHIPPING_CENTS[method], currency)


def _converted(cents: int, currency: str) -> int:
    numerator, denominator, step = _PRICES[currency]
    return -(-cents * numerator // (denominator * step)) * step
