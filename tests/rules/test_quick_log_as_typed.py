"""Lines as reps type them on a phone: what each is read as, what is asked, what is refused.

The rep knows Acme, Globex and Wayne Corp. No line becomes a company that is none.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from babel.numbers import list_currencies

from bot.rules.companies import key
from bot.rules.numbers import show_number
from bot.rules.problems import NotUnderstood
from bot.rules.quick_log import Base, QuickLog, parse_quick_log

TODAY = date(2026, 11, 25)  # a Wednesday
KNOWN = frozenset(key(name) for name in ("Acme", "Globex", "Wayne Corp"))


def read(text: str, *, locale: str = "en_US", currency: str = "USD") -> QuickLog:
    return parse_quick_log(
        text,
        today=TODAY,
        first_open_day=date(2026, 11, 16),
        known=KNOWN,
        locale=locale,
        currency=currency,
    )


def shown(said: QuickLog) -> str:
    """`Acme | 2nd | asked | lost | 12500 | 24.11`, without what was not said."""
    parts = [
        said.company,
        said.base.label if said.base is not None else "",
        said.close.label if said.close is not None else "",
        "lost" if said.outcome == "lost" else "",
        str(said.amount.normalize().__format__("f")) if said.amount is not None else "",
        f"{said.held_on:%d.%m}" if said.held_on != TODAY else "",
    ]
    return " | ".join(part for part in parts if part)


def outcome(text: str) -> str:
    try:
        said = read(text)
    except NotUnderstood as problem:
        return f"refused: {problem.what}"
    if said.doubt is None:
        return shown(said)
    return "asked: " + " / ".join(shown(reading) for reading in said.readings)


AS_TYPED = """
Acme                                   -> Acme
acme                                   -> acme
ACME 2ND                               -> ACME | 2nd
Acme 2nd                               -> Acme | 2nd
Acme 2nd.                              -> Acme | 2nd
Acme 2nd!                              -> Acme | 2nd
Acme 2nd 👍                            -> Acme | 2nd
🎉 Acme won 12k 🎉                     -> Acme | home | 12000
:tada: Acme won 12k                    -> Acme | home | 12000
*Acme* 2nd                             -> Acme | 2nd
acme,2nd,asked                         -> acme | 2nd | asked
acme, 2nd, asked                       -> acme | 2nd | asked
Acme - 2nd                             -> Acme | 2nd
Acme — 2nd — asked                     -> Acme | 2nd | asked
Acme: 2nd                              -> Acme | 2nd
Acme (2nd)                             -> Acme | 2nd
Acme 2nd (asked)                       -> Acme | 2nd | asked
Acme 2                                 -> Acme | 2nd
acme 3 yesterday                       -> acme | 3rd | 24.11
Acme 2nd base                          -> Acme | 2nd
Acme on 2nd                            -> Acme | 2nd
Acme now on 2nd                        -> Acme | 2nd
Acme moved to 3rd                      -> Acme | 3rd
Acme is at 3rd base                    -> Acme | 3rd
Acme reached 3rd yesterday             -> Acme | 3rd | 24.11
Acme got to second                     -> Acme | 2nd
Acme went home 12k                     -> Acme | home | 12000
Acme 1st call                          -> Acme | 1st
Acme first call                        -> Acme | 1st
Acme second meeting                    -> Acme | 2nd
Acme 3rd appointment asked             -> Acme | 3rd | asked
acme corp, first meeting               -> acme corp | 1st
1st Acme                               -> Acme | 1st
2nd base with Acme                     -> Acme | 2nd
2nd base with Umbrella                 -> Umbrella | 2nd
first call with Umbrella yesterday     -> Umbrella | 1st | 24.11
logged acme 2nd                        -> acme | 2nd
log acme 2nd                           -> acme | 2nd
please log acme 2nd                    -> acme | 2nd
can you log Acme as 2nd                -> Acme | 2nd
had a call with acme                   -> acme
Had a call with Acme today             -> Acme
had a great first meeting with Umbrella -> Umbrella | 1st
just spoke to Umbrella                 -> Umbrella
spoke with Umbrella yesterday, asked   -> Umbrella | asked | 24.11
I talked to Umbrella on monday         -> Umbrella | 23.11
met with Umbrella                      -> Umbrella
Met Acme                               -> Acme
had lunch with Wayne Corp              -> Wayne Corp
meeting at Umbrella 2nd                -> Umbrella | 2nd
had a call with "Blue Sky" 2nd         -> Blue Sky | 2nd
"Blue Sky Ltd" 1st yesterday asked     -> Blue Sky Ltd | 1st | asked | 24.11
“Blue Sky” 1st                         -> Blue Sky | 1st
„Blue Sky“ 1st                         -> Blue Sky | 1st
« Blue Sky » 1st                       -> Blue Sky | 1st
yesterday Umbrella 1st                 -> Umbrella | 1st | 24.11
today: Acme 2nd                        -> Acme | 2nd
Acme call                              -> Acme
Acme follow up                         -> Acme
Acme follow-up call                    -> Acme
Acme catch up yesterday                -> Acme | 24.11
Acme intro                             -> Acme | 1st
Acme intro call                        -> Acme | 1st
Umbrella intro call                    -> Umbrella | 1st
intro call with Umbrella               -> Umbrella | 1st
intro with Acme asked                  -> Acme | 1st | asked
Umbrella appointment booked            -> Umbrella | 1st
Umbrella booked a meeting              -> Umbrella | 1st
Umbrella demo booked                   -> Umbrella | 1st
Umbrella discovery                     -> Umbrella | 2nd
discovery call with Umbrella           -> Umbrella | 2nd
Umbrella demo                          -> Umbrella | 2nd
demo with Umbrella, asked              -> Umbrella | 2nd | asked
Umbrella demo call yesterday           -> Umbrella | 2nd | 24.11
Umbrella qualified                     -> Umbrella | 3rd
Hooli proposal sent                    -> Hooli | 3rd
Hooli proposal                         -> Hooli | 3rd
sent proposal to Hooli                 -> Hooli | 3rd
Hooli sent the quote                   -> Hooli | 3rd
Hooli negotiation                      -> Hooli | 3rd
Hooli contract sent                    -> Hooli | 3rd
Hooli verbal                           -> Hooli | 3rd
Hooli verbal yes                       -> Hooli | 3rd
Hooli signed 12k                       -> Hooli | home | 12000
signed Hooli 12k                       -> Hooli | home | 12000
Hooli contract signed $12k             -> Hooli | home | 12000
Hooli closed won 12k                   -> Hooli | home | 12000
Hooli closed 12k                       -> Hooli | home | 12000
closed Hooli for $12k                  -> Hooli | home | 12000
closed the deal with Hooli 12k         -> Hooli | home | 12000
Hooli deal signed, 12k                 -> Hooli | home | 12000
Hooli PO received 12k                  -> Hooli | home | 12000
Hooli sold 12k                         -> Hooli | home | 12000
won Acme $12k                          -> Acme | home | 12000
won Hooli 12k                          -> Hooli | home | 12000
$12k Hooli won                         -> Hooli | home | 12000
Acme won                               -> Acme | home
Acme home                              -> Acme | home
Acme won!!!                            -> Acme | home
Acme home run 12k                      -> Acme | home | 12000
Acme won $12,500                       -> Acme | home | 12500
Acme won $12k                          -> Acme | home | 12000
Acme won 12.5k                         -> Acme | home | 12500
Acme won 12,5k                         -> Acme | home | 12500
Acme won 12K                           -> Acme | home | 12000
Acme won 12 k                          -> Acme | home | 12000
Acme won $500                          -> Acme | home | 500
Acme won 500$                          -> Acme | home | 500
Acme won 500 $                         -> Acme | home | 500
Acme won US$12,500                     -> Acme | home | 12500
Acme won USD 12,500                    -> Acme | home | 12500
Acme won 12,500 USD                    -> Acme | home | 12500
Acme won 12,500.50                     -> Acme | home | 12500.5
Acme won 12500                         -> Acme | home | 12500
Acme won 12 500                        -> Acme | home | 12500
Acme won 12'500                        -> Acme | home | 12500
Acme won (12k)                         -> Acme | home | 12000
Acme won, $12k.                        -> Acme | home | 12000
Acme won for 12k                       -> Acme | home | 12000
Acme won worth 12k                     -> Acme | home | 12000
Acme won 12 thousand                   -> Acme | home | 12000
Acme won 12 grand                      -> Acme | home | 12000
Acme won 1.2m                          -> Acme | home | 1200000
Acme won 1.2 million                   -> Acme | home | 1200000
Acme won $1.2mio                       -> Acme | home | 1200000
Acme $12k home                         -> Acme | home | 12000
Acme 12k won                           -> Acme | home | 12000
Hooli $12k won yesterday               -> Hooli | home | 12000 | 24.11
Acme won 12k asked yesterday           -> Acme | home | asked | 12000 | 24.11
Acme lost                              -> Acme | lost
Acme LOST :(                           -> Acme | lost
lost Acme                              -> Acme | lost
nakatomi lost to competitor            -> nakatomi | lost
Acme lost on price                     -> Acme | lost
Acme lost, no budget                   -> Acme | lost
Acme lost due to timing yesterday      -> Acme | lost | 24.11
Acme lost because they chose Globex    -> Acme | lost
Umbrella said no                       -> Umbrella | lost
Umbrella not interested                -> Umbrella | lost
Umbrella went with a competitor        -> Umbrella | lost
Umbrella closed lost                   -> Umbrella | lost
Acme 3rd lost                          -> Acme | 3rd | lost
Acme asked                             -> Acme | asked
Acme 2nd asked for the order           -> Acme | 2nd | asked
Acme 2nd didn't ask                    -> Acme | 2nd | not asked
Acme 2nd didn’t ask                    -> Acme | 2nd | not asked
Acme 2nd did not ask                   -> Acme | 2nd | not asked
Acme inoffensive close                 -> Acme | Inoffensive Close
Acme monday                            -> Acme | 23.11
Acme on monday 2nd                     -> Acme | 2nd | 23.11
Acme last monday 2nd                   -> Acme | 2nd | 23.11
Acme 2nd 23 Nov                        -> Acme | 2nd | 23.11
Acme 2nd Nov 23                        -> Acme | 2nd | 23.11
Acme 2nd 11/23                         -> Acme | 2nd | 23.11
Acme 2nd 23.11.                        -> Acme | 2nd | 23.11
Acme 2nd 23.11.26                      -> Acme | 2nd | 23.11
Acme 2nd 2026-11-23                    -> Acme | 2nd | 23.11
Müller GmbH 1st                        -> Müller GmbH | 1st
H&amp;M 1st                            -> H&M | 1st
<http://acme.com|acme.com> 1st         -> acme.com | 1st
Bank of America 1st                    -> Bank of America | 1st
Home Depot 1st                         -> Home Depot | 1st
First Bank 2nd                         -> First Bank | 2nd
3M 1st                                 -> 3M | 1st
24/7 Fitness 1st                       -> 24/7 Fitness | 1st
Studio 54 1st                          -> Studio 54 | 1st
Yahoo! 1st                             -> Yahoo! | 1st
's Heeren Loo 1st                      -> 's Heeren Loo | 1st
日本電気 2nd                           -> 日本電気 | 2nd
New Relic 2nd                          -> New Relic | 2nd
Initech 2                              -> asked: Initech | 2nd / Initech 2
1st Umbrella                           -> asked: Umbrella | 1st / 1st Umbrella
Home Depot                             -> asked: Depot | home / Home Depot
demo Umbrella                          -> asked: Umbrella | 2nd / demo Umbrella
met Umbrella                           -> asked: Umbrella / met Umbrella
lost Umbrella                          -> asked: Umbrella | lost / lost Umbrella
Umbrella call 2nd                      -> asked: Umbrella | 2nd / Umbrella call | 2nd
Umbrella, nice chat                    -> asked: Umbrella / Umbrella, nice chat
Umbrella follow up                     -> asked: Umbrella / Umbrella follow up
Monday Motors 2nd                      -> asked: Motors | 2nd | 23.11 / Monday Motors | 2nd
Call Box 1st                           -> asked: Box | 1st / Call Box | 1st
Weyland 4th                            -> asked: Weyland 4th
Umbrella-2nd                           -> asked: Umbrella-2nd
Initech 500                            -> asked: Initech 500
Studio 54                              -> asked: Studio 54
12k                                    -> asked: 12k
$500                                   -> asked: $500
3M                                     -> asked: 3M
Müller GmbH gewonnen                   -> asked: Müller GmbH gewonnen
Dupont signé                           -> asked: Dupont signé
García ganado                          -> asked: García ganado
Umbrella wants a discount              -> asked: Umbrella wants a discount
Umbrella is thinking about it          -> asked: Umbrella is thinking about it
I will be late tomorrow                -> refused: tomorrow
undo                                   -> refused: undo
list                                   -> refused: list
history                                -> refused: history
Help                                   -> refused: Help
hello                                  -> refused: hello
thanks!                                -> refused: thanks!
my week                                -> refused: my week
2nd                                    -> refused: 2nd
home 12k                               -> refused: home
yesterday                              -> refused: yesterday
not asked                              -> refused: not asked
🎉🎉                                   -> refused: 🎉🎉
<!channel> 2nd                         -> refused: <!channel>
<@U0SAM> 2nd                           -> refused: <@U0SAM>
Acme 12k                               -> refused: 12k
Acme 2nd 12k                           -> refused: 12k
Acme gewonnen 12k                      -> refused: 12k
Acme won €900                          -> refused: €900
Acme won 12k lost                      -> refused: won lost
Acme 1st 2nd                           -> refused: 1st 2nd
Acme demo 3rd                          -> refused: demo 3rd
Acme closed                            -> refused: closed
Acme no show                           -> refused: no show
Acme didn't show up                    -> refused: didn't show up
Umbrella left a voicemail              -> refused: left a voicemail
Umbrella cancelled                     -> refused: cancelled
Acme 2nd with John                     -> Acme | 2nd
Acme 2nd bar                           -> refused: bar
Acme next monday                       -> refused: next
Acme tomorrow                          -> refused: tomorrow
Acme 2026-10-01                        -> refused: 2026-10-01
Acme 31 Feb                            -> refused: 31 Feb
"Blue Sky 2nd                          -> refused: "Blue Sky 2nd
Acme "Blue Sky" 2nd                    -> refused: "Blue
"""
ROWS = [tuple(part.strip() for part in row.split("->")) for row in AS_TYPED.strip().splitlines()]


def test_there_are_many_lines() -> None:
    assert len(ROWS) >= 150
    assert len({line for line, _ in ROWS}) == len(ROWS)


@pytest.mark.parametrize(("line", "expected"), ROWS)
def test_a_line_as_it_is_typed(line: str, expected: str) -> None:
    assert outcome(line) == expected


LOCALES = """
en_US en_GB en_IN en_ZA de_DE de_CH de_AT fr_FR fr_CH fr_CA es_ES es_MX it_IT pt_BR pt_PT nl_NL sv_SE da_DK nb_NO
fi_FI pl_PL cs_CZ hu_HU ro_RO tr_TR ru_RU uk_UA el_GR he_IL ar_EG hi_IN th_TH ja_JP ko_KR zh_CN zh_TW vi_VN id_ID
"""
MONEY = """
USD EUR GBP CHF JPY CNY INR SEK NOK DKK PLN CZK HUF RON TRY BRL ZAR AUD CAD MXN XOF XPF AED ILS KRW KWD
"""


AMOUNTS = ("12500", "900", "1234.5")


@pytest.mark.parametrize("place", range(len(AMOUNTS)))
def test_money_is_read_as_the_bot_shows_it_in_every_currency(place: int) -> None:
    """Every currency with every amount, and every currency in every locale with an amount in turn."""
    amount = AMOUNTS[place]
    pairs = [(currency, locale) for currency in MONEY.split() for locale in LOCALES.split()]
    assert len(LOCALES.split()) % len(AMOUNTS) != 0, "a locale would meet one amount only"
    forms = [(currency, "en_US") for currency in list_currencies()] + pairs[place :: len(AMOUNTS)]
    wrong = []
    for number, (currency, locale) in enumerate(forms):
        text = show_number(Decimal(amount), unit="money", currency=currency, locale=locale)
        line = f"Umbrella {text} home" if number % 2 else f"Acme won {text}"
        try:
            said = read(line, locale=locale, currency=currency)
        except NotUnderstood as problem:
            wrong.append((currency, locale, line, problem.sentence))
            continue
        if (said.amount, said.base) != (Decimal(amount), Base.HOME):
            wrong.append((currency, locale, line, shown(said)))
    assert wrong == []


@pytest.mark.parametrize(
    ("line", "currency", "locale", "amount"),
    [
        ("Acme won €900", "EUR", "en_GB", 900),
        ("Acme won 900€", "EUR", "de_DE", 900),
        ("Acme won 1.234,50 €", "EUR", "de_DE", Decimal("1234.50")),
        ("Acme won 12.500", "EUR", "de_DE", 12500),
        ("Acme won 12.5k", "EUR", "de_DE", 12500),
        ("Acme won 12,5k €", "EUR", "fr_FR", 12500),
        ("Acme won 12,5 Mio. €", "EUR", "de_DE", 12_500_000),
        ("Acme won CHF 1'200", "CHF", "de_CH", 1200),
        ("Acme won Fr. 1’200", "CHF", "de_CH", 1200),
        ("Acme won £12,500", "GBP", "en_GB", 12500),
        ("Acme won £12.5k", "GBP", "en_GB", 12500),
        ("Acme won 12 500 kr", "SEK", "sv_SE", 12500),
        ("Acme won R$ 12.500,00", "BRL", "pt_BR", 12500),
        ("Acme won ₹1,25,000", "INR", "en_IN", 125000),
        ("Acme won ¥1,200,000", "JPY", "ja_JP", 1_200_000),
        ("Acme won ￥12,500", "CNY", "zh_CN", 12500),
        ("Acme won 12 500 zł", "PLN", "pl_PL", 12500),
        ("Acme won 12 500 F CFA", "XOF", "fr_FR", 12500),
        ("Acme won C$900", "CAD", "en_US", 900),
        ("Acme won ١٢٬٥٠٠", "EGP", "ar_EG", 12500),
    ],
)
def test_money_as_people_type_it(
    line: str, currency: str, locale: str, amount: Decimal | int
) -> None:
    assert read(line, currency=currency, locale=locale).amount == amount
