"""The demo's customers: invented names, reserved telephone numbers, addresses that nobody lives at. Pure data."""
# ruff: noqa: RUF001 - names are written as their owners write them

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A customer of one store. `handle` is the part of the e-mail before the @; without one there is no e-mail."""

    name: str
    handle: str
    phone: str
    line1: str
    city: str
    postcode: str
    country: str
    line2: str | None = None
    region: str | None = None
    company: str | None = None
    language: str = "en"
    currency: str = ""
    domain: str = "post.example"

    @property
    def email(self) -> str | None:
        """The address that mail goes to, or None."""
        return f"{self.handle}@{self.domain}" if self.handle else None

    def address(self) -> dict[str, Any]:
        """Return where parcels go, as an order's document has it."""
        return {
            "name": self.name,
            "company": self.company,
            "line1": self.line1,
            "line2": self.line2,
            "city": self.city,
            "region": self.region,
            "postcode": self.postcode,
            "country": self.country,
        }


def people(country: str, language: str, currency: str, *rows: str) -> tuple[Person, ...]:
    """Read people of one country from rows of: name | handle | phone | line 1 | city | postcode | region."""
    found = []
    for row in rows:
        name, handle, phone, line1, city, postcode, region = (part.strip() for part in row.split("|"))
        found.append(
            Person(
                name=name,
                handle=handle,
                phone=phone,
                line1=line1,
                city=city,
                postcode=postcode,
                region=region or None,
                country=country,
                language=language,
                currency=currency,
            )
        )
    return tuple(found)


# North American numbers with 555-01xx, British 07700 900xxx, Irish 020 910 xxxx, German (0)30 23125 xxx, French
# 06 39 98 xx xx and Swedish 070-1740 6xx are kept free for fiction; the others have an exchange that does not exist.
AMERICANS: Final = (
    *people(
        *("US", "en", "USD"),
        "Marta Ellison | marta.ellison | +15035550111 | 48 Quillfeather Ln | Portland | 97205 | OR",
        "Desmond Achebe-Lowe | desmond.al | +12125550142 | 7 Lantern Walk, Apt 12C | New York | 10027 | NY",
        "Hanh Truong | hanh.truong | +17135550118 | 2211 Sparrowhawk Dr | Houston | 77006 | TX",
        "Gloria Pettibone | gpettibone | +16175550173 | 90 Thimble St | Boston | 02118 | MA",
        "Rafael Ontiveros | rafael.ontiveros | +15055550164 | 15 Juniper Hollow | Santa Fe | 87501 | NM",
        "Wren Halloway | wren.halloway | +12065550139 | 330 Fernbridge Ave | Seattle | 98103 | WA",
        "Ike Brannigan | ike.brannigan | +13125550108 | 61 Copperkettle Ct | Chicago | 60614 | IL",
        "Soledad Quispe | soledad.quispe | +13055550187 | 1204 Pelican Terrace | Miami | 33133 | FL",
        "Tobias Wendell | tobias.wendell | +16125550126 | 19 Millrace Rd | Minneapolis | 55409 | MN",
        "Anoush Petrosian | anoush.p | +18185550193 | 402 Almond Row | Glendale | 91205 | CA",
        "Cecily Rutherglen | cecily.r | +18435550115 | 8 Tidewater Mews | Charleston | 29401 | SC",
        "Jamal Whitcombe | jamal.whitcombe | +14045550151 | 77 Peachstone Way | Atlanta | 30307 | GA",
        "Noor Haddadin | noor.haddadin | +13135550106 | 563 Foundry St | Detroit | 48216 | MI",
        "Beatrix Oyelaran | beatrix.o | +12155550134 | 21 Cobble Alley | Philadelphia | 19147 | PA",
        "Casper Lindqvist-Moore | casper.lm | +13035550177 | 940 Alpenglow Dr | Denver | 80209 | CO",
        "Delphine Arsenault | delphine.a | +15045550120 | 36 Magnolia Court | New Orleans | 70115 | LA",
        "Micah Steinhardt | micah.steinhardt | +14105550169 | 5 Harborline Rd | Baltimore | 21224 | MD",
        "Yolanda Freeman-Ochoa | yolanda.fo | +16025550144 | 1818 Saguaro Bend | Phoenix | 85016 | AZ",
        "Eamon Prendergast | eamon.prendergast | +14015550102 | 29 Lighthouse Hill | Newport | 02840 | RI",
        "Tamsin Okonjo | tamsin.okonjo | +15125550158 | 640 Bluebonnet Loop | Austin | 78704 | TX",
    ),
    *people(
        *("CA", "en", "USD"),
        "Geneviève Thibodeau | genevieve.t | +15145550136 | 14 Rue des Bouleaux-Blancs | Montréal | H2T 2M4 | QC",
        "Harjit Dhillon | harjit.dhillon | +16045550181 | 505 Cedarmoss Cres | Vancouver | V5K 0A1 | BC",
    ),
)
EUROPEANS: Final = (
    *people(
        *("DE", "de", "EUR"),
        "Jörg Weißenfels | joerg.weissenfels | +493023125011 | Lindwurmgasse 4 | Berlin | 10437 |",
        "Annegret Stöcker | annegret.stoecker | +493023125087 | Am Alten Speicher 12 | Hamburg | 20457 |",
        "Cem Yıldırım | cem.y | +493023125142 | Ofenbäckerweg 9 | Köln | 50667 |",
        "Leonie Zwickau | leonie.zwickau | +493023125260 | Hinter den Gärten 31 | Leipzig | 04109 |",
    ),
    *people(
        *("AT", "de", "EUR"),
        "Ferdinand Grubauer | f.grubauer | +4310000123 | Zirbenzeile 6 | Wien | 1070 |",
    ),
    *people(
        *("FR", "fr", "EUR"),
        "Baptiste Courtemanche | b.courtemanche | +33639980112 | 8 passage des Hirondelles | Lyon | 69004 |",
        "Maëlle Le Goff | maelle.legoff | +33639980145 | 3 quai du Vieux Phare | Brest | 29200 |",
        "Noémie Vasseur-Diallo | noemie.vd | +33639980178 | 27 rue de la Lanterne Bleue | Paris | 75011 |",
    ),
    *people(
        *("ES", "es", "EUR"),
        "Íñigo Etxeberria | inigo.etx | +34000000121 | Calle del Faro 15, 2.º B | Bilbao | 48003 |",
        "Rocío Benavente | rocio.benavente | +34000000164 | Plaza de los Tilos 3 | Sevilla | 41003 |",
    ),
    *people(
        *("IT", "it", "EUR"),
        "Ludovica Sartori | ludovica.s | +3900000141 | Vicolo dei Setaioli 7 | Bologna | 40125 | BO",
        "Nicolò Dell’Acqua | nicolo.da | +3900000177 | Via delle Barche 22 | Genova | 16124 | GE",
    ),
    *people(
        *("IE", "en", "EUR"),
        "Gráinne Ó Súilleabháin | grainne.os | +353209100042 | 5 Saltmarsh Row | Galway | H91 X0X0 | Galway",
        "Cillian Rafter | cillian.rafter | +353209100088 | 19 Weaver’s Yard | Dublin | D08 X0X0 | Dublin",
    ),
    *people(
        *("NL", "nl", "EUR"),
        "Sanne van der Kooij | sanne.vdk | +31000000155 | Touwslagersgracht 44 | Utrecht | 3511 XX |",
    ),
    *people(
        *("PL", "pl", "EUR"),
        "Żaneta Wójcik-Brzęk | zaneta.wb | +48000000133 | ul. Kowalików 18/4 | Kraków | 31-042 |",
    ),
    *people(
        *("GB", "en", "GBP"),
        "Imogen Thistlewood | imogen.t | +447700900118 | 2 Dovecote Mews | Bath | BA1 0XX | Somerset",
        "Kwabena Asante-Reid | kwabena.ar | +447700900164 | 88 Tannery Street | London | SE1 0XX |",
        "Elspeth McQuarrie | elspeth.mcq | +447700900171 | 11 Rowanbrae | Edinburgh | EH3 0XX | Midlothian",
        "Gethin Prosser | gethin.prosser | +447700900125 | 40 Slate Terrace | Cardiff | CF10 0XX |",
        "Saoirse Maginnis | saoirse.m | +447700900190 | 6 Linenhall Court | Belfast | BT1 0XX | Antrim",
    ),
    *people(
        *("SE", "sv", "SEK"),
        "Åsa Björkmarker | asa.bjorkmarker | +46701740611 | Fyrvaktargränd 3 | Göteborg | 411 03 |",
        "Torbjörn Ekelöf | torbjorn.e | +46701740638 | Kopparslagarvägen 21 | Malmö | 211 20 |",
        "Signe Häggkvist | signe.h | +46701740652 | Rönnbärsstigen 9 | Uppsala | 753 10 |",
        "Malin Öberg-Sandell | malin.os | +46701740677 | Segelmakargatan 14 | Stockholm | 118 26 |",
    ),
)
JAPANESE: Final = people(
    *("JP", "ja", "JPY"),
    "佐倉 美咲 | misaki.sakura | +81300000101 | 青葉台 三丁目 0-12 | 目黒区 | 153-0000 | 東京都",
    "白鳥 健一郎 | k.shiratori | +81300000125 | 若葉町 五丁目 0-3 | 横浜市 | 231-0000 | 神奈川県",
    "柚木 さくら | sakura.yuzuki | +81300000148 | 楓通 二丁目 0-7 | 京都市 | 604-0000 | 京都府",
    "Haruto Minazuki | haruto.minazuki | +81300000160 | 0-5 Tsukimidai, Flat 302 | Sapporo | 060-0000 | Hokkaido",
    "小鳥遊 遥 | haruka.takanashi | +81300000177 | 港町 一丁目 0-21 | 神戸市 | 650-0000 | 兵庫県",
    "月見里 大輔 | d.yamanashi | +81300000182 | 桜坂 四丁目 0-9 | 福岡市 | 810-0000 | 福岡県",
    "Emi Hoshikawa | emi.hoshikawa | +81300000193 | 0-18 Kawabe, House 2 | Kanazawa | 920-0000 | Ishikawa",
    "四月一日 葵 | aoi.watanuki | +81300000119 | 東雲 六丁目 0-4 | 江東区 | 135-0000 | 東京都",
    "Sora Kirishima | sora.kirishima | +81300000136 | 0-2 Midorigaoka | Nagoya | 460-0000 | Aichi",
    "八月朔日 直人 | naoto.hozumi | +81300000154 | 泉町 二丁目 0-15 | 仙台市 | 980-0000 | 宮城県",
)
GULF_PEOPLE: Final = (
    *people(
        *("BH", "ar", "BHD"),
        "مريم الدوسري | maryam.d | +97300000111 | طريق ٠١٢، مجمع ٠٣٤، مبنى ٥ | المنامة | 0000 |",
        "خالد بن يوسف الجلاهمة | khalid.bj | +97300000124 | شارع اللؤلؤ، مبنى ٢٧ | المحرق | 0000 |",
        "نورة العوضي | noura.a | +97300000139 | طريق النخيل ٨ | الرفاع | 0000 |",
        "عبد الرحمن الفضالة | a.fadhala | +97300000146 | شارع المرسى ١٤، شقة ٣ | المنامة | 0000 |",
    ),
    *people(
        *("BH", "en", "BHD"),
        "Layla Mattar | layla.mattar | +97300000158 | Road 0415, Building 9, Flat 22 | Manama | 0000 |",
        "Yousif Kanoo-Marhoon | yousif.km | +97300000163 | Road 0231, Villa 17 | Saar | 0000 |",
        "Anjali Raghavendran | anjali.r | +97300000170 | Road 0108, Building 40, Flat 5 | Juffair | 0000 |",
        "Dana Al-Khunaizi | dana.k | +97300000185 | Road 0552, Villa 3 | Budaiya | 0000 |",
    ),
    *people(
        *("SA", "ar", "BHD"),
        "سارة القحطاني | sara.q | +96600000133 | شارع الياسمين ٢١ | الخبر | 00000 |",
    ),
    *people(
        *("KW", "en", "BHD"),
        "Talal Al-Mutawa | talal.m | +96500000142 | Block 0, Street 12, House 8 | Salmiya | 00000 |",
    ),
)
