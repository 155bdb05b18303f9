"""The currencies the provider holds money in, with their decimals (ISO 4217); no amounts are computed here."""

_TWO_DECIMALS = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP
CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR
KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN
PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD
TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
"""
_NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"

_MOST_DIGITS = 13  # as many as the largest amount has: longer figures need not be read

DECIMALS: dict[str, int] = (
    dict.fromkeys(_TWO_DECIMALS.split(), 2)
    | dict.fromkeys(_NO_DECIMALS.split(), 0)
    | dict.fromkeys(_THREE_DECIMALS.split(), 3)
)


def is_known(currency: str) -> bool:
    """Tell whether the provider holds money in this currency."""
    return currency in DECIMALS


def format_amount(amount: int, *, currency: str) -> str:
    """Return an amount for people: the currency's code, then the figure with its decimals, such as ``USD 1,289.94``."""
    decimals = DECIMALS[currency]
    whole, part = divmod(amount, 10**decimals)
    return f"{currency} {whole:,}.{part:0{decimals}d}" if decimals else f"{currency} {whole:,}"


def parse_amount(text: str, *, currency: str) -> int:
    """Read an amount that a person typed in whole units, such as ``289.94``, as minor units.

    Raises: ValueError when the text is no plain figure or has more decimals than the currency.
    """
    decimals = DECIMALS[currency]
    whole, point, part = text.strip().replace(",", "").partition(".")
    if not (whole + part).isascii() or not whole.isdigit() or (point and not part.isdigit()) or len(part) > decimals:
        raise ValueError(text)
    if len(whole) > _MOST_DIGITS:
        raise ValueError(text)
    return int(whole + part.ljust(decimals, "0"))
